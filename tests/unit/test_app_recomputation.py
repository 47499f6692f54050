"""A second person derives verdicts again: to the last bit, or the verdict is disputed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from interlock.admission import Seal, Verdict
from interlock.app import judge_seal
from interlock.app.acts import find_act
from interlock.app.verdicts import derive
from interlock.errors import NotOnLogError
from interlock.gate import Judgement
from interlock.ledger import digest
from tests.board import BASELINE, CANDIDATE, GUARD, Board, board_at, refusal, rows

PAIR = GUARD.replace("candidates: [guarded]", "candidates: [guarded, strict]")


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("convened", tmp_path) as made:
        manifest = "system: strict\nmodel: model-1\nparts: {prompt: strict}\n"
        made.work.path("systems/strict.yaml").write_text(manifest, encoding="utf-8")
        yield made


def forged(board: Board, judgement: Judgement) -> str:
    """A verdict whose record and outcomes fit each other, and not the rows; its identity."""
    true = board.judged(rows(harm=3))
    act = find_act(board.work.state(), true.verdict.identity, Verdict).act
    seal = board.seal().identity
    runs = (board.run(seal, BASELINE, rows(harm=91)), board.run(seal, CANDIDATE, rows(harm=4)))
    lie = replace(act, seal=seal, runs=runs, judgement=digest(judgement))
    return board.work.append(lie, board.key("paula"), records=(judgement,)).identity


def test_the_same_rows_come_to_the_same_figures(board: Board) -> None:
    verdict = board.judged(rows(harm=3)).verdict.identity
    done = board.recompute(verdict[:8])
    assert done.agrees
    assert done.differs == ()
    assert board.work.state().recomputed(verdict)
    assert not board.work.state().disputed(verdict)


def test_figures_that_did_not_come_from_the_rows_are_disputed(board: Board) -> None:
    true = board.judged(rows(harm=3)).judgement
    verdict = forged(board, replace(true, name="guard, again"))
    done = board.recompute(verdict)
    assert not done.agrees
    assert any("harm" in each for each in done.differs)
    state = board.work.state()
    assert state.disputed(verdict)
    assert board.work.log.record(digest(done.judgement)) == done.judgement


def test_nothing_goes_on_a_disputed_verdict(board: Board) -> None:
    verdict = board.judged(rows(harm=3))
    assessment = board.assess(verdict.verdict.identity)
    board.vote_all(assessment)
    decision = board.close(assessment)
    assert board.standing(decision) == "holds"
    act = find_act(board.work.state(), verdict.verdict.identity, Verdict).act
    assert act.judgement == digest(verdict.judgement)
    other = verdict_of_others(board, verdict.verdict.identity)
    board.force(other, "emil")
    assert board.standing(decision) == "disputed"
    assert board.bundle_standing(decision) == "disputed"


def verdict_of_others(board: Board, verdict: str) -> object:
    """What somebody says who arrived at something else."""
    from_rows = board.work.state().recomputations[verdict][0].act
    return replace(from_rows, judgement="0" * 64)


def test_whoever_made_a_verdict_confirms_nothing(board: Board) -> None:
    verdict = board.judged(rows(harm=3)).verdict.identity
    assert refusal(board.recompute, verdict, "paula") == "role-not-held"
    nina = board.judged(rows(harm=3), by="nina").verdict.identity
    assert refusal(board.recompute, nina, "nina") == "conflict-of-interest"


def test_a_verdict_that_its_own_record_belies_is_disputed_by_whoever_derives_it(
    board: Board,
) -> None:
    failed = board.judged(rows(harm=140))
    verdict = forged(board, failed.judgement)
    assert not board.recompute(verdict).agrees
    assert board.work.state().disputed(verdict)
    with pytest.raises(NotOnLogError):
        board.recompute("0123456789")


def test_each_of_several_candidates_comes_out_again_whenever_it_was_judged(board: Board) -> None:
    seal = board.seal(PAIR).identity
    board.run(seal, BASELINE, rows(harm=90))
    board.run(seal, CANDIDATE, rows(harm=3))
    board.judge(seal)
    board.run(seal, "strict", rows(harm=4))
    judged = judge_seal(board.work, seal, signer=board.key("paula"))
    assert [one.system for one in judged] == [CANDIDATE, "strict"]
    assert all(board.recompute(one.verdict.identity).agrees for one in judged)


def test_a_run_that_came_while_a_verdict_was_derived_disputes_nothing(board: Board) -> None:
    seal = board.seal(PAIR).identity
    board.run(seal, BASELINE, rows(harm=90))
    board.run(seal, "strict", rows(harm=4))
    alone = board.judge(seal)
    later = board.seal(PAIR).identity
    runs = (board.run(later, BASELINE, rows(harm=91)), board.run(later, "strict", rows(harm=5)))
    act = find_act(board.work.state(), alone.verdict.identity, Verdict).act
    fresh = derived(board, later)
    board.run(later, CANDIDATE, rows(harm=2))
    late = replace(act, seal=later, runs=runs, judgement=digest(fresh))
    verdict = board.work.append(late, board.key("paula"), records=(fresh,)).identity
    assert board.recompute(verdict).agrees


def derived(board: Board, seal: str) -> Judgement:
    """The judgement of the only candidate that has a run so far."""
    state = board.work.state()
    sealed = find_act(state, seal, Seal)
    runs = {system: run for (of, system), run in state.runs.items() if of == seal}
    (judgement,) = derive(board.work, sealed, runs).values()
    return judgement
