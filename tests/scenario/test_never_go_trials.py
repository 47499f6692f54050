"""Never GO through a trial: judges, orders, banks and recordings that would help a release."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from interlock.admission import Seal
from interlock.app import Sample, judge_seal, record_run, seal_hypothesis
from interlock.app.acts import find_act
from interlock.app.samples import drawn_clusters
from interlock.app.trials import run_trial, trial_sample
from interlock.app.trials.running import journal_path, open_journal
from interlock.app.verdicts import check_seal
from interlock.errors import (
    HarvestedBankError,
    ImportedTrialError,
    InterlockError,
    InvalidRecordError,
    JudgeIsCandidateError,
    LostBankError,
    LostJournalError,
    MissingRunError,
    UnrunnableSystemError,
    UntrueSealError,
    WrongSampleError,
)
from interlock.ledger import digest
from interlock.trial import BankCase, CaseBank, MetricJudge, TrialProtocol
from tests.board import ASSUMED, BASELINE, CANDIDATE, GUARD, Board, board_at, refusal, rows
from tests.trials import HYPOTHESIS, PLAN, suite_of

MODEL, PEOPLE = "model:guard/1#0123456789ab", "human:raters/1"
PROSPECTIVE = GUARD + "basis: prospective\n"
SEQUENTIAL = PROSPECTIVE + "stopping: sequential\nconfirmatory: false\n"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("convened", tmp_path / "own") as made:
        yield made


def judged_by(judge: str) -> TrialProtocol:
    named = {"harm": judge, "helpfulness": PEOPLE}
    judges = tuple(MetricJudge(metric=metric, judge=each) for metric, each in named.items())
    return TrialProtocol(judges=judges, epochs=1)


def sealed(
    board: Board, clusters: range = range(200), *, judge: str = PEOPLE, text: str = PROSPECTIVE
) -> str:
    """A seal that draws 150 of these clusters."""
    metrics = ("harm", "helpfulness")
    items = tuple(
        BankCase(item=f"case-{k:03}", cluster=f"behaviour-{k:03}", metrics=metrics, case="ab" * 32)
        for k in clusters
    )
    protocol = judged_by(judge)
    bank = CaseBank(items=items, protocol=digest(protocol))
    sample = Sample(bank=bank, size=150, records=(protocol,))
    assumed = None if "confirmatory: false" in text else ASSUMED
    return board.seal(text, assumed=assumed, sample=sample).identity


def drawn(board: Board, seal: str, *, harm: int, judge: str = PEOPLE) -> list[str]:
    """Rows of all that was drawn, in the sealed order, the first so many of them harmful."""
    lines = []
    for k, (_, cases) in enumerate(drawn_clusters(board.work, seal)):
        for one in cases:
            lines.append(f"{one.item},{one.cluster},harm,{int(k < harm)},{judge},sofia")
            lines.append(f"{one.item},{one.cluster},helpfulness,9,{PEOPLE},sofia")
    return lines


def table(lines: list[str]) -> str:
    return "\n".join(["item,cluster,metric,value,judge,rater", *lines, ""])


def never_goes(board: Board, seal: str) -> str:
    """What becomes of a seal's candidate though everybody votes for it; why it did not pass."""
    judged = board.judge(seal)
    assert judged.judgement.outcome != "passed"
    assessment = board.assess(judged.verdict.identity)
    board.vote_all(assessment)
    assert refusal(board.close, assessment) == "verdict-not-passed"
    assert board.standing(board.force_go(assessment)) == "verdict-not-passed"
    return " ".join(one.reason for one in judged.judgement.verdicts)


def nothing_is_judged(board: Board, seal: str) -> None:
    """No run is on the log, so there is nothing to decide on."""
    with pytest.raises(MissingRunError):
        judge_seal(board.work, seal, signer=board.key("paula"))
    assert not board.work.state().verdicts


def test_an_honest_trial_goes(board: Board) -> None:
    seal = sealed(board)
    for system, harm in ((BASELINE, 90), (CANDIDATE, 3)):
        board.run(seal, system, table(drawn(board, seal, harm=harm)))
    judged = board.judge(seal)
    assert judged.judgement.outcome == "passed"
    assessment = board.assess(judged.verdict.identity)
    board.vote_all(assessment)
    assert board.standing(board.close(assessment)) == "holds"


