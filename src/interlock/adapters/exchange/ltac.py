"""The safety case as LTAC, the plain text that assurance-case tools read."""

from collections.abc import Iterator

from interlock.adapters.exchange.dossier import Dossier
from interlock.adapters.exchange.standing import NOTICE
from interlock.adapters.exchange.words import one_line
from interlock.errors import WithheldExportError
from interlock.review import CaseGraph, CaseNode, LinkKind, case_graph

_STEP = "  "


def safety_case(dossier: Dossier) -> bytes:
    """The argument, headed by the release it argues for and how that stands.

    Words are kept; a full stop is added where a closing bracket at the end
    would be read as a reference. A doubt stands as a context of the claim it
    attacks, since the format has no element that speaks against another.

    Raises:
        WithheldExportError: The reader may not see the safety case, or there is none.

    Source:
        Lightweight Text Assurance Case (LTAC), Argevide, version 1.1. What stands in
        braces is an option of its extension by D. A. Wheeler, and text to others.
    """
    graph = case_graph(dossier.document)
    if not graph.top:
        raise WithheldExportError("LTAC", "safety case", dossier.source.reader)
    return ("\n".join([*_head(dossier), *_Walk(graph).claim(graph.top, 2)]) + "\n").encode()


def _head(dossier: Dossier) -> Iterator[str]:
    """What the case is for, how the release stands, and where to verify it."""
    source = dossier.source
    go, name = source.standing.go, dossier.document.sealed.candidate_name
    fallen = "" if go else f" This does not stand: {source.standing.sentence}."
    yield _line(
        0,
        "Claim RELEASE",
        f"Release of {name} for {source.decision.act.product} is acceptable inside its "
        f"conditions.{fallen}",
        option="" if go else "defeated",
    )
    facts = "; ".join(f"{key} {value}" for key, value in source.facts().items())
    yield _line(1, "Context PROOF", facts)
    yield _line(1, "Context NOTICE", f"{NOTICE} {dossier.withheld_notice}")
    yield _line(1, "Strategy ARGUMENT", "Argue by the safety case that the panel read")


class _Walk:
    """One walk down the case; evidence that was named once is linked from then on."""

    def __init__(self, graph: CaseGraph) -> None:
        self._graph = graph
        self._nodes = {one.id: one for one in graph.nodes}
        self._named: set[str] = set()

    def claim(self, name: str, depth: int) -> Iterator[str]:
        """A claim, the doubts about it, what it takes for granted, and what shows it."""
        doubts = self._from(name, "challenged-by")
        unmet = any(one.state == "open" for one in doubts)
        text = self._nodes[name].text
        yield _line(depth, f"Claim {name}", text, option="needssupport" if unmet else "")
        for doubt in doubts:
            met = f" ({doubt.note})" if doubt.note else ""
            words = f"Doubt, {doubt.state}: {doubt.text}{met}"
            yield _line(depth + 1, f"Context {doubt.id}", words)
        for taken in self._from(name, "in-context-of"):
            yield _line(depth + 1, f"Assumption {taken.id}", taken.text)
        for argument in self._from(name, "supported-by"):
            yield _line(depth + 1, f"Strategy {argument.id}", argument.text)
            for shown in self._from(argument.id, "supported-by"):
                yield from self._below(argument, shown, depth + 2)

    def _below(self, argument: CaseNode, shown: CaseNode, depth: int) -> Iterator[str]:
        """A claim, or evidence under a claim of its own: no strategy rests on evidence directly."""
        if shown.kind == "claim":
            yield from self.claim(shown.id, depth)
            return
        words = f"The sealed evidence shows: {shown.text}"
        yield _line(depth, f"Claim {argument.id}.{shown.id}", words)
        if shown.id in self._named:
            yield f"{_STEP * (depth + 1)}- Link {shown.id}"
            return
        self._named.add(shown.id)
        words = f"Sealed criterion: {shown.text}; it came to {shown.state}: {shown.note}"
        yield _line(depth + 1, f"Evidence {shown.id}", words)

    def _from(self, name: str, kind: LinkKind) -> list[CaseNode]:
        links = (one for one in self._graph.links if (one.source, one.kind) == (name, kind))
        return [self._nodes[one.target] for one in links]


def _line(depth: int, what: str, text: str, *, option: str = "") -> str:
    said = one_line(text)
    if said.endswith((")", "}")):
        said += "."
    return f"{_STEP * depth}- {what}: {said}" + (f" {{{option}}}" if option else "")
