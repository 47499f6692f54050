"""The log as a list: everything that stands on it, whether it counts or not."""

from dataclasses import dataclass

from interlock.app.acts import word_of
from interlock.app.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry of the log.

    Attributes:
        index: Where it stands.
        time: When the log took it.
        identity: Its statement identity.
        person: Who signed it; empty where it has no effect.
        act: What it is; empty where it has no effect.
        refused: Why it has no effect; empty where it counts.
    """

    index: int
    time: str
    identity: str
    person: str = ""
    act: str = ""
    refused: str = ""


def history(work: Workspace) -> tuple[Line, ...]:
    """Every entry of the log in its order."""
    state = work.state()
    lines = [
        Line(
            index=one.index,
            time=one.time,
            identity=one.identity,
            person=one.person,
            act=word_of(one.act),
        )
        for one in state.accepted.values()
    ]
    lines += [
        Line(index=one.index, time=one.time, identity=one.identity, refused=one.sentence)
        for one in state.refused
    ]
    return tuple(sorted(lines, key=lambda one: one.index))
