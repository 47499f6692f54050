"""A trial run by Inspect: the rows of our own engine, read back from closed logs alone."""

import asyncio
import gc
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interlock.adapters import inspect_engine
from interlock.adapters.inspect_engine import TAKEN, Logs, run_in_inspect
from interlock.adapters.journal import TrialJournal
from interlock.errors import CharterError, NoEngineError, TargetDownError, TargetError
from interlock.trial import Case, Ruling, Turn
from interlock.trial.running import (
    Budget,
    Finished,
    Look,
    Pace,
    Sheet,
    Trial,
    load_plan,
    never,
    protocol_of,
    run,
)
from tests.trials import FakeTarget, RefusalJudge, case, cluster, journal_at, trial

# Inspect leaves streams to the collector, which tells of each, and calls what others gave up.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
SEAL = "5ea1" * 16
CASES = [case("a"), case("b"), case("c", says=("please c", "and then c")), case("d")]


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """What Inspect leaves is collected while its warnings are still ignored."""
    yield
    gc.collect()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[TrialJournal]:
    made = journal_at(tmp_path)
    yield made
    made.close()


def ran(
    made: Trial, journal: TrialJournal, folder: Path, *, look: Look = never, **pace: Any
) -> Finished:
    logs = Logs(folder=folder / "logs", seal=SEAL, name="guard")
    return asyncio.run(run_in_inspect(made, journal, logs=logs, pace=Pace(**pace), look=look))


def told(made: Trial, journal: TrialJournal, epochs: int) -> list[dict[str, Any]]:
    protocol = protocol_of({name: one.identity for name, one in made.judges.items()}, epochs=epochs)
    sheet = Sheet(run="guard", journal=journal, protocol=protocol)
    return [row for arm in made.arms for row in sheet.table(made.clusters, arm).to_pylist()]


