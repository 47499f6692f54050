"""What we can prove: records, digests, statements, signatures, the Merkle log."""

from interlock.ledger.audit import Audit, KeyOf, audit
from interlock.ledger.canonical import Json, canonical, parse
from interlock.ledger.checkpoint import (
    Checkpoint,
    Cosigned,
    NoteKey,
    Trust,
    claimed_checkpoint,
    cosign,
    sign_checkpoint,
)
from interlock.ledger.entry import Entry, Receipt
from interlock.ledger.envelope import Envelope, Signature, pae, sign, signed_by
from interlock.ledger.keys import (
    Signer,
    base64_text,
    check_public_key,
    key_id,
    strict_base64,
    verified,
)
from interlock.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)
from interlock.ledger.moment import posix, utc
from interlock.ledger.record import (
    build,
    content,
    digest,
    dump,
    kind_of,
    kinds,
    load,
    record,
    upcast,
)
from interlock.ledger.statement import Claim, Statement, Subject, parse_claim, parse_statement

__all__ = [
    "EMPTY_ROOT",
    "Audit",
    "Checkpoint",
    "Claim",
    "Cosigned",
    "Entry",
    "Envelope",
    "Frontier",
    "Json",
    "KeyOf",
    "NoteKey",
    "Receipt",
    "Signature",
    "Signer",
    "Statement",
    "Subject",
    "Trust",
    "audit",
    "base64_text",
    "build",
    "canonical",
    "check_public_key",
    "claimed_checkpoint",
    "consistency_proof",
    "content",
    "cosign",
    "digest",
    "dump",
    "inclusion_proof",
    "key_id",
    "kind_of",
    "kinds",
    "leaf_hash",
    "load",
    "pae",
    "parse",
    "parse_claim",
    "parse_statement",
    "posix",
    "record",
    "root_hash",
    "sign",
    "sign_checkpoint",
    "signed_by",
    "strict_base64",
    "upcast",
    "utc",
    "verified",
    "verify_consistency",
    "verify_inclusion",
]