def test_an_automatic_judge_whom_nobody_checked_never_goes(board: Board) -> None:
    seal = sealed(board, judge=MODEL)
    for system, harm in ((BASELINE, 90), (CANDIDATE, 0)):
        board.run(seal, system, table(drawn(board, seal, harm=harm, judge=MODEL)))
    assert "whose errors nobody knows" in never_goes(board, seal)


def test_another_judge_for_the_candidate_never_goes(board: Board) -> None:
    seal = sealed(board)
    board.run(seal, BASELINE, table(drawn(board, seal, harm=90)))
    with pytest.raises(WrongSampleError, match="is judged by human"):
        board.run(seal, CANDIDATE, table(drawn(board, seal, harm=0, judge="human:mild/1")))
    nothing_is_judged(board, seal)


def test_another_judge_for_the_candidate_never_goes_where_no_bank_names_one(board: Board) -> None:
    seal = board.seal().identity
    header, *lines = rows(harm=3).splitlines()
    switched = [f"{header},judge", *(f"{one},human:mild/1" for one in lines), ""]
    board.run(seal, BASELINE, rows(harm=90))
    board.run(seal, CANDIDATE, "\n".join(switched))
    assert "judge switch" in never_goes(board, seal)


def test_sequential_evidence_that_is_no_beginning_of_the_sealed_order_never_goes(
    board: Board,
) -> None:
    seal = sealed(board, text=SEQUENTIAL)
    lines = drawn(board, seal, harm=0)
    for chosen in (lines[2:], lines[:40] + lines[60:], lines[-100:]):
        with pytest.raises(WrongSampleError):
            board.run(seal, CANDIDATE, table(chosen))
    board.run(seal, BASELINE, table(lines[:100]))
    nothing_is_judged(board, seal)


def test_a_harvested_bank_never_goes(board: Board) -> None:
    sealed(board)
    with pytest.raises(HarvestedBankError):
        sealed(board, range(160), text=PROSPECTIVE.replace("0.10", "0.12"))
    assert len(list(board.work.state().of(Seal))) == 1


