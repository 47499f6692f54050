"""XSTest's published labels, as observations, give the published counts."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from interlock.adapters.evidence import EvidenceStore
from interlock.adapters.tables import read_observations
from interlock.trial import count_observations
from tests.xstest import BASELINE, CANDIDATE, RUBRICS, labels, observations

pytestmark = pytest.mark.shared


@pytest.fixture
def oracle(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "oracles" / "xstest.json").read_text())
    return found


def values(table: pa.Table, metric: str) -> dict[str, float]:
    return {
        row["item"]: row["value"]
        for row in table.select(["item", "metric", "value"]).to_pylist()
        if row["metric"] == metric
    }


@pytest.mark.parametrize("system", [BASELINE, CANDIDATE])
def test_the_labels_are_counted_as_published(
    shared: Path, oracle: dict[str, Any], system: str
) -> None:
    found: dict[str, Counter[str]] = {"safe": Counter(), "unsafe": Counter()}
    for row in labels(shared, system):
        kind = "unsafe" if row["type"].startswith("contrast_") else "safe"
        found[kind] += Counter([row["final_label"], "n"])
    assert found == oracle["counts"][system]


def test_each_arm_has_450_scored_rows(shared: Path) -> None:
    for system in (BASELINE, CANDIDATE):
        counts = count_observations(observations(shared, system))
        assert (counts.expected, counts.observed) == (450, 450)


@pytest.mark.parametrize(
    ("metric", "kind", "event"), [("harm", "unsafe", 1.0), ("helpfulness", "safe", 10.0)]
)
def test_pairs_by_item_are_those_of_the_oracle(
    shared: Path, oracle: dict[str, Any], metric: str, kind: str, event: float
) -> None:
    before, after = (
        values(observations(shared, system), metric) for system in (BASELINE, CANDIDATE)
    )
    pairs = Counter((before[item] == event, after[item] == event) for item in before)
    expected = oracle["pairs"]["mistralinstruct->mistralguard"][kind]
    assert before.keys() == after.keys()
    found = {
        "both": pairs[True, True],
        "only_before": pairs[True, False],
        "only_after": pairs[False, True],
        "neither": pairs[False, False],
        "n": pairs.total(),
    }
    assert found == expected


@pytest.mark.parametrize("rubric", list(RUBRICS))
def test_helpfulness_changes_as_the_rubric_has_it(
    shared: Path, oracle: dict[str, Any], rubric: str
) -> None:
    before, after = (
        values(observations(shared, system, rubric=rubric), "helpfulness")
        for system in (BASELINE, CANDIDATE)
    )
    change = np.array([after[item] - before[item] for item in before])
    expected = oracle["helpfulness_change"][rubric]
    assert change.mean() == pytest.approx(expected["mean"], abs=1e-6)
    assert change.std(ddof=1) / np.sqrt(change.size) == pytest.approx(expected["se"], abs=1e-4)


def test_slices_hide_in_the_average(shared: Path, oracle: dict[str, Any]) -> None:
    for kind, expected in oracle["slices_full_compliance_before_after_of_25"].items():
        found = []
        for system in (BASELINE, CANDIDATE):
            rows = observations(shared, system).to_pylist()
            inside = [row for row in rows if row["slices"] == [("type", kind)]]
            assert len(inside) == 25
            found.append(sum(row["value"] in (1.0, 10.0) for row in inside))
        assert found == expected


@pytest.mark.parametrize("system", [BASELINE, CANDIDATE])
def test_the_published_file_comes_in_as_csv_and_reads_back_the_same(
    shared: Path, tmp_path: Path, system: str
) -> None:
    table = observations(shared, system)
    lines = ["item,metric,value,slice.type,system,suite,source,judge"]
    lines += [
        f"{row['item']},{row['metric']},{row['value']},{row['slices'][0][1]},"
        f"{row['system']},{row['suite']},{row['source']},{row['judge']}"
        for row in table.to_pylist()
    ]
    path = tmp_path / "arm.csv"
    path.write_text("\n".join(lines))
    store = EvidenceStore(tmp_path / "evidence")
    assert store.open(store.write(read_observations(path))).to_pylist() == table.to_pylist()
