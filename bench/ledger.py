"""What it costs to verify a whole log, against the bare signature checks it must contain."""

import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator

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
_TURN = 500
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

    def verify(given: Iterable[bytes]) -> None:
        assert audit(given, note, trust, key_of=keys.get).signatures == n

    bare = _Bare(leaves, keys)
    start = time.process_time()
    verify(bare)
    whole = time.process_time() - start - bare.seconds - bare.preparing
    return [
        {
            "name": f"verify {n} statements / {n} bare Ed25519 verifications",
            "value": round(whole / bare.seconds, 3),
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


class _Bare:
    """Leaves that, every so often while they are read, do the bare checks of those just read.

    So both sides of the ratio are measured in turns of a fraction of a second,
    and a busy machine slows both.

    Attributes:
        seconds: Processor time of the signature checks alone, with loaded keys
            and ready messages.
        preparing: Processor time of making them ready, which counts for neither.
    """

    def __init__(self, leaves: list[bytes], keys: dict[str, bytes]) -> None:
        self._leaves, self.seconds, self.preparing = leaves, 0.0, 0.0
        self._keys = {name: Ed25519PublicKey.from_public_bytes(raw) for name, raw in keys.items()}

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._leaves), _TURN):
            turn = self._leaves[start : start + _TURN]
            yield from turn
            self._check(turn)

    def _check(self, leaves: list[bytes]) -> None:
        begin = time.process_time()
        ready = []
        for leaf in leaves:
            envelope = Entry.parse(leaf).envelope
            (signature,) = envelope.signatures
            ready.append((self._keys[signature.keyid], signature.sig, pae(envelope.payload)))
        middle = time.process_time()
        for key, sig, message in ready:
            key.verify(sig, message)
        self.seconds += time.process_time() - middle
        self.preparing += middle - begin


def _peak(whole: Callable[[], None]) -> float:
    """Peak of memory that verifying itself allocates, in MiB; the leaves are the caller's."""
    tracemalloc.start()
    try:
        whole()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
