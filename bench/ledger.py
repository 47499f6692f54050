"""What it costs to verify a whole log, against the bare signature checks it must contain."""

import time
import tracemalloc
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from interlock.admission.acts import Vote
from interlock.ledger import (
    Checkpoint,
    Entry,
    Frontier,
    Statement,
    Subject,
    Trust,
    audit,
    cosign,
    key_id,
    leaf_hash,
    pae,
    sign,
    sign_checkpoint,
    utc,
)

_ORIGIN, _WITNESS = "bench.example/log", "bench.example/witness"
_STATEMENTS = 100_000
_PEOPLE = 5
_START = 1_767_600_000
_DIGEST = "0123456789abcdef" * 4


class _Signer:
    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.public_key = self.key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data)


def run(scale: float = 1.0) -> list[dict[str, object]]:
    """Verify ``scale`` x 100,000 signed votes; ratio of time to bare Ed25519, and peak memory."""
    n = max(1, round(_STATEMENTS * scale))
    people = [_Signer() for _ in range(_PEOPLE)]
    log, witness = _Signer(), _Signer()
    leaves, frontier = [], Frontier()
    for index in range(n):
        leaves.append(_leaf(index, people[index % _PEOPLE]))
        frontier.append(leaf_hash(leaves[-1]))
    note = cosign(
        sign_checkpoint(Checkpoint(_ORIGIN, n, frontier.root), log),
        signer=witness,
        name=_WITNESS,
        time=utc(_START + n),
    )
    trust = Trust(_ORIGIN, log.public_key, _WITNESS, witness.public_key)
    keys = {key_id(person.public_key): person.public_key for person in people}

    def verify(given: list[bytes]) -> None:
        assert audit(iter(given), note, trust, key_of=keys.get).signatures == n

    bare, whole = _interleaved(lambda: _bare(leaves, keys), lambda: verify(leaves))
    return [
        {
            "name": f"verify {n} statements / {n} bare Ed25519 verifications",
            "value": round(whole / bare, 3),
            "unit": "ratio",
            "bar": 1.5,
            "better": "lower",
        },
        {
            "name": f"verify {n} statements, peak memory",
            "value": round(_peak(lambda: verify(leaves)), 1),
            "unit": "MiB",
            "bar": None,
            "better": "lower",
        },
    ]


def _leaf(index: int, person: _Signer) -> bytes:
    vote = Vote(
        origin=_ORIGIN,
        assessment=_DIGEST,
        system=_DIGEST,
        charter=_DIGEST,
        role="policy-analyst",
        ballot="go",
        reasons=f"The residual risk of candidate {index} is inside the level we accept.",
        previous=_DIGEST,
        accepts_retrospective=False,
    )
    envelope = sign(Statement((Subject("candidate", _DIGEST),), vote), person)
    return Entry(utc(_START + index), envelope).leaf()


def _bare(leaves: list[bytes], keys: dict[str, bytes]) -> float:
    """Seconds of the signature checks alone, their messages made ready beforehand."""
    loaded = {name: Ed25519PublicKey.from_public_bytes(raw) for name, raw in keys.items()}
    ready = []
    for leaf in leaves:
        envelope = Entry.parse(leaf).envelope
        (signature,) = envelope.signatures
        ready.append((loaded[signature.keyid], signature.sig, pae(envelope.payload)))
    start = time.perf_counter()
    for key, sig, message in ready:
        key.verify(sig, message)
    return time.perf_counter() - start


def _interleaved(bare: Callable[[], float], whole: Callable[[], None]) -> tuple[float, float]:
    """The faster of two runs of each, taken in turn, so that a busy machine slows both."""
    times: list[tuple[float, float]] = []
    for _ in range(2):
        alone = bare()
        start = time.perf_counter()
        whole()
        times.append((alone, time.perf_counter() - start))
    return min(alone for alone, _ in times), min(both for _, both in times)


def _peak(whole: Callable[[], None]) -> float:
    """Peak of memory that verifying itself allocates, in MiB; the leaves are the caller's."""
    tracemalloc.start()
    try:
        whole()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
