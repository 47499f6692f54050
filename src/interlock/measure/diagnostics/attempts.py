"""How often an attacker who may try several times succeeds."""

import numpy as np
from numpy.typing import ArrayLike

from interlock.errors import NotEnoughDataError, ValueOutOfRangeError
from interlock.measure.estimate import Estimate
from interlock.measure.means import bounded_mean
from interlock.measure.sample import Numbers, numbers, same_length

_WHOLE = (0.0, 2.0**53)


def attack_success_at(
    attempts: ArrayLike, successes: ArrayLike, *, k: int, confidence: float = 0.90, seed: int = 0
) -> Estimate:
    """Share of behaviours that at least one of ``k`` tries brings about.

    Args:
        attempts: Shape ``(clusters,)``, tries made on each behaviour, whole and at least 1, and
            at least ``k`` where none succeeded: who had a success in fewer tries has one in
            ``k``. Behaviours are independent draws from one population; tries on one behaviour
            may depend on each other as long as their order says nothing.

            It does say something where tries stop at the first success: the last one is then the
            success, and the tries made are no exchangeable sample. The figure holds then for a
            ``k`` that is the number of tries allowed, and is too high for any smaller one. It is
            too high as well where behaviours without a success were left out for too few tries.
        successes: Shape ``(clusters,)``, how many of them succeeded.
        k: Tries that the attacker has.
        confidence: Two-sided coverage, in (0, 1); each end is a bound that holds for any number
            of behaviours.
        seed: Fixes the orders in which the bound reads the behaviours.

    Returns:
        A share in ``[0, 1]``; of a single behaviour it is the chance that ``k`` tries drawn
        without putting back from those made hold a success.

    Raises:
        NotEnoughDataError: There is no behaviour, one has fewer than ``k`` tries and no success,
            or ``k`` is less than one.
        MismatchedShapesError: The columns differ in length.
        ValueOutOfRangeError: A count is not whole, or there are more successes than tries.

    Source:
        ``1 - C(n - c, k) / C(n, k)`` of Chen et al. (2021), arXiv:2107.03374, unbiased for each
        behaviour, which ``1 - (1 - c / n)^k`` is not; over behaviours, `bounded_mean`, because
        tries on one behaviour are no independent rows.
    """
    shares = _shares(attempts, successes, k)
    found = bounded_mean(shares, low=0.0, high=1.0, confidence=confidence, seed=seed)
    return Estimate(
        value=found.value,
        low=found.low,
        high=found.high,
        confidence=confidence,
        n=found.n,
        method=f"attack-success-at-{k}/1",
    )


def attack_success_change(
    before: tuple[ArrayLike, ArrayLike],
    after: tuple[ArrayLike, ArrayLike],
    *,
    k: int,
    confidence: float = 0.90,
    seed: int = 0,
) -> Estimate:
    """By how much the share of behaviours that ``k`` tries bring about has changed.

    Args:
        before: Tries and successes on each behaviour, each of shape ``(clusters,)``; see
            `attack_success_at`.
        after: The same on the same behaviours, in the same order.
        k: Tries that the attacker has.
        confidence: Two-sided coverage, in (0, 1).
        seed: Fixes the orders in which the bound reads the behaviours.

    Returns:
        A difference of shares in ``[-1, 1]``; below 0 is a fall.

    Raises:
        NotEnoughDataError: There is no behaviour, or one has fewer than ``k`` tries and no
            success.
        MismatchedShapesError: The columns differ in length.
        ValueOutOfRangeError: A count is not whole, or there are more successes than tries.

    Source:
        `bounded_mean` of the differences: what makes a behaviour easy on one release makes it
        easy on the next, so that pairs say more than two separate samples.
    """
    first, second = _shares(*before, k), _shares(*after, k)
    same_length(first, second)
    found = bounded_mean(second - first, low=-1.0, high=1.0, confidence=confidence, seed=seed)
    return Estimate(
        value=found.value,
        low=found.low,
        high=found.high,
        confidence=confidence,
        n=found.n,
        method=f"attack-success-change-at-{k}/1",
    )


def _shares(attempts: ArrayLike, successes: ArrayLike, k: int) -> Numbers:
    """Each behaviour's chance that ``k`` of its tries hold a success."""
    if k < 1:
        raise NotEnoughDataError("tries that the attacker has", k, 1)
    made, won = _counts(attempts, "attempts"), _counts(successes, "successes")
    same_length(made, won)
    short = (made < k) & (won == 0)
    if short.any():
        raise NotEnoughDataError("tries on a behaviour", int(made[short].min()), k)
    if (won > made).any():
        worst = int(np.argmax(won - made))
        raise ValueOutOfRangeError("successes", float(won[worst]), (0.0, float(made[worst])))
    drawn_from = np.maximum(made, k)
    return np.where(made < k, 1.0, np.clip(1 - _all_fail(drawn_from, won, k), 0.0, 1.0))


def _counts(values: ArrayLike, name: str) -> Numbers:
    found = numbers(values, low=_WHOLE[0], high=_WHOLE[1], name=name)
    broken = found != np.floor(found)
    if broken.any():
        raise ValueOutOfRangeError(f"a whole number of {name}", float(found[broken][0]), _WHOLE)
    return found


def _all_fail(made: Numbers, won: Numbers, k: int) -> Numbers:
    """Chance that ``k`` of the tries made are failures, one try after the other."""
    left = np.arange(k)[:, None]
    factors = np.maximum(made - won - left, 0.0) / (made - left)
    return np.asarray(factors.prod(axis=0))
