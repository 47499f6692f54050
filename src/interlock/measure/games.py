"""The games a bettor may play on a sample: value by value, or in blocks where it is long."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from interlock.measure.sample import Numbers

# Up to here a step a value is affordable; beyond, values are kept apart up to the second length.
ONE_BY_ONE = 512
LONG = 2**14
# A block takes this part of what is left, so a million values make a thousand steps.
REBALANCINGS = 96
# Staking all would be a tenth tighter when nothing ever happens, and half wider after one event.
LOSABLE = 0.9
# In standard deviations to come: more than an option's price ever moves with before it is lost.
FUND = 4.0
BEST_FUND = 4.0
# Kinds of value that are counted rather than kept.
LEVELS = 128

Places = NDArray[np.intp]


class Game(Protocol):
    """A sequence of steps, each with a win and two limits on the stake."""

    def steps(self, ratios: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """What each step allows and brings, against ratios of shape ``(k,)``.

        Returns:
            Three arrays of a shape that spreads to ``(steps, orders, k)``: what a stake of one
            wins, in standard deviations of the sum still to come; the largest stake for each unit
            held, which at worst loses nine tenths of it; the largest stake for each unit missing to
            the goal, which at best wins it.
        """
        ...


def game(gains: Numbers, costs: Numbers | None) -> Game:
    """The game on a sample that suits its length.

    Args:
        gains: Shape ``(orders, n)``, in [0, 1].
        costs: Same shape and range, or ``None`` for ones.
    """
    return (_Singly if gains.shape[1] <= ONE_BY_ONE else _InBlocks)(gains, costs)


class _Singly:
    """A sample staked on value by value."""

    def __init__(self, gains: Numbers, costs: Numbers | None) -> None:
        self._gains = gains.T[:, :, None]
        self._costs = None if costs is None else costs.T[:, :, None]
        self._scale = _Scale(gains, costs, np.arange(gains.shape[1]))

    def steps(self, ratios: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        left = np.arange(len(self._gains), 0, -1)[:, None, None]
        spread = self._scale.against(ratios) * np.sqrt(left)
        spent = ratios if self._costs is None else ratios * self._costs
        best = 1 - ratios if self._costs is None else np.ones_like(ratios)
        return (self._gains - spent) / spread, LOSABLE * spread / ratios, spread / best


class _InBlocks:
    """A long sample staked on in blocks that shrink with what is left, down to single values.

    A block is a fund that compounds a fixed share over its values. Its win is cut off, which cannot
    help the bettor on average and bounds how far it could overshoot the goal.
    """

    def __init__(self, gains: Numbers, costs: Numbers | None) -> None:
        if gains.shape[1] > LONG and _kinds(gains, costs)[0].size > LEVELS:
            gains, costs = _pooled(gains), None if costs is None else _pooled(costs)
        starts = _starts(gains.shape[1])
        self._left = (gains.shape[1] - starts)[:, None, None]
        self._scale = _Scale(gains, costs, starts)
        self._fund = (_Listed if gains.shape[1] <= LONG else _Tallied)(gains, costs, starts)

    def steps(self, ratios: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        spread = self._scale.against(ratios) * np.sqrt(self._left)
        share = np.minimum(FUND / spread, LOSABLE / ratios)
        held_back = np.maximum(ratios * FUND / (LOSABLE * spread), 1.0)
        grown = np.expm1(np.minimum(self._fund.growth(share, ratios), 5.0))
        return (
            np.minimum(held_back * grown, BEST_FUND) / FUND,
            FUND / held_back,
            np.array(FUND / BEST_FUND),
        )


class _Listed:
    """Blocks of a sample with every value kept."""

    def __init__(self, gains: Numbers, costs: Numbers | None, starts: Places) -> None:
        self._gains = gains.T[:, :, None]
        self._costs = np.float64(1.0) if costs is None else costs.T[:, :, None]
        self._starts = starts
        self._sizes = np.diff(np.append(starts, len(self._gains)))

    def growth(self, share: Numbers, ratios: Numbers) -> Numbers:
        """Log growth of each block's fund, shape ``(blocks, orders, k)``."""
        shares = np.repeat(share, self._sizes, axis=0)
        grown = np.log1p(shares * (self._gains - ratios * self._costs))
        return np.asarray(np.add.reduceat(grown, self._starts, axis=0))


