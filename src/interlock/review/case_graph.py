"""The safety case as a graph, for tools of assurance (CAE, GSN) to draw and to import."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from interlock.admission import Outcome
from interlock.review.document import SafetyImpactAssessment
from interlock.review.safety_case import CaseClaim

NodeKind = Literal["claim", "argument", "evidence", "assumption", "defeater"]
LinkKind = Literal["supported-by", "in-context-of", "challenged-by"]


@dataclass(frozen=True, kw_only=True)
class CaseNode:
    """One element of the case.

    Attributes:
        id: Its name in the graph.
        kind: What it is; in GSN a claim is a goal, an argument a strategy, evidence a solution.
        text: What it says.
        state: Of a defeater, ``open``, ``resolved`` or ``accepted``; of evidence, what it came to.
        note: Of a defeater, why and by whom; of evidence, the gate's reason.
    """

    id: str
    kind: NodeKind
    text: str
    state: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseLink:
    """What one element has to do with another; it points from the one that needs the other."""

    source: str
    target: str
    kind: LinkKind


@dataclass(frozen=True, kw_only=True)
class CaseGraph:
    """A safety case: its elements and how they hang together.

    Attributes:
        top: Id of the claim that all others support; empty where there is none.
        nodes: Every element, each once: claims in the draft's order, each with its own.
        links: How they hang together.
    """

    top: str
    nodes: tuple[CaseNode, ...]
    links: tuple[CaseLink, ...]


def case_graph(document: SafetyImpactAssessment) -> CaseGraph:
    """The safety case of a document, its evidence with what it came to."""
    case = document.draft.safety_case
    evidence = dict(_evidence(document))
    nodes, links = list[CaseNode](), list[CaseLink]()
    for claim in case.claims:
        nodes += _nodes(claim)
        links += _links(claim, evidence)
        if claim.supports:
            links.append(
                CaseLink(source=f"{claim.supports}.argument", target=claim.id, kind="supported-by")
            )
    nodes += evidence.values()
    for k, one in enumerate(case.defeaters, start=1):
        by = f" ({one.state} by {one.by}, as the author states)" if one.by else ""
        found = CaseNode(
            id=f"defeater-{k}",
            kind="defeater",
            text=one.text,
            state=one.state,
            note=f"{one.reason}{by}",
        )
        nodes.append(found)
        links.append(CaseLink(source=one.claim, target=found.id, kind="challenged-by"))
    top = next((one.id for one in case.claims if not one.supports), "")
    return CaseGraph(top=top, nodes=tuple(nodes), links=tuple(links))


def _evidence(document: SafetyImpactAssessment) -> Iterator[tuple[str, CaseNode]]:
    """Every criterion that a claim names, by its label."""
    named = {label for claim in document.draft.safety_case.claims for label in claim.evidence}
    came: dict[str, tuple[Outcome, str]] = {
        one.label: (one.outcome, one.reason) for one in document.judgement.verdicts
    }
    for k, criterion in enumerate(document.hypothesis.criteria, start=1):
        if criterion.label in named and criterion.label in came:
            outcome, reason = came[criterion.label]
            node = CaseNode(
                id=f"evidence-{k}",
                kind="evidence",
                text=criterion.label,
                state=outcome,
                note=reason,
            )
            yield criterion.label, node


def _nodes(claim: CaseClaim) -> Iterator[CaseNode]:
    yield CaseNode(id=claim.id, kind="claim", text=claim.text)
    yield CaseNode(id=f"{claim.id}.argument", kind="argument", text=claim.argument)
    for k, text in enumerate(claim.assumptions, start=1):
        yield CaseNode(id=f"{claim.id}.assumption-{k}", kind="assumption", text=text)


def _links(claim: CaseClaim, evidence: dict[str, CaseNode]) -> Iterator[CaseLink]:
    argument = f"{claim.id}.argument"
    yield CaseLink(source=claim.id, target=argument, kind="supported-by")
    for label in claim.evidence:
        if label in evidence:
            yield CaseLink(source=argument, target=evidence[label].id, kind="supported-by")
    for k in range(1, len(claim.assumptions) + 1):
        yield CaseLink(source=claim.id, target=f"{claim.id}.assumption-{k}", kind="in-context-of")
