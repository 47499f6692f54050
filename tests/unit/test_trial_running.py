"""The runner: the sealed order whatever answers first, no answer paid for twice, a budget."""

import asyncio
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interlock.adapters.evidence import TextStore
from interlock.adapters.journal import TrialJournal, read_totals
from interlock.errors import (
    BrokenStoreError,
    BusyTrialError,
    ChangedCaseError,
    CharterError,
    InvalidRecordError,
    NoTextError,
    TargetDownError,
    TargetError,
)
from interlock.trial import Answer, BankCase, Case, Request, Ruling, Turn
from interlock.trial.running import (
    Arm,
    Budget,
    Cluster,
    Finished,
    Look,
    Pace,
    Sheet,
    Trial,
    answers_wanted,
    bank_of,
    cells_of,
    held,
    load_plan,
    plan_schema,
    protocol_of,
    run,
)
from tests.trials import FakeTarget, RefusalJudge, case, journal_at, trial

PROTOCOL = protocol_of({"refused": RefusalJudge.identity}, epochs=1)
PLAN = """\
trial: guard
suites: [self-harm]
judges: {harm: human:harm/1}
targets:
  plain: {kind: openai}
"""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[TrialJournal]:
    made = journal_at(tmp_path)
    yield made
    made.close()


def ran(made: Trial, journal: TrialJournal, **pace: object) -> Finished:
    return asyncio.run(run(made, journal, pace=Pace(**pace)))  # type: ignore[arg-type] # its own


def handed_on(made: Trial, journal: TrialJournal, look: Look, concurrency: int = 8) -> Finished:
    return asyncio.run(run(made, journal, pace=Pace(concurrency=concurrency), look=look))


def rows(made: Trial, journal: TrialJournal, arm: int = 0) -> list[dict[str, object]]:
    sheet = Sheet(run="x", journal=journal, protocol=PROTOCOL)
    return sheet.table(made.clusters, made.arms[arm]).to_pylist()


@pytest.mark.parametrize("slowest", [0, 5, 19])
def test_clusters_are_handed_on_in_the_sealed_order_whatever_answers_first(
    journal: TrialJournal, slowest: int
) -> None:
    cases = [case(f"c{k:02d}") for k in range(20)]
    slow, fast = FakeTarget(), FakeTarget()
    slow.delays = {f"please c{slowest:02d}": 0.05, "please c07": 0.02}
    made = trial(cases, slow, fast)
    sheet = Sheet(run="x", journal=journal, protocol=PROTOCOL)
    seen: list[list[object]] = []

    async def look(clusters: int) -> bool:
        table = sheet.table(made.clusters[:clusters], made.arms[0])
        seen.append(table["item"].to_pylist())
        return False

    assert handed_on(made, journal, look).finish == "complete"
    assert seen == [[one.id for one in cases[: k + 1]] for k in range(20)]


def test_answers_that_could_stop_the_trial_do_not_while_an_earlier_cluster_is_open(
    journal: TrialJournal,
) -> None:
    target = FakeTarget()
    target.delays = {"please c0": 0.05}
    made = trial([case(f"c{k}") for k in range(6)], target)
    looked: list[int] = []

    async def stop_at_three(clusters: int) -> bool:
        looked.append(clusters)
        return clusters == 3

    assert handed_on(made, journal, stop_at_three) == Finished(finish="stopped", clusters=3)
    assert looked == [1, 2, 3]


def test_no_more_runs_ahead_of_the_order_than_may_be_under_way(journal: TrialJournal) -> None:
    target = FakeTarget()
    target.delays = {"please c00": 0.2}
    made = trial([case(f"c{k:02d}") for k in range(40)], target)

    async def stop_at_once(clusters: int) -> bool:
        return clusters == 1

    handed_on(made, journal, stop_at_once, concurrency=4)
    assert target.asked.total() <= 4 + 2


def test_a_second_session_asks_nothing_again(journal: TrialJournal) -> None:
    target = FakeTarget()
    made = trial([case(f"c{k}") for k in range(5)], target, epochs=2)
    ran(made, journal)
    asked, before = made.judges["refused"].asked, rows(made, journal)  # type: ignore[attr-defined]
    ran(made, journal)
    assert target.asked.total() == 10
    assert made.judges["refused"].asked == asked  # type: ignore[attr-defined] # a fake that counts
    assert rows(made, journal) == before


