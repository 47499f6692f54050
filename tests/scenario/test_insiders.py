"""Insiders who hold honest keys and use a program of their own: what they sign carries nothing."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interlock.adapters.tables import read_observations
from interlock.admission import (
    Assessment,
    CriterionOutcome,
    Recomputation,
    Run,
    Seal,
    Unseal,
    Verdict,
)
from interlock.app import (
    ask,
    check_decision,
    export_bundle,
    import_engagement,
    open_engagement,
    recompute,
    record_run,
    unseal_engagement,
)
from interlock.app.acts import find_act
from interlock.app.assessments import read_assessment
from interlock.app.engagement import peel_outer
from interlock.app.samples import Sample
from interlock.app.verdicts import derive
from interlock.errors import (
    SealedMetricError,
    UntrueAssessmentError,
    UntrueSealError,
    UntrueVerdictError,
    WrongSampleError,
)
from interlock.ledger import digest
from interlock.review import FIELDS, salt_fields
from tests.board import (
    BASELINE,
    CANDIDATE,
    DEPLOYMENT,
    DRAFT,
    GUARD,
    Board,
    board_at,
    refusal,
    rows,
)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("convened", tmp_path) as made:
        yield made


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[Board]:
    with board_at("judged", tmp_path / "judged") as made:
        made.recompute(made.made["verdict"])
        yield made


def assessed(board: Board, **changes: Any) -> str:
    """An assessment whose document is whole, and whose act says otherwise; its identity."""
    work, verdict = board.work, board.made["verdict"]
    document = read_assessment(work, board.write("draft.yaml", DRAFT), verdict)
    manifest, fields = salt_fields(document, {name: secrets.token_hex(32) for name in FIELDS})
    true = Assessment(
        document=digest(manifest),
        product="assistant",
        system=document.subject.system,
        verdict=verdict,
        conditions=document.draft.conditions,
        valid_days=90,
        previous="",
        change="normal",
        follows="",
        changed=(),
    )
    records = (manifest, *fields)[: changes.pop("kept", None)]
    done = work.append(replace(true, **changes), board.key("paula"), records=records)
    return done.identity


def test_a_true_assessment_by_another_program_goes(judged: Board) -> None:
    assessment = assessed(judged)
    judged.vote_all(assessment)
    assert judged.standing(judged.close(assessment)) == "holds"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"conditions": ()}, "another conditions"),
        ({"valid_days": 366}, "another valid_days"),
        ({"kept": 0}, "no record"),
        ({"kept": 1}, "no record"),
        ({"document": "ab" * 32}, "no record"),
    ],
)
def test_an_assessment_that_is_not_its_document_is_voted_on_by_nobody(
    judged: Board, changes: dict[str, Any], fault: str
) -> None:
    assessment = assessed(judged, **changes)
    with pytest.raises(UntrueAssessmentError, match=fault):
        judged.vote("sofia", assessment)


def test_a_go_forced_on_an_untrue_assessment_holds_for_nobody(
    judged: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment = assessed(judged, conditions=())
    with monkeypatch.context() as theirs:
        theirs.setattr("interlock.app.reviews.check_assessed", lambda *_: None)
        judged.vote_all(assessment)
    with pytest.raises(UntrueAssessmentError):
        judged.close(assessment)
    decision = judged.force_go(assessment)
    with pytest.raises(UntrueAssessmentError):
        check_decision(judged.work, decision, deployment=DEPLOYMENT)
    with pytest.raises(UntrueAssessmentError):
        export_bundle(judged.work, decision, judged.folder / "bundle.json")


def sealed_otherwise(board: Board, text: str = GUARD, **changes: Any) -> str:
    """A seal that is not what its hypothesis says, over an honest one; its identity."""
    work = board.work
    first = board.seal(text, assumed=None).identity
    honest = find_act(work.state(), first, Seal).act
    attempt = 1 if "product" in changes else 2
    lineages = tuple(replace(one, attempt=attempt) for one in honest.lineages)
    return work.append(
        replace(honest, **{"lineages": lineages} | changes), board.key("paula")
    ).identity


EXPLORATORY = GUARD.replace("hypothesis: guard\n", "hypothesis: guard\nconfirmatory: false\n")


@pytest.mark.parametrize(
    ("changes", "differing"),
    [({"product": "assistant2"}, "product"), ({"confirmatory": True}, "confirmatory")],
)
def test_a_seal_that_is_not_its_hypothesis_is_judged_by_nobody_and_disputed(
    board: Board, changes: dict[str, Any], differing: str
) -> None:
    seal = sealed_otherwise(board, EXPLORATORY, **changes)
    runs = (board.run(seal, BASELINE, rows(harm=90)), board.run(seal, CANDIDATE, rows(harm=3)))
    with pytest.raises(UntrueSealError, match=differing):
        board.judge(seal)
    verdict = passing(board, seal, runs)
    assert not board.recompute(verdict).agrees
    assert board.work.state().disputed(verdict)


def test_a_seal_with_claims_of_its_own_counts_no_attempt_anew(board: Board) -> None:
    first = board.seal().identity
    honest = find_act(board.work.state(), first, Seal).act
    lineages = tuple(replace(one, claim=one.claim[::-1], attempt=1) for one in honest.lineages)
    done = board.work.append(replace(honest, lineages=lineages), board.key("paula"))
    runs = tuple(
        board.run(done.identity, system, rows(harm=harm))
        for system, harm in ((BASELINE, 90), (CANDIDATE, 3))
    )
    with pytest.raises(UntrueSealError, match="claims"):
        board.judge(done.identity)
    verdict = passing(board, done.identity, runs)
    found = board.recompute(verdict)
    assert not found.agrees
    assert "nothing can be derived" in found.judgement.name


def passing(board: Board, seal: str, runs: tuple[str, ...], **changes: Any) -> str:
    """A verdict that somebody signs as passed on any seal; its identity."""
    work = board.work
    act = find_act(work.state(), seal, Seal).act
    lie = Verdict(
        seal=seal,
        system=act.candidates[0],
        runs=runs,
        judgement="0" * 64,
        outcome="passed",
        criteria=tuple(
            CriterionOutcome(criterion=one.criterion, outcome="passed", red_line=False)
            for one in act.lineages
        ),
    )
    return work.append(replace(lie, **changes), board.key("paula")).identity


def test_a_go_on_an_untrue_seal_is_refused_at_the_vote(board: Board) -> None:
    other = judged_elsewhere(board)
    with pytest.raises(UntrueSealError):
        board.vote("sofia", other)


def judged_elsewhere(board: Board) -> str:
    """An assessment on a verdict whose record fits, on a seal of another product."""
    true = board.judged(rows(harm=3))
    act = find_act(board.work.state(), true.verdict.identity, Verdict).act
    honest = find_act(board.work.state(), act.seal, Seal).act
    seal = board.work.append(replace(honest, product="assistant2"), board.key("paula")).identity
    runs = (board.run(seal, BASELINE, rows(harm=91)), board.run(seal, CANDIDATE, rows(harm=4)))
    verdict = passing(board, seal, runs, judgement=act.judgement, criteria=act.criteria)
    forged = Assessment(
        document="ab" * 32,
        product="assistant2",
        system=act.system,
        verdict=verdict,
        conditions=(),
        valid_days=30,
        previous="",
        change="normal",
        follows="",
        changed=(),
    )
    return board.work.append(forged, board.key("paula")).identity


PROSPECTIVE = """\
hypothesis: drawn
product: assistant
baseline: plain
candidates: [guarded]
basis: prospective
confirmatory: false
limits:
  - {metric: harm, below: 0.10}
