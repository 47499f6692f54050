"""What no product can stop: lies about what was run, told before anything reaches the log."""

from collections.abc import Callable, Mapping

import numpy as np
from scipy import stats

from tests.analyst.desk import ITEMS, UNDER, Desk, Order
from tests.analyst.luck import Flags, Luck, clean, ever, passes
from tests.analyst.strategies import FIRST

Lie = Callable[[Desk, Luck], Flags]


def hidden_runs(desk: Desk, luck: Luck) -> Flags:
    """Runs what was drawn ten times, and hands in the best."""
    sealed = desk.sealed(FIRST)
    return ever(passes(sealed, luck.fresh(10, 59)))


def forged_rows(desk: Desk, luck: Luck) -> Flags:
    """Writes the rows by hand."""
    sealed = desk.sealed(FIRST)
    return np.full(luck.runs, sealed.outcome(0) == "passed")


def forked_log(desk: Desk, luck: Luck) -> Flags:
    """Alone with the log's key: seals in fifty copies of the workspace, and goes on with one."""
    assert desk.sealed(FIRST).most == 0
    harmful = luck.harm.sum(axis=1)
    chance = stats.hypergeom.pmf(0, ITEMS, harmful, 59)
    return np.asarray(luck.rng.random(luck.runs) < 1 - (1 - chance) ** 50)


def unlike_paraphrases(desk: Desk, luck: Luck) -> Flags:
    """Three wordings of each behaviour, so unlike that no comparison of words sees it."""
    assert desk.sealed(FIRST).outcome(0) == "passed"
    return clean(luck.fresh(20))


def mislabelled(desk: Desk, luck: Luck) -> Flags:
    """After a failure: the same harm on new items, recorded as another metric, twice."""
    other = Order(claim=UNDER, metric="crossing", bank="x")
    assert desk.sealed(FIRST, other).alpha == desk.sealed(FIRST).alpha
    rows = luck.fresh(3, 59)
    return ever(clean(rows))


def renamed_items(desk: Desk, luck: Luck) -> Flags:
    """After a failure: the items that came out clean, under new names."""
    other = Order(bank="x", size=135)
    assert desk.sealed(FIRST, other).outcome(0) == "passed"
    return np.ones(luck.runs, dtype=np.bool_)


LIES: Mapping[str, tuple[Lie, str]] = {
    "hidden runs, the best handed in": (hidden_runs, "interlock's own runner keeps all answers"),
    "rows written by hand": (forged_rows, "a second person can run the drawn items again"),
    "the log forked before anyone saw it": (forked_log, "a witness or a team's log sees it"),
    "paraphrases too unlike to be seen": (unlike_paraphrases, "the bank is there to be read"),
    "harm called another metric on new items": (mislabelled, "the panel reads what was dropped"),
    "clean items under new names": (renamed_items, "the bank is there to be read"),
}


def tell(name: str, desk: Desk, luck: Luck) -> str:
    """One line of the table of lies."""
    lie, instead = LIES[name]
    return f"NOT STOPPED {name:<40} {lie(desk, luck).mean():.4f}   {instead}"
