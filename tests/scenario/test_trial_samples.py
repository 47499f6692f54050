"""Evidence under a seal that draws clusters of cases: just what was drawn, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from interlock.admission import Seal
from interlock.app import Sample, drawn_items
from interlock.app.acts import find_act
from interlock.app.samples import drawn_clusters, sealed_protocol
from interlock.app.verdicts import check_seal, terms_of
from interlock.charter import SliceValue
from interlock.errors import (
    HarvestedBankError,
    InvalidRecordError,
    UntrueSealError,
    WrongSampleError,
)
from interlock.gate import SequentialJudgement
from interlock.ledger import digest
from interlock.trial import BankCase, CaseBank, MetricJudge, TrialProtocol
from tests.board import BASELINE, CANDIDATE, Board, board_at

PEOPLE = "human:raters/1"
PROTOCOL = TrialProtocol(judges=(MetricJudge(metric="harm", judge=PEOPLE),), epochs=1)
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
HEADER = "item,cluster,metric,value,judge,rater,slice.language"


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
        f"{one.item},{one.cluster},harm,{harm},{PEOPLE},sofia,de"
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


@pytest.mark.parametrize("text", [HYPOTHESIS, SEQUENTIAL])
def test_bad_rows_gathered_in_a_cluster_that_was_not_drawn_let_nothing_pass(
    board: Board, text: str
) -> None:
    large = BankCase(item="case", cluster="behaviour-000", metrics=("harm",), case="ab" * 32)
    singles = [one for one in bank(range(120)).items if one.item.endswith("-0")]
    gathered = [replace(large, item=f"case-000-{k}") for k in range(1, 400)]
    items = tuple(sorted([*singles, *gathered], key=lambda one: one.item))
    made = CaseBank(items=items, protocol=digest(PROTOCOL))
    for size in range(60, 90):  # the sealed draw depends on its size: one misses the large cluster
        seal = sealed(board, text, made, size=size)
        if all(len(cases) == 1 for _, cases in drawn_clusters(board.work, seal)):
            break
    for system in (BASELINE, CANDIDATE):
        board.run(seal, system, table(lines(board, seal, system=system)))
    assert board.judge(seal).judgement.outcome == "undecided"


Change = Callable[[list[str]], list[str]]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda rows: rows[1:], "is absent"),
        (lambda rows: [*rows, "strange,x,harm,0,human:raters/1,sofia,de"], "was not drawn"),
        (lambda rows: [rows[0].replace("behaviour", "b"), *rows[1:]], "is in the cluster"),
        (lambda rows: [rows[0].replace(PEOPLE, "model:x/1"), *rows[1:]], "is judged by human"),
        (lambda rows: [rows[0].replace("sofia", ""), *rows[1:]], "names no rater"),
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


HEAD = HYPOTHESIS.partition("limits:")[0]
SLICED = [
    "limits: [{metric: harm, below: 0.1, where: {language: de}}]\n",
    "limits: [{metric: harm, below: 0.1, each: language}]\n"
    "coverage: {slices: {language: [de, fr]}}\n",
    "limits: [{metric: harm, below: 0.1}]\ncoverage: {slices: {language: [de, fr]}, clusters: 5}\n",
]


def plain_sample(board: Board) -> Sample:
    items = board.write("bank.txt", "".join(f"i{k:03}\tharm\n" for k in range(100)))
    return Sample(bank=items, size=60)


@pytest.mark.parametrize("claims", SLICED)
def test_slices_that_no_bank_fixes_are_not_asked_for_under_a_sealed_draw(
    board: Board, claims: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidRecordError, match="seal it with a bank of cases"):
        board.seal(HEAD + claims, assumed=None, sample=plain_sample(board))
    with monkeypatch.context() as patch:
        patch.setattr("interlock.app.samples.bank_fault", lambda *_, **__: "")
        seal = board.seal(HEAD + claims, assumed=None, sample=plain_sample(board)).identity
    with pytest.raises(UntrueSealError, match="bank"):
        check_seal(board.work, find_act(board.work.state(), seal, Seal))


def test_clusters_and_judges_that_no_bank_fixes_are_not_chosen_afterwards(board: Board) -> None:
    seal = board.seal(HYPOTHESIS, assumed=None, sample=plain_sample(board)).identity
    names = [one.item for one in drawn_items(board.work, seal)]
    gathered = [f"{name},all,harm,0,human:a/1" for name in names]
    switched = [f"{name},{name},harm,0,human:a/{k % 2}" for k, name in enumerate(names)]
    for rows, fault in ((gathered, "seals no clusters"), (switched, "use one judge")):
        with pytest.raises(WrongSampleError, match=fault):
            board.run(seal, CANDIDATE, "\n".join([HEADER.partition(",rater")[0], *rows, ""]))


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


def named(clusters: range, prefix: str) -> CaseBank:
    """A bank of the same requests, cluster for cluster, under names of its own."""
    plain = [one for one in bank(clusters).items if one.item.endswith("-0")]
    items = tuple(
        replace(one, item=prefix + one.item, cluster=prefix + one.cluster, said=f"{k:064x}")
        for k, one in enumerate(plain)
    )
    return CaseBank(items=items, protocol=digest(PROTOCOL))


def test_the_same_requests_under_new_names_are_no_new_bank(board: Board) -> None:
    sealed(board, HYPOTHESIS, named(range(120), "a-"))
    with pytest.raises(HarvestedBankError, match="some requests"):
        sealed(board, HYPOTHESIS.replace("0.10", "0.12"), named(range(60), "b-"), size=50)
    other = HYPOTHESIS.replace("harm", "crossing")
    protocol = TrialProtocol(judges=(MetricJudge(metric="crossing", judge=PEOPLE),), epochs=1)
    items = tuple(replace(one, metrics=("crossing",)) for one in named(range(120), "c-").items)
    made = CaseBank(items=items, protocol=digest(protocol))
    seal = board.seal(
        other, assumed=None, sample=Sample(bank=made, size=90, records=(protocol,))
    ).identity
    terms = terms_of(board.work, find_act(board.work.state(), seal, Seal), basis="prospective")
    assert set(terms.attempts.values()) == {2}


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
