"""The log in a database against a list: the same leaves, receipts and notes, whatever comes."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from interlock.errors import LogMovedError
from interlock.ledger import (
    Entry,
    audit,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_hash,
    verify_consistency,
)
from tests.fakes import TRUST, StepClock, act, open_log


class LogMachine(RuleBasedStateMachine):
    """Appends, repeats, races and restarts, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "log.sqlite"
        self.clock = StepClock(step=0)
        self.log = open_log(self.path, self.clock)
        self.told: list[int] = []
        self.times: list[str] = []
        self.notes = [self.log.note()]

    def teardown(self) -> None:
        self.log.close()
        self.folder.cleanup()

    @property
    def leaves(self) -> list[bytes]:
        return [Entry(time, act(n)).leaf() for n, time in zip(self.told, self.times, strict=True)]

    @rule(n=st.integers(0, 12), moved=st.integers(-2, 2))
    def append(self, n: int, moved: int) -> None:
        self.clock.forward(moved)
        before = self.log.note()
        receipt = self.log.append(act(n))
        if n in self.told:
            assert self.log.note() == before
        else:
            self.told.append(n)
            self.times.append(max([self.clock.now(), *self.times, TRUST.open(before).time]))
            self.notes.append(receipt.note)
        index = self.told.index(n)
        hashes = [leaf_hash(leaf) for leaf in self.leaves[: index + 1]]
        assert (receipt.index, receipt.proof) == (index, inclusion_proof(hashes, index))
        assert receipt.check(Entry.parse(self.leaves[index]), TRUST).checkpoint.size == index + 1

    @rule(n=st.integers(100, 10_000), expected=st.integers(0, 20))
    def append_upon_another_size(self, n: int, expected: int) -> None:
        if expected != len(self.told):
            with pytest.raises(LogMovedError):
                self.log.append(act(n), expected_size=expected)

    @rule()
    def restart(self) -> None:
        self.log.close()
        self.log = open_log(self.path, self.clock)

    @rule(seconds=st.integers(0, 100))
    def refresh(self, seconds: int) -> None:
        self.clock.forward(seconds)
        self.notes[-1] = self.log.refresh()

    @invariant()
    def the_log_is_the_list(self) -> None:
        assert list(self.log.leaves()) == self.leaves
        assert TRUST.open(self.log.note()).checkpoint.root == root_hash(map(leaf_hash, self.leaves))
        audit(self.leaves, self.log.note(), TRUST, since=self.notes[len(self.notes) // 2])

    @invariant()
    def every_note_is_continued_by_the_newest(self) -> None:
        hashes = [leaf_hash(leaf) for leaf in self.leaves]
        new = (len(hashes), root_hash(hashes))
        for note in self.notes[1:]:
            old = TRUST.open(note).checkpoint
            verify_consistency((old.size, old.root), new, consistency_proof(hashes, old.size))


TestLog = LogMachine.TestCase
TestLog.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
