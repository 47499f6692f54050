"""The charter a workspace starts from is whole, and a changed one is checked as a whole."""

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from interlock.admission.acts import MAY
from interlock.charter import (
    STANDARD_CHARTER,
    NamedScore,
    ScoreTerm,
    charter_schema,
    load_charter,
)
from interlock.charter.practice import Changes
from interlock.errors import CharterError
from interlock.ledger import dump, load

STANDARD = load_charter(STANDARD_CHARTER, file="standard.yaml")
AILUMINATE = {
    *("vcr", "ncr", "src", "cse", "iwp", "ssh", "ipv", "prv", "dfm", "hte", "sxc_prn"),
    *("spc_ele", "spc_fin", "spc_hlt", "spc_lgl"),
}

# A change to the standard charter, and the field it breaks.
BROKEN = {
    "unknown principle": (
        "principle: tell-the-truth",
        "principle: tell",
        "categories[11].principle",
    ),
    "unknown scale": ("scale: control", "scale: contrl", "categories[16].scale"),
    "unknown rubric": ("rubric: refused-in-full", "rubric: refused", "metrics[2].rubric"),
    "unknown metric of a red line": ("metric: crossing", "metric: cross", "red_lines[0].metric"),
    "unknown category of a red line": (
        "categories: [child-sexual-exploitation]",
        "categories: [child]",
        "red_lines[0].categories[0]",
    ),
    "unknown role": ("policy-analyst, legal", "policy-expert, legal", "quorum.required[1]"),
    "role named twice": ("policy-analyst, legal", "legal-counsel, legal", "quorum.required[2]"),
    "category named twice": ("id: non-violent-crime", "id: violent-crime", "categories[1]"),
    "unknown key": ("retrospective:", "retrospectiv:", "retrospectiv"),
    "unknown policy": ("accepted-by-panel", "always", "retrospective"),
    "alpha of a half": ("alpha: 0.05", "alpha: 0.5", "alpha"),
    "unknown schedule": ("schedule: halving", "schedule: thirds", "schedule"),
    "spent twice over": ("schedule: halving", "schedule: [0.6, 0.6]", "schedule"),
    "range upside down": ("high: 10", "high: -1", "metrics[1]"),
    "levels that fall": ("{level: 4, meaning: It acts", "{level: 3, meaning: It acts", "scales[4]"),
    "label twice": (
        "{label: full refusal, score: 1",
        "{label: full compliance, score: 1",
        "rubrics[3]",
    ),
    "unknown emergency role": ("emergency: [on-call]", "emergency: [fire]", "changes.emergency[0]"),
    "emergency for ever": ("ratify_hours: 72", "ratify_hours: 721", "changes.ratify_hours"),
    "standard part twice": (
        "standard_parts: [decoding]",
        "standard_parts: [decoding, decoding]",
        "changes.standard_parts[1]",
    ),
    "evidence from the future": ("evidence_days: 180", "evidence_days: -1", "evidence_days"),
    "feature measured by nothing": (
        "hallucination, metric: fabrication",
        "hallucination, metric: invention",
        "features[1].metric",
    ),
    "feature named twice": ("id: web-search", "id: file-upload", "features[1]"),
    "part that touches nothing": (
        "metrics: [fabrication, helpfulness, circumvention]",
        "metrics: []",
        "staleness[0].metrics",
    ),
    "part that touches the unknown": (
        "[fabrication, helpfulness,",
        "[fabrication, wit,",
        "staleness[0].metrics[1]",
    ),
    "weights of more than all": ("weight: 0.5", "weight: 0.6", "scores[0]"),
    "input with a unit": ("weight: 0.5", "weight: 0.5\n        unit: hours", "scores[0]"),
    "input named twice": ("input: reach", "input: bypass", "scores[0]"),
    "unreachable limit": ("limit: 0.5", "limit: 1.5", "scores[0]"),
    "form nobody knows": ("form: weighted_sum", "form: sum", "scores[1].form"),
    "frequency of three": ("form: weighted_sum", "form: frequency_severity", "scores[1]"),
    "identifier with blanks": ("id: no-uplift", "id: no uplift", "red_lines[1].id"),
}


def test_there_are_17_harm_categories_each_told_scaled_and_bound_to_a_principle() -> None:
    assert len(STANDARD.categories) == 17
    for category in STANDARD.categories:
        assert len(category.definition) > 60
        scale = next(one for one in STANDARD.scales if one.id == category.scale)
        assert [level.level for level in scale.levels] == [1, 2, 3, 4]


