"""Entries: what the log keeps of an act, and the receipt its author takes home."""

from dataclasses import dataclass
from typing import Self

from interlock.errors import (
    InvalidEnvelopeError,
    InvalidProofError,
    InvalidTimeError,
    StrictJsonError,
)
from interlock.ledger.canonical import canonical, decode, parse, why_not
from interlock.ledger.checkpoint import Cosigned, Trust
from interlock.ledger.envelope import Envelope
from interlock.ledger.keys import base64_text, strict_base64
from interlock.ledger.merkle import leaf_hash, verify_inclusion
from interlock.ledger.moment import posix


@dataclass(frozen=True)
class Entry:
    """An envelope and the time the log stamped on it; both are in the tree.

    Attributes:
        time: When the log took it.
        envelope: The signed statement.
    """

    time: str
    envelope: Envelope

    def __post_init__(self) -> None:
        posix(self.time)

    @property
    def identity(self) -> str:
        """The statement's identity."""
        return self.envelope.identity

    def leaf(self) -> bytes:
        """The canonical JSON of its leaf in the tree."""
        return b'{"envelope":%s,"time":"%s"}' % (self.envelope.to_bytes(), self.time.encode())

    @classmethod
    def parse(cls, leaf: bytes) -> Self:
        """Read what `leaf` wrote, and nothing else.

        Raises:
            InvalidEnvelopeError: The bytes are not canonical JSON of exactly an
                envelope and a time, or the envelope or the time is malformed.
        """
        try:
            value = decode(leaf)
        except StrictJsonError as error:
            raise InvalidEnvelopeError(error.reason) from error
        if not isinstance(value, dict) or value.keys() != {"envelope", "time"}:
            raise InvalidEnvelopeError("an entry is not exactly an envelope and a time")
        time = value["time"]
        if not isinstance(time, str):
            raise InvalidEnvelopeError("an entry's time is no text")
        try:
            made = cls(time, Envelope.read(value["envelope"]))
        except InvalidTimeError as error:
            raise InvalidEnvelopeError(str(error)) from error
        if made.leaf() != leaf:
            raise InvalidEnvelopeError(why_not(leaf))
        return made


@dataclass(frozen=True)
class Receipt:
    """The log's promise that an entry is on it; whoever holds one can show it withheld.

    Attributes:
        index: Where the entry is, counted from 0.
        proof: Inclusion proof in the tree of the note.
        note: The cosigned checkpoint of that tree.
    """

    index: int
    proof: tuple[bytes, ...]
    note: str

    def check(self, entry: Entry, trust: Trust) -> Cosigned:
        """The checkpoint that holds the entry, if the receipt is right.

        Raises:
            InvalidCheckpointError: The note is not signed as trusted.
            InvalidProofError: The entry is not in the tree of the note.
        """
        opened = trust.open(self.note)
        verify_inclusion(
            leaf_hash(entry.leaf()),
            self.proof,
            index=self.index,
            size=opened.checkpoint.size,
            root=opened.checkpoint.root,
        )
        return opened

    def to_bytes(self) -> bytes:
        """The receipt as canonical JSON."""
        proof = list(map(base64_text, self.proof))
        return canonical({"index": self.index, "note": self.note, "proof": proof})

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote, and nothing else.

        Raises:
            InvalidProofError: The bytes are no receipt.
        """
        try:
            value = parse(data)
        except StrictJsonError as error:
            raise InvalidProofError(error.reason) from error
        if isinstance(value, dict) and value.keys() == {"index", "note", "proof"}:
            index, note, proof = value["index"], value["note"], value["proof"]
            if type(index) is int and isinstance(note, str) and isinstance(proof, list):
                hashes = [strict_base64(step) for step in proof if isinstance(step, str)]
                whole = [step for step in hashes if step is not None]
                if len(whole) == len(proof):
                    return cls(index, tuple(whole), note)
        raise InvalidProofError("a receipt is not exactly an index, a note and a proof")
