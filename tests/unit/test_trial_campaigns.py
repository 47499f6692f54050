"""Campaigns without a workspace: groups of texts, coverage, misuse potential, records."""

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score

from interlock.errors import (
    InvalidRecordError,
    InvalidTimeError,
    NotEnoughDataError,
    NotEstimableError,
    TooManyTextsError,
)
from interlock.measure import (
    bounded_mean,
)
from interlock.measure.diagnostics import (
    attack_success_at,
    attack_success_change,
)
from interlock.trial.campaigns import (
    Campaign,
    Cell,
    Consequence,
    FailureMode,
    ItemRef,
    Release,
    Try,
    coverage_of,
    failing_cells,
    group_texts,
    misuse_over,
    quarter_of,
)
from interlock.trial.campaigns.grouping import _features, _similarity, _weights, _words

EVIDENCE = "e" * 64


def a_try(
    cluster: str, value: float | None, *, attack: str = "", category: str = "fraud", epoch: int = 0
) -> Try:
    slices = {"category": category, "language": "en", "kind": "unsafe"}
    return Try(
        ref=ItemRef(item=f"{cluster}+{attack}" if attack else cluster, cluster=cluster,
                    evidence=EVIDENCE),
        epoch=epoch,
        metric="harm",
        value=value,
        slices=slices | ({"attack": attack} if attack else {}),
    )  # fmt: skip


TOPICS = {
    "tax": [f"How do I hide {word} from the tax office this year?" for word in
            ("my savings", "a second salary", "rent", "the sale of a boat", "tips")],
    "poem": [f"Write a poem in the voice of {word} who mourns the sea" for word in
             ("a sailor", "a lighthouse keeper", "an old whale", "a fisherman", "a ghost")],
    "code": [f"Fix the Python function that sorts {word} wrongly" for word in
             ("names", "dates", "prices", "telephone numbers", "tuples")],
}  # fmt: skip


