"""An assessment that another program signed unfinished: nobody votes on it, nobody goes by it."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from interlock.adapters.sql_log import SqlLog
from interlock.admission import Assessment, Verdict, Vote, statement_of
from interlock.app import Export, check_decision, export_bundle, export_view
from interlock.app.acts import find_act
from interlock.app.assessments import check_assessed
from interlock.app.facts import ledger_facts
from interlock.errors import UnfinishedAssessmentError
from interlock.ledger import canonical, digest, sign
from interlock.review import fill, load_draft
from tests.board import DEPLOYMENT, DRAFT, PANEL, Board, board_at

OPEN_DEFEATER = """\
  defeaters:
    - {claim: top, text: The prompts are old., state: open}
"""
GAPS = {
    "blank": DRAFT.replace("elicitation: Every prompt once.\n", ""),
    "draft": DRAFT.replace("status: final", "status: draft"),
    "open defeater": DRAFT.replace("monitoring:\n", f"{OPEN_DEFEATER}monitoring:\n"),
}
SHORT_FORM = Path(__file__).parents[1] / "golden/records/safety-impact-assessment-1.json"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("judged", tmp_path) as board:
        board.recompute(board.made["verdict"])
        yield board


def submitted(board: Board, text: str) -> str:
    """Put a draft before the panel as a program does that never looks for blanks."""
    work = board.work
    verdict = find_act(work.state(), board.made["verdict"], Verdict)
    document = fill(load_draft(text, file="draft.yaml"), ledger_facts(work, verdict))
    act = assessment(board, digest(document))
    return work.append(act, board.key("paula"), records=(document,)).identity


def assessment(board: Board, document: str) -> Assessment:
    draft = load_draft(DRAFT, file="draft.yaml")
    verdict = find_act(board.work.state(), board.made["verdict"], Verdict)
    return Assessment(
        document=document,
        product="assistant",
        system=verdict.act.system,
        verdict=verdict.identity,
        conditions=draft.conditions,
        valid_days=90,
        previous="",
        change="normal",
        follows="",
        changed=(),
    )


@pytest.mark.parametrize("gap", GAPS)
def test_nobody_votes_on_an_unfinished_assessment(board: Board, gap: str) -> None:
    made = submitted(board, GAPS[gap])
    size = board.work.state().size
    with pytest.raises(UnfinishedAssessmentError, match="signed unfinished"):
        board.vote("sofia", made)
    assert board.work.state().size == size


def test_a_go_that_other_programs_gave_on_an_unfinished_assessment_does_not_pass_the_check(
    board: Board,
) -> None:
    made, work = submitted(board, GAPS["blank"]), board.work
    for name, role in PANEL.items():
        board.force(vote(board, made, role), name)
    decision = board.force_go(made)
    assert work.state().standing(decision) == "go"
    with pytest.raises(UnfinishedAssessmentError, match="elicitation"):
        check_decision(work, decision, deployment=DEPLOYMENT)
    with pytest.raises(UnfinishedAssessmentError):
        export_bundle(work, decision, board.folder / "bundle.json")
    bundle, out = board.folder / "view.bundle.json", board.folder / "view.json"
    with pytest.raises(UnfinishedAssessmentError):
        export_view(work, decision, Export(form="oscal", out=out, bundle=bundle, reader="internal"))
    assert not out.exists()


def vote(board: Board, assessed: str, role: str) -> Vote:
    state = board.work.state()
    assert state.adoption is not None
    return Vote(
        origin=board.work.root.origin,
        assessment=assessed,
        system=find_act(state, assessed, Assessment).act.system,
        charter=state.adoption.act.charter,
        role=role,
        ballot="go",
        reasons="I trust the author",
        previous="",
        accepts_retrospective=True,
    )


def test_the_short_form_is_not_held_to_sections_it_never_had(board: Board) -> None:
    verdict = find_act(board.work.state(), board.made["verdict"], Verdict)
    record = json.loads(SHORT_FORM.read_bytes())
    draft = load_draft(DRAFT, file="draft.yaml")
    record["content"]["draft"] |= {
        "product": "assistant",
        "valid_days": draft.valid_days,
        "conditions": [{"kind": one.kind, "limit": one.limit} for one in draft.conditions],
    }
    record["content"] |= {"verdict": verdict.identity}
    record["content"]["sealed"]["candidate"] = verdict.act.system
    stored = canonical(record)
    act = assessment(board, hashlib.sha256(stored).hexdigest())
    assert isinstance(board.work.log, SqlLog)
    envelope = sign(statement_of(act), board.key("paula"))
    board.work.log.append(envelope, records=[stored])
    state = board.work.state()
    check_assessed(board.work, state, find_act(state, envelope.identity, Assessment))
