"""Seal, record runs or vote through the product until killed; a line is an act it acknowledged."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.board import BASELINE, CANDIDATE, GUARD, Board, rows
from tests.fakes import StepClock
from tests.prove.kill import READY, say

OPEN = GUARD + "confirmatory: false\n"


def seals(board: Board) -> Iterator[str]:
    """A hypothesis of another name each time."""
    while True:
        yield board.seal(named(board), assumed=None).identity


def runs(board: Board) -> Iterator[str]:
    """Both arms under a new seal each time, of rows nobody has seen before."""
    while True:
        seal, size = board.seal(named(board), assumed=None).identity, board.work.state().size
        yield board.run(seal, BASELINE, rows(harm=90, of=100 + size))
        yield board.run(seal, CANDIDATE, rows(harm=3, of=100 + size))


def votes(board: Board) -> Iterator[str]:
    """One person changing their mind."""
    assessment = next(iter(board.work.state().assessments.values())).identity
    while True:
        for ballot in ("no-go", "abstain", "go"):
            yield board.vote("sofia", assessment, ballot)


def named(board: Board) -> str:
    """A hypothesis whose name was never sealed before."""
    return OPEN.replace("hypothesis: guard", f"hypothesis: try {board.work.state().size}")


KINDS: dict[str, Callable[[Board], Iterator[str]]] = {"seal": seals, "run": runs, "vote": votes}


def main(kind: str, folder: Path) -> None:
    board = Board(folder, StepClock())
    acts = KINDS[kind](board)
    say(READY)
    for identity in acts:
        say(identity)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