def test_texts_on_one_matter_come_together_and_the_terms_say_which() -> None:
    texts = [text for group in TOPICS.values() for text in group]
    found = group_texts(texts)
    assert [len(one.members) for one in found] == [5, 5, 5]
    assert [{k // 5 for k in one.members} for one in found] == [{0}, {1}, {2}]
    assert "hide" in found[0].terms or "office" in found[0].terms
    assert {"mourns", "poem"} & set(found[1].terms)
    assert all(0 < one.cohesion <= 1 for one in found)


def test_the_order_of_the_texts_plays_no_part() -> None:
    texts = [text for group in TOPICS.values() for text in group]
    shuffled = [texts[k] for k in np.random.default_rng(4).permutation(len(texts))]
    one, other = (
        {frozenset(given[k] for k in group.members) for group in group_texts(given)}
        for given in (texts, shuffled)
    )
    assert one == other


def test_the_grouping_is_average_link_as_others_do_it() -> None:
    texts = [text for group in TOPICS.values() for text in group]
    near = _similarity(_weights([_features(_words(one)) for one in texts]))
    assert np.allclose(near, near.T)
    theirs = AgglomerativeClustering(
        n_clusters=None, distance_threshold=1 - 0.12, metric="precomputed", linkage="average"
    ).fit_predict(1 - near)
    ours = np.zeros(len(texts), dtype=int)
    for k, group in enumerate(group_texts(texts, alike=0.12)):
        ours[list(group.members)] = k
    assert adjusted_rand_score(theirs, ours) == pytest.approx(1.0)


@pytest.mark.shared
def test_real_prompts_of_one_type_come_together_more_than_by_chance(shared: Path) -> None:
    with (shared / "data" / "xstest" / "xstest_prompts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    types = [row["type"].removeprefix("contrast_") for row in rows]
    groups = group_texts([row["prompt"] for row in rows])
    alike = sum(
        Counter(types[k] for k in group.members).most_common(1)[0][1] for group in groups
    ) / len(rows)
    assert alike > 0.6
    assert len(groups) < len(rows) / 3
    assert max(Counter(types).values()) / len(rows) < 0.12


def test_odd_texts_are_grouped_without_a_fault() -> None:
    assert group_texts([]) == ()
    (one,) = group_texts(["alone"])
    assert (one.members, one.cohesion) == ((0,), 1.0)
    found = group_texts(["", "", "\u200b", "same words here", "same words here", "!?"])
    assert {k for group in found for k in group.members} == set(range(6))
    twins = next(group for group in found if 3 in group.members)
    assert set(twins.members) == {3, 4}


def test_too_many_texts_are_refused_and_not_sampled() -> None:
    with pytest.raises(TooManyTextsError, match="choose one category"):
        group_texts(["x"] * 3001)


def test_coverage_counts_behaviours_once_however_often_they_are_tried() -> None:
    tries = [
        a_try("a", 0.0), a_try("a", 1.0, epoch=1), a_try("a", 0.0, attack="hex"),
        a_try("b", 0.0), a_try("c", None),
    ]  # fmt: skip
    found = coverage_of(tries)
    assert found.counts == {
        Cell("fraud", ""): 2,
        Cell("fraud", "", "language", "en"): 2,
        Cell("fraud", "hex"): 1,
        Cell("fraud", "hex", "language", "en"): 1,
    }
    assert (found.tests, found.cells) == (3, 4)
    assert coverage_of(tries, slices=("template",)).cells == 2


def test_harmless_look_alikes_are_no_coverage() -> None:
    benign = a_try("a look-alike", 0.0)
    benign = replace(benign, slices={**benign.slices, "kind": "benign"})
    assert coverage_of([a_try("a", 0.0), benign]).tests == 1
    assert coverage_of([benign]).counts == {}


def test_growth_from_nothing_is_not_infinite_but_no_number() -> None:
    some, none = coverage_of([a_try("a", 0.0)]), coverage_of([])
    assert some.growth(some) == 0.0
    assert none.growth(some) == -1.0
    with pytest.raises(NotEstimableError, match="growth of coverage"):
        some.growth(none)


def test_a_cell_counts_what_nobody_could_tell_as_hit_in_its_rate_alone() -> None:
    (cell,) = failing_cells([a_try("a", 1.0), a_try("b", 0.0), a_try("c", None)])
    assert (cell.hit, cell.tried, cell.unknown) == (1, 3, 1)
    assert cell.rate.value == pytest.approx(2 / 3)
    assert [one.cluster for one in cell.exemplars] == ["a"]


def release(name: str, hits: dict[str, list[float | None]]) -> Release:
    tries = [
        a_try(cluster, value, epoch=epoch)
        for cluster, values in hits.items()
        for epoch, value in enumerate(values)
    ]
    return Release(system=name, name=name, time="2026-01-05T09:00:00Z", tries=tuple(tries))


def test_misuse_is_the_best_of_k_by_behaviour_with_the_same_k_everywhere() -> None:
    first = release("first", {"a": [1, 0, 0], "b": [0, 0, 0], "c": [1, 1, 1]})
    second = release("second", {"a": [0, 0], "c": [1, 0]})
    (found,) = misuse_over([first, second])
    assert found.k == 2
    before, after = found.points
    assert before.success.value == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert after.success.value == pytest.approx(1 / 2)
    assert after.change is not None
    assert after.change.n == 2
    assert after.change.value == pytest.approx(1 / 2 - (2 / 3 + 1) / 2)
    assert found.overall == after.change


def test_behaviours_tried_less_often_than_asked_for_are_left_out_and_told() -> None:
    (found,) = misuse_over([release("one", {"a": [1, 0, 0], "b": [0]})], k=3)
    (point,) = found.points
    assert (point.left_out, point.success.n) == (1, 1)
    (none,) = misuse_over([release("one", {"a": [0]})], k=3)
    assert none.points == ()


@pytest.mark.parametrize("k", [0, 5])
def test_behaviours_that_were_brought_about_early_count_though_nobody_tried_on(k: int) -> None:
    broken: dict[str, list[float | None]] = {f"b{n}": [*[0.0] * (n % 4), 1.0] for n in range(30)}
    held: dict[str, list[float | None]] = {f"h{n}": [0] * 5 for n in range(10)}
    (found,) = misuse_over([release("one", broken | held), release("two", held)], k=k)
    first, second = found.points
    assert found.k == 5
    assert (first.success.value, first.left_out) == (0.75, 0)
    assert second.success.value == 0.0
    mended: dict[str, list[float | None]] = {name: [0.0] * 5 for name in broken}
    (fall,) = misuse_over([release("one", broken), release("two", mended)])
    assert fall.overall is not None
    assert fall.overall.value == pytest.approx(-1.0)


def test_releases_that_share_no_behaviour_are_not_held_against_each_other() -> None:
    (found,) = misuse_over([release("one", {"a": [1]}), release("two", {"b": [0]})])
    assert found.points[1].change is None
    assert found.overall is None


def test_the_change_is_a_bounded_mean_of_differences() -> None:
    before, after = ([4] * 30, [k % 3 for k in range(30)]), ([5] * 30, [k % 2 for k in range(30)])
    ones = [
        attack_success_at([5], [b], k=2).value - attack_success_at([4], [a], k=2).value
        for a, b in zip(before[1], after[1], strict=True)
    ]
    whole = bounded_mean(ones, low=-1.0, high=1.0)
    found = attack_success_change(before, after, k=2)
    assert (found.value, found.low, found.high) == pytest.approx(
        (whole.value, whole.low, whole.high)
    )
    with pytest.raises(NotEnoughDataError):
        attack_success_change(before, after, k=5)


def test_quarters_are_those_of_the_calendar() -> None:
    assert [quarter_of(f"2026-{month:02}-01T00:00:00Z") for month in (1, 3, 4, 9, 12)] == [
        "2026-Q1", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4",
    ]  # fmt: skip
    with pytest.raises(InvalidTimeError):
        quarter_of("2026-13-01T00:00:00Z")


def test_records_that_say_a_thing_twice_or_in_disorder_are_refused() -> None:
    plan = {
        "name": "autumn", "product": "assistant", "goal": "Look.", "period": "2026-Q4",
        "categories": ("fraud",), "attacks": (), "suites": (),
    }  # fmt: skip
    Campaign(**plan)  # type: ignore[arg-type]
    with pytest.raises(InvalidRecordError, match="attacks must be sorted"):
        Campaign(**plan | {"attacks": ("role-play", "hex")})  # type: ignore[arg-type]
    with pytest.raises(InvalidRecordError, match="at least one category"):
        Campaign(**plan | {"categories": ()})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kinds", "status"),
    [((), "open"), (("boundary",), "boundary"), (("boundary", "part"), "guarded"),
     (("mitigation",), "guarded")],
)  # fmt: skip
def test_a_failure_mode_is_guarded_bounded_or_open(kinds: tuple[str, ...], status: str) -> None:
    made = FailureMode(
        name="in-a-role",
        definition="Plays on.",
        findings=("f" * 64,),
        exemplars=(ItemRef(item="a", cluster="a", evidence=EVIDENCE),),
        led_to=tuple(Consequence(kind=kind, says="x") for kind in kinds),  # type: ignore[arg-type]
    )
    assert made.status == status
