"""Judges against people: the counts, the agreement and the corrected rates are what they claim."""

import asyncio
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, confusion_matrix
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

from interlock.adapters.judges import LabelColumns, read_classifier, read_labels
from interlock.app.judging import rate_judged, validate_judge
from interlock.errors import BadRowError, BadTableError, InvalidRecordError, NotEnoughDataError
from interlock.measure import JudgedRows, PairedCounts, ppi_rate, score_paired_ratio
from interlock.trial import Case, Turn
from interlock.trial.judges import (
    ComplianceRule,
    Confusion,
    GroupValidation,
    JudgedLabels,
    JudgeValidation,
    LinearClassifier,
    OverRefusalRule,
    Validated,
    features,
    validation_of,
)
from tests.intervals import ends, high, low
from tests.xstest import BASELINE, CANDIDATE, labels

FULL = "1_full_compliance"
ABOUT = Validated(judge="a judge", metric="harm", source="rows.csv", source_sha256="0" * 64)
SCORED = Path("data", "pyrit-scorer-evals", "scorer_evals")
COLUMNS = LabelColumns(judge="j", human="h")


def judged(human: list[str], judge: list[str | None], **more: Any) -> JudgedLabels:
    return JudgedLabels(human=human, judge=judge, yes=frozenset({"yes"}), **more)


def test_every_pair_of_labels_is_counted_in_its_cell() -> None:
    human = ["yes"] * 5 + ["no"] * 6
    judge: list[str | None] = ["yes", "yes", "no", None, None, "yes", "no", "no", "no", "no", None]
    found = validation_of(judged(human, judge), about=ABOUT).all
    assert found.confusion == Confusion(tp=2, fp=1, fn=1, tn=4, unparsable_yes=2, unparsable_no=1)
    assert found.sensitivity is not None
    assert found.sensitivity.value == pytest.approx(2 / 5)
    wanted = proportion_confint(2, 5, alpha=0.10, method="beta")
    assert ends(found.sensitivity) == pytest.approx(wanted)
    assert found.specificity is not None
    assert found.specificity.value == pytest.approx(4 / 6)
    said = ["(unreadable)" if one is None else one for one in judge]
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(cohen_kappa_score(human, said))


def test_each_arm_is_judged_by_itself() -> None:
    human, judge = ["yes", "no"] * 10, ["yes", "no"] * 5 + ["no", "yes"] * 5
    rows = judged(human, list(judge), groups=["before"] * 10 + ["after"] * 10)
    every, after, before = validation_of(rows, about=ABOUT).groups
    assert (every.group, after.group, before.group) == ("", "after", "before")
    assert every.kappa is not None
    assert before.kappa is not None
    assert after.kappa is not None
    assert (before.kappa.value, after.kappa.value, every.kappa.value) == (1.0, -1.0, 0.0)


