from collections import Counter
from itertools import permutations

import pytest
from scipy import stats

from interlock.errors import InvalidRecordError
from interlock.gate import draw, seed_of

SEAL, ROOT = "5e" * 32, "7a" * 32


def test_a_draw_depends_on_the_items_alone_not_on_their_order() -> None:
    items = [f"item-{k}" for k in range(40)]
    assert draw(items, 9, seal=SEAL, checkpoint_root=ROOT) == draw(
        items[::-1], 9, seal=SEAL, checkpoint_root=ROOT
    )


def test_a_draw_holds_no_item_twice_and_can_take_the_whole_bank() -> None:
    items = [f"item-{k}" for k in range(40)]
    assert sorted(draw(items, 40, seal=SEAL, checkpoint_root=ROOT)) == sorted(items)


def test_another_seal_or_another_checkpoint_draws_another_sample() -> None:
    items = [f"item-{k}" for k in range(40)]
    first = draw(items, 9, seal=SEAL, checkpoint_root=ROOT)
    assert first != draw(items, 9, seal=ROOT, checkpoint_root=ROOT)
    assert first != draw(items, 9, seal=SEAL, checkpoint_root=SEAL)


def test_a_longer_draw_continues_a_shorter_one() -> None:
    items = [f"item-{k}" for k in range(40)]
    longer = draw(items, 20, seal=SEAL, checkpoint_root=ROOT)
    assert longer[:9] == draw(items, 9, seal=SEAL, checkpoint_root=ROOT)


def test_every_ordered_sample_is_equally_likely() -> None:
    seen = Counter(draw("abcd", 2, seal=f"{k:064x}", checkpoint_root=ROOT) for k in range(12_000))
    assert set(seen) == set(permutations("abcd", 2))
    assert stats.chisquare(list(seen.values())).pvalue > 1e-4


def test_the_draw_is_the_one_anyone_can_compute_again() -> None:
    assert draw("abcdef", 3, seal=SEAL, checkpoint_root=ROOT) == ("f", "b", "e")
    assert seed_of(SEAL, ROOT) == 3900486020495987


@pytest.mark.parametrize(("items", "sample"), [("aab", 2), ("abc", 4), ("abc", 0), ("", 1)])
def test_an_impossible_draw_is_refused(items: str, sample: int) -> None:
    with pytest.raises(InvalidRecordError):
        draw(items, sample, seal=SEAL, checkpoint_root=ROOT)


def test_a_seed_can_be_written_as_a_json_number() -> None:
    assert all(0 <= seed_of(f"{k:064x}", ROOT) < 2**52 for k in range(1_000))
