"""The half of an assessment that a person writes, as a file."""

import jsonschema
import pytest
import yaml

from interlock.charter import Hypothesis, RateUpper
from interlock.errors import CharterError
from interlock.ledger import digest
from interlock.review import blanks, draft_schema, draft_template, fill, load_draft
from tests.review_facts import CHARTER, FACTS, HYPOTHESIS


def template() -> str:
    return draft_template(HYPOTHESIS, CHARTER, id="guard-prompt")


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


def test_a_template_as_it_comes_cannot_be_signed() -> None:
    document = fill(load_draft(template(), file="guard.yaml"), FACTS)
    fields = {blank.field for blank in blanks(document)}
    assert fields == {
        "title",
        "purpose",
        "not_shipping",
        "excluded_uses",
        "affected",
        "limits",
        "hazards[0].scenario",
        "hazards[0].mitigation.control",
        "hazards[0].mitigation.owner",
        "hazards[0].mitigation.fails_when",
        "monitoring",
        "dropped",
        "unmeasured_red_lines[0].reason",
        "unmeasured_red_lines[1].reason",
    }


def test_a_template_asks_for_the_reason_of_each_claim_that_was_dropped() -> None:
    claim = 'rate of over\u2028refusal "x": below 0.2'
    text = draft_template(HYPOTHESIS, CHARTER, id="guard", dropped=[claim, claim])
    (asked,) = load_draft(text, file="guard.yaml").dropped
    assert (asked.claim, asked.reason) == (claim, "")


def test_a_template_satisfies_its_own_schema() -> None:
    jsonschema.validate(yaml.safe_load(template()), draft_schema())


@pytest.mark.parametrize(
    "field", ["seal", "evidence", "attempts", "residual", "slices", "unmeasured"]
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
    draft = load_draft(draft_template(hypothesis, CHARTER, id="x: [y"), file="guard.yaml")
    assert (draft.id, draft.product, len(draft.hazards)) == ("x: [y", 'a" b', 1)


def test_two_drafts_that_say_the_same_are_the_same_record() -> None:
    first = load_draft(template(), file="a.yaml")
    second = load_draft("# a comment\n" + template(), file="b.yaml")
    assert digest(first) == digest(second)
