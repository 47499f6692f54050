"""What a log and a witness write to each other: C2SP tlog-witness, add-checkpoint."""

import re
from dataclasses import dataclass
from typing import Self

from interlock.errors import BadRequestError
from interlock.ledger import base64_text, strict_base64

ADD_CHECKPOINT = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
LONGEST_SUBMISSION = 64 << 10

_MOST_HASHES = 63
_HASH_LENGTH = 32
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True)
class Submission:
    """A checkpoint put before a witness.

    Attributes:
        old_size: Size of the tree that the witness cosigned last.
        proof: Consistency proof from there; empty where the old size is 0.
        note: The checkpoint, with whatever signatures it has.
    """

    old_size: int
    proof: tuple[bytes, ...]
    note: str

    def to_bytes(self) -> bytes:
        """The body of the request."""
        lines = [f"old {self.old_size}", *map(base64_text, self.proof), ""]
        return ("\n".join(lines) + "\n" + self.note).encode()

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read what `to_bytes` wrote.

        Raises:
            BadRequestError: The lines are not an old size, at most 63 hashes, an
                empty line and a note.
        """
        try:
            head, _, note = body.decode().partition("\n\n")
        except UnicodeDecodeError as error:
            raise BadRequestError("it is no UTF-8") from error
        first, *lines = head.split("\n")
        proof = [strict_base64(line) for line in lines]
        known = _DECIMAL.fullmatch(first.removeprefix("old "))
        if not first.startswith("old ") or known is None or not note:
            raise BadRequestError("it does not begin with the old size and end with a note")
        whole = [one for one in proof if one is not None and len(one) == _HASH_LENGTH]
        if len(whole) != len(proof) or len(proof) > _MOST_HASHES:
            raise BadRequestError("its proof is not up to 63 hashes in base64, one a line")
        return cls(int(known[0]), tuple(whole), note)


def read_size(body: bytes) -> int | None:
    """The size in the body of a conflict, if it is one."""
    text = body.decode("ascii", errors="replace")
    known = _DECIMAL.fullmatch(text.removesuffix("\n"))
    return int(known[0]) if known and text.endswith("\n") else None
