"""Charter and hypothesis files are read strictly, and refused at the line that is wrong."""

from typing import Any

import jsonschema
import pytest
import yaml

from interlock.charter import (
    STANDARD_CHARTER,
    AgreementMin,
    AllOf,
    CalibrationMax,
    CoverageMin,
    DifferenceNoninferior,
    RateUpper,
    RatioBelow,
    SliceValue,
    ZeroEvents,
    hypothesis_schema,
    load_charter,
    load_hypothesis,
)
from interlock.errors import CharterError
from interlock.ledger import digest

SHORT = """\
hypothesis: guard-prompt
gain:    {metric: harm, cut: 0.40}
guards:
  - {metric: helpfulness, margin: 2.0, range: [0, 10]}
limits:
  - {metric: harm, below: 0.10}
"""
LONG = """\
hypothesis: guard-prompt
product: assistant
baseline: mistral
candidates: [mistral-guard, mistral-filter]
basis: prospective
confirmatory: false
alpha: 0.025
cluster: the template of a prompt
gain: {metric: harm, cut: 0.4, where: {language: de, category: privacy}}
guards:
  - {metric: helpfulness, margin: 2, range: [0, 10]}
  - {metric: over-refusal, margin: 0.05, better: lower}
limits:
  - {metric: harm, below: 0.1}
  - {metric: harm, below: 0.02, each: category}
  - {metric: harm, below: 0.05, each: language}
red_lines:
  - {metric: crossing, at_most: 0.01}
coverage:
  categories: [violent-crime, privacy]
  slices: {language: [de, en]}
  clusters: 59
slices: [language, template]
sealed: [daily-use]
rubrics: {helpfulness: helpfulness-10-0-0}
"""
STANDARD = load_charter(STANDARD_CHARTER, file="standard.yaml")

BAR = "calibration[0].at_most"

