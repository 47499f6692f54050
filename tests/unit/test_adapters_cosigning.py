"""Workers of one log and their witness: what each is told when another was faster."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from interlock.adapters.cosigning import Growth, RemoteWitness
from interlock.adapters.sql_log import SqlLog
from interlock.adapters.witness import Witness
from interlock.adapters.witness_worker import application
from interlock.errors import LogMovedError, UnavailableError, WitnessRefusedError
from interlock.ledger import NoteKey, audit
from tests.fakes import LOG_SIGNER, ORIGIN, TRUST, WITNESS, WITNESS_SIGNER, StepClock, act
from tests.served import served

NOON = "2026-03-01T12:00:00Z"


class SlowWitness(RemoteWitness):
    """A witness before whose answer things happen, and whose answer may get lost."""

    def __init__(self, url: str) -> None:
        super().__init__(url, NoteKey.of_witness(WITNESS, WITNESS_SIGNER.public_key))
        self.before: list[Callable[[], object]] = []
        self.lost = False

    def cosign(self, growth: Growth, *, at: str) -> str:
        while self.before:
            self.before.pop(0)()
        note = super().cosign(growth, at=at)
        if self.lost:
            raise UnavailableError("the witness", "its answer is lost")
        return note


@dataclass
class Workers:
    """Two workers of one log, and the clocks."""

    path: Path
    url: str
    clock: StepClock
    witness_clock: StepClock
    _open: ExitStack = field(default_factory=ExitStack)

    def worker(self) -> tuple[SqlLog, SlowWitness]:
        witness = SlowWitness(self.url)
        log = SqlLog(
            self.path,
            origin=ORIGIN,
            signer=LOG_SIGNER,
            witness=witness,
            clock=self.clock,
            create=True,
        )
        return self._open.enter_context(closing(log)), witness

    def close(self) -> None:
        self._open.close()


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    made = Workers(tmp_path / "log.sqlite", "", StepClock(NOON, 0), StepClock(NOON, 0))
    (tmp_path / "memory").mkdir()
    witness = Witness(
        tmp_path / "memory",
        name=WITNESS,
        signer=WITNESS_SIGNER,
        logs=[NoteKey.of_log(ORIGIN, LOG_SIGNER.public_key)],
        clock=made.witness_clock,
    )
    with served(lambda: application(witness)) as serving, closing(made):
        made.url = serving.url
        yield made


@pytest.mark.parametrize("more", [0, 1, 2])
def test_an_act_that_another_worker_published_meanwhile_has_its_receipt(
    workers: Workers, more: int
) -> None:
    (fast, _), (slow, witness) = workers.worker(), workers.worker()
    slow.append(act(0))
    witness.before = [
        lambda: fast.append(act(1)),
        *(lambda n=n: fast.append(act(2 + n)) for n in range(more)),
    ]
    receipt = slow.append(act(1))
    assert receipt == fast.receipt(act(1).identity)
    assert audit(fast.leaves(), fast.note(), TRUST).cosigned.checkpoint.size == 2 + more


def test_an_act_that_another_worker_published_has_its_receipt_though_the_witness_is_gone(
    workers: Workers,
) -> None:
    (fast, _), (slow, witness) = workers.worker(), workers.worker()

    def die() -> None:
        raise UnavailableError("the witness", "it is gone")

    witness.before = [lambda: fast.append(act(1)), die]
    assert slow.append(act(1)) == fast.receipt(act(1).identity)


def test_a_refresh_that_another_worker_outran_says_that_the_log_moved(workers: Workers) -> None:
    (fast, _), (slow, witness) = workers.worker(), workers.worker()
    slow.append(act(0))
    seen = TRUST.open(slow.note()).checkpoint
    witness.before = [lambda: fast.append(act(1))]
    with pytest.raises(LogMovedError) as caught:
        slow.refresh(expected=seen)
    assert (caught.value.expected, caught.value.size) == (1, 2)


def test_a_refresh_of_whatever_is_newest_goes_on_with_what_another_worker_appended(
    workers: Workers,
) -> None:
    (fast, _), (slow, witness) = workers.worker(), workers.worker()
    slow.append(act(0))
    witness.before = [lambda: fast.append(act(1))]
    assert TRUST.open(slow.refresh()).checkpoint.size == 2


def test_a_refresh_publishes_what_a_worker_left_between_the_witness_and_the_log(
    workers: Workers,
) -> None:
    (dying, its_witness), (slow, witness) = workers.worker(), workers.worker()
    slow.append(act(0))

    def cosigned_and_lost() -> None:
        its_witness.lost = True
        with pytest.raises(UnavailableError):
            dying.append(act(1))

    witness.before = [cosigned_and_lost]
    assert TRUST.open(slow.refresh()).checkpoint.size == 2
    assert slow.receipt(act(1).identity) is not None


def test_a_log_that_went_back_is_still_refused(workers: Workers, tmp_path: Path) -> None:
    log, _ = workers.worker()
    log.copy_to(tmp_path / "older.sqlite")
    log.append(act(0))
    workers.path = tmp_path / "older.sqlite"
    older, _ = workers.worker()
    with pytest.raises(WitnessRefusedError):
        older.refresh()
    with pytest.raises(WitnessRefusedError):
        older.append(act(1))
    assert older.receipt(act(1).identity) is None


def test_a_witness_whose_clock_is_a_second_behind_is_waited_for(workers: Workers) -> None:
    log, _ = workers.worker()
    workers.clock.forward(1)
    workers.witness_clock.step = 1
    log.append(act(0))
    cosigned, (entry,) = TRUST.open(log.note()), log.entries()
    assert cosigned.time == entry.time == "2026-03-01T12:00:01Z"


def test_a_witness_whose_clock_is_a_minute_behind_publishes_nothing(workers: Workers) -> None:
    log, _ = workers.worker()
    workers.clock.forward(60)
    with pytest.raises(UnavailableError, match="its clock shows 2026-03-01T12:00:00Z"):
        log.append(act(0))
    assert log.receipt(act(0).identity) is None


def test_a_witness_whose_clock_is_a_year_ahead_stops_nothing_for_good(workers: Workers) -> None:
    log, _ = workers.worker()
    before = log.note()
    workers.witness_clock.forward(365 * 24 * 3600)
    with pytest.raises(UnavailableError, match="its clock shows 2027"):
        log.refresh()
    with pytest.raises(UnavailableError, match="its clock shows 2027"):
        log.append(act(0))
    assert log.note() == before
    workers.witness_clock.forward(-365 * 24 * 3600)
    log.append(act(0))
    assert TRUST.open(log.note()).checkpoint.size == 1
