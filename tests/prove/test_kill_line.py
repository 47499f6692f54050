"""Whenever a command dies: what it acknowledged stays, nothing is half-done, it can run again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interlock.admission import Run, Seal, Verdict
from interlock.app import verify_log
from tests.board import Board, board_at
from tests.prove.kill import killed_at_random
from tests.prove.line_forever import KINDS

RECORDS: dict[type[Any], tuple[str, ...]] = {
    Seal: ("hypothesis", "charter", "baseline"),
    Run: ("system",),
    Verdict: ("judgement",),
}
WITHIN_S = {"seal": 0.3, "run": 0.6, "vote": 0.15}


def check(board: Board, acknowledged: list[str]) -> None:
    """The log holds, counts all that was acknowledged, and misses nothing that it names."""
    found = verify_log(board.work)
    assert found.refused == ()
    state = board.work.state()
    assert found.audit.cosigned.checkpoint.size == state.size == found.accepted
    assert set(acknowledged) <= state.accepted.keys()
    for kind, names in RECORDS.items():
        for each in state.of(kind):
            for name in names:
                board.work.log.record(getattr(each.act, name))
    for run in state.of(Run):
        assert board.work.evidence.open(run.act.evidence).num_rows > 0
    for digest in board.work.evidence.digests():
        board.work.evidence.open(digest)


def survives(folder: Path, kinds: Sequence[str], *, seed: int) -> None:
    """Kill a process for each kind of act in turn, check, and do such an act again."""
    rng = np.random.default_rng(seed)
    told: list[str] = []
    done: list[str] = []
    with board_at("assessed", folder) as board:
        for kill, kind in enumerate(kinds):
            told += killed_at_random(
                "tests.prove.line_forever",
                [kind, folder],
                rng=rng,
                within_s=WITHIN_S[kind],
                after=int(kill == 0),
            )
            check(board, told + done)
            done.append(next(KINDS[kind](board)))
            board.close_all()
    assert told, "nothing was acknowledged before any kill"


def test_acknowledged_acts_survive_five_kills(tmp_path: Path) -> None:
    survives(tmp_path / "own", ("seal", "vote", "run", "vote", "seal"), seed=5)


@pytest.mark.prove
@pytest.mark.parametrize("kind", list(KINDS))
def test_acknowledged_acts_survive_kills_at_random_moments(tmp_path: Path, kind: str) -> None:
    survives(tmp_path / "own", [kind] * 40, seed=40)
