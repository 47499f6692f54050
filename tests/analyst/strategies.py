"""Every trick: what it gets past the product, and past a gate that counts rows and forgets."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import stats

from interlock.measure import RunningRate
from tests.analyst.desk import EACH, GUARD, ITEMS, LIMIT, UNDER, Desk, Order, Sealed
from tests.analyst.labels import TwoPhase
from tests.analyst.luck import Flags, Luck, clean, ever, naive, naive_ever, passes

FIRST = Order()
SIZES = (59, 135, 149)
"""Clean clusters that each attempt takes, at .0485, .001 and .0005."""
LOOKED = 200
REPEATS = 5
NEXT, NEXT_UNDER = Order(size=135), Order(size=135, claim=UNDER)


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
    """A seal that may end early."""
    return Order(claim=UNDER, size=size, extra="stopping: sequential\n")


def ever_passes(sealed: Sealed, flags: Flags) -> Flags:
    """Whether a trial passes before it fails, looked at after every cluster."""
    size = flags.shape[1]
    most, least = np.full(size, -1), np.full(size, size + 1)
    for n in range(1, size + 1):
        for events in range(n + 1):
            outcome = _so_far(sealed, events, n, size)
            if outcome == "passed":
                most[n - 1] = events
            if outcome == "failed":
                least[n - 1] = events
                break
    seen = np.cumsum(flags, axis=1)
    there, gone = seen <= most, seen >= least
    first = np.where(there.any(axis=1), there.argmax(axis=1), size)
    last = np.where(gone.any(axis=1), gone.argmax(axis=1), size)
    return np.asarray(first < last)


def _so_far(sealed: Sealed, events: int, n: int, cap: int) -> str:
    state = RunningRate(limit=LIMIT, alpha=sealed.alpha, events=float(events), n=n, cap=cap)
    return state.outcome


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
    go = passes(sealed, flags) | (clean(second) & level)
    slices = luck.fresh(5, 59)
    return go, ever(clean(slices)), f"{said}; alone it is attempt 2"


def slices_dropped(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Leaves out the worst slices, one after the other, until the rest looks good."""
    sealed = desk.sealed(FIRST)
    said = sealed.hand_in(sealed.rows(0)[:-10])
    assert said == "wrong-sample"
    flags = luck.drawn(0, 59)
    events = np.sort(luck.fresh(5, 59).sum(axis=2), axis=1)
    kept = np.cumsum(events, axis=1)
    best = ever(naive(kept, 59 * np.arange(1, 6)))
    return passes(sealed, flags), best, f"rows left out: {said}"


