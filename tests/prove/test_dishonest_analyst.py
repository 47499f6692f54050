"""Acceptance 4 of the trials: no trick passes a candidate at its limit more often than alpha.

Twenty thousand campaigns a trick. The honest design is 59 clean clusters, of level .0485.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tests.analyst.beyond import LIES, tell
from tests.analyst.desk import Desk
from tests.analyst.luck import Luck
from tests.analyst.strategies import LOOKED, ever_passes, sequential
from tests.analyst.table import TRICKS, play, reseal_by_halving

pytestmark = pytest.mark.prove
RUNS, ALPHA = 20_000, 0.05


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("analyst"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def luck() -> Luck:
    return Luck(RUNS)


def test_no_trick_passes_a_candidate_at_its_limit_more_often_than_alpha(
    desk: Desk, luck: Luck, record_property: Callable[[str, object], None]
) -> None:
    found = [play(name, desk, luck) for name in TRICKS]
    for one in found:
        record_property("told", one.line())
    assert [one.name for one in found if one.low > ALPHA] == []
    assert found[0].share >= 0.04
    for name in LIES:
        record_property("told", tell(name, desk, luck))


def test_nor_does_any_number_of_seals_under_the_standard_schedule(
    luck: Luck,
    tmp_path_factory: pytest.TempPathFactory,
    record_property: Callable[[str, object], None],
) -> None:
    desk = Desk(tmp_path_factory.mktemp("halving"), schedule=None)
    found = reseal_by_halving(desk, luck)
    desk.close()
    record_property("told", found.line())
    assert found.low <= ALPHA


def test_a_trial_that_may_end_early_is_judged_as_it_is_simulated(desk: Desk) -> None:
    sealed, rng = desk.sealed(sequential(LOOKED)), np.random.default_rng(6)
    flags = rng.random((40, LOOKED)) < np.linspace(0.0, 0.06, 40)[:, None]
    judged = [sealed.judged(sealed.in_turn(one.tolist())) == "passed" for one in flags]
    assert judged == ever_passes(sealed, flags).tolist()
    assert {True, False} == set(judged)
