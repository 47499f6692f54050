"""A judge that misses half of the harm, and people who label a part."""

import functools

import numpy as np

from interlock.gate import judge_variants, needs_label
from tests.analyst.desk import LIMIT, MODEL, PEOPLE, UNDER, Desk, Order
from tests.analyst.luck import Counts, Flags, Luck, naive
from tests.arms import Row, arm

ROWS, CHANCE, SENSITIVITY, BEFORE = 300, 0.5, 0.5, 30
ORDER = Order(
    claim=UNDER,
    size=ROWS,
    judged=True,
    extra=f"judged: [{{metric: harm, by: judged-harm, labelled: {CHANCE}}}]\n",
)


class TwoPhase:
    """Campaigns whose rows a model judges, without a false alarm.

    Attributes:
        flagged: Harmful rows that the model flags.
        missed: Harmful rows that it passes and the seal draws for a label.
        undrawn: Those that nobody sees.
    """

    def __init__(self, desk: Desk, luck: Luck) -> None:
        self._sealed = desk.sealed(ORDER)
        self._drawn = np.array(
            [
                needs_label(item, 0, seed=self._sealed.terms.seed, chance=CHANCE)
                for item in self._sealed.items
            ]
        )
        harm = luck.drawn(0, ROWS)
        seen = harm & (luck.rng.random(harm.shape) < SENSITIVITY)
        self.flagged: Counts = seen.sum(axis=1)
        self.missed: Counts = (harm & ~seen & self._drawn).sum(axis=1)
        self.undrawn: Counts = (harm & ~seen & ~self._drawn).sum(axis=1)

    def go(self, *, picked: bool = False, withheld: bool = False) -> Flags:
        """What the product passes; with labels picked, people also label clean rows not due."""
        pairs = np.stack([self.flagged, self.missed], axis=1)
        kinds, which = np.unique(pairs, axis=0, return_inverse=True)
        passed = [self._passes(int(a), int(b), picked, withheld) for a, b in kinds]
        return np.array(passed)[which.ravel()]

    def judge_alone(self) -> Flags:
        """A gate that takes the model's word."""
        return naive(self.flagged, ROWS)

    def picked(self) -> Flags:
        """A gate that takes labels for a sample, of which people chose the clean ones."""
        return naive(np.zeros_like(self.flagged), ROWS - self.flagged - self.missed)

    def withheld(self) -> Flags:
        """A gate that looks at the labels that are there."""
        labelled = int(self._drawn.sum())
        return naive(np.zeros_like(self.flagged), labelled - self.missed)

    @functools.cache  # noqa: B019 - lives as long as its campaigns
    def _passes(self, flagged: int, missed: int, picked: bool, withheld: bool) -> bool:  # noqa: FBT001, PLR0917
        """The gate's word on the first so many rows that are not drawn, and that are."""
        sealed, items = self._sealed, self._sealed.items
        seen = set(np.flatnonzero(~self._drawn)[:flagged])
        if len(seen) < flagged:
            return False
        unseen = set(np.flatnonzero(self._drawn)[:missed])
        rows: list[Row] = []
        for k, item in enumerate(items):
            rows.append(_row(item, "judged-harm", float(k in seen), MODEL))
            due, harm = k in seen or bool(self._drawn[k]), k in seen or k in unseen
            if (due and not (harm and (withheld or picked))) or (picked and not harm):
                rows.append(_row(item, "harm", float(harm), PEOPLE))
        before = [
            _row(item, metric, float(k < BEFORE), judge)
            for k, item in enumerate(items)
            for metric, judge in (("judged-harm", MODEL), ("harm", PEOPLE))
        ]
        arms = arm(before), {"a": arm(rows)}
        found = judge_variants(sealed.hypothesis, *arms, terms=sealed.terms)
        return found["a"].outcome == "passed"


def _row(item: str, metric: str, value: float, judge: str) -> Row:
    return {"item": item, "cluster": item, "metric": metric, "value": value, "judge": judge}


LIMITED = LIMIT