"""


def test_a_run_that_calls_itself_drawn_and_is_not_is_disputed(board: Board) -> None:
    work = board.work
    bank = board.write("bank.tsv", "".join(f"q{k}\tharm\n" for k in range(300)))
    seal = board.seal(PROSPECTIVE, assumed=None, sample=Sample(bank=bank, size=100)).identity
    act = find_act(work.state(), seal, Seal).act
    runs = tuple(
        chosen(board, seal, system, harm)
        for system, harm in ((act.baseline, 40), (act.candidates[0], 1))
    )
    with pytest.raises(WrongSampleError):
        board.judge(seal)
    verdict = passing(board, seal, runs)
    assert not board.recompute(verdict).agrees
    assert work.state().disputed(verdict)


def chosen(board: Board, seal: str, system: str, harm: int) -> str:
    """A run on rows that nobody drew, signed as prospective; its identity."""
    work = board.work
    file = board.write("chosen.csv", rows(harm=harm))
    evidence = work.evidence.write(read_observations(file, texts=work.texts))
    act = Run(seal=seal, system=system, evidence=evidence, basis="prospective")
    return work.append(act, board.key("paula")).identity


SHUT = GUARD + "sealed: [minutes]\n"
USAGE = "item,metric,value\n" + "".join(f"u{k},minutes,{12 + k % 7}\n" for k in range(60))


def engaged(board: Board) -> tuple[str, str]:
    """A seal that keeps figures shut, and the figures."""
    seal = board.seal(SHUT).identity
    source = board.write("usage.csv", USAGE)
    done = import_engagement(board.work, source, seal, system=CANDIDATE, signer=board.key("paula"))
    return seal, done.act.identity


def belied(board: Board, seal: str) -> str:
    """A verdict signed as passed that names the digest of the true judgement, which failed."""
    runs = (board.run(seal, BASELINE, rows(harm=90)), board.run(seal, CANDIDATE, rows(harm=140)))
    state = board.work.state()
    found = {state.accepted[each].act.system: state.accepted[each] for each in runs}
    (true,) = derive(board.work, find_act(state, seal, Seal), found).values()
    assert true.outcome == "failed"
    act = find_act(state, seal, Seal).act
    lie = Verdict(
        seal=seal,
        system=act.candidates[0],
        runs=runs,
        judgement=digest(true),
        outcome="passed",
        criteria=tuple(
            CriterionOutcome(criterion=one.criterion, outcome="passed", red_line=False)
            for one in true.verdicts
        ),
    )
    return board.work.append(lie, board.key("paula"), records=(true,)).identity


def test_engagement_stays_shut_under_a_verdict_that_belies_its_own_record(board: Board) -> None:
    seal, engagement = engaged(board)
    verdict = belied(board, seal)
    with pytest.raises(UntrueVerdictError):
        unseal_engagement(board.work, engagement, signer=board.key("lea"))
    found = board.recompute(verdict)
    assert not found.agrees
    assert found.judgement.outcome == "failed"
    assert board.work.state().disputed(verdict)


def test_an_unseal_by_another_program_opens_no_layer(board: Board) -> None:
    seal, engagement = engaged(board)
    verdict = belied(board, seal)
    work = board.work
    signed = find_act(work.state(), verdict, Verdict).act.judgement
    board.force(Recomputation(verdict=verdict, judgement=signed), "emil")
    board.force(Unseal(engagement=engagement, verdict=verdict), "lea")
    assert engagement in work.state().unsealed
    with pytest.raises(UntrueVerdictError):
        peel_outer(work, engagement)
    with pytest.raises(UntrueVerdictError):
        open_engagement(work, engagement, signer=board.key("sofia"))


def test_what_one_seal_keeps_shut_is_read_under_no_other(board: Board) -> None:
    seal, engagement = engaged(board)
    other = board.seal().identity
    usage = board.write("usage.csv", USAGE)
    with pytest.raises(SealedMetricError, match="minutes"):
        record_run(board.work, usage, other, system=CANDIDATE, signer=board.key("paula"))
    board.run(seal, BASELINE, rows(harm=90))
    board.run(seal, CANDIDATE, rows(harm=3))
    board.recompute(board.judge(seal).verdict.identity)
    unseal_engagement(board.work, engagement, signer=board.key("lea"))
    record_run(board.work, usage, other, system=CANDIDATE, signer=board.key("paula"))


def test_the_same_words_by_somebody_else_are_theirs_or_nobodys(judged: Board) -> None:
    assessment = assessed(judged)
    ask(judged.work, assessment, "Is it safe?", signer=judged.key("sofia"))
    again = refusal(ask, judged.work, assessment, "Is it safe?", signer=judged.key("lea"))
    assert again == "said-by-another"
    verdict = judged.made["verdict"]
    assert refusal(recompute, judged.work, verdict, signer=judged.key("paula")) != "accepted"
