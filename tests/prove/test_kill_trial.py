"""Whatever moment a trial dies at, it goes on, pays for no answer twice, and ends as it would."""

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from interlock.app import seal_hypothesis
from interlock.app.trials import Ran, run_trial, trial_sample, trial_status
from tests.board import Board, board_at
from tests.endpoints import ChatServer
from tests.fakes import StepClock
from tests.prove.kill import killed_at_random
from tests.trials import HYPOTHESIS, PLAN, suite_of

SCRIPT = "tests.trials:deliberate"


def prepared(board: Board, *, cases: int) -> str:
    """Seal a trial of so many cases; the seal's identity."""
    for folder in ("suites", "trials"):
        board.place.joinpath(folder).mkdir()
    for name in ("plain", "guarded"):
        manifest = f"system: {name}\nmodel: model-1\nprompt: You are {name}.\n"
        board.place.joinpath(f"systems/{name}.yaml").write_text(manifest)
    board.place.joinpath("suites/canary.yaml").write_text(suite_of(cases))
    board.place.joinpath("hypotheses/canary.yaml").write_text(HYPOTHESIS)
    answered_at(board, "http://127.0.0.1:9")
    hypothesis = board.place / "hypotheses/canary.yaml"
    plan = board.place / "trials/canary.yaml"
    sample = trial_sample(board.work, plan, hypothesis, clusters=cases)
    return seal_hypothesis(
        board.work, hypothesis, signer=board.key("paula"), sample=sample
    ).identity


def answered_at(board: Board, url: str) -> None:
    head = PLAN[: PLAN.index("targets:")]
    targets = "".join(f'  {name}: {{openai: "{url}"}}\n' for name in ("plain", "guarded"))
    text = f"{head}concurrency: 4\ntargets:\n{targets}"
    board.place.joinpath("trials/canary.yaml").write_text(text)


def finished(board: Board, seal: str) -> Ran:
    plan = board.place / "trials/canary.yaml"
    return run_trial(board.work, plan, seal, signer=board.key("paula"))


def observations(board: Board, ended: Ran) -> list[pa.Table]:
    """What each system's evidence says, but for how long the answers took."""
    tables = (board.work.evidence.open(one.evidence) for _, one in ended.recorded)
    return [table.drop_columns(["latency_ms"]) for table in tables]


def survives(folder: Path, *, kills: int, cases: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    with board_at("convened", folder / "killed") as board:
        seal = prepared(board, cases=cases)
        board.close_all()
        shutil.copytree(board.folder, folder / "whole")
        with ChatServer.apart(folder / "server", SCRIPT) as server:
            answered_at(board, server.url)
            for _ in range(kills):
                killed_at_random(
                    "tests.prove.trial_session", [board.folder, seal], rng=rng, after=3
                )
                asked = len(server.calls)
                told = trial_status(board.work, seal).totals
                assert told.answered + told.open >= asked, "more was asked than is remembered"
            ended = finished(board, seal)
            made = server.counts
        status = trial_status(board.work, seal)
        assert ended.standing == "recorded"
        assert len(made) == status.totals.answered == 2 * cases
        assert made.total() - len(made) <= status.totals.open == ended.totals.open
        assert max(made.values()) <= 1 + kills
        rows = observations(board, ended)
        with ChatServer.apart(folder / "other", SCRIPT) as server:
            whole = Board(folder / "whole", StepClock())
            answered_at(whole, server.url)
            straight = finished(whole, seal)
            assert server.counts.total() == 2 * cases
        assert [len(one) for one in rows] == [cases, cases]
        assert rows == observations(whole, straight)
        whole.close_all()


def test_a_killed_trial_goes_on_and_pays_for_no_answer_twice(tmp_path: Path) -> None:
    survives(tmp_path, kills=1, cases=40, seed=1)


@pytest.mark.prove
@pytest.mark.parametrize(("kills", "cases"), [(3, 60), (12, 200)])
def test_a_trial_killed_at_random_moments_ends_as_if_it_had_not_been(
    tmp_path: Path, kills: int, cases: int
) -> None:
    survives(tmp_path, kills=kills, cases=cases, seed=kills)
