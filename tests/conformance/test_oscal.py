"""OSCAL assessment results, held to models generated from NIST's published schema."""

import json
from typing import Any

import pytest
from oscal_bindings import AssessmentResultsDocument, __oscal_schema_version__
from pydantic import ValidationError

from interlock.adapters.exchange import Dossier, assessment_results
from interlock.adapters.exchange.oscal import OSCAL_VERSION
from tests.dossiers import DOCUMENT, GO, HELD, classed, dossier

NO_GO = dossier(HELD, outcome="no-go")
BARE = dossier(document=classed("privileged", "evidence", "hazards", "residual", "subject"))


def parsed(file: bytes) -> AssessmentResultsDocument:
    """As a dictionary: read as text, the models let some misspelt keys pass."""
    return AssessmentResultsDocument.model_validate(json.loads(file))


def test_the_schema_is_the_release_we_name() -> None:
    assert __oscal_schema_version__ == OSCAL_VERSION


@pytest.mark.parametrize(
    "written",
    [dossier(), NO_GO, BARE, dossier(reader="public")],
    ids=["go", "no-go", "bare", "public"],
)
def test_the_schema_accepts_what_we_write(written: Dossier) -> None:
    result = parsed(assessment_results(written)).assessment_results.results[0]
    assert len(result.findings or []) == 1 + len(written.document.evidence)


def broken(file: dict[str, Any]) -> list[dict[str, Any]]:
    """The file with one thing wrong in each copy."""
    copies = [json.loads(json.dumps(file)) for _ in range(4)]
    del copies[0]["assessment-results"]["import-ap"]
    copies[1]["assessment-results"]["uuid"] = "not-a-uuid"
    copies[2]["assessment-results"]["results"][0]["findings"][0]["target"]["status"] = "fine"
    copies[3]["assessment-results"]["back_matter"] = {}
    return copies


def test_the_schema_refuses_what_is_broken() -> None:
    for wrong in broken(json.loads(assessment_results(dossier()))):
        with pytest.raises(ValidationError):
            AssessmentResultsDocument.model_validate(wrong)


def test_every_reference_leads_somewhere_in_the_file() -> None:
    file = json.loads(assessment_results(dossier()))["assessment-results"]
    result, words = file["results"][0], json.dumps(file)
    known = set(_values(file, "uuid"))
    assert set(_values(file, "observation-uuid")) <= known
    for named in _values(file, "party-uuids"):
        assert set(named) <= known
    assert file["import-ap"]["href"].removeprefix("#") in known
    parts = file["local-definitions"]["objectives-and-methods"][0]["parts"]
    objectives = {one["id"] for one in parts}
    assert {one["target"]["target-id"] for one in result["findings"]} == objectives
    assert set(_values(file, "objective-id")) == objectives
    assert set(_values(file, "role-id")) <= {one["id"] for one in file["metadata"]["roles"]}
    assert len(known) == words.count('"uuid": ')


def test_names_are_the_same_whenever_it_is_written() -> None:
    assert assessment_results(dossier()) == assessment_results(dossier())
    assert assessment_results(dossier()) != assessment_results(dossier(reader="public"))


def test_undecided_and_failed_are_not_satisfied() -> None:
    result = json.loads(assessment_results(dossier()))["assessment-results"]["results"][0]
    states = [one["target"]["status"]["state"] for one in result["findings"]]
    assert states == ["satisfied", "satisfied", "not-satisfied", "not-satisfied", "satisfied"]
    held = json.loads(assessment_results(dossier(HELD)))["assessment-results"]["results"][0]
    assert held["findings"][0]["target"]["status"]["state"] == "not-satisfied"
    assert held["risks"][0]["status"] == "open"
    assert result["risks"][0]["status"] == "deviation-approved"


def test_dissent_stands_beside_consent_and_is_not_taken_for_markup() -> None:
    result = json.loads(assessment_results(dossier(GO)))["assessment-results"]["results"][0]
    prose = [one["parts"][0]["prose"] for one in result["attestations"]]
    assert prose == ["All bounds are inside.", r"I \<b\>dissent\</b\>: \*German\* fell."]


def test_a_risk_carries_its_interval_and_what_holds_it_back() -> None:
    result = json.loads(assessment_results(dossier()))["assessment-results"]["results"][0]
    facts = {one["name"]: one["value"] for one in result["risks"][0]["props"]}
    assert facts["residual-p50"] == "1.5"
    assert facts["residual-p95"] == "6.25"
    assert facts["rate-upper-bound"] == "0.11"
    assert facts["chance-above-acceptance"] == "0.25"
    assert facts["chance-above-acceptance-high"] == "0.28"
    assert facts["acceptance"].endswith(", as the author states")
    (factor,) = result["risks"][0]["mitigating-factors"]
    assert DOCUMENT.draft.mitigations[0].control.split()[0] in factor["description"]


def _values(value: Any, key: str) -> list[Any]:
    """Every value under a key, however deep."""
    if isinstance(value, list):
        return [found for one in value for found in _values(one, key)]
    if not isinstance(value, dict):
        return []
    below = [found for one in value.values() for found in _values(one, key)]
    return ([value[key]] if key in value else []) + below
