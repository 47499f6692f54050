"""What a log service and its clients write to each other."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from interlock.errors import (
    BadRequestError,
    BadTokenError,
    InvalidCheckpointError,
    InvalidEnvelopeError,
    InvalidProofError,
)
from interlock.ledger import Checkpoint, Envelope, Receipt

CHECKPOINT, LEAVES, RECORDS, RECEIPTS = (
    "/v1/checkpoint",
    "/v1/leaves",
    "/v1/records",
    "/v1/receipts",
)
STATEMENTS, REFRESH, HEALTH = "/v1/statements", "/v1/refresh", "/healthz"
PEELED = "/v1/peeled"
LARGEST_REQUEST = 64 << 20
PAGE = 1000
LINES = "application/x-ndjson"


@dataclass(frozen=True)
class Request:
    """A statement to be put on the log.

    Attributes:
        envelope: The statement.
        records: Canonical bytes of the records it names.
        expected_size: The size the client decided upon, if it must be that.
    """

    envelope: Envelope
    records: tuple[bytes, ...] = ()
    expected_size: int | None = None

    def to_bytes(self) -> bytes:
        """The body of the request."""
        fields = {
            "envelope": self.envelope.to_json(),
            "records": [one.decode() for one in self.records],
            "expected_size": self.expected_size,
        }
        return json.dumps(fields, ensure_ascii=False).encode()

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read what `to_bytes` wrote.

        Raises:
            BadRequestError: It is something else.
        """
        fields = _object(body, {"envelope", "records", "expected_size"})
        records, size = fields["records"], fields["expected_size"]
        texts = isinstance(records, list) and all(isinstance(one, str) for one in records)
        if not texts or not (size is None or (type(size) is int and size >= 0)):
            raise BadRequestError("records are not texts, or the size expected is none")
        try:
            envelope = Envelope.read(fields["envelope"])
            sent = tuple(one.encode() for one in records)
        except InvalidEnvelopeError as error:
            raise BadRequestError(error.reason) from error
        except UnicodeEncodeError as error:
            raise BadRequestError(f"a record is no Unicode ({error.reason})") from error
        return cls(envelope, sent, size)


def read_token(path: Path) -> str | None:
    """The token in a file, if there is the file; what surrounds the line is none of it.

    Raises:
        BadTokenError: The file is empty, which must not mean that no token is
            asked for, or what it holds cannot be sent.
    """
    if not path.exists():
        return None
    try:
        token = path.read_bytes().decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise BadTokenError(str(path), "it is not ASCII") from error
    if not token:
        raise BadTokenError(str(path), "it is empty")
    if not token.isprintable():
        raise BadTokenError(str(path), "it has a line break or another control character within")
    return token


def promised(time: str, receipt: Receipt) -> bytes:
    """The answer to a statement that is on the log: its time, and its receipt."""
    return json.dumps({"time": time, "receipt": receipt.to_bytes().decode()}).encode()


def read_promise(body: bytes) -> tuple[str, Receipt]:
    """What `promised` wrote.

    Raises:
        BadRequestError: It is something else.
    """
    fields = _object(body, {"time", "receipt"})
    time, receipt = fields["time"], fields["receipt"]
    if not isinstance(time, str) or not isinstance(receipt, str):
        raise BadRequestError("a receipt is no text")
    try:
        return time, Receipt.parse(receipt.encode())
    except (InvalidProofError, UnicodeEncodeError) as error:
        raise BadRequestError(error.reason) from error


def expectation(checkpoint: Checkpoint | None) -> bytes:
    """The body of a request for a new cosignature."""
    if checkpoint is None:
        return b"{}"
    return json.dumps({"size": checkpoint.size, "root": checkpoint.root.hex()}).encode()


def read_expectation(body: bytes, origin: str) -> Checkpoint | None:
    """What `expectation` wrote.

    Raises:
        BadRequestError: It is something else.
    """
    if body.strip() in {b"", b"{}"}:
        return None
    fields = _object(body, {"size", "root"})
    size, root = fields["size"], fields["root"]
    try:
        return Checkpoint(origin, size, bytes.fromhex(root))
    except (TypeError, ValueError, InvalidCheckpointError) as error:
        raise BadRequestError("a checkpoint is a size and a root hash in hex") from error


def _object(body: bytes, names: set[str]) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequestError(f"it is no JSON ({error})") from error
    if not isinstance(found, dict) or found.keys() != names:
        raise BadRequestError(f"it is not an object of {', '.join(sorted(names))}")
    return found
