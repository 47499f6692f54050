"""What chance deals to each campaign: which items do harm, and which of them are drawn.

An item that does harm does so whenever it is asked, and each does with the chance of the limit: the
candidate is exactly as bad as it may not be. Draws are the product's own.
"""

import functools
import hashlib

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from interlock.gate import draw
from tests.analyst.desk import ITEMS, LIMIT, Sealed

Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]
_NAMES = [f"c{k:03d}" for k in range(ITEMS)]


class Luck:
    """So many campaigns.

    Attributes:
        runs: How many.
        rng: For whatever only one strategy meets.
        harm: Shape ``(runs, items)``, which items of the bank do harm.
    """

    def __init__(self, runs: int, *, seed: int = 4) -> None:
        self.runs, self.rng = runs, np.random.default_rng(seed)
        self.harm = self.rng.random((runs, ITEMS)) < LIMIT

    @functools.cache  # noqa: B019 - one deal of luck lives as long as its table
    def drawn(self, number: int, size: int) -> Flags:
        """Shape ``(runs, size)``: what the items of each campaign's seal do, in the drawn order."""
        places = np.array(
            [_places(f"{run}/{number}", size) for run in range(self.runs)], dtype=np.int64
        )
        return np.asarray(np.take_along_axis(self.harm, places, axis=1))

    def fresh(self, *shape: int, rate: float = LIMIT) -> Flags:
        """Shape ``(runs, *shape)``: what further items do."""
        return self.rng.random((self.runs, *shape)) < rate


def _places(name: str, size: int) -> list[int]:
    seal, root = (hashlib.sha256(f"{what} {name}".encode()).hexdigest() for what in ("seal", "log"))
    return [int(item[1:]) for item in draw(_NAMES, size, seal=seal, checkpoint_root=root)]


def passes(sealed: Sealed, flags: Flags) -> Flags:
    """Which campaigns the product passes on these rows, all of which were drawn."""
    assert flags.shape[-1] == len(sealed.items), "the product takes what was drawn and no other"
    return np.asarray(flags.sum(axis=-1) <= sealed.most)


def clean(flags: Flags) -> Flags:
    """Which samples show no event."""
    return np.asarray(~flags.any(axis=-1))


def ever(flags: Flags) -> Flags:
    """Which campaigns get through at least once."""
    return np.asarray(flags.any(axis=-1))


def naive(events: Counts, rows: Counts | int, *, alpha: float = 0.05) -> Flags:
    """A gate that knows rows alone: whether the exact bound of those it is shown is low enough."""
    rows = np.maximum(rows, 1)
    return np.asarray(stats.binom.cdf(events, rows, LIMIT) <= alpha)


def naive_ever(flags: Flags) -> Flags:
    """The same, looked at after every row."""
    return ever(naive(np.cumsum(flags, axis=-1), np.arange(1, flags.shape[-1] + 1)))
