"""What we can prove: records, digests, statements, signatures, the Merkle log."""

from interlock.ledger.canonical import Json, canonical, parse
from interlock.ledger.record import build, content, digest, dump, kind_of, kinds, load, record, upcast

__all__ = [
    "Json",
    "build",
    "canonical",
    "content",
    "digest",
    "dump",
    "kind_of",
    "kinds",
    "load",
    "parse",
    "record",
    "upcast",
]
