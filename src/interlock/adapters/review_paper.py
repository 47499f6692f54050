"""A review on paper: what it came to, who asked, who voted, who stopped it, how long it took."""

from collections.abc import Iterator, Sequence

from interlock.adapters.pages import Asked, AsOf, Review, Traced
from interlock.adapters.paper import (
    Badge,
    Block,
    Card,
    Code,
    Digest,
    Label,
    Line,
    Moment,
    Name,
    Said,
    Section,
    Signal,
    Strong,
    Table,
    Tone,
    Words,
    Written,
)
from interlock.adapters.wording import lasted
from interlock.review import CastVote, Step, Tally, tally

BALLOTS: dict[str, Tone] = {"go": "good", "no-go": "bad", "abstain": "open"}

_STOPPED = {
    "held": ("HELD", "Serving of {} is stopped until the hold is lifted."),
    "revoked": ("REVOKED", "The go for {} was taken back for good."),
    "killed": ("KILLED", "{} was stopped for good. No go on it counts again."),
    "expired": ("EXPIRED", "The go for {} has ended. It may not be served."),
    "rolled-back": (
        "ROLLED BACK",
        "The product went back to another release. {} may not be served.",
    ),
    "contradicted": (
        "CONTRADICTED",
        "A later verdict on {} failed after the go. It may not be served.",
    ),
    "disputed": (
        "DISPUTED",
        "A second person derived the verdict on {} again and got another result. It may not be "
        "served.",
    ),
    "follows-fallen": (
        "FOLLOWS A FALLEN GO",
        "The go that this standard change of {} followed no longer stands. It may not be served.",
    ),
    "lost": (
        "ENTRIES LOST",
        "Entries of the log after this decision were lost, and what took it back may be among "
        "them. {} may not be served until it is decided again.",
    ),
}


def standing_word(standing: str) -> tuple[str, Tone]:
    """The one word, and its colour, for how a decision or a review stands."""
    plain: dict[str, tuple[str, Tone]] = {
        "go": ("GO", "good"),
        "no-go": ("NO-GO", "bad"),
        "superseded": ("SUPERSEDED", "bad"),
        "under-review": ("NOT DECIDED", "open"),
    }
    word = _STOPPED.get(standing, (standing.upper(), ""))[0]
    return plain.get(standing, (word, "bad"))


def standing_line(standing: str, names: tuple[str, str], *, until: str, bounded: bool) -> Line:
    """How a decision or a review stands, as a sentence.

    Args:
        standing: How it stands.
        names: The system's name, and the product's.
        until: When a go ends.
        bounded: Whether conditions bind it.
    """
    system, product = Name(names[0]), names[1]
    inside = ", inside the conditions below," if bounded else ""
    match standing:
        case "go":
            return (system, f" may be released in {product}{inside} until ", Moment(until), ".")
        case "no-go":
            return (system, f" may not be released in {product}.")
        case "under-review":
            return ("The panel has not decided on ", system, ". It may not be released.")
        case "superseded":
            return (
                "A later decision or assessment on ",
                system,
                f" in {product} replaced this one. Read that one: this page allows nothing.",
            )
        case _:
            said = _STOPPED.get(standing, ("", "The go for {} does not stand."))[1]
            before, _, after = said.partition("{}")
            return (before, system, after)


def as_of_line(at: AsOf) -> Line:
    """From which checkpoint a page speaks."""
    return (
        f"As of checkpoint {at.size} of the log {at.origin}, ",
        Moment(at.time),
        ". What happened later is not on this page.",
    )


def review_signal(page: Review) -> Signal:
    """What the review comes to as of now."""
    word, tone = standing_word(page.standing)
    ruling = page.ruling
    return Signal(
        word=word,
        tone=tone,
        line=standing_line(
            page.standing,
            (page.candidate, page.product),
            until=ruling.expires if ruling else "",
            bounded=bool(ruling and ruling.conditions),
        ),
        reason=page.standing_reason,
    )


def questions_section(page: Review) -> Section:
    """Every question with its answers, and who closed it."""
    blocks: list[Block] = [_question(k, one) for k, one in enumerate(page.questions, 1)]
    return Section(
        "questions",
        "Questions and answers",
        blocks or [Words("No question was asked.")],
        short="Questions",
    )


def _question(number: int, one: Asked) -> Card:
    role = f", {one.role}" if one.role else ""
    blocks: list[Block] = [
        Words((Name(one.person), f"{role}, ", Moment(one.time)), soft=True),
        Said(one.text),
    ]
    for answer in one.answers:
        told: Line = ("Answer by ", Name(answer.person), ", ", Moment(answer.time))
        blocks += [Words(told, soft=True), Written(answer.text)]
    if not one.answers:
        blocks.append(Words("No answer yet."))
    for each in one.closings:
        told = ("Held to be answered by ", Name(each.person), f", {each.role}, ", Moment(each.time))
        blocks += [Words(told, soft=True), Said(each.reason)]
    if one.over_asker:
        blocks.append(
            Words(
                (
                    Label("Closed over its asker", "open"),
                    " The required roles closed it on ",
                    Moment(one.closed),
                    "; whoever asked has not accepted an answer.",
                )
            )
        )
    elif one.closed:
        blocks.append(Words(("Accepted by the asker on ", Moment(one.closed)), soft=True))
    state = "closed" if one.closed else "open: it blocks the vote"
    return Card(f"Question {number}, {state}", blocks)