class _Tallied:
    """Blocks of one long order in which few kinds of value are counted."""

    def __init__(self, gains: Numbers, costs: Numbers | None, starts: Places) -> None:
        kinds, which = _kinds(gains, costs)
        self._gains = kinds.real[:, None]
        self._costs = np.ones_like(self._gains) if costs is None else kinds.imag[:, None]
        blocks = np.repeat(np.arange(starts.size), np.diff(np.append(starts, which.size)))
        cells = np.bincount(blocks * kinds.size + which, minlength=starts.size * kinds.size)
        self._counts = cells.reshape(starts.size, kinds.size).astype(np.float64)

    def growth(self, share: Numbers, ratios: Numbers) -> Numbers:
        """Log growth of each block's fund, shape ``(blocks, 1, k)``."""
        grown = np.log1p(share * (self._gains - ratios * self._costs))
        return np.asarray(np.einsum("bv,bvk->bk", self._counts, grown)[:, None, :])


class _Scale:
    """Standard deviation of ``gain - ratio * cost``, as the values before a step show it.

    Each variance starts as one value's worth of the largest possible, 1/4.
    """

    def __init__(self, gains: Numbers, costs: Numbers | None, starts: Places) -> None:
        self._gain = _moment(gains, gains, starts, first=0.25)
        self._cost = None if costs is None else _moment(costs, costs, starts, first=0.25)
        self._both = None if costs is None else _moment(gains, costs, starts, first=0.0)

    def against(self, ratios: Numbers) -> Numbers:
        """Shape ``(steps, orders, k)``.

        Where the arms move together so closely that the formula would fall with the ratio, or rise
        faster than it, the scale is held constant, or in proportion to the ratio.
        """
        if self._cost is None or self._both is None:
            return np.sqrt(self._gain)
        both = np.maximum(self._both, 0.0)
        inside = np.clip(ratios, both / self._cost, self._gain / np.maximum(both, 1e-12))
        variance = self._gain - 2 * both * inside + self._cost * inside**2
        return np.sqrt(variance) * np.maximum(ratios / inside, 1.0)


def _moment(one: Numbers, other: Numbers, starts: Places, *, first: float) -> Numbers:
    """Mean product of deviations over the values before each start, one value's worth first."""

    def before(values: Numbers) -> Numbers:
        return (np.cumsum(values, axis=1) - values)[:, starts].T[:, :, None]

    seen = starts[:, None, None]
    products = before(one * other) - before(one) * before(other) / np.maximum(seen, 1)
    return (first + products) / (1 + seen)


def _starts(n: int) -> Places:
    """Where blocks begin that each take a fixed share of what is left."""
    starts = [0]
    while starts[-1] < n - 1:
        starts.append(starts[-1] + max(1, (n - starts[-1]) // REBALANCINGS))
    return np.array(starts)


def _kinds(gains: Numbers, costs: Numbers | None) -> tuple[NDArray[np.complex128], Places]:
    """The distinct values (a pair as one complex number), and which of them each entry is."""
    if costs is None:
        values, which = np.unique(gains[0], return_inverse=True)
        return values + 0j, which
    pairs, which = np.unique(gains[0] + 1j * costs[0], return_inverse=True)
    return pairs, which


def _pooled(values: Numbers) -> Numbers:
    """Means of neighbours, which are independent values in the same range with the same mean."""
    width = -(-values.shape[1] // LONG)
    starts = np.arange(0, values.shape[1], width)
    sizes = np.diff(np.append(starts, values.shape[1]))
    return np.asarray(np.add.reduceat(values, starts, axis=1) / sizes)
