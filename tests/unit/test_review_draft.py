"""The half of an assessment that a person writes, as a file."""

from dataclasses import replace

import jsonschema
import pytest
import yaml

from interlock.charter import Hypothesis, RateUpper
from interlock.errors import CharterError
from interlock.ledger import digest
from interlock.review import FIELDS, blanks, draft_schema, draft_template, fill, load_draft
from tests.review_facts import CHARTER, FACTS


def template() -> str:
    return draft_template(FACTS)


def refused(text: str) -> CharterError:
    with pytest.raises(CharterError) as caught:
        load_draft(text, file="guard.yaml")
    return caught.value


def test_a_template_loads_as_it_is_with_what_is_known_filled_in() -> None:
    draft = load_draft(template(), file="guard.yaml")
    assert (draft.id, draft.product, draft.valid_days) == ("guard-prompt", "assistant", 90)


def test_a_template_names_every_category_and_every_sealed_metric() -> None:
    text = template()
    for category in CHARTER.categories:
        assert f"#   {category.id}: {category.name}" in text
    assert "full-compliance, helpfulness, red-line" in text


def test_a_template_as_it_comes_asks_for_every_field_that_a_person_writes() -> None:
    document = fill(load_draft(template(), file="guard.yaml"), FACTS)
    found = [blank.field for blank in blanks(document)]
    asked = {field.split(".")[0].split("[")[0] for field in found}
    written = {name for parts in FIELDS.values() for name in parts.written}
    known = {"id", "version", "product", "change", "valid_days"}
    optional = {"supersedes", "follows", "alternatives", "disclosure"}
    assert asked == written - known - optional
    assert found.count("unmeasured_red_lines[1].reason") == 1
    assert sum(field.startswith("scores[1].inputs") for field in found) == 6


def test_a_template_names_every_score_with_its_formula_and_the_meaning_of_its_inputs() -> None:
    text = template()
    for score in CHARTER.scores:
        assert f"# {score.formula}" in text
        for term in score.terms:
            assert f"# {term.meaning} Unit: {term.unit}." in text


def test_a_template_says_which_features_are_blocked() -> None:
    assert "blocked: file-upload: no sealed coverage reaches the campaign" in template()


def test_a_template_asks_for_the_reason_of_each_claim_that_was_dropped() -> None:
    claim = 'rate of over\u2028refusal "x": below 0.2'
    attempt = replace(FACTS.earlier[1], claim=claim)
    text = draft_template(replace(FACTS, earlier=(attempt, attempt)))
    (asked,) = load_draft(text, file="guard.yaml").dropped
    assert (asked.claim, asked.reason) == (claim, "")


def test_a_template_satisfies_its_own_schema() -> None:
    jsonschema.validate(yaml.safe_load(template()), draft_schema())


@pytest.mark.parametrize(
    "field", ["seal", "subject", "evidence", "attempts", "residual", "deviations", "votes"]
)
def test_what_the_ledger_fills_may_not_be_typed(field: str) -> None:
    error = refused(template() + f"{field}: something\n")
    assert error.field == field
    assert error.line == len(template().splitlines()) + 1
    assert "never typed" in str(error)


def test_an_unknown_key_is_refused_at_its_line() -> None:
    error = refused("id: a\nproduct: b\nhazard: []\n")
    assert (error.file, error.line, error.field) == ("guard.yaml", 3, "hazard")


def test_a_condition_no_machine_can_check_is_refused_where_it_stands() -> None:
    text = "id: a\nproduct: b\nconditions:\n  - kind: be_careful\n    limit: very\n"
    error = refused(text)
    assert (error.line, error.field) == (4, "conditions[0].kind")


@pytest.mark.parametrize("days", ["0", "-1", "3651", "1.5", '"90"', "forever"])
def test_an_expiry_is_a_whole_number_of_days_within_ten_years(days: str) -> None:
    assert refused(f"id: a\nproduct: b\nvalid_days: {days}\n").field == "valid_days"


def test_a_name_with_line_breaks_of_any_kind_cannot_write_into_the_template() -> None:
    broken = "harm\u2028conditions: []\x85hazards: []"
    hypothesis = Hypothesis(
        name=broken, product='a"\u2028b', criteria=(RateUpper(metric=broken, below=0.1),)
    )
    text = draft_template(replace(FACTS, hypothesis=hypothesis))
    draft = load_draft(text, file="guard.yaml")
    assert (draft.id, draft.product) == ("harm conditions: [] hazards: []", 'a" b')
    assert (len(draft.hazards), draft.conditions) == (1, ())


def test_two_drafts_that_say_the_same_are_the_same_record() -> None:
    first = load_draft(template(), file="a.yaml")
    second = load_draft("# a comment\n" + template(), file="b.yaml")
    assert digest(first) == digest(second)


def test_a_range_of_no_known_kind_is_refused_where_it_stands() -> None:
    text = "id: a\nproduct: b\nhazards:\n  - category: c\n    exposure: {kind: guess, value: 1}\n"
    error = refused(text)
    assert (error.line, error.field) == (5, "hazards[0].exposure")


@pytest.mark.parametrize(
    "stated",
    [
        "{kind: uniform, low: 2, high: 1}",
        "{kind: pert, low: 1, mode: 5, high: 3}",
        "{kind: lognormal, p5: 0, p95: 1}",
        "{kind: lognormal, p5: 3, p95: 2}",
        "{kind: beta, a: -1, b: 2}",
        "{kind: poisson, rate: 0}",
    ],
)
def test_a_range_that_cannot_be_meant_is_refused(stated: str) -> None:
    text = f"id: a\nproduct: b\nhazards:\n  - category: c\n    exposure: {stated}\n"
    assert refused(text).field.startswith("hazards[0].exposure")