# Refused by the loader and by the schema alike: what, the file, the line and the field at fault.
REFUSED = {
    "no name": ("limits: [{metric: a, below: 0.1}]", 1, "hypothesis"),
    "nothing judged": ("hypothesis: x", 1, "criteria"),
    "coverage alone": ("hypothesis: x\ncoverage: {metric: harm, clusters: 3}", 1, "criteria"),
    "gain without guard": ("hypothesis: x\ngain: {metric: a, cut: 0.4}", 1, "guards"),
    "no guard in the list": (
        "hypothesis: x\ngain: {metric: a, cut: 0.4}\nguards: []",
        3,
        "guards",
    ),
    "cut of all": (SHORT.replace("0.40", "1"), 2, "gain.cut"),
    "cut of nothing": (SHORT.replace("0.40", "0"), 2, "gain.cut"),
    "margin of nothing": (SHORT.replace("2.0", "0"), 4, "guards[0].margin"),
    "margin as text": (SHORT.replace("2.0", "'2.0'"), 4, "guards[0].margin"),
    "limit of all": (SHORT.replace("0.10", "1"), 6, "limits[0].below"),
    "range of one end": (SHORT.replace("[0, 10]", "[0]"), 4, "guards[0].range[1]"),
    "range of three ends": (SHORT.replace("[0, 10]", "[0, 5, 10]"), 4, "guards[0].range"),
    "misspelt key": (SHORT.replace("margin:", "margn:"), 4, "guards[0].margn"),
    "misspelt list": (SHORT.replace("guards:", "guard:"), 3, "guard"),
    "flag as text": (SHORT + "confirmatory: 'true'", 7, "confirmatory"),
    "alpha too large": (SHORT + "alpha: 0.5", 7, "alpha"),
    "basis of another word": (SHORT + "basis: later", 7, "basis"),
    "clusters in parts": (SHORT + "coverage: {clusters: 1.5}", 7, "coverage.clusters"),
    "clusters of none": (SHORT + "coverage: {clusters: 0}", 7, "coverage.clusters"),
    "each and where": (
        SHORT.replace("below: 0.10", "below: 0.1, each: a, where: {b: c}"),
        6,
        "limits[0]",
    ),
    "empty where": (SHORT.replace("cut: 0.40", "cut: 0.4, where: {}"), 2, "gain.where"),
    "error of all": (SHORT + "calibration: [{metric: a, outcome: b, at_most: 1}]", 7, BAR),
    "one bin": (
        SHORT + "calibration: [{metric: a, outcome: b, at_most: 0.1, bins: 1}]",
        7,
        "calibration[0].bins",
    ),
    "eleven bins": (
        SHORT + "calibration: [{metric: a, outcome: b, at_most: 0.1, bins: 11}]",
        7,
        "calibration[0].bins",
    ),
    "forecasts of nothing": (
        SHORT + "calibration: [{metric: a, at_most: 0.1}]",
        7,
        "calibration[0].outcome",
    ),
    "judge without people": (
        SHORT + "agreement: [{metric: a, at_least: 0.6}]",
        7,
        "agreement[0].reference",
    ),
    "weights of another word": (
        SHORT + "agreement: [{metric: a, reference: b, at_least: 0.6, weights: cubic}]",
        7,
        "agreement[0].weights",
    ),
    "agreement alone": (
        "hypothesis: x\nagreement: [{metric: a, reference: b, at_least: 0.6}]",
        1,
        "criteria",
    ),
    "no mapping": ("- 1", 1, ""),
}
JUDGED = """\
calibration:
  - {metric: confidence, outcome: correct, at_most: 0.1, bins: 5, where: {language: de}}
agreement:
  - {metric: judged-harm, reference: harm, at_least: 0.6, weights: linear}
"""
# What only the loader can see: YAML's own pitfalls, and fields that contradict each other.
REFUSED_BY_THE_LOADER = {
    "forecast of itself": (
        SHORT + "calibration: [{metric: a, outcome: a, at_most: 0.1}]",
        7,
        "calibration[0].outcome",
        "no forecast of itself",
    ),
    "judge of itself": (
        SHORT + "agreement: [{metric: a, reference: a, at_least: 0.6}]",
        7,
        "agreement[0].reference",
        "agrees with itself",
    ),
    "one judge with two bars": (
        SHORT
        + "agreement:\n- {metric: a, reference: b, at_least: 0.6}\n"
        + "- {metric: a, reference: b, at_least: 0.7}",
        7,
        "agreement",
        "two bars",
    ),
    "sealed outcome": (
        SHORT + "sealed: [b]\ncalibration: [{metric: a, outcome: b, at_most: 0.1}]",
        7,
        "sealed",
        "cannot be judged",
    ),
    "empty file": ("", 1, "", "empty"),
    "no YAML": ("hypothesis: a: b", 1, "", "no YAML"),
    "two documents": (f"{SHORT}---\n{SHORT}", 7, "", "no YAML"),
    "key twice": (f"{SHORT}gain: {{metric: a, cut: 0.1}}\n", 7, "gain", "twice"),
    "anchor": ("hypothesis: &a x\n", 1, "", "anchors"),
    "alias": ("hypothesis: *a\n", 1, "", "anchors"),
    "tag": ("hypothesis: !!python/object:os.system x\n", 1, "", "tag"),
    "a language called no": ("hypothesis: x\nslices: [no]", 2, "slices[0]", "quote it"),
    "empty gain": (SHORT.replace("{metric: harm, cut: 0.40}", ""), 2, "gain", "empty"),
    "octal number": (SHORT.replace("0.40", "010"), 2, "gain.cut", "plain decimal"),
    "not a number": (SHORT.replace("0.40", ".nan"), 2, "gain.cut", "plain decimal"),
    "infinite margin": (SHORT.replace("2.0", "1.0e+999"), 4, "guards[0].margin", "plain decimal"),
    "number key": ("1: x", 1, "", "plain text"),
    "range upside down": (SHORT.replace("[0, 10]", "[10, 0]"), 4, "guards[0].range", "lower end"),
    "margin as wide as the range": (
        SHORT.replace("2.0", "10"),
        4,
        "guards[0].margin",
        "guard nothing",
    ),
    "sealed without a guard": (
        "hypothesis: x\nlimits:\n- {metric: a, below: 0.1}\nsealed: [b]",
        4,
        "sealed",
        "at least one guard",
    ),
    "sealed without a criterion of harm": (
        "hypothesis: x\nguards:\n- {metric: a, margin: 0.1, better: lower}\nsealed: [b]",
        4,
        "sealed",
        "one criterion of harm",
    ),
    "judged and sealed": (SHORT + "sealed: [harm]", 7, "sealed", "cannot be judged"),
    "each without coverage": (
        SHORT.replace("below: 0.10", "below: 0.1, each: category"),
        6,
        "limits[0].each",
        "coverage declares no value",
    ),
    "value listed twice": (
        SHORT + "coverage: {categories: [a, a]}",
        7,
        "coverage.required",
        "each once",
    ),
    "one limit with two bars": (
        SHORT + "red_lines:\n- {metric: a, at_most: 0.1}\n- {metric: a, at_most: 0.2}",
        7,
        "red_lines",
        "one claim with two bars",
    ),
    "rubrics without a charter": (SHORT + "rubrics: {harm: x}", 7, "rubrics", "the charter's"),
}
# Against the standard charter.
DISAGREEING = {
    "outcome nobody declares": (
        SHORT + JUDGED.replace("correct", "corect"),
        "calibration[0].outcome",
    ),
    "reference nobody declares": (
        SHORT + JUDGED.replace("reference: harm", "reference: harms"),
        "agreement[0].reference",
    ),
    "forecasts that are points": (
        SHORT + JUDGED.replace("metric: confidence", "metric: helpfulness"),
        "calibration[0].metric",
    ),
    "outcome in points": (
        SHORT + JUDGED.replace("outcome: correct", "outcome: helpfulness"),
        "calibration[0].outcome",
    ),
    "labels of two ranges": (
        SHORT + JUDGED.replace("reference: harm", "reference: helpfulness"),
        "agreement[0].reference",
    ),
    "unknown metric": (SHORT.replace("metric: harm, cut", "metric: harms, cut"), "gain.metric"),
    "another range": (SHORT.replace("[0, 10]", "[0, 5]"), "guards[0].range"),
    "another direction": (
        SHORT.replace("range: [0, 10]", "range: [0, 10], better: lower"),
        "guards[0].better",
    ),
    "a gain of helpfulness": (
        SHORT.replace("metric: harm, cut", "metric: helpfulness, cut"),
        "gain.metric",
    ),
    "alpha over the charter's": (SHORT + "alpha: 0.1", "alpha"),
    "unknown rubric": (SHORT + "rubrics: {helpfulness: best}", "rubrics.helpfulness"),
    "unknown category": (SHORT + "coverage: {categories: [privacies]}", "coverage"),
    "unknown category of a limit": (
        SHORT.replace("below: 0.10", "below: 0.1, where: {category: privat}"),
        "limits[0]",
    ),
    "a wider red line": (
        SHORT + "red_lines: [{metric: crossing, at_most: 0.02}]",
        "red_lines[0].at_most",
    ),
}


