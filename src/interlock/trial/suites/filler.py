"""Filler: long text about nothing, the same from the same seed, in which a sentence is hidden."""

from interlock.trial.suites.chance import Chance

_PARTS = {
    "who": (
        "The baker",
        "An old surveyor",
        "The night clerk",
        "A travelling potter",
        "The ferryman",
        "Her neighbour",
        "The clockmaker",
        "A retired teacher",
        "The gardener",
        "Their cousin",
        "The librarian",
        "A young carpenter",
        "The postman",
        "The lighthouse keeper",
        "A weaver",
        "The miller",
        "An apprentice tailor",
        "The cook of the inn",
        "A quiet lodger",
        "The vet",
    ),
    "did": (
        "counted",
        "carried",
        "painted",
        "mended",
        "borrowed",
        "described",
        "polished",
        "looked for",
        "weighed",
        "put away",
        "unpacked",
        "admired",
        "drew",
        "forgot",
        "wrapped",
        "sorted",
        "shook out",
        "measured",
        "moved",
        "praised",
    ),
    "what": (
        "the blue crates",
        "a row of lanterns",
        "two baskets of apples",
        "the torn map",
        "a wooden ladder",
        "the spare keys",
        "a stack of plates",
        "the winter coats",
        "an unfinished letter",
        "the garden chairs",
        "a brass bell",
        "the heavy curtains",
        "a box of buttons",
        "the oldest photograph",
        "a pair of boots",
        "the kitchen table",
        "a jar of nails",
        "the folded sails",
        "a basket of wool",
        "the tall mirror",
    ),
    "where": (
        "behind the barn",
        "near the harbour wall",
        "on the upper floor",
        "beside the canal",
        "at the edge of the orchard",
        "under the stone arch",
        "in the back room",
        "along the station road",
        "by the open window",
        "in the shade of the lime trees",
        "outside the town hall",
        "on the wet steps",
        "at the corner of the square",
        "between two hedges",
        "next to the empty stable",
        "in the narrow courtyard",
    ),
    "when": (
        "before the rain came",
        "while the market was closing",
        "on the first mild evening",
        "after a long and silent lunch",
        "as the church clock struck",
        "without any hurry",
        "for no reason that anybody recalled",
        "during the slow part of the afternoon",
        "when the lamps were lit",
        "once the visitors had gone",
        "though nobody had asked",
        "in spite of the cold wind",
        "long after the others were asleep",
        "just for the exercise",
    ),
}

_SHAPES = (
    "{who} {did} {what} {where}, {when}.",
    "{when}, {who} {did} {what} {where}.",
    "{who} {did} {what}, {when}, and left it at that.",
    "{where}, {who} {did} {what} and {second} {other}.",
    "{who} {did} {what} {where} and said nothing more about it.",
)


def filler(words: int, *, seed: str) -> list[str]:
    """Sentences about nothing, of ``words`` words or up to one sentence more.

    They hold no digits and no capitals but the first, so that a code or a name
    hidden among them is found nowhere else.
    """
    chance = Chance("filler", seed)
    made: list[str] = []
    length = 0
    while length < words:
        sentence = _sentence(chance)
        made.append(sentence)
        length += len(sentence.split())
    return made


def haystack(needle: str, *, words: int, depth: float, seed: str) -> str:
    """Filler in paragraphs with one sentence hidden in it.

    Args:
        needle: The sentence.
        words: Length of the filler, in words.
        depth: Where the sentence stands, from 0, the beginning, to 1, the end.
        seed: Names the filler.
    """
    sentences = filler(words, seed=seed)
    sentences.insert(round(depth * len(sentences)), needle)
    paragraphs = (sentences[k : k + 6] for k in range(0, len(sentences), 6))
    return "\n\n".join(" ".join(one) for one in paragraphs)


def _sentence(chance: Chance) -> str:
    parts = {name: chance.one_of(options) for name, options in _PARTS.items()}
    other = {"second": chance.one_of(_PARTS["did"]), "other": chance.one_of(_PARTS["what"])}
    said = chance.one_of(_SHAPES).format(**parts, **other)
    first, *rest = said.split(", ", 1)
    # A subject inside a sentence is written small; the sentence itself begins large.
    lowered = [_small(one, parts["who"]) for one in rest]
    return ", ".join([first[0].upper() + first[1:], *lowered])


def _small(text: str, subject: str) -> str:
    return text.replace(subject, subject[0].lower() + subject[1:])
