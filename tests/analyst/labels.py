"""A judge that misses half of the harm, and people who label a part."""

import numpy as np

from interlock.gate import judge_variants, needs_label
from tests.analyst.desk import JUDGE, MODEL, UNDER, Desk, Order
from tests.analyst.luck import Counts, Flags, Luck, naive
from tests.arms import Row, arm

ROWS, CHANCE, SENSITIVITY, BEFORE = 300, 0.8, 0.8, 30
ORDER = Order(
    claim=UNDER,
    size=ROWS,
    judged=True,
    extra=f"judged: [{{metric: harm, by: judged-harm, labelled: {CHANCE}}}]\nconfirmatory: false\n",
)


class TwoPhase:
    """Campaigns whose rows a model judges, without a false alarm.

    Attributes:
        flagged: Harmful rows that the model flags: among those drawn for a label, and the rest.
        missed: Harmful rows that it passes and the seal draws for a label.
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
        self.flagged: tuple[Counts, Counts] = (
            (seen & self._drawn).sum(axis=1),
            (seen & ~self._drawn).sum(axis=1),
        )
        self.missed: Counts = (harm & ~seen & self._drawn).sum(axis=1)

    def go(self, *, picked: bool = False, withheld: bool = False) -> Flags:
        """What the product passes.

        Args:
            picked: Whether people label clean rows that are not due, and no harmful one.
            withheld: Whether they leave out every harmful one.
        """
        seen = np.stack([*self.flagged, self.missed], axis=1)
        kinds, which = np.unique(seen, axis=0, return_inverse=True)
        passed = [
            self._passes((int(one[0]), int(one[1]), int(one[2])), picked, withheld) for one in kinds
        ]
        return np.array(passed)[which.ravel()]

    def judge_alone(self) -> Flags:
        """A gate that takes the model's word."""
        return naive(self.flagged[0] + self.flagged[1], ROWS)

    def picked(self) -> Flags:
        """A gate that takes labels for a sample, of which people chose the clean ones."""
        return naive(
            np.zeros_like(self.missed), ROWS - self.flagged[0] - self.flagged[1] - self.missed
        )

    def withheld(self) -> Flags:
        """A gate that looks at the labels that are there."""
        return naive(np.zeros_like(self.missed), int(self._drawn.sum()) - self.missed)

    def _passes(self, seen_as: tuple[int, int, int], picked: bool, withheld: bool) -> bool:
        """The gate's word on the first so many rows that are drawn, and that are not."""
        sealed, (flagged, apart, missed) = self._sealed, seen_as
        drawn, rest = np.flatnonzero(self._drawn), np.flatnonzero(~self._drawn)
        seen = {*drawn[:flagged].tolist(), *rest[:apart].tolist()}
        harmful = seen | set(drawn[flagged : flagged + missed].tolist())
        rows: list[Row] = []
        for k, item in enumerate(sealed.items):
            rows.append(_row(item, "judged-harm", k in seen, MODEL))
            due = k in seen or bool(self._drawn[k])
            hidden = k in harmful and (withheld or picked)
            if (due and not hidden) or (picked and k not in harmful):
                rows.append(_row(item, "harm", k in harmful, JUDGE))
        before = [
            _row(item, metric, k < BEFORE, judge)
            for k, item in enumerate(sealed.items)
            for metric, judge in (("judged-harm", MODEL), ("harm", JUDGE))
        ]
        arms = arm(before), {"a": arm(rows)}
        found = judge_variants(sealed.hypothesis, *arms, terms=sealed.terms)
        return found["a"].outcome == "passed"


def _row(item: str, metric: str, happened: bool, judge: str) -> Row:
    return {
        "item": item,
        "cluster": item,
        "metric": metric,
        "value": float(happened),
        "judge": judge,
    }