def votes_section(page: Review) -> Section:
    """Every standing vote with its reasons, dissent among them."""
    needed = ", ".join(page.required)
    blocks: list[Block] = [
        Words(
            f"A go needs go from each of: {needed}; each from another person. Abstaining is not go."
        ),
        *(_vote(one, page.required) for one in page.votes),
    ]
    if not page.votes:
        blocks.append(Words("Nobody has voted."))
    return Section("votes", "Votes", blocks)


def _vote(vote: CastVote, required: Sequence[str]) -> Card:
    counted = "Required role" if vote.role in required else "Advisory: kept, not counted"
    accepts = " · accepts retrospective evidence" if vote.accepts_retrospective else ""
    told: Line = (f"{counted} · ", Moment(vote.time), " · ", Digest(vote.identity), accepts)
    return Card(
        (Name(vote.person), f", {vote.role}"),
        [Words(told, soft=True), Said(vote.reasons)],
        badge=Badge(vote.ballot, BALLOTS[vote.ballot]),
    )


def dissent_blocks(page: Review) -> list[Block]:
    """Everything that speaks against the outcome among the votes, verbatim."""
    if page.ruling is None:
        return [Words("Not known before a decision.")]
    found: list[Block] = []
    for vote in panel_tally(page).dissent:
        told = (Name(vote.person), f", {_role(vote, page.required)}, voted {vote.ballot}:")
        found += [Words(told, soft=True), Said(vote.reasons)]
    return found or [Words("None.")]


def panel_tally(page: Review) -> Tally:
    """What the votes came to."""
    return tally(page.votes, required=page.required)


def signed_lines(page: Review) -> Iterator[Line]:
    """Who voted what, and whose go is still missing."""
    for vote in page.votes:
        yield (Name(vote.person), f", {_role(vote, page.required)}: ", Strong(vote.ballot))
    if not page.votes:
        yield "Nobody has voted."
    if page.standing == "under-review":
        for role in panel_tally(page).missing:
            yield f"Still needed: a go from {role}."


def recomputed_lines(page: Review) -> Iterator[Line]:
    """Who derived the verdict again from the rows, and what came out."""
    for one in page.recomputed:
        came = "the same figures" if one.agrees else "other figures: the verdict is disputed"
        yield (Name(one.person), ", ", Moment(one.time), ": ", Strong(came))


def stops_section(page: Review) -> Section:
    """Every act that stopped the system since it was assessed, or let it go on."""
    blocks: list[Block] = []
    for one in page.stops:
        told: Line = (Name(one.person), ", ", Moment(one.time), " · ", Digest(one.identity))
        blocks.append(Card(one.what.capitalize(), [Words(told, soft=True), Said(one.reason)]))
    return Section("stops", "Stops", blocks or [Words("Nobody has stopped it.")])


def time_section(steps: Sequence[Step], days: float | None) -> Section:
    """How long each step took."""
    blocks: list[Block] = []
    if days is not None:
        told = f"In review for {lasted(days)}, from the assessment to the decision."
        blocks.append(Words(told))
    if steps:
        blocks += [
            Words("Each step lasts from the end of the one before it. Times are the log's own."),
            Table(
                "Steps of the review",
                ("Step", "Ended", "Took"),
                [(one.name, (Moment(one.end),), lasted(one.days)) for one in steps],
                numbers=(2,),
            ),
        ]
    return Section(
        "time", "Time in each step", blocks or [Words("No step has ended.")], short="Time"
    )


def trace_section(page: Review) -> Section:
    """Every identity behind the page, in full."""
    put: Line = (
        "Put before the panel by ",
        Name(page.author),
        " on ",
        Moment(page.time),
        " as ",
        Digest(page.assessment),
        ". Every identity below is a SHA-256 digest: ",
        Code("interlock trace"),
        " follows any of them.",
    )
    rows = [(one.what, _entry(one), (Digest(one.identity, whole=True),)) for one in page.trace]
    table = Table("From the decision to the rows it rests on", ("What", "Entry", "Identity"), rows)
    return Section("trace", "Trace", [Words(put), table])


def _entry(one: Traced) -> Line:
    if one.index is None:
        return "named by digest"
    by: Line = (", ", Name(one.person)) if one.person else ()
    return (f"{one.index}, ", Moment(one.time), *by)


def _role(vote: CastVote, required: Sequence[str]) -> str:
    return vote.role if vote.role in required else f"{vote.role} (advisory)"