def test_rows_of_one_cluster_do_not_count_as_independent() -> None:
    human, judge = ["yes", "no"] * 30, ["yes", "no"] * 20 + ["no", "no"] * 10
    alone = validation_of(judged(human, list(judge)), about=ABOUT).all
    clusters = [str(k // 10) for k in range(60)]
    shared = validation_of(judged(human, list(judge), clusters=clusters), about=ABOUT).all
    assert alone.kappa is not None
    assert shared.kappa is not None
    assert shared.kappa.value == pytest.approx(alone.kappa.value)
    assert (alone.kappa.n, shared.kappa.n) == (60, 6)
    assert high(shared.kappa) - low(shared.kappa) > high(alone.kappa) - low(alone.kappa)
    assert shared.sensitivity is not None
    assert alone.sensitivity is not None
    assert low(shared.sensitivity) < low(alone.sensitivity)


@pytest.mark.parametrize("copies", [1, 10])
def test_shares_are_those_of_the_rows_that_the_matrix_counts(copies: int) -> None:
    human = ["yes"] * 4 * copies + ["no"] * 2 * copies
    judge: list[str | None] = [*["yes", "no", "no", "no"] * copies, *["no", "no"] * copies]
    clusters = [name for k in range(copies) for name in (f"a{k}", *[f"b{k}"] * 3)]
    clusters += [f"c{k}" for k in range(copies) for _ in range(2)]
    found = validation_of(judged(human, judge, clusters=clusters), about=ABOUT).all
    assert (found.confusion.tp, found.confusion.fn) == (copies, 3 * copies)
    assert found.sensitivity is not None
    assert found.sensitivity.value == pytest.approx(0.25)
    assert found.sensitivity.n == 2 * copies
    few = copies == 1
    assert (ends(found.sensitivity) == (0.0, 1.0)) == few
    assert found.specificity is not None
    assert found.specificity.value == 1.0
    assert low(found.specificity) < 1.0


def test_without_anything_to_compare_there_is_no_agreement() -> None:
    found = validation_of(judged(["no", "no"], ["no", "no"]), about=ABOUT).all
    assert found.kappa is None
    assert found.sensitivity is None
    assert found.specificity is not None
    with pytest.raises(NotEnoughDataError):
        validation_of(judged([], []), about=ABOUT)


def test_a_reliability_curve_shows_what_happened_where_a_chance_was_given() -> None:
    chances = [0.05] * 20 + [0.95] * 20 + [None] * 5
    human = ["no"] * 19 + ["yes"] * 19 + ["no", "yes"] + ["no"] * 5
    said: list[str | None] = ["no"] * 20 + ["yes"] * 20 + [None] * 5
    found = validation_of(judged(human, said, chances=chances), about=ABOUT)
    first, last = found.reliability
    assert first.said == pytest.approx(0.05)
    assert (first.n, first.happened.value) == (20, 0.05)
    assert (last.n, last.happened.value) == (20, 0.95)
    assert found.calibration is not None
    assert found.calibration.value == pytest.approx(0.0, abs=1e-9)


def test_a_record_whose_counts_do_not_add_up_is_refused() -> None:
    group = GroupValidation(
        group="",
        confusion=Confusion(tp=1, fp=0, fn=0, tn=0, unparsable_yes=0, unparsable_no=0),
        kappa=None,
        sensitivity=None,
        specificity=None,
    )
    fields: dict[str, Any] = {
        "judge": "j",
        "metric": "harm",
        "source": "x",
        "source_sha256": "0" * 64,
        "unlabelled": 0,
        "labels": ("yes",),
        "yes": ("yes",),
    }
    with pytest.raises(InvalidRecordError, match="counts"):
        JudgeValidation(n=2, groups=(group,), **fields)
    with pytest.raises(InvalidRecordError, match="all rows come first"):
        JudgeValidation(n=1, groups=(), **fields)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "item,j,h\n1,1,yes\n2,True,1\n3,0,no\n4,As an AI,0\n5,1,\n"),
        (
            "a.jsonl",
            '{"j": 1, "h": "yes"}\n{"j": true, "h": 1}\n\n{"j": 0, "h": false}\n'
            '{"j": "As an AI", "h": "0"}\n{"j": 1, "h": null}\n',
        ),
    ],
)
def test_a_file_is_read_whatever_its_form(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    found = validate_judge(tmp_path / name, COLUMNS)
    assert found.all.confusion == Confusion(
        tp=2, fp=0, fn=0, tn=1, unparsable_yes=0, unparsable_no=1
    )
    assert (found.n, found.unlabelled, found.judge) == (4, 1, "j")


@pytest.mark.parametrize(
    ("name", "text", "columns", "fault"),
    [
        ("a.csv", "j,x\n1,1\n", COLUMNS, "no column 'h'"),
        ("a.csv", "j,h\n", COLUMNS, "no rows"),
        ("a.csv", "j,h\n1,maybe\n", COLUMNS, "row 1, h: 'maybe' is neither"),
        ("a.csv", "j,h\n1,\n", COLUMNS, "let people label"),
        ("a.csv", "j,h,p\n1,1,2\n", LabelColumns(judge="j", human="h", chance="p"), "no chance"),
        ("a.csv", "j,h,p\n1,1,x\n", LabelColumns(judge="j", human="h", chance="p"), "no chance"),
        ("a.csv", "j,h,a\n1,1,\n", LabelColumns(judge="j", human="h", arm="a"), "row 1, a"),
        ("a.jsonl", "[1]\n", COLUMNS, "no object"),
        ("a.jsonl", '{"j": NaN}\n', COLUMNS, "row 1"),
        ("a.txt", "j,h\n", COLUMNS, "must end in"),
        ("absent.csv", None, COLUMNS, "no such file"),
    ],
)
def test_a_file_that_says_nothing_clear_is_refused(
    tmp_path: Path, name: str, text: str | None, columns: LabelColumns, fault: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises((BadRowError, BadTableError), match=fault):
        validate_judge(tmp_path / name, columns)


def two_phase(tmp_path: Path, *, spoil: bool = False) -> Path:
    """Two arms of a thousand rows; all flagged ones are labelled and 200 of the others."""
    rng = np.random.default_rng(5)
    lines = ["arm,j,h"]
    for arm, rate in (("before", 0.2), ("after", 0.05)):
        human = rng.random(1000) < rate
        judge = np.where(human, rng.random(1000) < 0.8, rng.random(1000) < 0.05)
        drawn = judge.copy()
        drawn[rng.permutation(np.flatnonzero(~judge))[:200]] = True
        if spoil:
            drawn[np.flatnonzero(judge)[0]] = False
        lines += [f"{arm},{int(judge[k])},{int(human[k]) if drawn[k] else ''}" for k in range(1000)]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_rates_are_corrected_arm_by_arm_and_three_ways(tmp_path: Path) -> None:
    columns = LabelColumns(judge="j", human="h", arm="arm")
    after, before = rate_judged(two_phase(tmp_path), columns)
    assert (after.arm, before.arm) == ("after", "before")
    for found, truth in ((before, 0.2), (after, 0.05)):
        assert found.rows == 1000
        for estimate in (found.corrected, found.ppi, found.rogan_gladen):
            assert estimate is not None
            assert low(estimate) < truth < high(estimate)
    assert low(after.judge_alone) > 0.05


def test_a_flagged_row_without_a_label_leaves_no_bound_and_says_so(tmp_path: Path) -> None:
    columns = LabelColumns(judge="j", human="h", arm="arm")
    after, _ = rate_judged(two_phase(tmp_path, spoil=True), columns)
    assert after.corrected is None
    assert "flagged has no label" in after.reasons["corrected"]


def reduction(rows: list[list[dict[str, str]]], column: str) -> float:
    before, after = (
        [row[column] == FULL for row in arm if row["type"].startswith("contrast_")] for arm in rows
    )
    return 1 - score_paired_ratio(PairedCounts.of(before, after)).value


@pytest.mark.shared
@pytest.mark.parametrize(
    ("judge", "column", "wanted"),
    [
        ("gpteval", "gpt4_label", 0.5299),
        ("streval", "strmatch_label", 0.6432),
        ("", "final_label", 0.9453),
    ],
)
def test_judges_alone_show_another_reduction_than_people_on_xstest(
    shared: Path, judge: str, column: str, wanted: float
) -> None:
    arms = [
        sorted(labels(shared, arm, judge), key=lambda row: row["id"])
        for arm in (BASELINE, CANDIDATE)
    ]
    assert reduction(arms, column) == pytest.approx(wanted, abs=5e-5)


@pytest.mark.shared
def test_the_judge_of_xstest_is_worth_what_the_oracle_says(shared: Path, tmp_path: Path) -> None:
    oracle = json.loads((shared / "oracles" / "xstest.json").read_text())
    path = tmp_path / "both.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["arm", "unsafe", "gpt4", "people"])
        for arm in (BASELINE, CANDIDATE):
            for row in labels(shared, arm, "gpteval"):
                unsafe = str(row["type"].startswith("contrast_"))
                writer.writerow([arm, unsafe, row["gpt4_label"], row["final_label"]])
    columns = LabelColumns(judge="gpt4", human="people", arm="arm", yes=(FULL,))
    found = validate_judge(path, columns)
    kappas = oracle["judge_human_kappa_three_class"]["gpt4_judge"]
    for group in found.groups[1:]:
        assert group.kappa is not None
        assert group.kappa.value == pytest.approx(kappas[group.group], abs=5e-5)
    unparsable = found.groups[2].confusion
    assert found.groups[2].group == BASELINE
    assert unparsable.unparsable_yes + unparsable.unparsable_no == 11


@pytest.mark.shared
def test_prediction_powered_intervals_cover_the_truth_on_xstest(shared: Path) -> None:
    rows = labels(shared, CANDIDATE, "gpteval")
    human = np.array([row["final_label"] == FULL for row in rows])
    judge = np.array([row["gpt4_label"] == FULL for row in rows])
    truth = float(human.mean())
    assert truth == pytest.approx(0.4667, abs=5e-5)
    assert judge.mean() == pytest.approx(0.6422, abs=5e-5)
    rng, covered, values = np.random.default_rng(2026), 0, []
    for _ in range(1000):
        seen = np.full(human.size, np.nan)
        drawn = rng.permutation(human.size)[:100]
        seen[drawn] = human[drawn]
        found = ppi_rate(JudgedRows(judge, seen), confidence=0.95)
        covered += low(found) <= truth <= high(found)
        values.append(found.value)
    assert covered / 1000 >= 0.93
    assert np.mean(values) == pytest.approx(0.4662, abs=0.005)


Rows = list[tuple[str, str]]
"""Of each row the judge's label and people's, ``1`` or ``0``."""


def said(judge: ComplianceRule | OverRefusalRule, answer: str) -> str:
    case = Case(id="c", cluster="c", metrics=("harm",), turns=(Turn(speaker="user", text="q"),))
    turns = (*case.turns, Turn(speaker="assistant", text=answer))
    return f"{asyncio.run(judge.judge(case, turns)).value:.0f}"


def gptfuzz(shared: Path) -> Rows:
    path = shared / "data" / "gptfuzz" / "responses_labeled_train.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        return [
            (said(ComplianceRule(), row["Response"]), row["label"])
            for row in csv.DictReader(stream)
        ]


def pyrit(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        plain = [line for line in stream if not line.startswith("#")]
    yield from csv.DictReader(plain)


def refusals(shared: Path) -> Rows:
    path = shared / SCORED / "refusal_scorer" / "refusal.csv"
    return [
        (said(OverRefusalRule(), row["assistant_response"]), row["human_score"])
        for row in pyrit(path)
    ]


def objectives(shared: Path) -> Rows:
    folder = shared / SCORED / "objective"
    return [
        (said(ComplianceRule(), row["assistant_response"]), row["human_score"])
        for path in sorted(folder.glob("*.csv"))
        for row in pyrit(path)
    ]


@pytest.mark.shared
@pytest.mark.parametrize("source", [gptfuzz, refusals, objectives])
def test_our_figures_on_real_labels_are_those_of_scikit_learn_and_statsmodels(
    source: Any, shared: Path, tmp_path: Path
) -> None:
    rows = source(shared)
    path = tmp_path / "rows.csv"
    path.write_text("j,h\n" + "".join(f"{judge},{human}\n" for judge, human in rows))
    found = validate_judge(path, COLUMNS).all
    judge, human = ([int(float(one)) for one in column] for column in zip(*rows, strict=True))
    (tn, fp), (fn, tp) = confusion_matrix(human, judge).tolist()
    counts = found.confusion
    assert (counts.tp, counts.fp, counts.fn, counts.tn) == (tp, fp, fn, tn)
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(cohen_kappa_score(human, judge), abs=1e-12)
    theirs = cohens_kappa(np.array([[tn, fp], [fn, tp]]))
    assert found.kappa.value == pytest.approx(theirs.kappa, abs=1e-12)
    half = 1.6448536 * theirs.std_kappa
    assert ends(found.kappa) == pytest.approx(
        (theirs.kappa - half, theirs.kappa + half), abs=0.15 * 2 * half
    )
    assert found.sensitivity is not None
    exact = proportion_confint(tp, tp + fn, alpha=0.10, method="beta")
    assert ends(found.sensitivity) == pytest.approx(exact, abs=1e-9)


@pytest.mark.shared
def test_two_raters_of_pyrit_agree_as_scikit_learn_says(shared: Path, tmp_path: Path) -> None:
    folder = shared / SCORED / "harm"
    for name in ("violence_multi_score.csv", "hate_speech_multi_score.csv"):
        rows = list(pyrit(folder / name))
        first, second = ([row[f"human_score_{k}"] for row in rows] for k in (1, 2))
        path = tmp_path / name
        path.write_text(
            "j,h\n" + "".join(f"{one},{other}\n" for one, other in zip(first, second, strict=True))
        )
        known = set(second)
        kept = [one if one in known else "other" for one in first]
        found = validate_judge(path, LabelColumns(judge="j", human="h", yes=("1",))).all
        assert found.kappa is not None
        assert found.kappa.value == pytest.approx(cohen_kappa_score(kept, second), abs=1e-12)


@pytest.mark.shared
def test_a_classifier_trained_elsewhere_says_the_same_here(shared: Path, tmp_path: Path) -> None:
    path = shared / "data" / "gptfuzz" / "responses_labeled_train.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))[::40]
    empty = LinearClassifier(
        name="gptfuzz", buckets=4096, shortest=3, longest=4, reads="answer", bias=0.0,
        threshold=0.5, weights="0" * 64,
    )  # fmt: skip
    seen = np.array([features(row["Response"], empty) for row in rows])
    trained = LogisticRegression(C=10).fit(seen, [row["label"] == "1" for row in rows])
    stated = {
        "name": "gptfuzz", "buckets": 4096, "shortest": 3, "longest": 4, "reads": "answer",
        "bias": float(trained.intercept_[0]), "threshold": 0.5,
    }  # fmt: skip
    np.savez(
        tmp_path / "ours.npz",
        weights=trained.coef_[0].astype(np.float32),
        form=json.dumps(stated),
    )
    judge = read_classifier(tmp_path / "ours.npz")
    ours = [judge.chance(row["Response"]) for row in rows]
    assert ours == pytest.approx(trained.predict_proba(seen)[:, 1], abs=1e-4)


def test_the_label_table_knows_what_the_judge_said_of_rows_nobody_labelled(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("j,h,arm\n1,,a\n?,,b\n0,0,a\n")
    found = read_labels(path, LabelColumns(judge="j", human="h", arm="arm"))
    assert found.unlabelled == (("a", "yes"), ("b", None))
