"""Charter and hypothesis files, read into records or refused at the line that is wrong."""

from importlib import resources
from typing import Any, cast

from interlock.charter.agreement import faults, hint, judging_faults
from interlock.charter.charter import Charter
from interlock.charter.criteria import (
    AllOf,
    CoverageMin,
    Criterion,
    RateUpper,
    RatioBelow,
    ZeroEvents,
)
from interlock.charter.forms import HypothesisForm, stated
from interlock.charter.hypothesis import Hypothesis, JudgedMetric, TrialHypothesis
from interlock.charter.shape import Schema, schema, validated
from interlock.charter.source import Source, read
from interlock.errors import InvalidFieldError
from interlock.ledger import digest

_OF_HARM = (RatioBelow, RateUpper, ZeroEvents, AllOf)

STANDARD_CHARTER = resources.files("interlock.charter").joinpath("standard.yaml").read_text("utf-8")
"""The charter that a new workspace starts from, as YAML."""


def load_charter(text: str | bytes, *, file: str) -> Charter:
    """The charter a YAML file states.

    Args:
        text: The file's content.
        file: The name by which errors call it.

    Raises:
        CharterError: The file is no plain YAML, breaks `charter_schema`, or
            names something it does not declare; file, line and field say where.
    """
    source = read(text, file=file)
    try:
        return validated(Charter, source)
    except InvalidFieldError as error:
        raise source.error(tuple(error.field.split(".")), error.reason) from error


def load_hypothesis(text: str | bytes, *, file: str, charter: Charter | None = None) -> Hypothesis:
    """The hypothesis a YAML file states.

    Args:
        text: The file's content.
        file: The name by which errors call it.
        charter: The charter it is judged under; None for a comparison outside
            of any workspace. With one, metrics, ranges, directions, categories,
            red lines and alpha must agree with it, and each criterion carries
            the digest of its rubric.

    Raises:
        CharterError: The file is no plain YAML, breaks `hypothesis_schema`,
            contradicts itself or the charter, names rubrics without one, or
            seals metrics without a criterion of harm and a guard; file, line
            and field say where.
    """
    source = read(text, file=file)
    form = validated(HypothesisForm, source)
    _check_terms(form, charter, source)
    try:
        made = _made(form, _criteria(form, charter, source))
    except InvalidFieldError as error:
        raise source.error((error.field,), error.reason) from error
    _check_sealed(made, source)
    return made


def _made(form: HypothesisForm, criteria: tuple[Criterion, ...]) -> Hypothesis:
    plain: dict[str, Any] = {
        "name": form.hypothesis,
        "product": form.product or "",
        "baseline": form.baseline or "",
        "candidates": form.candidates,
        "basis": form.basis,
        "confirmatory": form.confirmatory,
        "alpha": form.alpha,
        "cluster": form.cluster or "",
        "criteria": criteria,
        "slices": form.slices,
        "sealed": form.sealed,
    }
    if form.stopping == "fixed" and not form.judged:
        return Hypothesis(**plain)
    judged = [
        JudgedMetric(metric=one.metric, by=one.by, labelled=one.labelled) for one in form.judged
    ]
    judged.sort(key=lambda one: one.metric)
    return TrialHypothesis(**plain, stopping=form.stopping, judged=tuple(judged))


def charter_schema() -> Schema:
    """JSON Schema (draft 2020-12) of a charter file."""
    return schema(Charter, "An Interlock charter")


def hypothesis_schema() -> Schema:
    """JSON Schema (draft 2020-12) of a hypothesis file."""
    return schema(HypothesisForm, "An Interlock hypothesis")


def _check_terms(form: HypothesisForm, charter: Charter | None, source: Source) -> None:
    """What concerns the file as a whole: alpha, and rubrics by name."""
    if charter is None:
        if form.rubrics:
            raise source.error(
                ("rubrics",),
                "rubrics are the charter's, and there is none here; leave the key out, "
                "or seal the hypothesis in a workspace",
            )
        return
    if form.alpha > charter.alpha:
        raise source.error(("alpha",), f"the charter allows {charter.alpha:g} at most")
    known = [one.id for one in charter.rubrics]
    for metric, name in form.rubrics.items():
        if name not in known:
            raise source.error(
                ("rubrics", metric), f"the charter declares no rubric {name}{hint(name, known)}"
            )
    for k, one in enumerate(form.judged):
        for field, reason in judging_faults((one.metric, one.by), charter):
            raise source.error(("judged", str(k), field), reason)


def _check_sealed(hypothesis: Hypothesis, source: Source) -> None:
    """Figures kept shut wait for safety and for helpfulness, so both have to be judged.

    This is asked of a file, not of a record: what was sealed before stays readable.
    """
    safety = any(isinstance(one, _OF_HARM) for one in hypothesis.criteria)
    if hypothesis.sealed and not (safety and hypothesis.guards):
        raise source.error(
            ("sealed",),
            "sealed figures wait until safety and helpfulness have passed; state at least one "
            "guard, and one criterion of harm (gain, limits or red_lines)",
        )


def _criteria(
    form: HypothesisForm, charter: Charter | None, source: Source
) -> tuple[Criterion, ...]:
    made: list[Criterion] = []
    for path, kind, fields in stated(form):
        if kind is AllOf and not fields["values"]:
            reason = f"coverage declares no value of {fields['over']}; list them there, once"
            raise source.error((*path, "each"), reason)
        if kind is not CoverageMin and charter is not None:
            fields["rubric"] = _rubric(form, charter, str(fields["metric"]))
        try:
            criterion = cast("Criterion", kind(**fields))
        except InvalidFieldError as error:
            raise source.error((*path, error.field), error.reason) from error
        for field, reason in faults(criterion, charter) if charter else ():
            raise source.error((*path, field) if field else path, reason)
        made.append(criterion)
    return tuple(made)


def _rubric(form: HypothesisForm, charter: Charter, metric: str) -> str:
    """Digest of the rubric a metric is scored by; empty where none is declared."""
    declared = charter.metric(metric)
    chosen = form.rubrics.get(metric) or (declared.rubric if declared else "")
    rubric = charter.rubric(chosen)
    return digest(rubric) if rubric else ""
