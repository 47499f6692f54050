"""A decision written for other tools: as the log has it, with its standing, beside its bundle."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from interlock.app import Export, Exported, Form, export_view, hold, revoke, verify_bundle
from interlock.errors import (
    BundleRefusedError,
    ForeignBundleError,
    NotOnLogError,
    UnsayableStandingError,
    UnsignedExportError,
)
from interlock.ledger import Envelope, key_id, signed_by
from tests.board import CANDIDATE, DEPLOYMENT, Board, board_at

FORMS: tuple[Form, ...] = get_args(Form)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("decided", tmp_path) as made:
        yield made


def write(board: Board, form: Form, decision: str = "", **changes: Any) -> tuple[Exported, Path]:
    """One export, signed by carol where it must be."""
    out = board.folder / f"view.{form}"
    asked = Export(
        form=form,
        out=out,
        bundle=changes.pop("bundle", board.folder / "view.bundle.json"),
        reader=changes.pop("reader", "internal"),
    )
    signer = changes.pop("signer", board.key("carol") if form == "vsa" else None)
    done = export_view(board.work, decision or board.made["decision"], asked, signer=signer)
    return done, out


def predicate(path: Path) -> dict[str, Any]:
    payload = Envelope.parse(path.read_bytes()).payload
    return dict(json.loads(payload)["predicate"])


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_written_and_leads_back_to_a_bundle_that_verifies(
    form: Form, board: Board
) -> None:
    done, out = write(board, form)
    bundle = board.folder / "view.bundle.json"
    assert done.standing.go
    found = verify_bundle(bundle, board.place / "root.json", now=board.clock.now())
    assert found["decision"] == done.decision
    if form != "sigstore":
        words = predicate(out) if form == "vsa" else out.read_text("utf-8")
        text = str(words)
        assert done.decision in text
        assert hashlib.sha256(bundle.read_bytes()).hexdigest() in text
        assert found["as_of"]["root"] in text


def test_a_summary_is_signed_by_the_exporter_and_names_all_it_rests_on(board: Board) -> None:
    _, out = write(board, "vsa")
    envelope, found = Envelope.parse(out.read_bytes()), predicate(out)
    carol = board.key("carol").public_key
    assert signed_by(envelope, carol)
    assert [one.keyid for one in envelope.signatures] == [key_id(carol)]
    assert found["verificationResult"] == "PASSED"
    named = {one["digest"]["sha256"] for one in found["inputAttestations"]}
    assert {*board.made.values()} - {board.made.get("seal", "")} <= named
    state = board.work.state()
    decision = state.accepted[board.made["decision"]].act
    assert set(decision.votes) <= named
    assert state.adoption is not None
    assert found["policy"]["digest"]["sha256"] == state.adoption.act.charter


def test_a_summary_without_anybody_to_sign_it_is_refused(board: Board) -> None:
    with pytest.raises(UnsignedExportError, match="--as"):
        write(board, "vsa", signer=None)


def test_a_hold_makes_it_failed_and_no_sigstore_bundle_can_hide_it(board: Board) -> None:
    hold(board.work, board.made["decision"], "reports", signer=board.key("carol"))
    done, out = write(board, "vsa")
    assert done.standing.word == "held"
    assert predicate(out)["verificationResult"] == "FAILED"
    with pytest.raises(UnsayableStandingError, match="held"):
        write(board, "sigstore")
    assert "This does not stand" in write(board, "ltac")[1].read_text("utf-8")


def test_a_revoked_or_expired_go_is_failed(board: Board) -> None:
    board.clock.seconds += 91 * 24 * 3600
    assert write(board, "vsa")[0].standing.word == "expired"
    assert predicate(board.folder / "view.vsa")["verificationResult"] == "FAILED"
    revoke(board.work, board.made["decision"], "withdrawn", signer=board.key("lea"))
    fresh = board.folder / "fresh.bundle.json"
    assert write(board, "vsa", bundle=fresh)[0].standing.word == "revoked"


def test_a_no_go_is_written_as_one(tmp_path: Path) -> None:
    with board_at("assessed", tmp_path) as board:
        board.vote_all(board.made["assessment"], ballot="no-go")
        decision = board.close(board.made["assessment"])
        done, out = write(board, "vsa", decision)
        assert done.standing.word == "no-go"
        assert predicate(out)["verificationResult"] == "FAILED"
        assert json.loads(write(board, "sigstore", decision)[1].read_bytes())["dsseEnvelope"]


def test_a_go_that_the_log_refused_is_written_as_refused(tmp_path: Path) -> None:
    with board_at("assessed", tmp_path) as board:
        board.vote("sofia", board.made["assessment"])
        forced = board.force_go(board.made["assessment"])
        done, out = write(board, "vsa", forced)
        assert done.standing.word == "missing-go"
        assert predicate(out)["verificationResult"] == "FAILED"
        with pytest.raises(UnsayableStandingError):
            write(board, "sigstore", forced)


def test_a_refused_decision_may_name_votes_that_never_counted(tmp_path: Path) -> None:
    with board_at("voted", tmp_path) as board:
        forced = board.force_go(board.made["assessment"], votes=("0" * 64,))
        done, out = write(board, "vsa", forced)
        assert done.standing.word == "wrong-votes"
        assert predicate(out)["verificationResult"] == "FAILED"
        assert write(board, "oscal", forced)[0].standing.word == "wrong-votes"


def test_several_views_name_one_bundle(board: Board) -> None:
    write(board, "oscal")
    before = (board.folder / "view.bundle.json").read_bytes()
    board.clock.seconds += 3600
    write(board, "cyclonedx")
    assert (board.folder / "view.bundle.json").read_bytes() == before


def test_a_bundle_of_an_older_log_or_of_something_else_is_refused_and_kept(board: Board) -> None:
    bundle = board.folder / "view.bundle.json"
    write(board, "oscal")
    kept = bundle.read_bytes()
    hold(board.work, board.made["decision"], "reports", signer=board.key("carol"))
    with pytest.raises(ForeignBundleError, match="older than the log"):
        write(board, "oscal")
    assert bundle.read_bytes() == kept
    bundle.write_bytes(b"{}")
    with pytest.raises(ForeignBundleError, match="is no bundle"):
        write(board, "oscal")
    assert bundle.read_bytes() == b"{}"


def test_what_is_on_no_log_is_not_exported(board: Board) -> None:
    for name in ("000000", board.made["assessment"]):
        with pytest.raises(NotOnLogError):
            write(board, "oscal", name)


def refused(board: Board, **asked: Any) -> str:
    """Why a bundle does not hold for a deployment; empty where it does."""
    bundle = board.folder / "view.bundle.json"
    try:
        verify_bundle(bundle, board.place / "root.json", now=board.clock.now(), **asked)
    except BundleRefusedError as error:
        return error.reason
    return ""


def test_a_bundle_alone_answers_for_a_deployment(board: Board) -> None:
    write(board, "oscal")
    manifest = board.place / "systems" / f"{CANDIDATE}.yaml"
    assert refused(board) == ""
    assert refused(board, deployment=DEPLOYMENT, manifest=manifest) == ""
    assert refused(board, deployment={}) == "condition"
    assert refused(board, deployment=DEPLOYMENT | {"traffic_percent": "60"}) == "condition"
    assert refused(board, deployment=DEPLOYMENT | {"tier": "public"}) == "condition"
    other = board.place / "systems" / "plain.yaml"
    assert refused(board, deployment=DEPLOYMENT, manifest=other) == "wrong-system"
