"""A release as a CycloneDX ML-BOM whose model card holds what was measured and what is feared."""

import json
import re
from collections.abc import Iterator

from interlock.adapters.exchange.dossier import Dossier
from interlock.adapters.exchange.standing import NOTICE
from interlock.adapters.exchange.words import number, one_line
from interlock.gate import CriterionVerdict, SliceFinding
from interlock.ledger import Json
from interlock.measure import Estimate

SPEC_VERSION = "1.6"

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CLASSIFIER = re.compile(r"classifier|guard|moderation", re.IGNORECASE)


def model_card(dossier: Dossier) -> bytes:
    """The bill of materials: the system, its model with a model card, prompts and classifiers.

    Figures are given as text, as the format has it, each with its interval.
    A part is taken for a classifier by its name alone.

    Source:
        CycloneDX 1.6 (ECMA-424); valid under 1.7 too.
    """
    source, subject = dossier.source, dossier.document.subject
    system = f"urn:interlock:system:{source.decision.act.system}"
    parts = [_part(system, one.name, one.version) for one in subject.parts]
    model = _model(dossier, f"{system}/model")
    return _written(
        {
            "bomFormat": "CycloneDX",
            "specVersion": SPEC_VERSION,
            "serialNumber": f"urn:uuid:{dossier.file_uuid}",
            "version": 1,
            "metadata": {
                "timestamp": source.cosigned.time,
                "component": {
                    "type": "application",
                    "bom-ref": system,
                    "name": one_line(source.decision.act.product),
                    "version": source.decision.act.system,
                    "description": f"{NOTICE} {dossier.withheld_notice}",
                    "externalReferences": [_bundle(source.bundle)],
                },
                "properties": [
                    {"name": f"interlock:{name}", "value": value}
                    for name, value in source.facts().items()
                ],
            },
            "components": [model, *parts],
            "dependencies": [
                {"ref": system, "dependsOn": [str(one["bom-ref"]) for one in (model, *parts)]}
            ],
        }
    )


def _bundle(sha256: str) -> Json:
    return {
        "type": "attestation",
        "url": f"urn:interlock:bundle:{sha256}",
        "comment": "The bundle that can be verified; this file is a view of it.",
        "hashes": [{"alg": "SHA-256", "content": sha256}],
    }


def _part(system: str, name: str, version: str) -> dict[str, Json]:
    """A part of the system; its version is a digest where there is one."""
    known = bool(_DIGEST.fullmatch(version))
    kind = "machine-learning-model" if _CLASSIFIER.search(name) else "data"
    made: dict[str, Json] = {
        "type": kind,
        "bom-ref": f"{system}/part/{one_line(name)}",
        "name": one_line(name),
        "version": one_line(version),
    }
    if known:
        made["hashes"] = [{"alg": "SHA-256", "content": version}]
    if kind == "data":
        made["data"] = [{"type": "configuration", "name": one_line(name)}]
    return made


def _model(dossier: Dossier, ref: str) -> dict[str, Json]:
    subject = dossier.document.subject
    made: dict[str, Json] = {
        "type": "machine-learning-model",
        "bom-ref": ref,
        "name": one_line(subject.model or dossier.document.sealed.candidate_name),
        "description": "The model as the system's manifest names it, which is a claim.",
        "modelCard": {
            "bom-ref": f"{ref}/card",
            "quantitativeAnalysis": {"performanceMetrics": list(_metrics(dossier))},
            "considerations": _considerations(dossier),
            "properties": [{"name": "interlock:withheld", "value": dossier.withheld_notice}],
        },
    }
    if _DIGEST.fullmatch(subject.model):
        made["hashes"] = [{"alg": "SHA-256", "content": subject.model}]
    return made


def _metrics(dossier: Dossier) -> Iterator[Json]:
    """Every criterion with its interval, part by part, and every slice that was searched."""
    for one in dossier.document.evidence:
        yield from _criterion(one.verdict)
    for each in dossier.document.slices:
        yield from _slice(each.finding)


def _criterion(verdict: CriterionVerdict) -> Iterator[Json]:
    if verdict.estimate is not None:
        yield _metric(f"{verdict.label} ({verdict.outcome})", verdict.estimate)
    for part in verdict.parts:
        if part.estimate is not None:
            words = f"{verdict.label} ({part.outcome})"
            yield _metric(words, part.estimate) | {"slice": one_line(part.value)}


def _metric(words: str, estimate: Estimate) -> dict[str, Json]:
    """One estimate; a bound that is open is left out, since the format knows no infinity."""
    percent = number(100 * estimate.confidence)
    ends = {"lowerBound": estimate.low, "upperBound": estimate.high}
    return {
        "type": one_line(
            f"{words}; {percent} % interval, {estimate.n} independent units, {estimate.method}"
        ),
        "value": number(estimate.value),
        "confidenceInterval": {name: number(end) for name, end in ends.items() if end is not None},
    }


def _slice(found: SliceFinding) -> Iterator[Json]:
    """Both arms' means in a slice; the search gives no interval, and says so."""
    place = one_line(f"{found.slice} = {found.value}")
    for arm, mean in (("baseline", found.before), ("candidate", found.after)):
        yield {
            "type": one_line(
                f"mean {found.metric} of the {arm} ({found.status} by the search over slices, "
                f"{found.clusters} independent units, no interval)"
            ),
            "value": number(mean),
            "slice": place,
        }


def _considerations(dossier: Dossier) -> dict[str, Json]:
    draft = dossier.document.draft
    said: dict[str, list[Json]] = {
        "users": [one_line(one) for one in draft.users],
        "useCases": [one_line(draft.purpose)] if draft.purpose else [],
        "technicalLimitations": [
            *(one_line(one) for one in draft.limits),
            *(one_line(f"Not for: {one}") for one in draft.excluded_uses),
            *(one_line(f"Foreseeable misuse: {one}") for one in draft.misuse),
        ],
        "performanceTradeoffs": list(_tradeoffs(dossier)),
        "ethicalConsiderations": list(_risks(dossier)),
        "fairnessAssessments": [
            {"groupAtRisk": one_line(f"{one.who} ({one.group})"), "harms": one_line(one.how)}
            for one in draft.affected
        ],
    }
    return {name: found for name, found in said.items() if found}


def _tradeoffs(dossier: Dossier) -> Iterator[Json]:
    """What did not pass, and where something got worse inside of a good average."""
    for one in dossier.document.against:
        yield one_line(f"{one.verdict.outcome}: {one.claim} {one.verdict.reason}")
    for each in dossier.document.worsened:
        found = each.finding
        yield one_line(
            f"{found.status}: {found.metric}, {found.slice} = {found.value}, from "
            f"{number(found.before)} to {number(found.after)}"
        )


def _risks(dossier: Dossier) -> Iterator[Json]:
    document = dossier.document
    remaining = {one.hazard: one for one in document.residual}
    for k, hazard in enumerate(document.draft.hazards):
        rest, words = remaining.get(k), hazard.scenario
        if rest is not None and rest.bound is not None:
            words += f" Its rate is at most {number(rest.bound)} (confidence {rest.confidence:g})."
        if rest is not None and rest.figures is not None:
            figures = rest.figures
            words += (
                f" Residual risk, severity points a year: P50 {number(figures.p50)}, "
                f"P95 {number(figures.p95)}."
            )
        controls = "; ".join(one.control for one in document.against_hazard(hazard))
        yield {
            "name": one_line(f"{rest.category if rest else hazard.category}: {words}"),
            "mitigationStrategy": one_line(
                controls or "none; accepted as it is, as the author states, or withheld"
            ),
        }


def _written(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