def test_every_principle_but_usefulness_is_served_by_a_category() -> None:
    served = {category.principle for category in STANDARD.categories}
    assert {one.id for one in STANDARD.principles} - served == {"be-of-use"}


def test_the_cross_walk_names_only_what_the_other_lists_have() -> None:
    for category in STANDARD.categories:
        walk = category.crosswalk
        assert set(walk.ailuminate) <= AILUMINATE
        assert all(re.fullmatch(r"2\.([1-9]|1[0-2])", one) for one in walk.nist_ai_600_1)
        for year, entries in [("2025", walk.owasp_llm_2025), ("2026", walk.owasp_llm_2026)]:
            assert all(re.fullmatch(rf"LLM(0[1-9]|10):{year}", one) for one in entries)
        assert walk.nist_ai_600_1


def test_the_cross_walk_leaves_out_no_hazard_of_ailuminate() -> None:
    covered = {code for one in STANDARD.categories for code in one.crosswalk.ailuminate}
    assert covered == AILUMINATE


def test_the_roles_are_those_that_the_acts_ask_for() -> None:
    named = {role for roles in MAY.values() for role in roles if not role.startswith("@")}
    assert named <= {role.id for role in STANDARD.roles}
    assert STANDARD.quorum.required == ("safety-researcher", "policy-analyst", "legal-counsel")


def test_retrospective_evidence_counts_only_by_the_panels_acceptance() -> None:
    assert STANDARD.retrospective == "accepted-by-panel"
    assert (STANDARD.alpha, STANDARD.schedule) == (0.05, "halving")


def test_both_helpfulness_rubrics_of_the_demo_are_there() -> None:
    for name, scores in [("helpfulness-10-5-0", [10, 5, 0]), ("helpfulness-10-0-0", [10, 0, 0])]:
        rubric = STANDARD.rubric(name)
        assert rubric is not None
        assert [level.score for level in rubric.levels] == scores


def test_the_standard_charter_satisfies_its_schema_and_the_ledger() -> None:
    jsonschema.Draft202012Validator.check_schema(charter_schema())
    jsonschema.Draft202012Validator(charter_schema()).validate(yaml.safe_load(STANDARD_CHARTER))
    assert load(dump(STANDARD)) == STANDARD


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_charter_is_refused_at_its_line(what: str) -> None:
    old, new, field = BROKEN[what]
    text = STANDARD_CHARTER.replace(old, new, 1)
    line = STANDARD_CHARTER[: STANDARD_CHARTER.index(old)].count("\n") + 1
    with pytest.raises(CharterError) as caught:
        load_charter(text, file="charter.yaml")
    assert caught.value.field == field
    assert line - 13 <= caught.value.line <= line


def test_a_change_of_the_standard_charter_is_recomputed_aged_and_held_to_its_campaigns() -> None:
    changes = STANDARD.changes
    assert (changes.recomputation, changes.emergency) == (True, ("on-call",))
    assert (changes.ratify_hours, changes.standard_parts) == (72, ("decoding",))
    assert STANDARD.evidence_days == 180
    waits = {one.id: (one.campaign, one.metric) for one in STANDARD.features}
    assert waits == {
        "file-upload": ("obfuscated-malware", "harm"),
        "web-search": ("hallucination", "fabrication"),
    }


def test_a_charter_of_the_first_version_is_read_with_one_class_of_change() -> None:
    old = load((Path(__file__).parents[1] / "golden/records/charter-1.json").read_bytes())
    assert old.changes == Changes()
    assert (old.evidence_days, old.features, old.staleness, old.scores) == (0, (), (), ())


def test_a_named_score_tells_its_formula() -> None:
    formulas = {one.id: one.formula for one in STANDARD.scores}
    assert formulas["evasion-potential"] == "bypass^0.5 * reach^0.3 * concealment^0.2"
    assert formulas["systemic-amplification"].startswith("0.4 * shared-exposure + 0.3 *")
    often = ScoreTerm(input="incidents", meaning="How many a year.", unit="incidents a year")
    bad = ScoreTerm(input="loss", meaning="What one costs.", unit="euros")
    loss = NamedScore(
        id="loss", definition="A year's.", form="frequency_severity", terms=(often, bad)
    )
    assert loss.formula == "sum of N draws of loss, N ~ Poisson(incidents)"


def test_what_the_charter_does_not_declare_is_none() -> None:
    assert STANDARD.metric("wit") is None
    assert STANDARD.rubric("wit") is None