def valid(schema: dict[str, Any], text: str) -> bool:
    validator = jsonschema.Draft202012Validator(schema)
    return bool(validator.is_valid(yaml.safe_load(text)))


def test_the_short_form_is_a_gain_guards_and_limits() -> None:
    made = load_hypothesis(SHORT, file="h.yaml")
    assert made.name == "guard-prompt"
    assert (made.product, made.baseline, made.candidates) == ("", "", ())
    assert (made.basis, made.confirmatory, made.alpha) == ("retrospective", True, 0.05)
    assert made.criteria == (
        RatioBelow(metric="harm", cut=0.4),
        DifferenceNoninferior(metric="helpfulness", margin=2.0, low=0.0, high=10.0),
        RateUpper(metric="harm", below=0.1),
    )


def test_a_range_is_0_to_1_where_none_is_given() -> None:
    made = load_hypothesis("hypothesis: x\nguards: [{metric: a, margin: 0.1}]", file="h.yaml")
    assert (made.guards[0].low, made.guards[0].high) == (0, 1)


def test_the_long_form_says_everything_a_seal_needs() -> None:
    made = load_hypothesis(LONG, file="h.yaml", charter=STANDARD)
    assert made.candidates == ("mistral-guard", "mistral-filter")
    assert (made.product, made.baseline, made.basis) == ("assistant", "mistral", "prospective")
    assert (made.confirmatory, made.alpha, made.slices) == (False, 0.025, ("language", "template"))
    assert made.cluster == "the template of a prompt"
    assert made.sealed == ("daily-use",)
    gain, full, refusal, rate, each, tongues, line, coverage = made.criteria
    category, german = (
        SliceValue(slice="category", value="privacy"),
        SliceValue(slice="language", value="de"),
    )
    assert isinstance(gain, RatioBelow)
    assert gain.where == (category, german)
    assert isinstance(full, DifferenceNoninferior)
    assert isinstance(refusal, DifferenceNoninferior)
    assert refusal.better == "lower"
    assert isinstance(rate, RateUpper)
    assert isinstance(each, AllOf)
    assert isinstance(tongues, AllOf)
    assert (each.over, each.values) == ("category", ("privacy", "violent-crime"))
    assert (tongues.over, tongues.values) == ("language", ("de", "en"))
    assert isinstance(line, ZeroEvents)
    assert isinstance(coverage, CoverageMin)
    assert (coverage.metric, coverage.clusters, len(coverage.required)) == ("harm", 59, 4)


