"""What a release is for, whom it touches, under which rules, and what else was weighed."""

from typing import Literal

from interlock.ledger import Json, record, upcast
from interlock.review.ranges import Range

Group = Literal["users", "non-users", "minors", "low-resource-languages", "others"]


@record("regime/1")
class Regime:
    """A body of rules that is in play or is not, and why.

    Attributes:
        name: The rules: ``EU AI Act``, ``California SB 53``.
        role: What we are under them: deployer, provider, frontier developer, out of scope.
        reason: Why.
    """

    name: str = ""
    role: str = ""
    reason: str = ""


@record("affected-party/2")
class AffectedParty:
    """People the product touches, users or not, and how.

    Attributes:
        group: Which of the groups that are easily forgotten they belong to.
        who: The people.
        how: What it does to them.
    """

    group: Group = "others"
    who: str = ""
    how: str = ""


@upcast("affected-party/1", "affected-party/2")
def newer_party(fields: dict[str, Json]) -> dict[str, Json]:
    """The first version knew no groups."""
    return fields | {"group": "others"}


@record("alternative/1")
class Alternative:
    """Another way to the same end, and why it was not taken."""

    option: str = ""
    why_not: str = ""


@record("dropped-claim/1")
class DroppedClaim:
    """Why a claim that did not pass earlier is no longer judged.

    Attributes:
        claim: The claim, word for word as the page and `blanks` name it.
        reason: Why it was dropped.
    """

    claim: str = ""
    reason: str = ""


@record("unmeasured-red-line/1")
class UnmeasuredRedLine:
    """A red line of the charter that no criterion measures, and why that may be so.

    Attributes:
        id: The red line's id in the charter.
        reason: What stands in for evidence, or why none is there.
    """

    id: str = ""
    reason: str = ""


@record("deviation-reason/1")
class DeviationReason:
    """Why something went otherwise than it was sealed.

    Attributes:
        deviation: The deviation, word for word as `blanks` names it.
        reason: How it came about.
    """

    deviation: str = ""
    reason: str = ""


@record("stated-input/1")
class StatedInput:
    """One input of a named score, as a range with its grounds.

    Attributes:
        input: Its name in the charter.
        range: How large it may be.
        grounds: What the range rests on.
    """

    input: str = ""
    range: Range | None = None
    grounds: str = ""


@record("score-acceptance/1")
class ScoreAcceptance:
    """A score over the charter's limit is accepted by somebody, for a reason.

    Attributes:
        by: Who accepts it, as the author states.
        reason: Why.
    """

    by: str = ""
    reason: str = ""


@record("stated-score/1")
class StatedScore:
    """The inputs of one score that the charter names; the figure follows from its formula.

    Attributes:
        score: Id of the score in the charter.
        inputs: One range for each of its inputs.
        acceptance: Who accepts it although it may be over the charter's limit; left out where
            it is not.
    """

    score: str = ""
    inputs: tuple[StatedInput, ...] = ()
    acceptance: ScoreAcceptance | None = None


@record("interest/1")
class Interest:
    """What somebody who worked on this, or decides on it, stands to gain or lose.

    Attributes:
        person: Who.
        interest: What they stand to gain or lose; ``none`` where they declare none.
        handled: How it is kept from deciding.
    """

    person: str = ""
    interest: str = ""
    handled: str = ""
