"""What the ledger writes beside records: an envelope, an entry, a checkpoint, a receipt."""

from interlock.admission.acts import Vote
from interlock.ledger import (
    Checkpoint,
    Entry,
    Frontier,
    Receipt,
    Statement,
    Subject,
    cosign,
    leaf_hash,
    sign,
    sign_checkpoint,
)
from tests.fakes import LOG_SIGNER, ORIGIN, WITNESS, WITNESS_SIGNER, MemorySigner

_VOTE = Vote(
    origin=ORIGIN,
    assessment="1" * 64,
    system="6" * 64,
    charter="2" * 64,
    role="legal-counsel",
    ballot="go",
    reasons="Le risque résiduel est acceptable.",
    previous="",
    accepts_retrospective=False,
)
STATEMENT = Statement((Subject("assistant", "6" * 64),), _VOTE)
ENVELOPE = sign(STATEMENT, MemorySigner("ada"), MemorySigner("grace"))
ENTRY = Entry("2026-11-21T21:52:51Z", ENVELOPE)


def _receipt() -> Receipt:
    frontier = Frontier()
    for n in range(6):
        frontier.append(leaf_hash(b"%d" % n))
    index, proof = frontier.size, frontier.next_proof
    frontier.append(leaf_hash(ENTRY.leaf()))
    signed = sign_checkpoint(Checkpoint(ORIGIN, frontier.size, frontier.root), LOG_SIGNER)
    note = cosign(signed, signer=WITNESS_SIGNER, name=WITNESS, time="2026-11-21T21:52:52Z")
    return Receipt(index, proof, note)


RECEIPT = _receipt()

LEDGER_FILES = {
    "payload.json": STATEMENT.payload(),
    "envelope.json": ENVELOPE.to_bytes(),
    "entry.json": ENTRY.leaf(),
    "receipt.json": RECEIPT.to_bytes(),
    "checkpoint.txt": RECEIPT.note.encode(),
}
"""File name and content, made with keys that follow from their names (Ed25519 is deterministic)."""
