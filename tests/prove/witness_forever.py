"""Have a witness vouch for a log that grows, until killed; a line is a size it vouched for."""

import sys
from pathlib import Path

from interlock.adapters.witness_wire import Submission
from interlock.ledger import (
    Checkpoint,
    claimed_checkpoint,
    consistency_proof,
    leaf_hash,
    root_hash,
    sign_checkpoint,
)
from tests.conformance.test_tlog_witness import witness_in
from tests.fakes import LOG_SIGNER, ORIGIN
from tests.prove.kill import READY, say


def submission(old: int, size: int) -> bytes:
    """A log of so many numbered leaves, put before a witness that knows a smaller one."""
    hashes = [leaf_hash(b"%d" % n) for n in range(size)]
    proof = consistency_proof(hashes, old) if old else ()
    signed = sign_checkpoint(Checkpoint(ORIGIN, size, root_hash(hashes)), LOG_SIGNER)
    return Submission(old, proof, signed).to_bytes()


def main(folder: Path) -> None:
    witness = witness_in(folder)
    notes = list(folder.glob("*.note"))
    known = claimed_checkpoint(notes[0].read_text("utf-8")).size if notes else 0
    say(READY)
    while True:
        answer = witness.answer(submission(known, known + 1))
        assert answer.status == 200, answer.text
        known += 1
        say(str(known))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