def test_a_harvested_bank_never_goes_though_its_own_seal_did_not_ask(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(board)
    with monkeypatch.context() as theirs:
        theirs.setattr("interlock.app.hypotheses.check_harvest", lambda *_, **__: None)
        seal = sealed(board, range(160), text=PROSPECTIVE.replace("0.10", "0.12"))
    for system, harm in ((BASELINE, 90), (CANDIDATE, 0)):
        board.run(seal, system, table(drawn(board, seal, harm=harm)))
    with pytest.raises(HarvestedBankError):
        board.judge(seal)
    assert not board.work.state().verdicts


def test_who_removes_the_bank_that_was_harvested_never_goes(board: Board) -> None:
    first = sealed(board)
    bank = find_act(board.work.state(), first, Seal).act.bank
    board.close_all()
    with closing(sqlite3.connect(board.log_file)) as connection, connection:
        removed = connection.execute("DELETE FROM record WHERE digest = ?", (bank,))
        assert removed.rowcount == 1
    with pytest.raises(LostBankError, match="restore the record from a backup"):
        sealed(board, range(160), text=PROSPECTIVE.replace("0.10", "0.12"))


SELF = PLAN.replace(
    "{circumvention: exact:canary/1}",
    '{circumvention: {model: {callable: "tests.trials:tight"}, question: "Is it bad?"}}',
)
RECORDED = PLAN.replace('callable: "tests.trials:tight"', "recorded: answers.jsonl")


@pytest.mark.parametrize(
    ("plan", "refused"),
    [(SELF, JudgeIsCandidateError), (RECORDED, UnrunnableSystemError)],
    ids=["a candidate that judges itself", "answers recorded before the draw"],
)
def test_a_plan_that_would_help_its_candidate_never_goes(
    board: Board, plan: str, refused: type[InterlockError]
) -> None:
    for name, text in (
        ("suites/canary.yaml", suite_of(30)),
        ("trials/canary.yaml", plan),
        ("hypotheses/canary.yaml", HYPOTHESIS),
    ):
        path = board.place / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    trial, hypothesis = board.place / "trials/canary.yaml", board.place / "hypotheses/canary.yaml"
    sample = trial_sample(board.work, trial, hypothesis, clusters=30)
    signer = board.key("paula")
    seal = seal_hypothesis(board.work, hypothesis, signer=signer, sample=sample).identity
    with pytest.raises(refused):
        run_trial(board.work, trial, seal, signer=signer)
    nothing_is_judged(board, seal)


SEARCHED = "exact:answer/1"
CROSSING = HYPOTHESIS.replace("circumvention", "crossing")
LABELLED = HYPOTHESIS.replace("circumvention", "fabrication") + (
    "judged: [{metric: fabrication, by: circumvention, labelled: 0.2}]\n"
)


def cases_on(metrics: tuple[str, ...], judges: dict[str, str]) -> Sample:
    """Cases that feed these metrics, and who judges them."""
    named = tuple(MetricJudge(metric=one, judge=judges[one]) for one in sorted(judges))
    protocol = TrialProtocol(judges=named, epochs=1)
    items = tuple(
        BankCase(item=f"c-{k:03}", cluster=f"b-{k:03}", metrics=metrics, case="ab" * 32)
        for k in range(60)
    )
    bank = CaseBank(items=items, protocol=digest(protocol))
    return Sample(bank=bank, size=50, records=(protocol,))


@pytest.mark.parametrize(
    ("text", "judges"),
    [
        (HYPOTHESIS.replace("circumvention", "harm"), {"harm": SEARCHED}),
        (CROSSING, {"crossing": SEARCHED}),
        (LABELLED, {"fabrication": SEARCHED, "circumvention": MODEL}),
    ],
    ids=["a rubric", "a red line", "what people label"],
)
def test_looking_for_a_text_where_an_answer_must_be_read_never_goes(
    board: Board, monkeypatch: pytest.MonkeyPatch, text: str, judges: dict[str, str]
) -> None:
    sample = cases_on(tuple(sorted(judges)), judges)
    with pytest.raises(InvalidRecordError, match="takes reading: let people judge it"):
        board.seal(text, assumed=None, sample=sample)
    with monkeypatch.context() as theirs:
        theirs.setattr("interlock.app.samples.bank_fault", lambda *_, **__: "")
        seal = board.seal(text, assumed=None, sample=sample).identity
    with pytest.raises(UntrueSealError, match="bank"):
        check_seal(board.work, find_act(board.work.state(), seal, Seal))


def test_a_table_in_place_of_a_trial_never_goes(board: Board) -> None:
    seal = sealed(board)
    file = board.write("made-up.csv", table(drawn(board, seal, harm=0)))
    with pytest.raises(ImportedTrialError, match="interlock trial run"):
        record_run(board.work, file, seal, system=CANDIDATE, signer=board.key("paula"))
    nothing_is_judged(board, seal)


def test_who_looks_and_removes_the_journal_to_ask_anew_never_goes(board: Board) -> None:
    for name, text in (
        ("suites/canary.yaml", suite_of(30)),
        ("trials/canary.yaml", f"{PLAN}budget: {{calls: 20}}\n"),
        ("hypotheses/canary.yaml", HYPOTHESIS),
    ):
        path = board.place / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    trial, hypothesis = board.place / "trials/canary.yaml", board.place / "hypotheses/canary.yaml"
    sample = trial_sample(board.work, trial, hypothesis, clusters=30)
    signer = board.key("paula")
    seal = seal_hypothesis(board.work, hypothesis, signer=signer, sample=sample).identity
    assert run_trial(board.work, trial, seal, signer=signer).standing == "budget"
    journal = journal_path(board.work, seal)
    for one in journal.parent.glob(f"{seal}.sqlite*"):
        one.rename(one.with_name(f"aside-{one.name}"))
    trial.write_text(PLAN, encoding="utf-8")
    with pytest.raises(LostJournalError, match="seal again"):
        run_trial(board.work, trial, seal, signer=signer)
    open_journal(board.work, seal).close()
    with pytest.raises(LostJournalError, match="gone or another one"):
        run_trial(board.work, trial, seal, signer=signer)
    nothing_is_judged(board, seal)
    for one in journal.parent.glob(f"{seal}.sqlite*"):
        one.unlink()
    for one in journal.parent.glob(f"aside-{seal}.sqlite*"):
        one.rename(one.with_name(one.name.removeprefix("aside-")))
    assert run_trial(board.work, trial, seal, signer=signer).standing == "recorded"
