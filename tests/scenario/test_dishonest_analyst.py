"""The dishonest analyst, in short: each trick meets the error that the product has for it."""

from collections.abc import Iterator

import pytest
from scipy import stats

from tests.analyst.beyond import LIES
from tests.analyst.desk import Desk
from tests.analyst.luck import Luck
from tests.analyst.table import TRICKS, play

RUNS, ALPHA = 300, 0.05


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("analyst"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def luck() -> Luck:
    return Luck(RUNS)


@pytest.mark.parametrize(
    ("name", "met"),
    [
        ("honest", "judged once"),
        ("peeking at a fixed sample", "wrong-sample"),
        ("stopping early under a sequential seal", "every look"),
        ("slices chosen afterwards", "wrong-sample; alone it is attempt 2"),
        ("slices dropped afterwards", "wrong-sample"),
        ("re-run after a failure", "run-twice"),
        ("re-seal", "alpha-spent"),
        ("re-seal, too few clusters", "underpowered"),
        ("re-seal against another baseline", "attempts 2 and 3"),
        ("renamed metric", "charter; wrong-sample; on the same items attempt 2"),
        ("ten variants under one seal", "a tenth of alpha each"),
        ("judge switched", "wrong-sample; in one arm: undecided"),
        ("harm marked as errors", "count as harm"),
        ("harm missing in one arm", "wrong-sample"),
        ("double import", "duplicate-row; wrong-sample"),
        ("seeds ground by new seals", "each seal is an attempt"),
        ("harvested items", "harvested-bank"),
        ("recorded before the seal", "wrong-sample"),
        ("paraphrases as clusters", "wrong-sample"),
    ],
)
def test_a_trick_meets_what_the_product_has_for_it(
    name: str, met: str, desk: Desk, luck: Luck
) -> None:
    found = play(name, desk, luck)
    assert met in found.met
    assert found.go <= stats.binom.isf(0.001, RUNS, ALPHA)


def test_what_no_product_can_stop_is_said_to_get_through(desk: Desk, luck: Luck) -> None:
    for lie, instead in LIES.values():
        assert lie(desk, luck).mean() > 2 * ALPHA
        assert instead


def test_every_trick_is_in_the_long_proof() -> None:
    assert len(TRICKS) == 29
