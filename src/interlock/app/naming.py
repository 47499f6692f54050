"""Which acts name what: the threads that every trace and every page follows."""

from collections.abc import Iterator
from typing import Any, TypeVar

from interlock.admission import (
    Acceptance,
    Accepted,
    Answer,
    Assessment,
    Closing,
    Decision,
    Engagement,
    Hold,
    Kill,
    Lift,
    Question,
    Recomputation,
    Revocation,
    Rollback,
    Run,
    Seal,
    State,
    Unseal,
    Variant,
    Verdict,
    Vote,
)

Act = TypeVar("Act")

_ACTS: dict[type[Any], tuple[str, ...]] = {
    Decision: ("votes", "assessment"),
    Vote: ("assessment",),
    Assessment: ("verdict", "follows"),
    Verdict: ("seal", "runs"),
    Recomputation: ("verdict",),
    Run: ("seal",),
    Question: ("assessment",),
    Answer: ("question",),
    Acceptance: ("answer", "question"),
    Closing: ("question",),
    Engagement: ("seal",),
    Unseal: ("engagement", "verdict"),
    Revocation: ("decision",),
    Lift: ("hold",),
    Rollback: ("to",),
    Variant: ("parent",),
}
"""The acts that an act rests on, by the fields that name them."""

_RECORDS: dict[type[Any], tuple[str, ...]] = {
    Decision: ("system",),
    Assessment: ("document", "system"),
    Verdict: ("judgement", "system"),
    Recomputation: ("judgement",),
    Seal: ("hypothesis", "charter", "baseline", "candidates", "bank"),
    Run: ("system", "evidence"),
    Engagement: ("system", "ciphertext"),
    Hold: ("system",),
    Kill: ("system", "evidence"),
    Rollback: ("system", "evidence"),
    Variant: ("system",),
}
"""The records, evidence and files that an act names by digest."""


def acts_named(act: object) -> list[str]:
    """Identities of the acts that an act rests on."""
    return list(dict.fromkeys(_values(act, _ACTS)))


def records_named(act: object) -> list[str]:
    """Digests of the records, evidence and files that an act names."""
    return list(_values(act, _RECORDS))


def _values(act: object, fields: dict[type[Any], tuple[str, ...]]) -> Iterator[str]:
    for name in fields.get(type(act), ()):
        value = getattr(act, name)
        yield from (each for each in (value if isinstance(value, tuple) else (value,)) if each)


class Threads:
    """Who names whom, found once for a whole log."""

    def __init__(self, state: State) -> None:
        self._naming: dict[tuple[type[Any], str], list[Accepted[Any]]] = {}
        for each in state.accepted.values():
            for name in {*acts_named(each.act), *records_named(each.act)}:
                self._naming.setdefault((type(each.act), name), []).append(each)

    def naming(self, name: str, kind: type[Act]) -> tuple[Accepted[Act], ...]:
        """Every act of one kind that names an identity or a digest, in the log's order."""
        return tuple(self._naming.get((kind, name), ()))