def test_what_answers_is_asked_turn_by_turn_with_its_own_answers_between(
    journal: TrialJournal,
) -> None:
    target = FakeTarget()
    ran(trial([case("talk", says=("one", "two", "three"))], target), journal)
    assert list(target.asked) == [
        "one",
        "one / no to one / two",
        "one / no to one / two / no to two / three",
    ]


def test_an_interrupted_conversation_goes_on_where_it_was(journal: TrialJournal) -> None:
    target = FakeTarget()
    made = trial([case("talk", says=("one", "two"))], target)
    assert ran(made, journal, budget=Budget(calls=1)).finish == "budget"
    assert ran(made, journal).finish == "complete"
    assert target.asked == {"one": 1, "one / no to one / two": 1}


def test_a_document_is_read_with_the_turn_that_it_follows() -> None:
    talk = case("talk", says=("one", "two"))
    letter = Turn(speaker="document", text="a letter")
    scripted = Turn(speaker="assistant", text="as if I had said so")
    first, second = talk.turns
    for turns, wanted in (
        ((letter, first), (1,)),
        ((first, letter, second), (1, 2)),
        ((first, scripted, second), (2,)),
        ((first, second, letter), (0, 2)),
    ):
        assert answers_wanted(case("talk").__class__(**{**vars(talk), "turns": turns})) == wanted


def test_the_budget_of_calls_counts_all_sessions(journal: TrialJournal) -> None:
    target = FakeTarget()
    made = trial([case(f"c{k}") for k in range(10)], target)
    assert ran(made, journal, budget=Budget(calls=4)) == Finished(finish="budget", clusters=4)
    assert ran(made, journal, budget=Budget(calls=4)) == Finished(finish="budget", clusters=4)
    assert target.asked.total() == 4


def test_the_budget_of_tokens_stops_the_trial(journal: TrialJournal) -> None:
    made = trial([case(f"c{k}") for k in range(10)], FakeTarget())
    assert ran(made, journal, budget=Budget(tokens=60), concurrency=1).clusters < 10
    assert 60 <= journal.totals().tokens < 120


def test_a_call_that_fails_is_an_error_row_and_is_made_again_next_time(
    journal: TrialJournal,
) -> None:
    target = FakeTarget()
    made = trial([case(f"c{k}") for k in range(5)], target)
    target.failing = {"please c2": TargetError("a", "it timed out", retryable=True)}
    assert ran(made, journal).finish == "complete"
    assert [row["status"] for row in rows(made, journal)].count("error") == 1
    target.failing = {}
    ran(made, journal)
    assert [row["status"] for row in rows(made, journal)] == ["scored"] * 5
    assert target.asked["please c2"] == 2
    assert target.asked.total() == 6


@pytest.mark.parametrize("retryable", [True, False])
def test_an_endpoint_that_gives_nothing_is_down_and_no_evidence(
    journal: TrialJournal, *, retryable: bool
) -> None:
    target = FakeTarget()
    cases = [case(f"c{k}") for k in range(30)]
    refused = TargetError("a", "the key is wrong", retryable=retryable)
    target.failing = {f"please {one.id}": refused for one in cases}
    with pytest.raises(TargetDownError, match="the key is wrong"):
        ran(trial(cases, target), journal, concurrency=1)
    assert target.asked.total() == 5


def test_an_endpoint_that_declines_some_requests_is_not_down(journal: TrialJournal) -> None:
    target = FakeTarget()
    cases = [case(f"c{k:02d}") for k in range(30)]
    refused = TargetError("a", "a filter stopped it")
    target.failing = {f"please {one.id}": refused for one in cases[3:]}
    assert ran(trial(cases, target), journal, concurrency=1).finish == "complete"


def test_an_erased_answer_is_unscored_unless_it_was_judged(tmp_path: Path) -> None:
    journal, texts = journal_at(tmp_path), TextStore(tmp_path / "texts", b"k" * 32)
    made = trial([case("c0"), case("c1")], FakeTarget())
    unjudged = Trial(clusters=made.clusters, arms=made.arms, epochs=1, judges={})
    ran(unjudged, journal)
    texts.erase(texts.ref("no to please c0"))
    ran(made, journal)
    assert [row["status"] for row in rows(made, journal)] == ["unscored", "scored"]
    journal.close()


