"""CycloneDX ML-BOM, held to the published schema by CycloneDX's own strict validator."""

import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from interlock.adapters.exchange import Dossier, model_card
from interlock.adapters.exchange.cyclonedx import SPEC_VERSION
from tests.dossiers import HELD, MODEL, classed, dossier

BARE = dossier(document=classed("privileged", "evidence", "hazards", "residual", "subject", "use"))


def fault(file: bytes, version: SchemaVersion = SchemaVersion.V1_6) -> str:
    """What the strict validator objects to; empty where nothing."""
    found = JsonStrictValidator(version).validate_str(file.decode())
    return str(found) if found else ""


def card(written: Dossier) -> dict[str, Any]:
    return dict(json.loads(model_card(written))["components"][0]["modelCard"])


@pytest.mark.parametrize(
    "written",
    [dossier(), dossier(HELD, outcome="no-go"), BARE, dossier(reader="public")],
    ids=["go", "no-go", "bare", "public"],
)
def test_the_schema_accepts_what_we_write(written: Dossier) -> None:
    file = model_card(written)
    assert fault(file) == ""
    newer = file.replace(f'"specVersion": "{SPEC_VERSION}"'.encode(), b'"specVersion": "1.7"')
    assert newer != file
    assert fault(newer, SchemaVersion.V1_7) == ""


def test_the_schema_refuses_what_is_broken() -> None:
    file = json.loads(model_card(dossier()))
    wrong = [json.loads(json.dumps(file)) for _ in range(3)]
    wrong[0]["components"][0]["type"] = "model"
    wrong[1]["components"][0]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"][0]["p"] = 1
    wrong[2]["serialNumber"] = "urn:uuid:1"
    assert all(fault(json.dumps(one).encode()) for one in wrong)


def test_every_figure_has_its_interval_and_an_open_end_is_left_out() -> None:
    metrics = card(dossier())["quantitativeAnalysis"]["performanceMetrics"]
    gain, _, red_line, part, before, after = metrics
    assert gain["value"] == "0.05"
    assert gain["confidenceInterval"] == {"lowerBound": "0.02", "upperBound": "0.11"}
    assert "(passed); 95 % interval, 200 independent units" in gain["type"]
    assert red_line["confidenceInterval"] == {"lowerBound": "0.001"}
    assert part["slice"] == "privacy"
    assert (before["value"], after["value"]) == ("9", "5.25")
    assert before["slice"].startswith("language = de")
    assert "no interval" in after["type"]


def test_considerations_hold_limits_harms_and_the_people_concerned() -> None:
    said = card(dossier())["considerations"]
    assert any("English only" in one for one in said["technicalLimitations"])
    assert any(one.startswith("Not for: medicine") for one in said["technicalLimitations"])
    (risk,) = said["ethicalConsiderations"]
    assert "P95 6.25" in risk["name"]
    assert "The guard" in risk["mitigationStrategy"]
    assert said["fairnessAssessments"][0]["groupAtRisk"] == "children (mark-affected) (minors)"
    assert any(one.startswith("worse: helpfulness") for one in said["performanceTradeoffs"])


def test_model_prompt_and_classifier_are_components_of_the_system() -> None:
    file = json.loads(model_card(dossier()))
    found = {one["name"]: one for one in file["components"]}
    assert found["prompt"]["type"] == "data"
    assert found["prompt"]["hashes"] == [{"alg": "SHA-256", "content": MODEL}]
    assert found["guard-classifier"]["type"] == "machine-learning-model"
    (dependency,) = file["dependencies"]
    assert set(dependency["dependsOn"]) == {one["bom-ref"] for one in file["components"]}
