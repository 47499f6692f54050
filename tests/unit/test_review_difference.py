"""What changed between two versions, and the safety case as a graph."""

from dataclasses import replace

from interlock.review import case_graph, difference, fill
from tests.review_facts import DOCUMENT, DRAFT, FACTS, GAIN, LIMIT, NO_GO_PAGE


def test_nothing_differs_between_a_document_and_itself() -> None:
    assert difference(DOCUMENT, fill(DRAFT, FACTS)) == ()


def test_a_changed_word_is_shown_in_its_sentence() -> None:
    purpose = DRAFT.purpose.replace("English", "French")
    (changed,) = difference(DOCUMENT, fill(replace(DRAFT, purpose=purpose), FACTS))
    assert changed.field == "use"
    assert changed.before != changed.after
    (part,) = changed.parts
    assert part.path == "purpose"
    assert "[-English,-] {+French,+}" in part.words


def test_a_new_entry_moves_no_other() -> None:
    extra = replace(DRAFT.hazards[0], id="another", category="self-harm")
    newer = replace(DRAFT, hazards=(extra, *DRAFT.hazards))
    changed = {one.field: one for one in difference(DOCUMENT, fill(newer, FACTS))}
    assert set(changed) == {"hazards", "residual"}
    paths = {part.path.split("]")[0] for part in changed["hazards"].parts}
    assert paths == {"hazards[another"}
    assert all(part.before is None for part in changed["hazards"].parts)


def test_what_is_gone_is_shown_as_it_was() -> None:
    newer = replace(DRAFT, limits=DRAFT.limits[:2])
    (changed,) = difference(DOCUMENT, fill(newer, FACTS))
    (part,) = changed.parts
    assert (part.path, part.before, part.after) == ("limits[2]", "No tools, no retrieval.", None)


def test_other_evidence_is_a_change_like_any_other() -> None:
    fields = {one.field for one in difference(DOCUMENT, NO_GO_PAGE.document)}
    assert {"evidence", "residual"} <= fields
    assert "use" not in fields


def test_a_case_has_one_top_and_each_element_once() -> None:
    graph = case_graph(DOCUMENT)
    names = [node.id for node in graph.nodes]
    assert graph.top == "safe-enough"
    assert len(set(names)) == len(names)
    assert {one.source for one in graph.links} | {one.target for one in graph.links} == set(names)


def test_evidence_of_a_case_says_what_it_came_to() -> None:
    found = {node.text: node for node in case_graph(DOCUMENT).nodes if node.kind == "evidence"}
    assert set(found) == {GAIN.label, LIMIT.label}
    assert found[GAIN.label].state == "passed"
    worse = {node.text: node.state for node in case_graph(NO_GO_PAGE.document).nodes}
    assert worse[LIMIT.label] == "failed"


def test_a_claim_hangs_under_the_argument_of_the_one_it_supports() -> None:
    links = {(one.source, one.target): one.kind for one in case_graph(DOCUMENT).links}
    assert links["safe-enough.argument", "less-harm"] == "supported-by"
    assert links["safe-enough", "safe-enough.assumption-1"] == "in-context-of"


def test_doubts_stand_in_the_case_with_what_became_of_them() -> None:
    found = [node for node in case_graph(DOCUMENT).nodes if node.kind == "defeater"]
    assert [(one.state, one.note) for one in found] == [
        (
            "accepted",
            "The effect is far larger than the bar. (accepted by Ada, as the author states)",
        ),
        ("resolved", "Kappa is 0.92. (resolved by Ada, as the author states)"),
    ]
    links = [one for one in case_graph(DOCUMENT).links if one.kind == "challenged-by"]
    assert {one.source for one in links} == {"less-harm"}
