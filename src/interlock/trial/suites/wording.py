"""Other wording for the same request, by rules that need no model and never change."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as form

from interlock.charter import read, validated
from interlock.trial.suites.chance import Chance

REQUEST = "{request}"
_FILE = "frames.yaml"
_STRICT = ConfigDict(extra="forbid", strict=True)
_ARTICLES = re.compile(r"\b(?:the|an|a) ", re.IGNORECASE)
_LONG_WORD = re.compile(r"\b[a-z]{5,}\b")
_SLIP_EVERY = 6
"""One typing slip for so many long words, and at least one."""

Pairs = tuple[tuple[str, str], ...]
Reword = Callable[[str, Chance], str]


@form(frozen=True, kw_only=True, config=_STRICT)
class Frame:
    """Words around a request.

    Attributes:
        id: Value of the slice ``template``.
        text: The words, with ``{request}`` where the request stands.
    """

    id: str
    text: str

    def around(self, request: str) -> str:
        """The request in its frame."""
        return self.text.replace(REQUEST, request)


@form(frozen=True, kw_only=True, config=_STRICT)
class Frames:
    """Everything that edge cases are worded with.

    Attributes:
        version: Grows with any change.
        templates: Frames in English.
        languages: Frames by language.
        synonyms: A word, and another that may stand for it.
        contractions: Long forms and their short ones.
        hesitations: Words that say nothing.
    """

    version: str
    templates: tuple[Frame, ...]
    languages: dict[str, tuple[str, ...]]
    synonyms: Pairs
    contractions: Pairs
    hesitations: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """One rule of rewording, applied in one of the ways it can be.

    Attributes:
        name: Value of the slice ``wording``.
        nth: Which of the ways.
        reword: The rule.
    """

    name: str
    nth: int
    reword: Reword


@cache
def frames() -> Frames:
    """The words that come with the product."""
    file = resources.files("interlock.trial.suites").joinpath(_FILE)
    return validated(Frames, read(file.read_bytes(), file=_FILE))


@cache
def wordings() -> tuple[Wording, ...]:
    """Every rule, in each way it is used; all of them are for English."""
    rules: tuple[tuple[str, int, Reword], ...] = (
        ("synonyms", 4, _with_synonyms),
        ("contractions", 1, _contracted),
        ("slips", 4, _with_slips),
        ("hesitations", 3, _with_hesitations),
        ("no-articles", 1, _without_articles),
        ("lower-case", 1, lambda text, _: text.lower().rstrip(".!?")),
        ("upper-case", 1, lambda text, _: text.upper()),
    )
    return tuple(
        Wording(name, nth, rule) for name, ways, rule in rules for nth in range(1, ways + 1)
    )


@cache
def _lookup(table: Pairs) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """A pattern that finds the words of the first column, and what stands beside each."""
    beside = {left.lower(): right for left, right in table}
    longest_first = sorted(beside, key=lambda one: (-len(one), one))
    pattern = rf"(?<![\w'])(?:{'|'.join(map(re.escape, longest_first))})(?![\w'])"
    return re.compile(pattern, re.IGNORECASE), beside


def _exchanged(text: str, table: Pairs, chosen: Callable[[], bool]) -> str:
    pattern, beside = _lookup(table)

    def exchange(match: re.Match[str]) -> str:
        found = match.group()
        if not chosen():
            return found
        other = beside[found.lower()]
        return other[0].upper() + other[1:] if found[0].isupper() else other

    return pattern.sub(exchange, text)


def _with_synonyms(text: str, chance: Chance) -> str:
    return _exchanged(text, frames().synonyms, lambda: chance.below(3) > 0)


def _contracted(text: str, _: Chance) -> str:
    pairs = frames().contractions
    both = pairs + tuple((short, long) for long, short in pairs)
    return _exchanged(text, both, lambda: True)


def _with_slips(text: str, chance: Chance) -> str:
    """Slips of a hand on a keyboard: two letters exchanged, one doubled, or one left out."""
    places = list(_LONG_WORD.finditer(text))
    for place in _some(places, chance, at_least=1):
        word = place.group()
        k = 1 + chance.below(len(word) - 3)
        slipped = chance.one_of(
            (
                word[:k] + word[k + 1] + word[k] + word[k + 2 :],
                word[:k] + word[k] + word[k:],
                word[:k] + word[k + 1 :],
            )
        )
        text = text[: place.start()] + slipped + text[place.end() :]
    return text


def _some(places: list[re.Match[str]], chance: Chance, *, at_least: int) -> list[re.Match[str]]:
    """Some of the places in a text, the last one first, so that a change moves no other place."""
    wanted = max(at_least, len(places) // _SLIP_EVERY)
    chosen = sorted({chance.below(len(places)) for _ in range(wanted)}) if places else []
    return [places[k] for k in reversed(chosen)]


def _with_hesitations(text: str, chance: Chance) -> str:
    words = text.split(" ")
    for _ in range(1 + len(words) // 15):
        words.insert(chance.below(len(words)), chance.one_of(frames().hesitations))
    return " ".join(words)


def _without_articles(text: str, _: Chance) -> str:
    return _ARTICLES.sub("", text)