def test_what_was_begun_and_never_ended_is_counted(journal: TrialJournal) -> None:
    asyncio.run(journal.begin("a call cut off"))
    assert journal.totals().open == 1
    assert journal.totals().calls == 1


def test_a_trial_runs_once_at_a_time(journal: TrialJournal, tmp_path: Path) -> None:
    with pytest.raises(BusyTrialError):
        journal_at(tmp_path)


def test_every_row_tells_who_judged_it_and_where_its_texts_are(journal: TrialJournal) -> None:
    made = trial([case("c0")], FakeTarget())
    ran(made, journal)
    (row,) = rows(made, journal)
    assert row["judge"] == RefusalJudge.identity
    assert row["slices"] == [("category", "self-harm")]
    assert (row["item"], row["cluster"], row["value"]) == ("c0", "c0", 1.0)
    assert journal.text(str(row["completion_ref"])) == "no to please c0"


def sealed(names: Sequence[str]) -> tuple[BankCase, ...]:
    return bank_of([case(name) for name in names], {"refused"}, PROTOCOL).items


def test_a_case_that_is_not_the_sealed_one_is_named() -> None:
    with pytest.raises(ChangedCaseError, match="c1"):
        held([case("c0"), case("c1", says=("other words",))], sealed(["c0", "c1"]))
    with pytest.raises(ChangedCaseError, match="not made any more"):
        held([case("c0")], sealed(["c0", "c1"]))


def test_a_bank_holds_what_the_hypothesis_judges_and_no_more() -> None:
    bank = bank_of([case("c1"), case("c0")], {"refused", "harm"}, PROTOCOL)
    assert bank.names == ("c0", "c1")
    with pytest.raises(InvalidRecordError, match="no case of the plan feeds harm"):
        bank_of([case("c0")], {"harm"}, PROTOCOL)
    with pytest.raises(InvalidRecordError, match="nobody judges refused"):
        bank_of([case("c0")], {"refused"}, protocol_of({"harm": "human:harm/1"}, epochs=1))
    with pytest.raises(InvalidRecordError, match="stands twice"):
        bank_of([case("c0"), case("c0")], {"refused"}, PROTOCOL)


def test_a_plan_is_read_strictly() -> None:
    plan = load_plan(PLAN, file="guard.yaml")
    assert (plan.concurrency, plan.epochs, plan.budget) == (8, 1, Budget())
    with pytest.raises(CharterError, match=r"guard.yaml.*line 6.*did you mean epochs"):
        load_plan(PLAN + "epoch: 2\n", file="guard.yaml")
    with pytest.raises(CharterError, match="suites"):
        load_plan(PLAN.replace("[self-harm]", "[]"), file="guard.yaml")


def test_the_form_of_a_plan_is_published() -> None:
    assert set(plan_schema()["properties"]) >= {"trial", "suites", "judges", "targets", "budget"}


def test_who_interrupts_a_trial_is_not_kept_waiting_for_answers(journal: TrialJournal) -> None:
    target = FakeTarget()
    target.delays = {"please c1": 3600.0}
    made = trial([case("c0"), case("c1")], target)

    async def interrupted() -> None:
        running = asyncio.create_task(run(made, journal, pace=Pace()))
        while journal.totals().answered == 0:
            await asyncio.sleep(0.001)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(interrupted())
    assert (journal.totals().answered, journal.totals().open) == (1, 1)


class BrokenTexts:
    """A store of texts with a mistake in its code."""

    def put(self, texts: Sequence[str | None]) -> list[str | None]:
        raise ValueError(f"cannot keep {len(texts)} texts")

    def get(self, ref: str) -> str:
        raise NoTextError(ref, "it was never kept")


def test_a_journal_that_fails_in_any_way_ends_the_trial_and_leaves_nobody_waiting(
    tmp_path: Path,
) -> None:
    journal = TrialJournal(tmp_path / "trial.sqlite", texts=BrokenTexts())
    made = trial([case(f"c{k}") for k in range(10)], FakeTarget())

    async def in_time() -> None:
        async with asyncio.timeout(30):
            await run(made, journal, pace=Pace())

    with pytest.raises(ValueError, match="cannot keep"):
        asyncio.run(in_time())
    journal.close()


