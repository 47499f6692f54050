"""Fakes shared by all tests: a signer in memory, a clock that steps, and small logs of theirs."""

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from interlock.adapters.clock import Clock
from interlock.adapters.cosigning import OwnWitness
from interlock.adapters.sql_log import SqlLog
from interlock.admission.acts import Hold
from interlock.ledger import (
    Checkpoint,
    Entry,
    Envelope,
    Statement,
    Subject,
    Trust,
    cosign,
    leaf_hash,
    posix,
    root_hash,
    sign,
    sign_checkpoint,
    utc,
)


class MemorySigner:
    """A signer whose key follows from its name, so that signatures repeat."""

    def __init__(self, name: str) -> None:
        self.name = name
        seed = hashlib.sha256(f"interlock test key of {name}".encode()).digest()
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data)


def any_rater(rater: str, seal: str) -> bytes | None:
    """The key of whoever labels, for a queue in which everybody may."""
    return MemorySigner(rater).public_key


class StepClock:
    """A clock that moves by a fixed number of seconds each time it is read."""

    def __init__(self, start: str = "2026-01-05T09:00:00Z", step: int = 1) -> None:
        self.seconds, self.step = posix(start), step

    def now(self) -> str:
        time = utc(self.seconds)
        self.seconds += self.step
        return time

    def forward(self, seconds: int) -> None:
        self.seconds += seconds


ORIGIN = "interlock.example/log"
WITNESS = "interlock.example/witness"
LOG_SIGNER = MemorySigner("log")
WITNESS_SIGNER = MemorySigner("witness")
TRUST = Trust(ORIGIN, LOG_SIGNER.public_key, WITNESS, WITNESS_SIGNER.public_key)


def act(n: int, *, by: MemorySigner | None = None) -> Envelope:
    """The n-th of many distinct statements."""
    hold = Hold(product=f"product {n}", system="a" * 64, reason="a test", previous="")
    return sign(Statement((Subject("system", "a" * 64),), hold), by or MemorySigner("ada"))


def leaves_of(count: int, clock: StepClock | None = None) -> list[bytes]:
    """The leaves of a log of distinct statements, a second apart."""
    ticking = clock or StepClock()
    return [Entry(ticking.now(), act(n)).leaf() for n in range(count)]


def note_of(leaves: list[bytes], *, time: str = "2026-06-01T00:00:00Z") -> str:
    """The cosigned checkpoint of a log with these leaves."""
    root = root_hash(map(leaf_hash, leaves))
    signed = sign_checkpoint(Checkpoint(ORIGIN, len(leaves), root), LOG_SIGNER)
    return cosign(signed, signer=WITNESS_SIGNER, name=WITNESS, time=time)


def open_log(path: Path, clock: Clock | None = None) -> SqlLog:
    """The test log in a file, made if absent."""
    return SqlLog(
        path,
        origin=ORIGIN,
        signer=LOG_SIGNER,
        witness=OwnWitness(WITNESS, WITNESS_SIGNER),
        clock=clock or StepClock(),
        create=True,
    )
