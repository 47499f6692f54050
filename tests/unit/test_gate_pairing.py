import pytest

from interlock.errors import ConflictingItemError, NotANumberError, PairedTwiceError
from interlock.gate.pairing import ERRORED, MISSING, SCORED, UNSCORED, pair
from tests.arms import Row, arm, scored


def test_rows_are_paired_whatever_order_they_come_in() -> None:
    before = scored([0, 1, 0, 1, 1]) + scored([5, 6, 7], metric="helpfulness")
    after = scored([1, 1, 0, 0, 0]) + scored([7, 6, 5], metric="helpfulness")
    pairs = pair(arm(before[::-1]), arm(after[3:] + after[:3]))
    assert sorted(pairs) == ["harm", "helpfulness"]
    by_item = dict(
        zip(
            map(pairs["harm"].name, range(5)),
            zip(pairs["harm"].before.value, pairs["harm"].after.value, strict=True),
            strict=True,
        )
    )
    assert by_item == {
        f"harm-{k:05d}": pair
        for k, pair in enumerate(zip([0, 1, 0, 1, 1], [1, 1, 0, 0, 0], strict=True))
    }


def test_an_item_of_one_arm_only_is_missing_in_the_other() -> None:
    pairs = pair(arm(scored([0, 1, 1])), arm(scored([0, 1])))["harm"]
    assert sorted(pairs.after.status) == [SCORED, SCORED, MISSING]
    assert sorted(pairs.before.status) == [SCORED] * 3
    assert len(pairs) == 3


def test_an_arm_without_any_row_is_missing_everywhere() -> None:
    pairs = pair(arm([]), arm(scored([0, 1])))["harm"]
    assert list(pairs.before.status) == [MISSING, MISSING]
    assert pair(arm([]), arm([])) == {}


def test_epochs_of_one_item_are_pairs_of_one_cluster() -> None:
    rows = [{"item": "a", "value": 0, "epoch": k} for k in (0, 3, 9)]
    pairs = pair(arm(rows), arm(rows))["harm"]
    assert len(pairs) == 3
    assert pairs.clusters == 1


def test_unscored_and_errored_rows_keep_their_status() -> None:
    rows: list[Row] = [
        {"item": "a", "value": 1},
        {"item": "b", "value": 1, "status": "unscored"},
        {"item": "c", "value": None, "status": "error"},
        {"item": "d", "value": None, "status": "scored"},
    ]
    pairs = pair(arm(rows), arm(rows))["harm"]
    found = {pairs.name(k): int(pairs.after.status[k]) for k in range(4)}
    assert found == {"a": SCORED, "b": UNSCORED, "c": ERRORED, "d": UNSCORED}


def test_a_duplicated_row_is_refused_and_named() -> None:
    rows = scored([0, 1, 0])
    with pytest.raises(PairedTwiceError) as refused:
        pair(arm(rows), arm([*rows, rows[1]]), names=("b.csv", "a.csv"))
    assert (refused.value.file, refused.value.row) == ("a.csv", 4)
    assert refused.value.item == "harm-00001"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_scored_value_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(NotANumberError) as refused:
        pair(arm(scored([0, 1])), arm(scored([0, value])))
    assert (refused.value.item, refused.value.row) == ("harm-00001", 2)


def test_a_row_marked_unscored_may_hold_anything() -> None:
    rows = [{"item": "a", "value": float("nan"), "status": "unscored"}]
    assert list(pair(arm(rows), arm(rows))["harm"].after.status) == [UNSCORED]


def test_an_item_in_two_clusters_is_refused_between_the_arms() -> None:
    with pytest.raises(ConflictingItemError, match=r"'a'.*cluster"):
        pair(
            arm([{"item": "a", "value": 0, "cluster": "x"}]),
            arm([{"item": "a", "value": 0, "cluster": "y"}]),
        )


def test_repeats_cannot_pass_as_independent_by_a_cluster_each() -> None:
    rows = [{"item": "a", "value": 0, "epoch": k, "cluster": f"c{k}"} for k in range(3)]
    with pytest.raises(ConflictingItemError):
        pair(arm(rows), arm(rows))


def test_an_epoch_without_a_label_hides_no_conflict_between_two_that_have_one() -> None:
    labels = [{"language": "de"}, {}, {}, {"language": "en"}]
    rows = [{"item": "b", "value": 0, "epoch": k, "slices": s} for k, s in enumerate(labels)]
    with pytest.raises(ConflictingItemError, match=r"'b'.*slice\.language"):
        pair(arm([*scored([0, 1]), *rows]), arm(scored([0, 1])))


def test_an_epoch_without_a_cluster_hides_no_conflict_either() -> None:
    clusters = ["x", None, "y"]
    rows = [{"item": "a", "value": 0, "epoch": k, "cluster": c} for k, c in enumerate(clusters)]
    with pytest.raises(ConflictingItemError, match=r"'a'.*cluster"):
        pair(arm(rows), arm(rows))


def test_labels_of_two_items_do_not_conflict_across_one_without() -> None:
    rows: list[Row] = [
        {"item": "a", "value": 0, "slices": {"language": "de"}},
        {"item": "a", "value": 0, "epoch": 1},
        {"item": "b", "value": 0, "slices": {"language": "en"}},
    ]
    # Item b was expected in epoch 1 too, since item a was run twice.
    assert len(pair(arm(rows), arm(rows))["harm"]) == 4


def test_a_slice_that_differs_between_the_arms_is_refused() -> None:
    with pytest.raises(ConflictingItemError, match=r"slice\.language"):
        pair(
            arm([{"item": "a", "value": 0, "slices": {"language": "de"}}]),
            arm([{"item": "a", "value": 0, "slices": {"language": "en"}}]),
        )


def test_a_slice_that_one_arm_names_holds_for_the_pair() -> None:
    pairs = pair(
        arm([{"item": "a", "value": 0, "slices": {"language": "de"}}, {"item": "b", "value": 0}]),
        arm([{"item": "a", "value": 0}, {"item": "b", "value": 0, "slices": {"tenant": "t"}}]),
    )["harm"]
    language, tenant = pairs.tags["language"], pairs.tags["tenant"]
    assert [language.values[int(language.codes[0])].as_py(), language.codes[1]] == ["de", -1]
    assert [tenant.codes[0], tenant.values[int(tenant.codes[1])].as_py()] == [-1, "t"]


def test_the_same_item_of_two_metrics_is_two_pairs() -> None:
    rows = [
        {"item": "a", "metric": "harm", "value": 0, "cluster": "x"},
        {"item": "a", "metric": "helpfulness", "value": 7, "cluster": "y"},
    ]
    pairs = pair(arm(rows), arm(rows))
    assert {name: len(found) for name, found in pairs.items()} == {"harm": 1, "helpfulness": 1}