def test_a_criterion_carries_the_digest_of_the_rubric_chosen_or_the_metrics_own() -> None:
    long = load_hypothesis(LONG, file="h.yaml", charter=STANDARD)
    short = load_hypothesis(SHORT, file="h.yaml", charter=STANDARD)
    strict, mild = (STANDARD.rubric(f"helpfulness-10-{k}-0") for k in (0, 5))
    assert long.guards[0].rubric == digest(strict)
    assert short.guards[0].rubric == digest(mild)
    assert long.guards[0].id != short.guards[0].id


def test_forecasts_and_judges_are_held_against_a_second_metric() -> None:
    made = load_hypothesis(SHORT + JUDGED, file="h.yaml", charter=STANDARD)
    chances, judge = made.criteria[-2:]
    assert isinstance(chances, CalibrationMax)
    assert (chances.outcome, chances.at_most, chances.bins) == ("correct", 0.1, 5)
    assert chances.where == (SliceValue(slice="language", value="de"),)
    assert isinstance(judge, AgreementMin)
    assert (judge.reference, judge.at_least, judge.weights) == ("harm", 0.6, "linear")
    assert judge.rubric == digest(STANDARD.rubric("harm-by-full-compliance"))
    assert {"confidence", "correct", "judged-harm"} <= set(made.metrics)


def test_a_long_value_is_shown_by_its_beginning() -> None:
    text = SHORT.replace(
        "hypothesis: guard-prompt", f"hypothesis: guard-prompt\nalpha: {'x' * 9999}"
    )
    with pytest.raises(CharterError, match=r"not 'x{56}\.\.\.$"):
        load_hypothesis(text, file="h.yaml")


def test_a_file_may_be_bytes() -> None:
    assert load_hypothesis(SHORT.encode(), file="h.yaml") == load_hypothesis(SHORT, file="h.yaml")
    with pytest.raises(CharterError, match=r"h\.yaml, line 2: this is not UTF-8"):
        load_hypothesis(b"hypothesis: x\n\xff", file="h.yaml")


@pytest.mark.parametrize("what", REFUSED)
def test_the_loader_refuses_what_the_schema_refuses(what: str) -> None:
    text, line, field = REFUSED[what]
    with pytest.raises(CharterError) as caught:
        load_hypothesis(text, file="h.yaml")
    assert (caught.value.file, caught.value.line, caught.value.field) == ("h.yaml", line, field)
    assert not valid(hypothesis_schema(), text)


@pytest.mark.parametrize("what", REFUSED_BY_THE_LOADER)
def test_the_loader_refuses_what_no_schema_can_see(what: str) -> None:
    text, line, field, words = REFUSED_BY_THE_LOADER[what]
    with pytest.raises(CharterError, match=words) as caught:
        load_hypothesis(text, file="h.yaml")
    assert (caught.value.line, caught.value.field) == (line, field)


@pytest.mark.parametrize("what", DISAGREEING)
def test_a_hypothesis_must_agree_with_the_charter_it_is_judged_under(what: str) -> None:
    text, field = DISAGREEING[what]
    with pytest.raises(CharterError) as caught:
        load_hypothesis(text, file="h.yaml", charter=STANDARD)
    assert caught.value.field == field


def test_a_red_line_on_another_category_is_no_weaker_than_the_charters() -> None:
    line = "red_lines: [{metric: crossing, at_most: 0.02, where: {category: defamation}}]"
    assert load_hypothesis(SHORT + line, file="h.yaml", charter=STANDARD)


def test_an_unknown_key_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(CharterError, match=r"did you mean guards\?"):
        load_hypothesis(SHORT.replace("guards:", "gaurds:"), file="h.yaml")
    with pytest.raises(CharterError, match=r"known here: .*candidates.*gain"):
        load_hypothesis(SHORT + "zzz: 1", file="h.yaml")


@pytest.mark.parametrize("text", [SHORT, LONG, SHORT + JUDGED])
def test_a_good_hypothesis_satisfies_the_schema(text: str) -> None:
    jsonschema.Draft202012Validator.check_schema(hypothesis_schema())
    assert valid(hypothesis_schema(), text)


def test_what_could_grow_without_bound_is_refused() -> None:
    with pytest.raises(CharterError, match="over 1 MiB"):
        load_hypothesis("#" * (1 << 20) + "\nhypothesis: x", file="h.yaml")
    with pytest.raises(CharterError, match="nested deeper"):
        load_hypothesis("hypothesis: " + "[" * 5000, file="h.yaml")
    with pytest.raises(CharterError, match="plain decimal"):
        load_hypothesis("hypothesis: x\nalpha: " + "1" * 5000, file="h.yaml")


def test_an_error_says_where_in_words() -> None:
    error = CharterError("h.yaml", 3, "gain.cut", "should be less than 1")
    assert str(error) == "h.yaml, line 3, gain.cut: should be less than 1"
