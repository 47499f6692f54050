"""Verifier keys as people hand them on: read strictly, or refused with a reason."""

import pytest

from interlock.errors import InvalidCheckpointError, InvalidNoteKeyError
from interlock.ledger import NoteKey
from tests.fakes import LOG_SIGNER, ORIGIN, TRUST, WITNESS, WITNESS_SIGNER, leaves_of, note_of

LOG = NoteKey.of_log(ORIGIN, LOG_SIGNER.public_key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one",
        "one+two",
        LOG.text.replace("+", "-"),
        LOG.text[:-4],
        LOG.text.replace(ORIGIN, "another.example/log"),
        f"{ORIGIN}+{LOG.text.split('+')[1]}+AAAA",
    ],
)
def test_a_line_that_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidNoteKeyError):
        NoteKey.read(text)


def test_a_key_that_proves_nothing_is_refused() -> None:
    with pytest.raises(InvalidNoteKeyError):
        NoteKey.of_log(ORIGIN, bytes(32))


def test_a_logs_key_opens_its_notes_and_no_others() -> None:
    note = note_of(leaves_of(3))
    assert LOG.opens(note) == TRUST.open(note).checkpoint
    with pytest.raises(InvalidCheckpointError):
        NoteKey.of_log("another.example/log", LOG_SIGNER.public_key).opens(note)
    with pytest.raises(InvalidCheckpointError):
        NoteKey.of_log(ORIGIN, WITNESS_SIGNER.public_key).opens(note)


def test_of_many_signature_lines_only_the_known_keys_is_taken() -> None:
    note = note_of(leaves_of(3))
    signed, _, mine = note.rpartition("— ")
    witness = NoteKey.of_witness(WITNESS, WITNESS_SIGNER.public_key)
    others = "— eve.example AAAAAAAA\nnonsense\n"
    assert witness.joined(signed, f"{others}— {mine}{others}") == note
    with pytest.raises(InvalidCheckpointError):
        witness.joined(signed, others)
