"""Feed spoiled files to a parser until the time is up; only a refusal is an answer."""

import hashlib
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import numpy as np

from interlock.admission.verify import Refused
from interlock.errors import InterlockError
from tests.prove.mutations import Rng, one_of, spoiled

FOUND = Path(__file__).parents[2] / "build" / "fuzz"
HANG_S = 20
MOST_GROWTH_MIB = 2048

Change = Callable[[bytes, Rng], bytes]


class HangError(Exception):
    """An input took longer than anybody would wait."""


@dataclass(frozen=True)
class Target:
    """A door through which strangers' bytes come in.

    Attributes:
        name: What errors and saved inputs call it.
        seeds: Real inputs.
        run: Takes an input; may raise only refusals.
        changes: Ways to spoil an input that know what it is made of.
    """

    name: str
    seeds: Sequence[bytes]
    run: Callable[[bytes], object]
    changes: Sequence[Change] = ()


@dataclass
class Tally:
    """What a group of targets answered.

    Attributes:
        seed: What the inputs follow from, with the group's name.
        inputs: How many there were.
        taken: How many were taken for whole.
        refusals: How many were refused, by target and reason.
        crashes: What went wrong, and where the input that did it is kept.
    """

    seed: int
    inputs: int = 0
    taken: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    crashes: dict[str, str] = field(default_factory=dict)

    def told(self, group: str) -> str:
        """One line for a person."""
        return (
            f"fuzz {group}: seed {self.seed}, {self.inputs} inputs, {self.taken} taken, "
            f"{len(self.refusals)} distinct refusals, {len(self.crashes)} crashes"
        )


def fuzz(group: str, targets: Sequence[Target], *, seconds: float, seed: int) -> Tally:
    """Spoil and feed for some seconds, every real input unspoiled first.

    An exception that is no refusal, an input that takes over 20 seconds, or
    growth by over 2 GiB of memory is a crash; the first input of each kind is
    kept under ``build/fuzz``.
    """
    rng = np.random.default_rng([seed, *group.encode()])
    tally, end = Tally(seed), time.monotonic() + seconds
    for target in targets:
        for data in target.seeds:
            _feed(tally, target, data)
    while time.monotonic() < end:
        target = one_of(rng, targets)
        data = one_of(rng, target.seeds)
        change = one_of(rng, [spoiled, *target.changes, *target.changes])
        try:
            made = change(data, rng)
        except (ValueError, RecursionError):
            continue
        _feed(tally, target, made)
    return tally


def _feed(tally: Tally, target: Target, data: bytes) -> None:
    tally.inputs += 1
    before = _peak_mib()
    try:
        with _limited():
            target.run(data)
        tally.taken += 1
    except InterlockError as refusal:
        tally.refusals[f"{target.name} {refusal.code}: {_kind(str(refusal))}"] += 1
    except Refused as refusal:
        tally.refusals[f"{target.name} {refusal.reason}"] += 1
    except Exception as crash:  # noqa: BLE001 - whatever comes here is what is looked for
        _keep(tally, target, data, where=f"{type(crash).__name__} at {_place(crash)}: {crash}")
    if _peak_mib() - before > MOST_GROWTH_MIB:
        _keep(tally, target, data, where="memory")


def _keep(tally: Tally, target: Target, data: bytes, *, where: str) -> None:
    kind = f"{target.name}: {where[:300]}"
    if kind.partition(" at ")[0] + _kind(kind) in tally.crashes:
        return
    FOUND.mkdir(parents=True, exist_ok=True)
    path = FOUND / f"{target.name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    tally.crashes[kind.partition(" at ")[0] + _kind(kind)] = f"{kind} ({path})"


def _kind(sentence: str) -> str:
    """A sentence without what differs from input to input."""
    return "".join(c for c in sentence[-60:] if c.isalpha() or c == " ")[:50]


def _place(crash: Exception) -> str:
    at = crash.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    if at is None:
        return "?"
    return f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}"


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@contextmanager
def _limited() -> Iterator[None]:
    """Stop what hangs; what Python would only print and go on is raised too."""
    unraised: list[BaseException] = []
    hook = sys.unraisablehook
    sys.unraisablehook = lambda told: unraised.append(told.exc_value or HangError("unraisable"))

    def hang(number: int, frame: FrameType | None) -> None:
        raise HangError(f"over {HANG_S} seconds")

    earlier = signal.signal(signal.SIGALRM, hang)
    signal.setitimer(signal.ITIMER_REAL, HANG_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, earlier)
        sys.unraisablehook = hook
        if unraised:
            raise AssertionError(f"printed and ignored: {unraised[0]!r}")
