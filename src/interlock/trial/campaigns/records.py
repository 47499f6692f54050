"""What is kept of a campaign: its plan, its findings, and the failure modes they became."""

from typing import Annotated, Literal

from pydantic import Field

from interlock.charter import SliceValue
from interlock.errors import InvalidRecordError
from interlock.ledger import posix, record

Word = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""A name for machines: small letters, digits and single hyphens."""

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""One line for people."""

Sentence = Annotated[str, Field(min_length=1, max_length=4000)]
"""A sentence or a few, for people."""

Quarter = Annotated[str, Field(pattern=r"^20[0-9]{2}-Q[1-4]$")]
"""A quarter of a year, such as ``2026-Q4``."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]


@record("campaign/1")
class Campaign:
    """A plan to attack a product for a quarter.

    Attributes:
        name: What people call it; the value of the slice ``campaign``, where rows carry one.
        product: The product.
        goal: What it is to find out.
        period: The quarter in which its evidence is recorded.
        categories: Harms that are tried, by their ids in the charter, sorted.
        attacks: Attacks that are put to every request, sorted; requests as they come are tried
            besides.
        suites: Suites that the requests are from, sorted.
        slices: Slices that should be covered, such as ``language``, sorted.
        calls: Calls that may be made; 0 for no limit.
        tokens: Tokens that may be spent; 0 for no limit.
    """

    name: Word
    product: Line
    goal: Sentence
    period: Quarter
    categories: tuple[Word, ...]
    attacks: tuple[Line, ...]
    suites: tuple[Line, ...]
    slices: tuple[Line, ...] = ()
    calls: Count = 0
    tokens: Count = 0

    def __post_init__(self) -> None:
        for name in ("categories", "attacks", "suites", "slices"):
            found = list(getattr(self, name))
            if found != sorted(set(found)):
                raise InvalidRecordError("campaign", f"{name} must be sorted, each once")
        if not self.categories:
            raise InvalidRecordError("campaign", "it must try at least one category")


@record("item-ref/1")
class ItemRef:
    """One item of recorded evidence, named without a word of its text.

    Attributes:
        item: The item.
        cluster: The behaviour it stands for.
        evidence: Digest of the observations.
        prompt: Keyed digest of what was sent; empty where none was kept.
        completion: Keyed digest of what came back; empty where none was kept.
    """

    item: Line
    cluster: Line
    evidence: Digest
    prompt: str = ""
    completion: str = ""


@record("finding/1")
class Finding:
    """Something that an attack brought about, as an analyst rates it.

    Attributes:
        campaign: Digest of the campaign.
        title: What was found, in the analyst's words.
        category: The harm, by its id in the charter.
        attack: The attack; empty for requests as they come.
        metric: What was measured.
        severity: Level of one occurrence on the category's scale.
        scale: That scale, by its id in the charter.
        slices: Where else it is confined to, sorted.
        clusters: Behaviours that it was seen on.
        tried: Behaviours that were tried.
        exemplars: A few items that show it.
    """

    campaign: Digest
    title: Line
    category: Word
    attack: str
    metric: Line
    severity: Annotated[int, Field(ge=0, le=10)]
    scale: Word
    slices: tuple[SliceValue, ...]
    clusters: Annotated[int, Field(ge=1)]
    tried: int
    exemplars: Annotated[tuple[ItemRef, ...], Field(min_length=1)]

    def __post_init__(self) -> None:
        if self.clusters > self.tried:
            raise InvalidRecordError("finding", "it cannot be seen on more than was tried")


@record("consequence/1")
class Consequence:
    """What somebody did about a failure mode.

    Attributes:
        kind: ``part`` for a part of a system, ``mitigation`` for anything else that was put in
            place, ``boundary`` for what the product is no longer held out to do.
        says: The part's name, or a sentence.
    """

    kind: Literal["part", "mitigation", "boundary"]
    says: Sentence


@record("failure-mode/1")
class FailureMode:
    """A way in which the product fails, with a name, and what came of it.

    It is never changed: what is learnt later is a new record that follows this one.

    Attributes:
        name: What it is called.
        definition: What belongs to it and what does not.
        findings: Digests of the findings it was made of, sorted.
        exemplars: Items in the midst of it.
        led_to: What was done about it; empty while nothing was.
        follows: Digest of the record that this one replaces; empty for the first.
    """

    name: Word
    definition: Sentence
    findings: Annotated[tuple[Digest, ...], Field(min_length=1)]
    exemplars: Annotated[tuple[ItemRef, ...], Field(min_length=1)]
    led_to: tuple[Consequence, ...] = ()
    follows: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""

    def __post_init__(self) -> None:
        if list(self.findings) != sorted(set(self.findings)):
            raise InvalidRecordError("failure mode", "findings must be sorted, each once")

    @property
    def status(self) -> Literal["open", "guarded", "boundary"]:
        """Whether something guards against it, it was only written down as a limit, or neither."""
        kinds = {one.kind for one in self.led_to}
        if kinds & {"part", "mitigation"}:
            return "guarded"
        return "boundary" if kinds else "open"


def quarter_of(time: str) -> str:
    """The quarter that a time such as ``2026-11-21T21:52:51Z`` lies in.

    Raises:
        InvalidTimeError: It is no time.
    """
    posix(time)
    return f"{time[:4]}-Q{(int(time[5:7]) + 2) // 3}"