class Given:
    """A system that gives back whatever it is told to."""

    def __init__(self, given: Any) -> None:
        self.given = given

    async def answer(self, request: Request) -> Answer:
        del request
        if isinstance(self.given, TargetError):
            raise self.given
        return self.given  # type: ignore[no-any-return] # perhaps none


def given(answer: object, journal: TrialJournal) -> dict[str, object]:
    made = trial([case("c0")], Given(answer))  # type: ignore[arg-type] # answers as one does
    ran(made, journal)
    return rows(made, journal)[0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "NoneType and no Answer"),
        (Answer(text=None), "text of its answer is NoneType"),  # type: ignore[arg-type]
        (Answer(text="no", finish=["x"]), "finish of its answer is list"),  # type: ignore[arg-type]
        (Answer(text="no", model=1), "model of its answer is int"),  # type: ignore[arg-type]
        (Answer(text="no", tokens_in=10**30), "tokens_in of its answer is too large"),
        (Answer(text="no", tokens_out=-1), "tokens_out of its answer is -1"),
        (Answer(text="no", latency_ms=math.nan), "latency_ms of its answer is nan"),
        (TargetError("a", "HTTP 400 \ud800"), "HTTP 400 \ufffd"),
    ],
)
def test_an_answer_that_is_none_is_the_error_of_its_row(
    journal: TrialJournal, answer: object, said: str
) -> None:
    assert given(answer, journal)["status"] == "error"
    (call,) = [cell.call(0) for cell in cells_of(*given_cell(), epochs=1)]
    assert said in journal.outcome(call).failure  # type: ignore[union-attr] # it ended


def given_cell() -> tuple[Cluster, Arm]:
    made = trial([case("c0")], FakeTarget())
    return made.clusters[0], made.arms[0]


def test_half_a_character_in_an_answer_is_replaced_and_the_rest_is_kept(
    journal: TrialJournal,
) -> None:
    row = given(Answer(text="no \ud800 never", model="m\udfff", finish="\ud800"), journal)
    assert row["status"] == "scored"
    (call,) = [cell.call(0) for cell in cells_of(*given_cell(), epochs=1)]
    ref = journal.outcome(call).ref  # type: ignore[union-attr] # it ended
    assert ref is not None
    assert journal.text(ref) == "no \ufffd never"


@pytest.mark.parametrize(
    ("ruling", "status"),
    [
        (Ruling(value=math.inf), "unscored"),
        (Ruling(value=10**400), "unscored"),
        (Ruling(value=1.0, reason=None), "unscored"),  # type: ignore[arg-type]
        (None, "unscored"),
        (Ruling(value=1.0, reason="odd \ud800"), "scored"),
    ],
)
def test_a_ruling_that_is_none_leaves_its_row_unscored(
    journal: TrialJournal, ruling: Ruling, status: str
) -> None:
    class Odd(RefusalJudge):
        async def judge(self, case: Case, said: Sequence[Turn]) -> Ruling:
            await super().judge(case, said)
            return ruling

    made = replace(trial([case("c0")], FakeTarget()), judges={"refused": Odd()})
    ran(made, journal)
    assert rows(made, journal)[0]["status"] == status


@pytest.mark.parametrize("damaged", [b"no database" * 500, b""])
def test_a_journal_that_cannot_be_read_is_named_with_what_is_lost(
    tmp_path: Path, damaged: bytes
) -> None:
    journal_at(tmp_path).close()
    path = tmp_path / "trial.sqlite"
    path.write_bytes(damaged or path.read_bytes()[:5000])
    with pytest.raises(BrokenStoreError, match=r"trial\.sqlite .* is lost with it") as caught:
        journal_at(tmp_path)
    assert caught.value.file == str(path)
    with pytest.raises(BrokenStoreError):
        read_totals(path, note="x")
    path.unlink()
    journal_at(tmp_path).close()


def test_nobody_else_may_read_a_journal(tmp_path: Path) -> None:
    journal = journal_at(tmp_path)
    journal.write_note("a", "b")
    modes = {one.name: one.stat().st_mode & 0o777 for one in tmp_path.glob("trial.*")}
    journal.close()
    assert set(modes) >= {"trial.sqlite", "trial.sqlite-wal", "trial.lock"}
    assert set(modes.values()) == {0o600}