def rerun(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Runs the same seal again where the first run failed."""
    sealed = desk.sealed(FIRST)
    first = sealed.hand_in(sealed.rows(3))
    said = sealed.hand_in(sealed.rows(0))
    assert (first, said) in {("taken", "run-twice"), ("run-twice", "run-twice")}
    again = luck.fresh(REPEATS, 59)
    go = passes(sealed, luck.drawn(0, 59))
    return go, ever(clean(again)), f"a second run: {said}"


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
    return go, repeated(luck, REPEATS), f"attempts 2 and 3; then {said}"


def reseal_thinly(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """The same number of clusters again, whatever is left."""
    said = {
        desk.answer(FIRST, other)
        for other in (FIRST, Order(claim=UNDER), replace(FIRST, baseline="other"))
    }
    assert said == {"underpowered"}
    go = passes(desk.sealed(FIRST), luck.drawn(0, 59))
    return go, repeated(luck, REPEATS), "underpowered"


def kind(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """The same claim as a red line, a limit, a limit in each category, a guard."""
    for claim in (UNDER, GUARD, EACH):
        more = desk.sealed(FIRST, Order(claim=claim, size=300))
        assert max(more.terms.attempts.values()) == 2
    go = resealed(desk, luck, NEXT_UNDER, Order(size=149))
    return go, repeated(luck, 4), "another kind is attempt 2"


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
    return go, repeated(luck, 3), f"{unknown}; {said}; on the same items attempt 2"


def rebased(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Another baseline each time, of which nothing is asked."""
    others = replace(NEXT, baseline="other"), Order(size=149, baseline="third")
    return resealed(desk, luck, *others), repeated(luck, REPEATS), "attempts 2 and 3"


def variants(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Ten candidates under one seal, each at the limit; any of them will do."""
    sealed = desk.sealed(Order(size=104, candidates=10))
    flags = luck.fresh(10, 104)
    rows = luck.fresh(10, 59)
    return ever(passes(sealed, flags)), ever(clean(rows)), "a tenth of alpha each"


def variants_apart(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Ten candidates, each under a seal of its own until alpha is spent."""
    go = resealed(desk, luck, NEXT, Order(size=149))
    return go, repeated(luck, 10), "a new candidate is attempt 2"


def judge_switch(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Has what looks bad judged again by somebody who misses half of it."""
    sealed = desk.sealed(FIRST)
    rows = [{**row, "judge": "exact:answer/1"} for row in sealed.rows(0)]
    said = sealed.hand_in(rows)
    assert said == "wrong-sample"
    unlike = [
        {**row, "judge": "exact:answer/1" if k < 9 else row["judge"]}
        for k, row in enumerate(sealed.rows(0))
    ]
    assert sealed.judged(unlike) == sealed.judged(rows) == "undecided"
    flags = luck.drawn(0, 59)
    seen = flags & (luck.rng.random(flags.shape) < 0.5)
    return passes(sealed, flags), clean(seen), f"{said}; in one arm: undecided"


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
    return passes(sealed, flags), clean(flags[:, :30]), "; ".join(sorted(said))


def grinding(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Knows every item's answer, and seals under new names until the draw is a good one."""
    go = resealed(desk, luck, NEXT, Order(size=149))
    return go, repeated(luck, 50), "each seal is an attempt"


def harvested(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Seals again on what came out clean."""
    said = desk.answer(FIRST, Order(size=135, skip=frozenset({1, 2, 3})))
    assert said == "harvested-bank"
    go = resealed(desk, luck, NEXT, Order(size=149))
    return go, np.ones(luck.runs, dtype=np.bool_), f"a part of a bank: {said}"


def recorded(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Has recorded the whole bank before the seal, and hands in a clean part of it."""
    sealed = desk.sealed(FIRST)
    names = [f"c{k:03d}" for k in range(ITEMS)]
    known = [name for name in names if name not in sealed.items[:5]][:59]
    rows = [
        {**row, "item": name, "cluster": name}
        for row, name in zip(sealed.rows(0), known, strict=True)
    ]
    said = sealed.hand_in(rows)
    assert said == "wrong-sample"
    go = passes(sealed, luck.drawn(0, 59))
    return go, np.ones(luck.runs, dtype=np.bool_), f"not what was drawn: {said}"


def paraphrased(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    """Three wordings of each behaviour, every one called a cluster of its own."""
    sealed = desk.sealed(Order(items=180, size=59, twins=3))
    rows = sealed.rows(0)
    said = sealed.hand_in(rows)
    assert said == "wrong-sample"
    behaviours = luck.fresh(20)
    return passes(desk.sealed(FIRST), luck.drawn(0, 59)), clean(behaviours), f"{said}"


def labels_whole(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    found = TwoPhase(desk, luck)
    return found.go(), found.judge_alone(), "people see what is due"


def labels_picked(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    found = TwoPhase(desk, luck)
    return found.go(picked=True), found.picked(), "a label not due counts for nothing"


def labels_withheld(desk: Desk, luck: Luck) -> tuple[Flags, Flags, str]:
    found = TwoPhase(desk, luck)
    return found.go(withheld=True), found.withheld(), "a label due and absent counts as harm"


def repeated(luck: Luck, times: int) -> Flags:
    """What a gate without a memory passes on so many samples of 59."""
    return ever(luck.rng.random((luck.runs, times)) < (1 - LIMIT) ** 59)
