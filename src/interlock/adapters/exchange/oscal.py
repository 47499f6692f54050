"""A release as OSCAL assessment results: criteria as findings, hazards as risks, votes as said."""

import json
from collections.abc import Iterable, Iterator

from interlock.adapters.exchange.dossier import Dossier
from interlock.adapters.exchange.oscal_parts import (
    CONTROL,
    attestation,
    digest_resource,
    party,
    properties,
    token,
)
from interlock.adapters.exchange.standing import NOTICE
from interlock.adapters.exchange.words import markup, number, one_line
from interlock.adapters.wording import taken_on
from interlock.ledger import Json
from interlock.review import Evidence, Hazard, ResidualRisk

OSCAL_VERSION = "1.2.3"

_DECISION = "decision"


def assessment_results(dossier: Dossier) -> bytes:
    """The results of the assessment, with names derived from digests: the same whenever written.

    OSCAL speaks of controls. Here the one control is the release gate itself,
    defined in the file with its criteria as objectives; no catalog of controls
    was assessed.

    Source:
        NIST OSCAL 1.2.3, assessment results model.
    """
    source, document = dossier.source, dossier.document
    act = source.decision.act
    criteria = [(_objective(one), one) for one in document.evidence]
    described = f"{NOTICE} {dossier.withheld_notice}"
    results: dict[str, Json] = {
        "uuid": str(dossier.file_uuid),
        "metadata": {
            "title": one_line(
                f"Safety assessment of {document.sealed.candidate_name} for {act.product}"
            ),
            "last-modified": source.cosigned.time,
            "version": source.decision.identity,
            "oscal-version": OSCAL_VERSION,
            "props": properties(source.facts()),
            "roles": [{"id": "assessor", "title": "Assessor"}, *_roles(dossier)],
            "parties": [_board(dossier), *(party(dossier, one) for one in _people(dossier))],
            "remarks": markup(described),
        },
        "import-ap": {
            "href": f"#{dossier.uuid('seal')}",
            "remarks": markup("The plan is a sealed hypothesis, which is no OSCAL document."),
        },
        "local-definitions": {"objectives-and-methods": [_control(dossier, criteria)]},
        "results": [_result(dossier, criteria)],
        "back-matter": {"resources": list(_resources(dossier))},
    }
    return (
        json.dumps({"assessment-results": results}, ensure_ascii=False, indent=2).encode() + b"\n"
    )


def _objective(one: Evidence) -> str:
    return f"criterion-{one.verdict.criterion}"


def _people(dossier: Dossier) -> list[str]:
    return sorted({one.person for one in dossier.votes})


def _roles(dossier: Dossier) -> Iterator[Json]:
    for role in sorted({one.act.role for one in dossier.votes}):
        yield {"id": token(role), "title": one_line(role)}


def _board(dossier: Dossier) -> Json:
    origin = dossier.source.cosigned.checkpoint.origin
    return {
        "uuid": str(dossier.uuid("board")),
        "type": "organization",
        "name": one_line(f"Safety Review Board of {origin}"),
    }


def _control(dossier: Dossier, criteria: Iterable[tuple[str, Evidence]]) -> Json:
    """The release gate, whose objectives are the sealed criteria and the decision."""
    said = {_DECISION: "The decision of the Safety Review Board stands as a go."}
    said |= {name: one.claim for name, one in criteria}
    parts: list[Json] = [
        {"id": name, "name": "objective", "prose": markup(text)} for name, text in said.items()
    ]
    return {
        "control-id": CONTROL,
        "description": markup("The release gate of this product; a control of no catalog."),
        "parts": parts,
    }


def _result(dossier: Dossier, criteria: list[tuple[str, Evidence]]) -> Json:
    source, document = dossier.source, dossier.document
    objectives = [_DECISION, *(name for name, _ in criteria)]
    made: dict[str, Json] = {
        "uuid": str(dossier.uuid("result")),
        "title": one_line(f"Decision {source.decision.act.outcome}"),
        "description": markup(
            f"As of checkpoint {source.cosigned.checkpoint.size} of {source.cosigned.time} the "
            f"decision stands as {source.standing.word}: {source.standing.sentence}."
        ),
        "start": document.sealed.time,
        "end": source.decision.time,
        "props": properties(source.facts()),
        "reviewed-controls": {
            "description": markup("The release gate alone. No control of any catalog."),
            "control-selections": [{"include-controls": [{"control-id": CONTROL}]}],
            "control-objective-selections": [
                {"include-objectives": [{"objective-id": name} for name in objectives]}
            ],
        },
        "findings": [
            _decided(dossier),
            *(_finding(dossier, name, one) for name, one in criteria),
        ],
    }
    lists: dict[str, list[Json]] = {
        "attestations": [attestation(dossier, one) for one in dossier.votes],
        "observations": [_observation(dossier, one) for _, one in criteria],
        "risks": list(_risks(dossier)),
    }
    return made | {name: found for name, found in lists.items() if found}


def _decided(dossier: Dossier) -> Json:
    standing = dossier.source.standing
    return {
        "uuid": str(dossier.uuid("finding", _DECISION)),
        "title": "The decision",
        "description": markup(f"{standing.word}: {standing.sentence}."),
        "target": {
            "type": "objective-id",
            "target-id": _DECISION,
            "status": {"state": "satisfied" if standing.go else "not-satisfied"},
        },
    }


