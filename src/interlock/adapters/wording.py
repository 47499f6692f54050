"""Times, durations, conditions and sentences as people write them, in every rendering alike."""

from collections.abc import Iterable
from datetime import datetime

from interlock.admission import Condition
from interlock.review import CastVote


def moment(time: str) -> str:
    """A time of the log as people write it: ``21 November 2026, 21:52 UTC``."""
    at = datetime.fromisoformat(time)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def lasted(days: float) -> str:
    """A duration in the unit people would use."""
    if days >= 1:
        return f"{days:.1f} days"
    hours = days * 24
    if hours >= 1:
        return f"{hours:.1f} hours"
    minutes = round(hours * 60)
    return counted(minutes, "minute") if minutes else "under a minute"


def condition(one: Condition) -> str:
    """A condition on the release, in words."""
    match one.kind:
        case "max_traffic_percent":
            return f"At most {one.limit} % of traffic."
        case "tier":
            return f"Only for the tier {one.limit}."
        case "feature_off":
            return f"The feature {one.limit} stays off."


def sentence(text: str) -> str:
    """The text with a capital letter in front and a full stop behind."""
    ended = text.strip()
    if ended and ended[-1] not in ".!?":
        ended += "."
    return ended[:1].upper() + ended[1:]


def counted(number: int, what: str, many: str = "") -> str:
    """A number with its noun: ``1 vote``, ``3 votes``, ``no votes``."""
    noun = what if number == 1 else many or f"{what}s"
    return f"{number:,} {noun}" if number else f"no {noun}"


def voted_go(votes: Iterable[CastVote]) -> frozenset[str]:
    """Who voted go."""
    return frozenset(one.person for one in votes if one.ballot == "go")


def taken_on(by: str, voters: frozenset[str]) -> str:
    """Who accepts something, by whose word, and whether they signed a go themselves.

    Args:
        by: The name that the author gave.
        voters: Who voted go on the very assessment that says so.
    """
    if not by.strip():
        return "accepted by nobody"
    signed = f", and {by} voted go" if by in voters else ""
    return f"accepted by {by}, as the author states{signed}"
