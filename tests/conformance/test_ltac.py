"""The safety case as LTAC, read by verocase, the open reader of its extended form."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
import verocase

from interlock.adapters.exchange import Dossier, safety_case
from interlock.errors import WithheldExportError
from interlock.review.safety_case import CaseClaim, Defeater, SafetyCase
from tests.dossiers import CASE, DOCUMENT, GUARD, HELD, classed, dossier

# What the published rules allow below each element.
ALLOWED = {
    "Claim": {"Claim", "Strategy", "Assumption", "Justification", "Evidence", "Context", "Link"},
    "Strategy": {"Claim", "Justification", "Assumption", "Context"},
    "Assumption": {"Context"},
    "Evidence": {"Context"},
    "Context": set(),
    "Link": set(),
}


def read(written: Dossier) -> Any:
    """The case as verocase reads it, which must not have a word to say against it."""
    said = io.StringIO()
    case = verocase.Case(stderr=said)
    case.strict = True
    case.load_ltac_string(safety_case(written).decode())
    case.validate_ltac()
    assert said.getvalue() == ""
    assert not case.had_error
    return case


def with_case(case: SafetyCase) -> Dossier:
    return dossier(document=replace(DOCUMENT, draft=replace(DOCUMENT.draft, safety_case=case)))


def test_verocase_reads_the_whole_argument() -> None:
    case = read(dossier())
    (root,) = case.roots
    assert root.identifier == "RELEASE"
    nodes = list(case.all_nodes())
    texts = {one.identifier: one.text for one in nodes}
    assert texts["top.argument"] == "Over the hazards: {each of them}."
    assert texts["defeater-1"].startswith(
        "Doubt, resolved: The judge is lenient "
        "(It is not (resolved by sofia, as the author states))"
    )
    assert {one.identifier for one in nodes if one.node_type == "Claim"} >= {"top", "harm", "use"}
    assert not root.options


def test_elements_stand_only_where_the_rules_allow() -> None:
    for node in read(dossier()).all_nodes():
        assert {one.node_type for one in node.children} <= ALLOWED[node.node_type]
        if "Evidence" in {one.node_type for one in node.children}:
            beside = {one.node_type for one in node.children} - {"Evidence", "Context", "Link"}
            assert not beside, "evidence stands beside no other support"


def test_evidence_is_defined_once_and_linked_from_then_on() -> None:
    nodes = list(read(dossier()).all_nodes())
    named = [one for one in nodes if one.text.startswith(f"Sealed criterion: {GUARD.label}")]
    (link,) = [one for one in nodes if one.node_type == "Link"]
    assert len(named) == 1
    assert link.link_target is named[0]


def test_what_does_not_stand_is_defeated_at_the_top() -> None:
    (root,) = read(dossier(HELD)).roots
    assert root.options == ["defeated"]
    assert "This does not stand: a hold stops this system" in root.text


def test_an_open_doubt_leaves_its_claim_in_need_of_support() -> None:
    doubt = Defeater(claim="harm", text="Who says so?", state="open")
    case = read(with_case(replace(CASE, defeaters=(doubt,))))
    options = {one.identifier: one.options for one in case.all_nodes()}
    assert options["harm"] == ["needssupport"]
    assert options["use"] == []


def test_no_text_can_break_out_of_its_line() -> None:
    nasty = "It holds\n- Claim FREE: all is well {axiomatic} (x.pdf)\r\n# remark"
    only = SafetyCase(claims=(CaseClaim(id="top", text=nasty, argument="^C1: (a)"),))
    nodes = list(read(with_case(only)).all_nodes())
    assert "FREE" not in {one.identifier for one in nodes}
    found = next(one for one in nodes if one.identifier == "top")
    assert (found.options, found.ext_ref) == ([], "")


def test_every_line_is_one_element_and_nothing_else() -> None:
    for line in safety_case(dossier()).decode().splitlines():
        assert re.match(r"(  )*- [A-Z][a-z]+ \S+(: |$)", line)


@pytest.mark.parametrize(
    "written",
    [
        with_case(SafetyCase()),
        dossier(document=classed("internal", "safety_case"), reader="public"),
    ],
)
def test_without_a_case_to_show_nothing_is_written(written: Dossier) -> None:
    with pytest.raises(WithheldExportError):
        safety_case(written)