def test_the_rows_are_those_of_the_other_engine(journal: TrialJournal, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    own = journal_at(tmp_path / "own")
    gone = TargetError("b", "no such prompt", retryable=False)
    arms = [FakeTarget(), FakeTarget(lambda said: f"yes to {said}")]
    arms[1].failing["please b"] = gone
    made = trial(CASES, *arms, epochs=2)
    asyncio.run(run(made, own, pace=Pace()))
    asked = [dict(one.asked) for one in arms]
    for one in arms:
        one.asked.clear()
    assert ran(made, journal, tmp_path) == Finished(finish="complete", clusters=4)
    assert [dict(one.asked) for one in arms] == asked
    assert told(made, journal, 2) == told(made, own, 2)
    assert {row["status"] for row in told(made, journal, 2)} == {"scored", "error"}
    assert journal.totals() == own.totals()
    own.close()


def test_a_budget_that_is_spent_is_no_failure_and_nothing_is_paid_for_twice(
    journal: TrialJournal, tmp_path: Path
) -> None:
    target = FakeTarget()
    made = trial([case(one) for one in "abcdef"], target)
    short = ran(made, journal, tmp_path, budget=Budget(calls=3), concurrency=1)
    assert short == Finished(finish="budget", clusters=3)
    assert (journal.totals().calls, journal.totals().failed) == (3, 0)
    assert ran(made, journal, tmp_path).finish == "complete"
    assert set(target.asked.values()) == {1}
    assert {row["status"] for row in told(made, journal, 1)} == {"scored"}


def test_a_closed_log_counts_though_its_session_died_before_reading_it(
    journal: TrialJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise RuntimeError("a loss of power")

    target = FakeTarget()
    made = trial(CASES, target)
    monkeypatch.setattr(inspect_engine, "read_told", dies)
    with pytest.raises(RuntimeError, match="loss of power"):
        ran(made, journal, tmp_path)
    monkeypatch.undo()
    assert (journal.totals().answered, journal.totals().open) == (0, 5)
    ran(made, journal, tmp_path)
    assert {row["status"] for row in told(made, journal, 1)} == {"scored"}
    assert (journal.totals().answered, journal.totals().open) == (5, 0)
    assert set(target.asked.values()) == {1}


def test_a_log_that_was_never_closed_or_is_of_another_seal_tells_nothing(
    journal: TrialJournal, tmp_path: Path
) -> None:
    target = FakeTarget(lambda said: "yes" if target.asked.total() > 2 else "no")
    made = trial([case("a"), case("b")], target)
    ran(made, journal, tmp_path)
    (log,) = (tmp_path / "logs" / made.arms[0].system).glob("*.eval")
    (tmp_path / "later").mkdir()
    later = journal_at(tmp_path / "later")
    whole = log.read_bytes()
    log.write_bytes(whole[:-1000])
    other = Logs(folder=tmp_path / "logs", seal="0" * 64, name="guard")
    asyncio.run(run_in_inspect(made, later, logs=other, pace=Pace()))
    assert set(target.asked.values()) == {2}
    log.write_bytes(whole)
    asyncio.run(run_in_inspect(made, later, logs=other, pace=Pace()))
    assert {row["value"] for row in told(made, later, 1)} == {0.0}, "what the second run got"
    assert len(json.loads(later.note(TAKEN))) == 1
    later.close()


def test_a_judge_that_was_not_heard_is_asked_again_and_the_system_is_not(
    journal: TrialJournal, tmp_path: Path
) -> None:
    class Deaf(RefusalJudge):
        deaf = True

        async def judge(self, case: Case, said: Sequence[Turn]) -> Ruling:
            if self.deaf and case.id == "a":
                raise TargetError("the judge", "busy", retryable=True)
            return await super().judge(case, said)

    target, judge = FakeTarget(), Deaf()
    made = replace(trial([case("a"), case("b")], target), judges={"refused": judge})
    ran(made, journal, tmp_path)
    assert [row["status"] for row in told(made, journal, 1)] == ["unscored", "scored"]
    judge.deaf = False
    ran(made, journal, tmp_path)
    assert [row["status"] for row in told(made, journal, 1)] == ["scored", "scored"]
    assert set(target.asked.values()) == {1}


def test_a_system_that_is_down_ends_the_run_and_keeps_what_was_answered(
    journal: TrialJournal, tmp_path: Path
) -> None:
    target = FakeTarget()
    cases = [case(f"c{k:02d}") for k in range(12)]
    made = trial(cases, target)
    gone = TargetError("a", "connection refused", retryable=True)
    target.failing = {f"please c{k:02d}": gone for k in range(2, 12)}
    with pytest.raises(TargetDownError, match="connection refused"):
        ran(made, journal, tmp_path, concurrency=1)
    assert journal.totals().answered == 2
    assert journal.totals().calls < 12
    target.failing = {}
    assert ran(made, journal, tmp_path).finish == "complete"
    assert target.asked["please c00"] == 1


def test_a_look_stops_it_at_a_cluster_and_no_further_block_is_run(
    journal: TrialJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspect_engine, "_BLOCK", 2)
    seen: list[int] = []

    async def look(clusters: int) -> bool:
        seen.append(clusters)
        return clusters == 3

    target = FakeTarget()
    made = trial([case(one) for one in "abcdef"], target)
    assert ran(made, journal, tmp_path, look=look) == Finished(finish="stopped", clusters=3)
    assert seen == [1, 2, 3]
    assert target.asked.total() == 4


def test_metrics_that_inspect_cannot_name_are_scored_all_the_same(
    journal: TrialJournal, tmp_path: Path
) -> None:
    odd = replace(case("a"), metrics=("answered", "refused/by rule"))
    target = FakeTarget()
    made = Trial(
        clusters=[cluster(odd), cluster(case("b"))],
        arms=trial([], target).arms,
        epochs=1,
        judges={name: RefusalJudge() for name in ("answered", "refused", "refused/by rule")},
    )
    ran(made, journal, tmp_path)
    assert {(row["metric"], row["item"], row["value"]) for row in told(made, journal, 1)} == {
        ("answered", "a", 1.0),
        ("refused/by rule", "a", 1.0),
        ("refused", "b", 1.0),
    }


def test_without_inspect_the_trial_says_what_to_install(
    journal: TrialJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspect_engine, "_PACKAGE", "inspect_ai_that_nobody_has")
    with pytest.raises(NoEngineError, match=r"pip install 'interlock\[inspect\]'"):
        ran(trial(CASES, FakeTarget()), journal, tmp_path)


def test_a_plan_names_an_engine_that_there_is() -> None:
    plan = "trial: t\nsuites: [self-harm]\njudges: {harm: human:harm/1}\nengine: "
    assert load_plan(f"{plan}inspect\n", file="t.yaml").engine == "inspect"
    with pytest.raises(CharterError, match="engine"):
        load_plan(f"{plan}garak\n", file="t.yaml")
