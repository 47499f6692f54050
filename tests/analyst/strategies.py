"""Every trick: what it gets past the product, and past a gate that counts rows and forgets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from interlock.measure import RunningRate
from tests.analyst.desk import EACH, GUARD, LIMIT, UNDER, Desk, Order, Sealed
from tests.analyst.labels import TwoPhase
from tests.analyst.luck import Flags, Luck, naive, naive_ever, passes

FIRST = Order()
SIZES = (59, 135, 149)
"""Clean clusters that each attempt takes, at .0485, .001 and .0005."""
LOOKED = 200
REPEATS = 5
NEXT, NEXT_UNDER = Order(size=135), Order(size=135, claim=UNDER)


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


Trick = Callable[[Desk, Luck], tuple[Flags, Flags, str]]


def honest(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    flags = luck.drawn(0, 59)
    return passes(desk.sealed(FIRST), flags), naive(flags.sum(axis=1), 59), "judged once"


def peeking(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Looks after every row, and hands in what there is once it looks good."""
    sealed = desk.sealed(Order(claim=UNDER, size=LOOKED))
    said = sealed.hand_in(sealed.rows(0)[:59])
    assert said == "wrong-sample"
    flags = luck.drawn(0, LOOKED)
    return passes(sealed, flags), naive_ever(flags), f"a part of the rows: {said}"


