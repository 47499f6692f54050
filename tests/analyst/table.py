"""Two tricks at once, and the table of all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from tests.analyst import strategies as one
from tests.analyst.desk import UNDER, Desk, Order
from tests.analyst.luck import Flags, Luck, ever, naive_ever, passes
from tests.analyst.strategies import (
    LOOKED,
    NEXT,
    NEXT_UNDER,
    REPEATS,
    Trick,
    ever_passes,
    repeated,
    resealed,
    sequential,
)


@dataclass(frozen=True)
class Outcome:
    """What a trick came to.

    Attributes:
        name: The trick.
        go: Campaigns that end with a passed verdict.
        naive: Campaigns that the naive gate passes.
        runs: Campaigns.
        met: What met it, in words.
    """

    name: str
    go: int
    naive: int
    runs: int
    met: str

    @property
    def share(self) -> float:
        """Share of GO."""
        return self.go / self.runs

    @property
    def low(self) -> float:
        """Its 99 % lower bound (one-sided, exact)."""
        return float(stats.beta.ppf(0.01, self.go, self.runs - self.go + 1)) if self.go else 0.0

    def line(self) -> str:
        """One line of the table."""
        return (
            f"{self.name:<52} {self.share:.4f}  >= {self.low:.4f}   "
            f"naive {self.naive / self.runs:.4f}   {self.met}"
        )


def grinding_and_peeking(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """A trial that ends early, sealed a second time."""
    first = sequential(LOOKED)
    again = replace(first, size=300)
    go = ever_passes(desk.sealed(first), luck.drawn(0, LOOKED))
    go |= ever_passes(desk.sealed(first, again), luck.drawn(1, 300))
    looked = naive_ever(luck.drawn(0, LOOKED)) | naive_ever(luck.drawn(1, 300))
    return go, looked, "attempt 2 holds at every look"


def variants_and_reseal(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Ten candidates, and ten more."""
    first, again = Order(size=104, candidates=10), Order(size=180, candidates=10)
    go = ever(passes(desk.sealed(first), luck.fresh(10, 104)))
    go |= ever(passes(desk.sealed(first, again), luck.fresh(10, 180)))
    return go, repeated(luck, 20), "a tenth of what attempt 2 has"


def kind_and_baseline(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    others = replace(NEXT_UNDER, baseline="other"), Order(size=149, baseline="third")
    return resealed(desk, luck, *others), repeated(luck, REPEATS), "attempts 2 and 3"


def metric_and_baseline(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    others = (
        replace(NEXT_UNDER, metric="crossing", baseline="other"),
        Order(claim=UNDER, metric="fabrication", size=149, baseline="third"),
    )
    return resealed(desk, luck, *others), repeated(luck, REPEATS), "attempts 2 and 3"


def errors_and_reseal(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    go = resealed(desk, luck, NEXT, Order(size=149))
    return go, np.ones(luck.runs, dtype=np.bool_), "count as harm, in each attempt"


def reseal_by_halving(desk: Desk, luck: Luck) -> Outcome:
    """Five seals where attempt k has alpha / 2^k, as the standard charter says."""
    orders = [Order(size=size) for size in (72, 86, 99, 113, 126)]
    go = np.zeros(luck.runs, dtype=np.bool_)
    for number, order in enumerate(orders):
        go |= passes(desk.sealed(*orders[: number + 1]), luck.drawn(number, order.size))
    forgetful = int(repeated(luck, len(orders)).sum())
    return Outcome(
        "five seals, alpha halved", int(go.sum()), forgetful, luck.runs, "attempts 1 to 5"
    )


TRICKS: Mapping[str, Trick] = {
    "honest": one.honest,
    "peeking at a fixed sample": one.peeking,
    "stopping early under a sequential seal": one.early_stop,
    "slices chosen afterwards": one.slices_chosen,
    "slices dropped afterwards": one.slices_dropped,
    "re-run after a failure": one.rerun,
    "re-seal": one.reseal,
    "re-seal, too few clusters": one.reseal_thinly,
    "re-seal against another baseline": one.rebased,
    "re-seal as another kind of claim": one.kind,
    "renamed metric": one.renamed,
    "ten variants under one seal": one.variants,
    "ten variants, a seal each": one.variants_apart,
    "judge switched": one.judge_switch,
    "harm marked as errors": one.errors,
    "harm missing in one arm": one.missing,
    "double import": one.twice,
    "seeds ground by new seals": one.grinding,
    "harvested items": one.harvested,
    "recorded before the seal": one.recorded,
    "paraphrases as clusters": one.paraphrased,
    "people label a part": one.labels_whole,
    "labels picked": one.labels_picked,
    "labels withheld": one.labels_withheld,
    "re-seal and early stop": grinding_and_peeking,
    "ten variants and re-seal": variants_and_reseal,
    "another kind and another baseline": kind_and_baseline,
    "another metric and another baseline": metric_and_baseline,
    "errors and re-seal": errors_and_reseal,
}


def play(name: str, desk: Desk, luck: Luck) -> Outcome:
    """How often one trick works."""
    go, naive_go, met = TRICKS[name](desk, luck)
    return Outcome(name, int(go.sum()), int(naive_go.sum()), luck.runs, met)
