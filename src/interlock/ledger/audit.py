"""The checker, apart from the writer: recompute a log from its leaves and believe nothing else."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from interlock.errors import (
    EntryRefusedError,
    InvalidEnvelopeError,
    InvalidStatementError,
    LogRewrittenError,
    LogTruncatedError,
    LogUnsignedError,
)
from interlock.ledger.checkpoint import Checkpoint, Cosigned, Trust
from interlock.ledger.entry import Entry
from interlock.ledger.envelope import Envelope, Signature, pae
from interlock.ledger.keys import verified
from interlock.ledger.merkle import Frontier, leaf_hash
from interlock.ledger.statement import parse_claim

KeyOf = Callable[[str], bytes | None]
"""The raw public key that a key id names, or None where it is unknown."""

# Signatures checked in a row take less time than between other work, which clears the caches.
_TOGETHER = 256


@dataclass(frozen=True)
class Audit:
    """What an audit of a whole log found right.

    Attributes:
        cosigned: The checkpoint whose size and root the leaves have.
        signatures: Signatures found right.
        strangers: Signatures by keys the auditor was not given. Whether a
            signer may do what was done is for `admission` to judge.
    """

    cosigned: Cosigned
    signatures: int
    strangers: int


def audit(
    leaves: Iterable[bytes],
    note: str,
    trust: Trust,
    *,
    since: str | None = None,
    key_of: KeyOf = lambda _: None,
) -> Audit:
    """Check that leaves are exactly the log that a note promises.

    Leaves are read as a stream; 32 bytes are kept of each, so that none comes
    twice.

    Args:
        leaves: Every leaf of the log, in order.
        note: The checkpoint note to hold them to.
        trust: Whose checkpoints are believed.
        since: A note seen earlier, of which the log must be a continuation.
        key_of: The raw public key that a key id names, or None where it is
            unknown. Every signature of a known key must be right.

    Raises:
        InvalidCheckpointError: A note is not signed as trusted.
        LogTruncatedError: There are fewer leaves than a note promises.
        LogUnsignedError: There are more leaves than ``note`` promises.
        LogRewrittenError: The root hash is not the one a note promises.
        EntryRefusedError: A leaf is no strict entry, repeats a statement, goes
            back in time, or carries a wrong signature.
    """
    now = trust.open(note)
    promised = [now.checkpoint]
    if since is not None:
        promised.append(trust.open(since).checkpoint)
    longest = max(checkpoint.size for checkpoint in promised)
    walk = _Walk(promised, now.time, key_of)
    for leaf in leaves:
        if walk.size == longest:
            raise LogUnsignedError(longest)
        walk.take(leaf)
    walk.finish()
    if walk.size < longest:
        raise LogTruncatedError(walk.size, longest)
    if now.checkpoint.size < longest:
        raise LogTruncatedError(now.checkpoint.size, longest)
    return Audit(now, walk.signatures, walk.strangers)


class _Walk:
    """The log as far as it has been read."""

    def __init__(self, promised: list[Checkpoint], end: str, key_of: KeyOf) -> None:
        self.signatures = self.strangers = 0
        self._promised, self._end, self._key_of = promised, end, key_of
        self._frontier, self._seen, self._time = Frontier(), set[bytes](), ""
        self._unchecked: list[tuple[int, bytes, Signature, bytes]] = []
        self._check_roots()

    @property
    def size(self) -> int:
        return self._frontier.size

    def take(self, leaf: bytes) -> None:
        """Check one leaf and add it to the tree."""
        entry = self._entry(leaf)
        identity = hashlib.sha256(entry.envelope.payload).digest()
        if identity in self._seen:
            raise EntryRefusedError(self.size, "its statement is on the log already")
        if not self._time <= entry.time <= self._end:
            raise EntryRefusedError(self.size, "its time is not between its neighbours'")
        self._check_signatures(entry.envelope)
        self._seen.add(identity)
        self._time = entry.time
        self._frontier.append(leaf_hash(leaf))
        self._check_roots()

    def _entry(self, leaf: bytes) -> Entry:
        try:
            entry = Entry.parse(leaf)
            parse_claim(entry.envelope.payload)
        except (InvalidEnvelopeError, InvalidStatementError) as error:
            raise EntryRefusedError(self.size, str(error)) from error
        return entry

    def _check_signatures(self, envelope: Envelope) -> None:
        message = pae(envelope.payload)
        for signature in envelope.signatures:
            key = self._key_of(signature.keyid)
            if key is None:
                self.strangers += 1
            else:
                self._unchecked.append((self.size, key, signature, message))
        if len(self._unchecked) >= _TOGETHER:
            self.finish()

    def finish(self) -> None:
        """Check the signatures that are still unchecked."""
        for index, key, signature, message in self._unchecked:
            if not verified(key, signature.sig, message):
                raise EntryRefusedError(index, f"the signature of {signature.keyid} is wrong")
        self.signatures += len(self._unchecked)
        self._unchecked.clear()

    def _check_roots(self) -> None:
        for checkpoint in self._promised:
            if checkpoint.size == self.size and checkpoint.root != self._frontier.root:
                raise LogRewrittenError(self.size)
