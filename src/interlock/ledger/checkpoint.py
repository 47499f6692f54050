"""Checkpoints: what a log promises about its size and root, signed and witnessed.

The text is a C2SP tlog-checkpoint in a signed note: the log signs as a plain
Ed25519 key named like its origin (type 0x01), the witness adds a time-stamped
cosignature (tlog-cosignature, cosignature/v1, type 0x04).
"""

import hashlib
import re
import struct
from dataclasses import dataclass
from typing import Self

from interlock.errors import (
    InvalidCheckpointError,
    InvalidKeyError,
    InvalidNoteKeyError,
    InvalidTimeError,
)
from interlock.ledger.keys import (
    SIGNATURE_LENGTH,
    Signer,
    base64_text,
    check_public_key,
    strict_base64,
    verified,
)
from interlock.ledger.moment import posix, utc

_LOG, _WITNESS = 0x01, 0x04
_HASH_LENGTH = 32
_KEY_HASH_LENGTH = 4
_MOST_SIGNATURES = 16
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_LINE = re.compile(r"— ([^\s+\x00-\x1f\x7f]+) ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True)
class Checkpoint:
    """A log's size and root at one moment.

    Attributes:
        origin: The log's name, a URL without its scheme.
        size: Number of entries.
        root: Root hash over them, 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.origin):
            raise InvalidCheckpointError(f"{self.origin!r} is no name of a log")
        if self.size < 0 or len(self.root) != _HASH_LENGTH:
            raise InvalidCheckpointError("its size or its root hash is none")

    def body(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64_text(self.root)}\n"


@dataclass(frozen=True)
class Cosigned:
    """A checkpoint whose signatures were found right.

    Attributes:
        checkpoint: What the log promises.
        time: When the witness saw it.
    """

    checkpoint: Checkpoint
    time: str


@dataclass(frozen=True)
class NoteKey:
    """A key that signs notes, as one line that can be handed on (C2SP signed-note, verifier key).

    Attributes:
        name: The key's name; a log's is its origin.
        kind: 1 for a log's signatures, 4 for a witness's time-stamped cosignatures.
        key: The raw public key.
    """

    name: str
    kind: int
    key: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.kind not in {_LOG, _WITNESS}:
            raise InvalidNoteKeyError("its name or its kind is none that Interlock knows")
        try:
            check_public_key(self.key)
        except InvalidKeyError as error:
            raise InvalidNoteKeyError(error.reason) from error

    @classmethod
    def of_log(cls, origin: str, key: bytes) -> Self:
        """The key of a log."""
        return cls(origin, _LOG, key)

    @classmethod
    def of_witness(cls, name: str, key: bytes) -> Self:
        """The key of a witness."""
        return cls(name, _WITNESS, key)

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a line ``name+hash+base64(kind || key)``.

        Raises:
            InvalidNoteKeyError: The line is malformed, or the key proves nothing.
        """
        name, _, rest = text.strip().partition("+")
        hashed, _, data = rest.partition("+")
        raw = strict_base64(data)
        if not raw:
            raise InvalidNoteKeyError("it is not NAME+HASH+KEY")
        made = cls(name, raw[0], raw[1:])
        if made.hashed.hex() != hashed:
            raise InvalidNoteKeyError("its hash does not fit its name and key")
        return made

    @property
    def hashed(self) -> bytes:
        """The four bytes by which signature lines name the key."""
        return _key_hash(self.name, self.kind, self.key)

    @property
    def text(self) -> str:
        """The line that `read` reads."""
        data = base64_text(bytes([self.kind]) + self.key)
        return f"{self.name}+{self.hashed.hex()}+{data}"

    def opens(self, note: str) -> Checkpoint:
        """The checkpoint of a note that this key of a log signed, whoever else did.

        Raises:
            InvalidCheckpointError: The note is malformed, speaks for another log,
                or carries no right signature of this key.
        """
        body, lines = _split(note)
        checkpoint = _read(body, extended=True)
        if checkpoint.origin != self.name:
            raise InvalidCheckpointError(f"it speaks for {checkpoint.origin}, not for {self.name}")
        mine = [signature for key, signature in lines if key == (self.name, self.hashed)]
        if not any(
            len(one) == SIGNATURE_LENGTH and verified(self.key, one, body.encode()) for one in mine
        ):
            raise InvalidCheckpointError("the log's signature is missing or wrong")
        return checkpoint

    def joined(self, note: str, lines: str) -> str:
        """The note with the one signature of this key among some signature lines.

        Raises:
            InvalidCheckpointError: There is none.
        """
        for line in lines.splitlines():
            try:
                key, signature = _signature(line)
            except InvalidCheckpointError:
                continue
            if key == (self.name, self.hashed):
                return note + _line(self.name, self.hashed, signature)
        raise InvalidCheckpointError(f"{self.name} gave no signature")


@dataclass(frozen=True)
class Trust:
    """Whose checkpoints are believed.

    Attributes:
        origin: The log's name, which is also its key's name.
        log_key: The log's raw public key.
        witness_name: Name of the witness's key.
        witness_key: The witness's raw public key.
    """

    origin: str
    log_key: bytes
    witness_name: str
    witness_key: bytes

    def open(self, note: str) -> Cosigned:
        """The checkpoint that a note holds, if it is signed by both keys.

        Raises:
            InvalidCheckpointError: See `open_checkpoint`.
        """
        return open_checkpoint(
            note,
            origin=self.origin,
            log_key=self.log_key,
            witness_name=self.witness_name,
            witness_key=self.witness_key,
        )


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The note of a checkpoint, signed by the log."""
    body = checkpoint.body()
    key_hash = _key_hash(checkpoint.origin, _LOG, signer.public_key)
    return f"{body}\n{_line(checkpoint.origin, key_hash, signer.sign(body.encode()))}"


def cosign(note: str, *, signer: Signer, name: str, time: str) -> str:
    """The note with a witness's time-stamped cosignature added.

    Args:
        note: A note that `sign_checkpoint` made.
        signer: The witness.
        name: Name of the witness's key.
        time: When the witness saw the checkpoint.

    Raises:
        InvalidCheckpointError: The note is malformed, or ``name`` is no key name.
        InvalidTimeError: ``time`` is not in UTC seconds.
    """
    body, _ = _split(note)
    if not _NAME.fullmatch(name):
        raise InvalidCheckpointError(f"{name!r} is no name of a witness")
    seconds = posix(time)
    signature = struct.pack(">Q", seconds) + signer.sign(_cosigned(seconds, body))
    return note + _line(name, _key_hash(name, _WITNESS, signer.public_key), signature)


def open_checkpoint(
    note: str, *, origin: str, log_key: bytes, witness_name: str, witness_key: bytes
) -> Cosigned:
    """The checkpoint of a note that the log signed and its witness cosigned.

    Lines of other keys are ignored, as the note format demands.

    Raises:
        InvalidCheckpointError: The note is malformed, speaks for another log,
            lacks one of the two signatures, or carries a wrong one.
        InvalidKeyError: A trusted key is one that proves nothing.
    """
    body, lines = _split(note)
    checkpoint = _read(body)
    if checkpoint.origin != origin:
        raise InvalidCheckpointError(f"it speaks for {checkpoint.origin}, not for {origin}")
    signature = _only(lines, (origin, _key_hash(origin, _LOG, log_key)), "the log")
    if len(signature) != SIGNATURE_LENGTH or not verified(log_key, signature, body.encode()):
        raise InvalidCheckpointError("the log's signature is wrong")
    known = (witness_name, _key_hash(witness_name, _WITNESS, witness_key))
    stamped = _only(lines, known, "the witness")
    if len(stamped) != 8 + SIGNATURE_LENGTH:
        raise InvalidCheckpointError("the witness's cosignature is wrong")
    (seconds,) = struct.unpack(">Q", stamped[:8])
    if not verified(witness_key, stamped[8:], _cosigned(seconds, body)):
        raise InvalidCheckpointError("the witness's cosignature is wrong")
    try:
        return Cosigned(checkpoint, utc(seconds))
    except InvalidTimeError as error:
        raise InvalidCheckpointError("the witness's time is out of range") from error


def claimed_checkpoint(note: str) -> Checkpoint:
    """What a note says, whoever signed it; to be believed only of notes opened before.

    Raises:
        InvalidCheckpointError: The note is malformed.
    """
    return _read(_split(note)[0], extended=True)


def _cosigned(seconds: int, body: str) -> bytes:
    """The message of a cosignature/v1."""
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


def _key_hash(name: str, kind: int, public_key: bytes) -> bytes:
    message = name.encode() + b"\n" + bytes([kind]) + public_key
    return hashlib.sha256(message).digest()[:_KEY_HASH_LENGTH]


def _line(name: str, key_hash: bytes, signature: bytes) -> str:
    return f"— {name} {base64_text(key_hash + signature)}\n"


def _split(note: str) -> tuple[str, list[tuple[tuple[str, bytes], bytes]]]:
    """A note's body, and its signatures by key name and key hash."""
    body, separator, tail = note.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise InvalidCheckpointError("it is not a signed note")
    lines = tail[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise InvalidCheckpointError(f"it has more than {_MOST_SIGNATURES} signatures")
    return body + "\n", list(map(_signature, lines))


def _signature(line: str) -> tuple[tuple[str, bytes], bytes]:
    match = _LINE.fullmatch(line)
    data = strict_base64(match[2]) if match else None
    if match is None or data is None or len(data) <= _KEY_HASH_LENGTH:
        raise InvalidCheckpointError("a signature line is malformed")
    return (match[1], data[:_KEY_HASH_LENGTH]), data[_KEY_HASH_LENGTH:]


def _only(
    lines: list[tuple[tuple[str, bytes], bytes]], known: tuple[str, bytes], who: str
) -> bytes:
    """The one signature of a known key."""
    found = [signature for key, signature in lines if key == known]
    if len(found) != 1:
        raise InvalidCheckpointError(f"{who} signed it {len(found)} times, not once")
    return found[0]


def _read(body: str, *, extended: bool = False) -> Checkpoint:
    """The checkpoint of a note's body; other kinds of logs add lines of their own."""
    lines = body.split("\n")
    if len(lines) < 4 or lines[-1] or (len(lines) > 4 and not extended) or not all(lines[:-1]):
        raise InvalidCheckpointError("its text is not origin, size and root hash")
    origin, size, root = lines[:3]
    hashed = strict_base64(root)
    if not _SIZE.fullmatch(size) or hashed is None:
        raise InvalidCheckpointError("its text is not origin, size and root hash")
    return Checkpoint(origin, int(size), hashed)
