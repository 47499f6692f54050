"""A verdict that is not what its numbers came to carries nothing, whoever signed it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from interlock.admission import (
    Assessment,
    CriterionOutcome,
    Recomputation,
    Verdict,
    Vote,
    export,
)
from interlock.admission.verify import Refused, verify
from interlock.app import check_decision, export_bundle
from interlock.app.acts import find_act
from interlock.errors import UntrueVerdictError
from interlock.ledger import digest, dump
from tests.board import BASELINE, CANDIDATE, DEPLOYMENT, DRAFT, PANEL, Board, board_at, rows


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("convened", tmp_path) as made:
        yield made


def lied(board: Board) -> str:
    """A verdict signed as passed over the record of one that failed; its identity."""
    failed = board.judged(rows(harm=140))
    assert failed.judgement.outcome == "failed"
    seal = board.seal().identity
    runs = (board.run(seal, BASELINE, rows(harm=91)), board.run(seal, CANDIDATE, rows(harm=139)))
    true = find_act(board.work.state(), failed.verdict.identity, Verdict).act
    criteria = tuple(
        CriterionOutcome(criterion=one.criterion, outcome="passed", red_line=one.red_line)
        for one in true.criteria
    )
    lie = replace(true, seal=seal, runs=runs, outcome="passed", criteria=criteria)
    return board.force(lie, "paula")


def test_it_cannot_be_assessed(board: Board) -> None:
    with pytest.raises(UntrueVerdictError, match="not what its own numbers came to"):
        board.assess(lied(board), draft=DRAFT)


def test_a_go_forced_upon_it_holds_for_nobody(board: Board) -> None:
    verdict = lied(board)
    work = board.work
    judged = find_act(work.state(), verdict, Verdict).act
    seal = work.state().accepted[judged.seal].act
    document = digest(seal)
    assessment = board.force(
        Assessment(
            document=document,
            product=seal.product,
            system=judged.system,
            verdict=verdict,
            conditions=(),
            valid_days=30,
            previous="",
            change="normal",
            follows="",
            changed=(),
        ),
        "paula",
    )
    again = Recomputation(verdict=verdict, judgement=judged.judgement)
    board.force(again, "emil")
    for person, role in PANEL.items():
        board.force(
            Vote(
                origin=work.root.origin,
                assessment=assessment,
                system=judged.system,
                charter=seal.charter,
                role=role,
                ballot="go",
                reasons="I trust the green box",
                previous="",
                accepts_retrospective=True,
            ),
            person,
        )
    with pytest.raises(UntrueVerdictError):
        board.vote("sofia", assessment)
    decision = board.force_go(assessment)
    with pytest.raises(UntrueVerdictError):
        check_decision(work, decision, deployment=DEPLOYMENT)
    with pytest.raises(UntrueVerdictError):
        export_bundle(work, decision, board.folder / "bundle.json")
    bundle = export(
        work.log.entries(),
        decision,
        checkpoint=work.log.note(),
        records=(work.log.record_bytes(judged.judgement),),
    )
    with pytest.raises(Refused) as refused:
        verify(bundle.to_bytes(), dump(work.root), board.clock.now())
    assert refused.value.reason == "untrue-verdict"


def test_a_bundle_without_the_numbers_says_so(tmp_path: Path) -> None:
    with board_at("decided", tmp_path) as board:
        work, decision = board.work, board.made["decision"]
        note = work.log.note()
        bare = export(work.log.entries(), decision, checkpoint=note)
        found = verify(bare.to_bytes(), dump(work.root), board.clock.now())
        assert found["numbers_shown"] is False
        export_bundle(work, decision, board.folder / "bundle.json")
        whole = (board.folder / "bundle.json").read_bytes()
        assert verify(whole, dump(work.root), board.clock.now())["numbers_shown"] is True
