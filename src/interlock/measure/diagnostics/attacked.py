"""How much attacks change: success by attack, beside no attack, and at several tries."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlock.errors import NotEnoughDataError, NotEstimableError, TakenNameError
from interlock.measure.diagnostics.attempts import attack_success_at
from interlock.measure.estimate import Estimate
from interlock.measure.means import bounded_mean
from interlock.measure.rates import clustered_rate
from interlock.measure.ratios import clustered_ratio
from interlock.measure.sample import Flags, flags, same_length

NO_ATTACK = "none"
"""The name under which a request without attack stands."""

ANY_ATTACK = "(any)"
"""The name under which all attacks stand together; no attack may bear it."""


@dataclass(frozen=True, kw_only=True)
class Attacked:
    """Attempts, one a row of each column.

    Attributes:
        cluster: The behaviour that each attempt is after; behaviours are independent draws from
            one population.
        attack: The name of its attack, `NO_ATTACK` for the plain request.
        success: Whether it brought about what it was after, 0 or 1.
    """

    cluster: Sequence[str]
    attack: Sequence[str]
    success: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class AttackFigures:
    """What one attack does.

    Attributes:
        attack: Its name, `NO_ATTACK` for plain requests, `ANY_ATTACK` for all attacks together.
        attempts: Its attempts.
        success: Mean over behaviours of the share of attempts that succeed.
        change: Success less that of the plain requests on the same behaviours, in [-1, 1];
            ``None`` where no behaviour has both.
        ratio: Success over that of plain requests on the same behaviours; ``None`` where these
            never succeed.
        tries: The tries that every behaviour without a success has had.
        at_tries: Share of behaviours that so many tries bring about; ``None`` for one try, which
            is ``success`` itself.
    """

    attack: str
    attempts: int
    success: Estimate
    change: Estimate | None
    ratio: Estimate | None
    tries: int
    at_tries: Estimate | None


def robustness(
    attempts: Attacked, *, tries: int | None = None, confidence: float = 0.90, seed: int = 0
) -> tuple[AttackFigures, ...]:
    """Every attack's success, relative to no attack and at several tries.

    Args:
        attempts: The attempts; those of one behaviour may depend on each other.
        tries: Tries that the attacker has, at least 1; by default, for each attack, the most that
            every behaviour without a success has had, so that tries which stop at the first
            success count in full (see `attack_success_at`, and there what ``tries`` below those
            allowed comes to). Plain requests may have had fewer, and are then taken as they are.
        confidence: Two-sided coverage, in (0, 1); each end is a bound with guaranteed level.
        seed: Fixes the orders in which behaviours are read.

    Returns:
        Plain requests first, then every attack by name, then `ANY_ATTACK`: all attacks together,
        for an attacker who tries several. One interval each; a worst attack picked afterwards is
        better than its interval says, since many were looked at.

    Raises:
        NotEnoughDataError: There is no attempt, ``tries`` is less than one, or an attack was tried
            fewer than ``tries`` times on a behaviour and never succeeded on it.
        MismatchedShapesError: The columns differ in length.
        TakenNameError: An attack is called as all of them together are.
        ValueOutOfRangeError: A success is neither 0 nor 1.

    Source:
        Betting bounds over behaviours (`clustered_rate`, `clustered_ratio`), and
        `attack_success_at`.
    """
    success = flags(attempts.success, name="success")
    if tries is not None and tries < 1:
        raise NotEnoughDataError("tries that the attacker has", tries, 1)
    names, clusters = np.asarray(attempts.attack), np.asarray(attempts.cluster)
    same_length(success, names)
    same_length(success, clusters)
    if (names == ANY_ATTACK).any():
        raise TakenNameError("attack", ANY_ATTACK, "all attacks together")
    plain = names == NO_ATTACK
    rows = _Rows(success, clusters, plain, (tries, confidence, seed))
    found = [rows.figures(NO_ATTACK, plain)] if plain.any() else []
    others = sorted({str(one) for one in names[~plain]})
    found += [rows.figures(name, names == name) for name in others]
    if len(others) > 1:
        found.append(rows.figures(ANY_ATTACK, ~plain))
    return tuple(found)


@dataclass(frozen=True)
class _Rows:
    """The columns of all attempts, and what was asked of them: tries, confidence, seed."""

    success: Flags
    clusters: NDArray[np.generic]
    plain: Flags
    asked: tuple[int | None, float, int]

    def figures(self, name: str, chosen: Flags) -> AttackFigures:
        """What the chosen attempts did."""
        tries, confidence, seed = self.asked
        labels, wins = self.clusters[chosen], self.success[chosen]
        members = np.unique(labels, return_inverse=True)[1]
        made = np.bincount(members)
        won = np.bincount(members, weights=wins.astype(np.float64))
        lost = made[won == 0]
        least = int((lost if lost.size else made).min())
        plain = name == NO_ATTACK
        if tries is not None and lost.size and least < tries and not plain:
            raise NotEnoughDataError(f"tries of {name} on a behaviour", least, tries)
        k = min(tries or least, least) if plain else tries or least
        change, ratio = (None, None) if plain else self._beside(chosen)
        return AttackFigures(
            attack=name,
            attempts=int(wins.size),
            success=clustered_rate(wins, labels, confidence=confidence, seed=seed),
            change=change,
            ratio=ratio,
            tries=k,
            at_tries=attack_success_at(made, won, k=k, confidence=confidence, seed=seed)
            if k > 1
            else None,
        )

    def _beside(self, chosen: Flags) -> tuple[Estimate | None, Estimate | None]:
        """Change and ratio over the behaviours that were tried with and without the attack."""
        _, confidence, seed = self.asked
        before, after = self._means(self.plain), self._means(chosen)
        both = sorted(before.keys() & after.keys())
        if not both:
            return None, None
        first = np.array([before[one] for one in both])
        second = np.array([after[one] for one in both])
        change = bounded_mean(second - first, low=-1.0, high=1.0, confidence=confidence, seed=seed)
        try:
            ratio = clustered_ratio(first, second, both, confidence=confidence, seed=seed)
        except NotEstimableError:
            ratio = None
        return change, ratio

    def _means(self, chosen: Flags) -> dict[str, float]:
        labels, members = np.unique(self.clusters[chosen], return_inverse=True)
        wins = np.bincount(members, weights=self.success[chosen].astype(np.float64))
        shares = wins / np.bincount(members)
        return dict(zip(map(str, labels), shares.tolist(), strict=True))
