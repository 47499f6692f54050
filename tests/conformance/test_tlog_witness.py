"""The witness against C2SP tlog-witness: asked by hand, and read by another parser."""

import base64
import hashlib
from pathlib import Path

import pytest

from interlock.adapters.remote import Answer
from interlock.adapters.witness import Witness
from interlock.ledger import (
    Checkpoint,
    NoteKey,
    consistency_proof,
    leaf_hash,
    root_hash,
    sign_checkpoint,
)
from tests.conformance.test_c2sp import COSIGNATURE, VerifierKey, opened
from tests.fakes import LOG_SIGNER, ORIGIN, WITNESS, WITNESS_SIGNER, MemorySigner, StepClock

HASHES = [leaf_hash(b"%d" % n) for n in range(20)]
FORK = [*HASHES[:3], *(leaf_hash(b"fork %d" % n) for n in range(17))]
KEY = VerifierKey.of(WITNESS, COSIGNATURE, WITNESS_SIGNER.public_key)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return witness_in(tmp_path)


def witness_in(folder: Path, clock: StepClock | None = None) -> Witness:
    return Witness(
        folder,
        name=WITNESS,
        signer=WITNESS_SIGNER,
        logs=[NoteKey.of_log(ORIGIN, LOG_SIGNER.public_key)],
        clock=clock or StepClock(),
    )


def note(
    size: int, hashes: list[bytes] = HASHES, *, by: MemorySigner = LOG_SIGNER, origin: str = ORIGIN
) -> str:
    return sign_checkpoint(Checkpoint(origin, size, root_hash(hashes[:size])), by)


def body(old: int, size: int, hashes: list[bytes] = HASHES) -> bytes:
    proof = consistency_proof(hashes[:size], old) if 0 < old < size else ()
    return asked(
        f"old {old}", *(base64.b64encode(one).decode() for one in proof), of=note(size, hashes)
    )


def asked(*lines: str, of: str) -> bytes:
    return ("".join(f"{line}\n" for line in lines) + "\n" + of).encode()


def size_known(answer: Answer) -> int:
    assert (answer.status, answer.type) == (409, "text/x.tlog.size")
    assert answer.body.endswith(b"\n")
    return int(answer.body)


@pytest.mark.parametrize(
    "sizes", [(0,), (1, 2), (3, 3), (6, 7), (4, 8), (5, 20), (7, 13, 13, 20), (0, 0, 9)]
)
def test_a_log_that_grows_is_cosigned_and_every_line_verifies(
    witness: Witness, sizes: tuple[int, ...]
) -> None:
    old = 0
    for size in sizes:
        answer = witness.answer(body(old, size))
        assert answer.status == 200, answer.text
        assert answer.text.startswith("— ")
        assert answer.text.endswith("\n")
        text, seconds = opened(note(size) + answer.text, KEY)
        assert text.split("\n")[1] == str(size)
        assert seconds is not None
        old = size


def test_another_old_size_is_answered_with_the_one_known(witness: Witness) -> None:
    assert size_known(witness.answer(body(3, 5))) == 0
    assert witness.answer(body(0, 5)).status == 200
    assert size_known(witness.answer(body(0, 9))) == 5
    assert size_known(witness.answer(body(7, 9))) == 5
    assert size_known(witness.answer(body(4, 4))) == 5


def test_a_tree_that_does_not_continue_the_one_known_is_not_cosigned(witness: Witness) -> None:
    assert witness.answer(body(0, 5)).status == 200
    assert witness.answer(body(5, 9, FORK)).status == 422
    assert witness.answer(body(5, 5, FORK)).status == 409
    assert witness.answer(body(5, 5, FORK)).type == "text/plain"
    assert witness.answer(body(5, 9)).status == 200


def test_a_proof_must_be_exactly_the_one_needed(witness: Witness) -> None:
    other = base64.b64encode(bytes(32)).decode()
    assert witness.answer(asked("old 0", other, of=note(5))).status == 422
    assert witness.answer(body(0, 5)).status == 200
    assert witness.answer(asked("old 5", of=note(9))).status == 422
    assert witness.answer(asked("old 5", other, of=note(5))).status == 422
    longer = body(5, 9).replace(b"\n\n", f"\n{other}\n\n".encode(), 1)
    assert witness.answer(longer).status == 422


def test_only_known_logs_are_cosigned_by_their_own_keys(witness: Witness) -> None:
    stranger = note(5, origin="another.example/log", by=MemorySigner("another"))
    assert witness.answer(asked("old 0", of=stranger)).status == 404
    assert witness.answer(asked("old 0", of=note(5, by=MemorySigner("eve")))).status == 403
    altered = note(5).replace("\n5\n", "\n6\n")
    assert witness.answer(asked("old 0", of=altered)).status == 403


def test_an_old_size_over_the_new_one_is_malformed(witness: Witness) -> None:
    assert witness.answer(body(6, 5)).status == 400


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"old 0\n",
        b"old 0\n\n",
        b"old 00\n\n" + note(5).encode(),
        b"old -1\n\n" + note(5).encode(),
        b"older 0\n\n" + note(5).encode(),
        b"old 0\nAAAA\n\n" + note(5).encode(),
        b"old 0\n\xff\n\n" + note(5).encode(),
        b"old 0\n\n" + note(5).rpartition("\n\n")[0].encode(),
        asked("old 0", *[base64.b64encode(bytes(32)).decode()] * 64, of=note(5)),
        asked("old 0", of=note(5).replace("\n5\n", "\n05\n")),
    ],
)
def test_what_is_no_submission_is_refused(witness: Witness, given: bytes) -> None:
    assert witness.answer(given).status == 400


def test_a_checkpoint_with_more_lines_and_more_signatures_is_cosigned_whole(
    witness: Witness,
) -> None:
    text = f"{ORIGIN}\n0\n{base64.b64encode(hashlib.sha256(b'').digest()).decode()}\nmore\n"
    key = VerifierKey.of(ORIGIN, 1, LOG_SIGNER.public_key)
    line = base64.b64encode(key.hashed + LOG_SIGNER.sign(text.encode())).decode()
    given = f"{text}\n— stranger.example AAAAAAAA\n— {ORIGIN} {line}\n"
    answer = witness.answer(asked("old 0", of=given))
    assert answer.status == 200, answer.text
    assert opened(given + answer.text, KEY)[0] == text


def test_what_was_cosigned_is_remembered_by_whoever_opens_the_folder_next(tmp_path: Path) -> None:
    assert witness_in(tmp_path).answer(body(0, 5)).status == 200
    again = witness_in(tmp_path)
    assert size_known(again.answer(body(0, 7))) == 5
    assert again.answer(body(5, 9, FORK)).status == 422
    assert again.latest(hashlib.sha256(ORIGIN.encode()).hexdigest()) is not None
    assert again.latest("0" * 64) is None


def test_a_key_in_its_text_form_is_read_by_others_and_by_us() -> None:
    ours = NoteKey.of_witness(WITNESS, WITNESS_SIGNER.public_key)
    assert VerifierKey.read(ours.text) == KEY
    assert NoteKey.read(ours.text) == ours
