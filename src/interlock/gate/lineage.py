"""How often the same claim was tried, and how much alpha one more try may spend."""

import hashlib
from collections.abc import Sequence
from typing import Literal

from interlock.charter import Criterion
from interlock.errors import AlphaSpentError
from interlock.ledger import canonical

Schedule = Literal["halving"] | Sequence[float]

_LEAST_ALPHA = 1e-9
_WAYS = ("rate_upper", "zero_events", "all_of", "ratio_below", "difference_noninferior")
"""Kinds of criteria that judge how large the values of a metric are."""


def lineage_key(criterion: Criterion) -> str:
    """The lineage of a criterion within one product and baseline, as a digest.

    Neither a new name, nor another bar, slice or rubric starts a lineage: who
    failed at a cut of 40 % and comes back with 39 %, in German only, or with
    half the points for half an answer, is trying again. Another metric or
    another kind of criterion is another claim.
    """
    return _key(criterion.kind, criterion.metric)


def retried(criterion: Criterion) -> frozenset[str]:
    """The lineages in which a criterion may have been tried before, its own among them.

    A rate under a limit can be asked for as a limit, a red line, or a limit in
    each place; against a baseline that shows nothing a guard and a gain ask for
    the same. Who failed in one way and comes back in another tries again.
    """
    own = lineage_key(criterion)
    ways = (_key(kind, criterion.metric) for kind in _WAYS)
    return frozenset({own, *ways}) if criterion.kind in _WAYS else frozenset({own})


def alpha_of(attempt: int, *, alpha: float = 0.05, schedule: Schedule = "halving") -> float:
    """What attempt ``attempt`` of a lineage may spend, one-sided, of its ``alpha``.

    By halving, attempt k spends alpha / 2^k, so that all attempts together
    never spend more than alpha, however many there are. A list gives attempt k
    its own share of alpha; its shares sum to 1 at most.

    Args:
        attempt: 1 for the first seal of the lineage, then 2, 3, ...
        alpha: What the whole lineage may spend, in (0, .5).
        schedule: ``"halving"``, or the shares.

    Raises:
        AlphaSpentError: The schedule has ended, or so little is left (under
            1e-9) that no sample could pass.
    """
    if attempt < 1:
        raise ValueError("attempts are counted from 1")
    if schedule == "halving":
        spent = alpha * 0.5**attempt
    else:
        spent = alpha * float(schedule[attempt - 1]) if attempt <= len(schedule) else 0.0
    if spent < _LEAST_ALPHA:
        raise AlphaSpentError(attempt, alpha)
    return spent


def _key(kind: str, metric: str) -> str:
    return hashlib.sha256(canonical({"kind": kind, "metric": metric})).hexdigest()
