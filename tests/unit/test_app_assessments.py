"""An assessment on its way: filled, put before the panel, copied, held against its copies."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from interlock.admission import Assessment, Bundle
from interlock.app import (
    compare_assessments,
    draft_assessment,
    export_bundle,
    read_assessment,
    redact_assessment,
    submit_assessment,
    verify_copy,
    verify_copy_offline,
)
from interlock.app.acts import find_act
from interlock.app.assessments import document_of
from interlock.app.forgeries import without_newest
from interlock.errors import (
    AlteredCopyError,
    BlankAssessmentError,
    BundleRefusedError,
    InterlockError,
    NotOnLogError,
)
from interlock.ledger import digest, dump, load
from interlock.review import READS, Reader, blanks
from tests.board import DRAFT, GUARD, Board, board_at


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("decided", tmp_path / "own") as board:
        yield board


def again(board: Board) -> str:
    """The same assessment, put before the panel in other words."""
    newer = DRAFT.replace("version: 1", "version: 2\nsupersedes: version 1").replace(
        "Every prompt once.", "Every prompt twice."
    )
    return board.assess(board.made["verdict"], draft=newer)


def test_what_the_ledger_fills_comes_from_the_log(board: Board) -> None:
    found = find_act(board.work.state(), board.made["assessment"], Assessment)
    document = document_of(board.work, found)
    assert document.subject.system == found.act.system
    assert document.subject.name == "guarded"
    assert {(one.metric, one.judge, one.rows) for one in document.judges} == {
        ("harm", "not named", 300),
        ("helpfulness", "not named", 300),
    }
    assert [one.score for one in document.scores] == [
        "evasion-potential",
        "systemic-amplification",
    ]
    assert document.residual[0].figures is not None
    assert document.deviations == ()
    assert blanks(document) == ()


def test_the_log_holds_each_field_under_a_salt_of_its_own(board: Board) -> None:
    found = find_act(board.work.state(), board.made["assessment"], Assessment)
    manifest = board.work.log.record(found.act.document)
    fields = [board.work.log.record(one.digest) for one in manifest.fields]
    assert len({one.salt for one in fields}) == len(fields) == 21


def test_the_same_draft_twice_is_signed_under_other_salts(board: Board) -> None:
    state = board.work.state()
    first = find_act(state, board.made["assessment"], Assessment).act.document
    second = board.assess(board.made["verdict"])
    assert find_act(board.work.state(), second, Assessment).act.document != first


def test_a_blank_assessment_is_not_put_before_the_panel_and_all_of_it_is_named(
    board: Board,
) -> None:
    path = board.write("open.yaml", DRAFT.replace("elicitation: Every prompt once.\n", ""))
    size = board.work.state().size
    with pytest.raises(BlankAssessmentError, match="elicitation: is empty") as caught:
        submit_assessment(board.work, path, board.made["verdict"], signer=board.key("paula"))
    assert caught.value.blanks == ("elicitation: is empty; write it",)
    assert board.work.state().size == size


def test_a_draft_of_the_ledger_can_be_read_and_asks_for_the_rest(board: Board) -> None:
    path = board.write("new.yaml", draft_assessment(board.work, board.made["verdict"]))
    document = read_assessment(board.work, path, board.made["verdict"])
    assert len(blanks(document)) > 40


def test_sealing_the_same_claims_again_is_a_deviation_that_needs_a_reason(board: Board) -> None:
    board.seal(GUARD.replace("hypothesis: guard", "hypothesis: once more"))
    path = board.write("late.yaml", DRAFT)
    document = read_assessment(board.work, path, board.made["verdict"])
    (found,) = document.deviations
    assert found.what == "3 of its claims were sealed again as 'once more'"
    assert {blank.field for blank in blanks(document)} >= {"deviation_reasons"}


@pytest.mark.parametrize("reader", READS)
def test_a_copy_verifies_against_the_assessment_on_the_log(board: Board, reader: Reader) -> None:
    path = board.folder / "copy.json"
    made = redact_assessment(board.work, board.made["assessment"], path, reader=reader)
    assert verify_copy(board.work, path, board.made["assessment"]) == made


def test_a_stranger_verifies_a_copy_with_bundle_and_root_alone(board: Board) -> None:
    copy, bundle = board.folder / "copy.json", board.folder / "go.json"
    made = redact_assessment(board.work, board.made["assessment"], copy, reader="public")
    export_bundle(board.work, board.made["decision"], bundle)
    root = board.place / "root.json"
    assert verify_copy_offline(copy, bundle, root) == made
    withheld = [field for field in made.manifest.fields if field.disclosure != "public"]
    assert withheld
    for entry in withheld:
        field = board.work.log.record(entry.digest)
        assert field.salt not in bundle.read_text("utf-8")


def test_an_altered_salt_is_caught_on_the_log_and_offline(board: Board) -> None:
    copy, bundle = board.folder / "copy.json", board.folder / "go.json"
    redact_assessment(board.work, board.made["assessment"], copy, reader="public")
    export_bundle(board.work, board.made["decision"], bundle)
    altered = json.loads(copy.read_bytes())
    altered["content"]["fields"][2]["salt"] = "0" * 64
    copy.write_bytes(json.dumps(altered, sort_keys=True, separators=(",", ":")).encode())
    with pytest.raises(AlteredCopyError, match=altered["content"]["fields"][2]["name"]):
        verify_copy(board.work, copy, board.made["assessment"])
    with pytest.raises(AlteredCopyError, match=altered["content"]["fields"][2]["name"]):
        verify_copy_offline(copy, bundle, board.place / "root.json")


def test_a_copy_of_another_version_is_not_this_one(board: Board) -> None:
    copy = board.folder / "copy.json"
    newer = again(board)
    redact_assessment(board.work, newer, copy, reader="public")
    with pytest.raises(AlteredCopyError, match="which the panel signed"):
        verify_copy(board.work, copy, board.made["assessment"])


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"content":{},"kind":"vote/1"}'])
def test_a_file_that_is_no_copy_is_refused(board: Board, content: bytes) -> None:
    copy = board.folder / "copy.json"
    copy.write_bytes(content)
    with pytest.raises(AlteredCopyError, match="is no copy of an assessment"):
        verify_copy(board.work, copy, board.made["assessment"])


def test_a_record_that_is_no_copy_is_refused(board: Board) -> None:
    copy = board.folder / "copy.json"
    copy.write_bytes(dump(board.work.root))
    with pytest.raises(AlteredCopyError, match="is no copy of an assessment"):
        verify_copy(board.work, copy, board.made["assessment"])


@pytest.mark.parametrize("broken", ["bundle", "root"])
@pytest.mark.parametrize("content", [b"", b"{}", b"[1", b"\xff"])
def test_a_file_that_is_neither_bundle_nor_root_is_named(
    board: Board, broken: str, content: bytes
) -> None:
    copy, bundle = board.folder / "copy.json", board.folder / "go.json"
    root = board.folder / "their-root.json"
    root.write_bytes((board.place / "root.json").read_bytes())
    redact_assessment(board.work, board.made["assessment"], copy, reader="public")
    export_bundle(board.work, board.made["decision"], bundle)
    wrong = {"bundle": bundle, "root": root}[broken]
    wrong.write_bytes(content)
    with pytest.raises(InterlockError, match=wrong.name):
        verify_copy_offline(copy, bundle, root)


def test_a_bundle_of_another_log_shows_nothing(board: Board) -> None:
    copy, bundle = board.folder / "copy.json", board.folder / "go.json"
    redact_assessment(board.work, board.made["assessment"], copy, reader="public")
    export_bundle(board.work, board.made["decision"], bundle)
    elsewhere = board.write("their-root.json", "")
    elsewhere.write_bytes(dump(replace(board.work.root, origin="elsewhere.example/log")))
    with pytest.raises(BundleRefusedError, match=r"go\.json"):
        verify_copy_offline(copy, bundle, elsewhere)


def test_a_bundle_cut_short_shows_nothing(board: Board) -> None:
    copy, bundle = board.folder / "copy.json", board.folder / "go.json"
    redact_assessment(board.work, board.made["assessment"], copy, reader="public")
    export_bundle(board.work, board.made["decision"], bundle)
    bundle.write_bytes(without_newest(Bundle.parse(bundle.read_bytes())).to_bytes())
    with pytest.raises(BundleRefusedError, match=r"go\.json"):
        verify_copy_offline(copy, bundle, board.place / "root.json")


def test_a_difference_between_versions_names_field_and_words(board: Board) -> None:
    newer = again(board)
    changes = compare_assessments(board.work, board.made["assessment"], newer)
    assert [one.field for one in changes] == ["identity", "evidence"]
    (part,) = changes[1].parts
    assert (part.path, part.before) == ("elicitation", "Every prompt once.")


def test_an_assessment_of_the_short_form_has_no_copies(board: Board) -> None:
    golden = Path(__file__).parents[1] / "golden/records/safety-impact-assessment-1.json"
    document = load(golden.read_bytes())
    found = find_act(board.work.state(), board.made["assessment"], Assessment)
    shaped = {name: getattr(found.act, name) for name in vars(found.act)}
    act = Assessment(**shaped | {"document": digest(document), "previous": found.identity})
    old = board.work.append(act, board.key("paula"), records=(document,)).identity
    assert document_of(board.work, find_act(board.work.state(), old, Assessment)) == document
    with pytest.raises(NotOnLogError):
        redact_assessment(board.work, old, board.folder / "copy.json", reader="public")
