"""Which records a log has to keep with an act: an act whose basis nobody can read decides nothing.

Evidence and sealed figures are not among them, nor the systems that an act
names beside its seal: those came with the seal, or, where somebody stops a
system, are nobody's to produce first.
"""

from collections.abc import Iterator
from typing import Any

from interlock.admission.acts import Adoption, Assessment, Recomputation, Seal, Verdict

_KEPT: dict[type[Any], tuple[str, ...]] = {
    Adoption: ("charter",),
    Seal: ("hypothesis", "charter", "baseline", "candidates", "bank"),
    Verdict: ("judgement",),
    Recomputation: ("judgement",),
    Assessment: ("document",),
}


def records_kept(act: object) -> tuple[str, ...]:
    """Digests of the records that have to be on the log for an act to be taken."""

    def digests() -> Iterator[str]:
        for name in _KEPT.get(type(act), ()):
            value = getattr(act, name)
            yield from value if isinstance(value, tuple) else (value,)

    return tuple(each for each in digests() if each)