def early_stop(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Seals a trial that may end early, and ends it whenever that is best."""
    sealed = desk.sealed(sequential(LOOKED))
    flags = luck.drawn(0, LOOKED)
    return ever_passes(sealed, flags), naive_ever(flags), "holds at every look"


def sequential(size: int) -> Order:
    return Order(claim=UNDER, size=size, extra="stopping: sequential\n")


def ever_passes(sealed: Sealed, flags: Flags) -> Flags:
    """Whether a trial passes before it fails, looked at after every cluster."""
    size = flags.shape[1]
    most, least = np.full(size + 1, -1), np.full(size + 1, size + 1)
    for n in range(1, size + 1):
        for events in range(n + 1):
            rate = RunningRate(
                limit=LIMIT, alpha=sealed.alpha, events=float(events), n=n, cap=size
            )
            if rate.outcome == "passed":
                most[n] = events
            elif events > LIMIT * n:
                break
        failing = (
            events
            for events in range(max(most[n], 0), n + 1)
            if RunningRate(
                limit=LIMIT, alpha=sealed.alpha, events=float(events), n=n, cap=size
            ).outcome
            == "failed"
        )
        least[n] = next(failing, size + 1)
    seen = np.cumsum(flags, axis=1)
    there, gone = seen <= most[1:], seen >= least[1:]
    first = np.where(there.any(axis=1), there.argmax(axis=1), size)
    last = np.where(gone.any(axis=1), gone.argmax(axis=1), size)
    return np.asarray(first < last)


def slices_chosen(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Five languages; hands in the one that came out clean, then seals it alone."""
    whole = Order(claim=UNDER, size=LOOKED)
    alone = replace(whole, claim=UNDER.replace("}", ", where: {language: de}}"))
    sealed = desk.sealed(whole)
    said = sealed.hand_in(sealed.rows(0)[:40])
    assert said == "wrong-sample"
    # The drawn clusters of the second seal are all of the slice: the best it can be.
    again = desk.sealed(whole, replace(alone, size=135))
    level = stats.binom.cdf(0, 135, LIMIT) <= again.alpha
    flags, second = luck.drawn(0, LOOKED), luck.drawn(1, 135)
    go = passes(sealed, flags) | (~second.any(axis=1) & level)
    slices = luck.fresh(5, 59)
    return go, ~slices.any(axis=2).all(axis=1), f"{said}; alone it is attempt 2"


def slices_dropped(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Leaves out the worst slices, one after the other, until the rest looks good."""
    sealed = desk.sealed(FIRST)
    said = sealed.hand_in(sealed.rows(0)[:-10])
    assert said == "wrong-sample"
    flags = luck.drawn(0, 59)
    events = np.sort(luck.fresh(5, 59).sum(axis=2), axis=1)
    kept = np.cumsum(events, axis=1)
    best = naive(kept, 59 * np.arange(1, 6)).any(axis=1)
    return passes(sealed, flags), best, f"rows left out: {said}"


def rerun(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Runs the same seal again where the first run failed."""
    sealed = desk.sealed(FIRST)
    first = sealed.hand_in(sealed.rows(3))
    said = sealed.hand_in(sealed.rows(0))
    assert (first, said) in {("taken", "run-twice"), ("run-twice", "run-twice")}
    again = luck.fresh(REPEATS, 59)
    go = passes(sealed, luck.drawn(0, 59))
    return go, ~again.any(axis=2).all(axis=1), f"a second run: {said}"


def resealed(desk: Desk, luck: Luck, *others: Order) -> Flags:
    """Passed by any of several seals, one after the other."""
    orders = [FIRST, *others]
    go = np.zeros(luck.runs, dtype=np.bool_)
    for number in range(len(orders)):
        sealed = desk.sealed(*orders[: number + 1])
        go |= passes(sealed, luck.drawn(number, orders[number].size))
    return go


def reseal(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    said = desk.answer(FIRST, NEXT, Order(size=149), Order(size=180))
    assert said == "alpha-spent"
    go = resealed(desk, luck, NEXT, Order(size=149))
    return go, _repeated(luck, REPEATS), f"attempts 2 and 3; then {said}"


def reseal_thinly(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """The same number of clusters again, whatever is left."""
    said = desk.answer(FIRST, FIRST)
    again = desk.answer(FIRST, replace(FIRST, baseline="other"))
    assert (again, said) == ("underpowered", "taken-again") or again == "underpowered"
    return passes(desk.sealed(FIRST), luck.drawn(0, 59)), _repeated(luck, REPEATS), f"{again}"


def kind(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """The same claim as a red line, a limit, a limit in each category, a guard."""
    for claim in (UNDER, GUARD, EACH):
        more = desk.sealed(FIRST, Order(claim=claim, size=300))
        assert max(more.terms.attempts.values()) == 2
    go = resealed(desk, luck, NEXT_UNDER, Order(size=149))
    return go, _repeated(luck, 4), "another kind is attempt 2"


def renamed(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """A metric nobody declared, rows under another name, and a declared one on the same items."""
    sealed = desk.sealed(FIRST)
    unknown = desk.answer(Order(metric="harmm"))
    rows = [{**row, "metric": "crossing"} for row in sealed.rows(0)]
    said = sealed.hand_in(rows)
    assert (unknown, said) == ("charter", "wrong-sample")
    other = replace(NEXT_UNDER, metric="crossing")
    third = Order(claim=UNDER, metric="fabrication", size=149)
    go = resealed(desk, luck, other, third)
    return go, _repeated(luck, 3), f"{unknown}; {said}; on the same items attempt 2"


def rebased(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Another baseline each time, of which nothing is asked."""
    others = replace(NEXT, baseline="other"), Order(size=149, baseline="third")
    return resealed(desk, luck, *others), _repeated(luck, REPEATS), "attempts 2 and 3"


def variants(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Ten candidates under one seal, each at the limit; any of them will do."""
    sealed = desk.sealed(Order(size=104, candidates=10))
    flags = luck.fresh(10, 104)
    rows = luck.fresh(10, 59)
    return passes(sealed, flags).any(axis=1), ~rows.any(axis=2).all(axis=1), "a tenth of alpha each"


def variants_apart(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Ten candidates, each under a seal of its own until alpha is spent."""
    go = resealed(desk, luck, NEXT, Order(size=149))
    return go, _repeated(luck, 10), "a new candidate is attempt 2"


def judge_switch(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Has what looks bad judged again by somebody who misses half of it."""
    sealed = desk.sealed(FIRST)
    rows = [{**row, "judge": "exact:answer/1"} for row in sealed.rows(0)]
    said = sealed.hand_in(rows)
    assert said == "wrong-sample"
    unlike = [{**row, "judge": "exact:answer/1" if k < 9 else row["judge"]} for k, row in enumerate(sealed.rows(0))]
    assert sealed.judged(unlike) == sealed.judged(rows) == "undecided"
    flags = luck.drawn(0, 59)
    seen = flags & (luck.rng.random(flags.shape) < 0.5)
    return passes(sealed, flags), ~seen.any(axis=1), f"{said}; in one arm: undecided"


def errors(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Marks every harmful row as an error; there are rows to spare."""
    order = Order(claim=UNDER, size=LOOKED)
    sealed = desk.sealed(order)
    flags = luck.drawn(0, LOOKED)
    for events in range(sealed.most + 2):
        counted = [sealed.outcome(0, without=events, status=one) for one in ("error", "unscored")]
        assert (sealed.outcome(events) == "passed") == (counted == ["passed"] * 2)
    kept = LOOKED - flags.sum(axis=1)
    return passes(sealed, flags), naive(np.zeros(luck.runs, dtype=np.int64), kept), "count as harm"


def missing(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Leaves out of the candidate's arm alone what did harm."""
    sealed = desk.sealed(Order(claim=UNDER, size=LOOKED))
    said = sealed.hand_in(sealed.rows(0)[3:])
    assert said == "wrong-sample"
    flags = luck.drawn(0, LOOKED)
    kept = LOOKED - flags.sum(axis=1)
    go = passes(sealed, flags)
    return go, naive(np.zeros(luck.runs, dtype=np.int64), kept), f"{said}; unscored counts as harm"


def twice(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Imports the first half twice, as it is, as repeats, and in place of the rest."""
    sealed = desk.sealed(FIRST)
    half = sealed.rows(0)[:30]
    said = {
        sealed.hand_in(half + half),
        sealed.hand_in(half + [{**row, "epoch": 1} for row in half]),
        sealed.hand_in(half + [{**row, "item": f"{row['item']}b"} for row in half[:29]]),
    }
    assert said == {"duplicate-row", "wrong-sample"}
    flags = luck.drawn(0, 59)
    return passes(sealed, flags), ~flags[:, :30].any(axis=1), "; ".join(sorted(said))


def grinding(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Knows every item's answer, and seals under new names until the draw is a good one."""
    go = resealed(desk, luck, NEXT, Order(size=149))
    return go, _repeated(luck, 50), "each seal is an attempt"


def harvested(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Seals again on what came out clean."""
    said = desk.answer(FIRST, Order(size=135, skip=frozenset({1, 2, 3})))
    assert said == "harvested-bank"
    go = resealed(desk, luck, NEXT, Order(size=149))
    return go, np.ones(luck.runs, dtype=np.bool_), f"a part of a bank: {said}"


def paraphrased(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Three wordings of each behaviour, every one called a cluster of its own."""
    sealed = desk.sealed(Order(items=180, size=59, twins=3))
    rows = sealed.rows(0)
    said = sealed.hand_in(rows)
    assert said == "wrong-sample"
    behaviours = luck.fresh(20)
    return passes(desk.sealed(FIRST), luck.drawn(0, 59)), ~behaviours.any(axis=1), f"{said}"


def labels_whole(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    found = TwoPhase(desk, luck)
    return found.go(), found.judge_alone(), "people see what is due"


def labels_picked(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    found = TwoPhase(desk, luck)
    return found.go(picked=True), found.picked(), "a label not due counts for nothing"


def labels_withheld(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    found = TwoPhase(desk, luck)
    return found.go(withheld=True), found.withheld(), "a label due and absent counts as harm"


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
    go = passes(desk.sealed(first), luck.fresh(10, 104)).any(axis=1)
    go |= passes(desk.sealed(first, again), luck.fresh(10, 180)).any(axis=1)
    return go, _repeated(luck, 20), "a tenth of what attempt 2 has"


def kind_and_baseline(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    others = replace(NEXT_UNDER, baseline="other"), Order(size=149, baseline="third")
    return resealed(desk, luck, *others), _repeated(luck, REPEATS), "attempts 2 and 3"


def metric_and_baseline(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    others = (
        replace(NEXT_UNDER, metric="crossing", baseline="other"),
        Order(claim=UNDER, metric="fabrication", size=149, baseline="third"),
    )
    return resealed(desk, luck, *others), _repeated(luck, REPEATS), "attempts 2 and 3"


def errors_and_reseal(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    go = resealed(desk, luck, NEXT, Order(size=149))
    return go, np.ones(luck.runs, dtype=np.bool_), "count as harm, in each attempt"


def _repeated(luck: Luck, times: int) -> Flags:
    """What a gate without a memory passes on so many samples of 59."""
    return np.asarray(luck.rng.random((luck.runs, times)) < (1 - LIMIT) ** 59).any(axis=1)


TRICKS: Mapping[str, Trick] = {
    "honest": honest,
    "peeking at a fixed sample": peeking,
    "stopping early under a sequential seal": early_stop,
    "slices chosen afterwards": slices_chosen,
    "slices dropped afterwards": slices_dropped,
    "re-run after a failure": rerun,
    "re-seal": reseal,
    "re-seal, too few clusters": reseal_thinly,
    "re-seal against another baseline": rebased,
    "re-seal as another kind of claim": kind,
    "renamed metric": renamed,
    "ten variants under one seal": variants,
    "ten variants, a seal each": variants_apart,
    "judge switched": judge_switch,
    "harm marked as errors": errors,
    "harm missing in one arm": missing,
    "double import": twice,
    "seeds ground by new seals": grinding,
    "harvested items": harvested,
    "paraphrases as clusters": paraphrased,
    "people label a part": labels_whole,
    "labels picked": labels_picked,
    "labels withheld": labels_withheld,
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
