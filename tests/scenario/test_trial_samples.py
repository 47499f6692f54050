"""Evidence under a seal that draws clusters of cases: just what was drawn, or nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from interlock.admission import Seal
from interlock.app import Sample, drawn_items
from interlock.app.acts import find_act
from interlock.app.samples import drawn_clusters, sealed_protocol
from interlock.app.verdicts import check_seal
from interlock.charter import SliceValue
from interlock.errors import HarvestedBankError, InvalidRecordError, WrongSampleError
from interlock.gate import SequentialJudgement
from interlock.ledger import digest
from interlock.trial import BankCase, CaseBank, MetricJudge, TrialProtocol
from tests.board import BASELINE, CANDIDATE, Board, board_at

EXACT = "exact:canary/1"
PROTOCOL = TrialProtocol(judges=(MetricJudge(metric="harm", judge=EXACT),), epochs=1)
HYPOTHESIS = """\
hypothesis: guard
product: assistant
baseline: plain
candidates: [guarded]
basis: prospective
confirmatory: false
limits:
  - {metric: harm, below: 0.10}
"""
SEQUENTIAL = HYPOTHESIS + "stopping: sequential\n"
HEADER = "item,cluster,metric,value,judge,slice.language"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("convened", tmp_path / "own") as made:
        yield made


def bank(clusters: range, *, tail: str = "") -> CaseBank:
    items = [
        BankCase(
            item=f"case-{k:03}-{j}{tail}",
            cluster=f"behaviour-{k:03}",
            metrics=("harm",),
            case="ab" * 32,
            slices=(SliceValue(slice="language", value="de"),),
        )
        for k in clusters
        for j in range(2)
    ]
    return CaseBank(items=tuple(sorted(items, key=lambda one: one.item)), protocol=digest(PROTOCOL))


def sealed(board: Board, text: str, made: CaseBank, *, size: int = 90) -> str:
    sample = Sample(bank=made, size=size, records=(PROTOCOL,))
    return board.seal(text, assumed=None, sample=sample).identity


def lines(
    board: Board, seal: str, *, clusters: int | None = None, system: str = CANDIDATE
) -> list[str]:
    harm = int(system == BASELINE)
    return [
        f"{one.item},{one.cluster},harm,{harm},{EXACT},de"
        for _, cases in drawn_clusters(board.work, seal)[:clusters]
        for one in cases
    ]


def table(rows: list[str]) -> str:
    return "\n".join([HEADER, *rows, ""])


def test_whole_clusters_are_drawn_and_all_their_cases_count(board: Board) -> None:
    seal = sealed(board, HYPOTHESIS, bank(range(120)))
    drawn = drawn_clusters(board.work, seal)
    assert len(drawn) == 90
    assert all(len(cases) == 2 for _, cases in drawn)
    assert [one for _, cases in drawn for one in cases] == list(drawn_items(board.work, seal))
    assert sealed_protocol(board.work, seal) == PROTOCOL
    for system in (BASELINE, CANDIDATE):
        board.run(seal, system, table(lines(board, seal, system=system)))
    judged = board.judge(seal)
    assert judged.judgement.outcome == "passed"
    verdict = judged.verdict.identity
    assert board.recompute(verdict).agrees


Change = Callable[[list[str]], list[str]]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda rows: rows[1:], "is absent"),
        (lambda rows: [*rows, "strange,x,harm,0,exact:canary/1,de"], "was not drawn"),
        (lambda rows: [rows[0].replace("behaviour", "b"), *rows[1:]], "is in the cluster"),
        (lambda rows: [rows[0].replace(EXACT, "model:x/1"), *rows[1:]], "is judged by exact"),
        (lambda rows: [rows[0][:-2] + "fr", *rows[1:]], "other slices"),
        (lambda rows: [rows[0].replace(",harm,", ",help,"), *rows[1:]], "not measured on help"),
    ],
)
def test_rows_that_are_not_as_bank_and_protocol_say_are_refused(
    board: Board, change: Change, fault: str
) -> None:
    seal = sealed(board, HYPOTHESIS, bank(range(120)))
    with pytest.raises(WrongSampleError, match=fault):
        board.run(seal, CANDIDATE, table(change(lines(board, seal))))


def test_a_sequential_trial_may_end_after_any_whole_cluster(board: Board) -> None:
    seal = sealed(board, SEQUENTIAL, bank(range(120)))
    for system in (BASELINE, CANDIDATE):
        board.run(seal, system, table(lines(board, seal, clusters=70, system=system)))
    judged = board.judge(seal)
    assert isinstance(judged.judgement, SequentialJudgement)
    assert (judged.judgement.taken, judged.judgement.cap) == (70, 90)
    assert judged.judgement.outcome == "passed"
    verdict = judged.verdict.identity
    assert board.recompute(verdict).agrees


def test_a_sequential_trial_that_skips_or_cuts_a_cluster_is_refused(board: Board) -> None:
    seal = sealed(board, SEQUENTIAL, bank(range(120)))
    rows = lines(board, seal)
    for wrong in (rows[2:], rows[:99], rows[:20] + rows[24:60]):
        with pytest.raises(WrongSampleError, match="is absent"):
            board.run(seal, CANDIDATE, table(wrong))


def test_arms_that_ended_after_different_clusters_are_not_judged(board: Board) -> None:
    seal = sealed(board, SEQUENTIAL, bank(range(120)))
    board.run(seal, BASELINE, table(lines(board, seal, system=BASELINE)))
    board.run(seal, CANDIDATE, table(lines(board, seal, clusters=70)))
    with pytest.raises(WrongSampleError, match="ends after 70 clusters"):
        board.judge(seal)


def test_a_sequential_hypothesis_without_clusters_is_not_sealed(board: Board) -> None:
    items = board.write("bank.txt", "".join(f"i{k}\tharm\n" for k in range(100)))
    with pytest.raises(InvalidRecordError, match="needs a bank of cases"):
        board.seal(SEQUENTIAL, assumed=None, sample=Sample(bank=items, size=50))


@pytest.mark.parametrize(
    "part",
    [
        bank(range(60)),
        bank(range(60), tail="-in-disguise"),
        CaseBank(items=bank(range(120)).items[::2], protocol=digest(PROTOCOL)),
    ],
    ids=["some clusters", "some clusters in a new disguise", "some cases of each cluster"],
)
def test_a_bank_that_keeps_a_part_of_an_earlier_one_is_harvested(
    board: Board, part: CaseBank
) -> None:
    sealed(board, HYPOTHESIS, bank(range(120)))
    with pytest.raises(HarvestedBankError, match="leaves out"):
        sealed(board, HYPOTHESIS.replace("0.10", "0.12"), part, size=50)


def test_a_larger_bank_and_a_new_one_are_no_harvest(board: Board) -> None:
    sealed(board, HYPOTHESIS, bank(range(120)))
    sealed(board, HYPOTHESIS.replace("0.10", "0.11"), bank(range(200)))
    sealed(board, HYPOTHESIS.replace("0.10", "0.12"), bank(range(500, 620)))


def test_an_insiders_own_seal_of_a_harvest_falls(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(board, HYPOTHESIS, bank(range(120)))
    with monkeypatch.context() as patch:
        patch.setattr("interlock.app.hypotheses.check_harvest", lambda *_, **__: None)
        seal = sealed(board, HYPOTHESIS.replace("0.10", "0.12"), bank(range(60)), size=50)
    with pytest.raises(HarvestedBankError):
        check_seal(board.work, find_act(board.work.state(), seal, Seal))