def _finding(dossier: Dossier, name: str, one: Evidence) -> Json:
    """A criterion; undecided is not satisfied, and the reason tells the two apart."""
    verdict = one.verdict
    return {
        "uuid": str(dossier.uuid("finding", verdict.criterion)),
        "title": one_line(verdict.label),
        "description": markup(verdict.reason),
        "props": properties({"red-line": "yes" if one.red_line else "no"}),
        "target": {
            "type": "objective-id",
            "target-id": name,
            "status": {
                "state": "satisfied" if verdict.outcome == "passed" else "not-satisfied",
                "reason": {"passed": "pass", "failed": "fail"}.get(verdict.outcome, "other"),
                "remarks": markup(verdict.outcome),
            },
        },
        "related-observations": [{"observation-uuid": _observed(dossier, verdict.criterion)}],
    }


def _observed(dossier: Dossier, criterion: str) -> str:
    return str(dossier.uuid("observation", criterion))


def _observation(dossier: Dossier, one: Evidence) -> Json:
    verdict, estimate = one.verdict, one.verdict.estimate
    facts = {
        "metric": verdict.metric,
        "limit": number(verdict.limit),
        "attempt": str(verdict.attempt),
        "alpha": number(verdict.alpha),
        "basis": verdict.basis,
    }
    if estimate is not None:
        facts |= {
            "estimate": number(estimate.value),
            "interval-low": "unbounded" if estimate.low is None else number(estimate.low),
            "interval-high": "unbounded" if estimate.high is None else number(estimate.high),
            "confidence": number(estimate.confidence),
            "independent-units": str(estimate.n),
            "method": estimate.method,
        }
    return {
        "uuid": _observed(dossier, verdict.criterion),
        "title": one_line(verdict.label),
        "description": markup(f"{one.claim} {verdict.reason}"),
        "props": properties(facts),
        "methods": ["TEST"],
        "types": ["finding"],
        "relevant-evidence": [
            {
                "href": f"urn:interlock:evidence:{run.act.evidence}",
                "description": f"run {run.identity}",
            }
            for run in dossier.runs
        ],
        "collected": max((run.time for run in dossier.runs), default=dossier.document.sealed.time),
    }


def _risks(dossier: Dossier) -> Iterator[Json]:
    document = dossier.document
    remaining = {one.hazard: one for one in document.residual}
    for k, hazard in enumerate(document.draft.hazards):
        yield _risk(dossier, hazard, remaining.get(k), place=str(k))


def _risk(dossier: Dossier, hazard: Hazard, rest: ResidualRisk | None, *, place: str) -> Json:
    accepted = hazard.acceptance
    made: dict[str, Json] = {
        "uuid": str(dossier.uuid("risk", place)),
        "title": one_line(rest.category if rest and rest.category else hazard.category),
        "description": markup(hazard.scenario),
        "statement": markup(
            f"{hazard.scenario} Actor: {hazard.actor or 'not said'}. "
            f"Noticed: {hazard.detectability or 'not said'}."
        ),
        "status": "deviation-approved" if accepted and dossier.source.standing.go else "open",
    }
    facts = dict(_size(hazard, rest))
    if accepted is not None:
        voters = frozenset(one.person for one in dossier.votes if one.act.ballot == "go")
        facts |= {
            "acceptance": taken_on(accepted.by, voters),
            "accepted-because": accepted.reason,
        }
    known = {name: text for name, text in facts.items() if text.strip()}
    if known:
        made["props"] = properties(known)
    factors: list[Json] = [
        {
            "uuid": str(dossier.uuid("mitigation", place, str(j))),
            "description": markup(
                f"{one.control} Kept by {one.owner}. It fails when: {one.fails_when}"
            ),
        }
        for j, one in enumerate(dossier.document.against_hazard(hazard))
    ]
    return made | ({"mitigating-factors": factors} if factors else {})


def _size(hazard: Hazard, rest: ResidualRisk | None) -> Iterator[tuple[str, str]]:
    """What is known of a hazard's size.

    As properties and not as facets of a characterization: some validators
    hold every facet to the scales of FedRAMP and CVSS.
    """
    if hazard.severity is not None:
        yield "severity-level", str(hazard.severity)
    if rest is None:
        return
    yield "severity", rest.severity
    if rest.bound is not None and rest.confidence is not None:
        yield "rate-upper-bound", number(rest.bound)
        yield "rate-bound-confidence", number(rest.confidence)
    if rest.figures is not None:
        yield "residual-p50", number(rest.figures.p50)
        yield "residual-p95", number(rest.figures.p95)
    if rest.exceedance is not None:
        yield "chance-above-acceptance", number(rest.exceedance.share)
        yield "chance-above-acceptance-low", number(rest.exceedance.low)
        yield "chance-above-acceptance-high", number(rest.exceedance.high)


def _resources(dossier: Dossier) -> Iterator[Json]:
    source, sealed = dossier.source, dossier.document.sealed
    yield digest_resource(dossier, "bundle", source.bundle, title="The bundle to verify")
    yield digest_resource(dossier, "seal", sealed.hypothesis, title="The sealed hypothesis")
