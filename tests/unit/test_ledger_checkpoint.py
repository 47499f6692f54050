import base64
import struct

import pytest

from interlock.errors import InvalidCheckpointError, InvalidTimeError
from interlock.ledger import (
    Checkpoint,
    Trust,
    claimed_checkpoint,
    cosign,
    posix,
    sign_checkpoint,
    utc,
)
from tests.fakes import LOG_SIGNER, ORIGIN, TRUST, WITNESS, WITNESS_SIGNER, MemorySigner

EVE = MemorySigner("eve")
TIME = "2026-11-21T21:52:51Z"
CHECKPOINT = Checkpoint(ORIGIN, 7, bytes(range(32)))
SIGNED = sign_checkpoint(CHECKPOINT, LOG_SIGNER)
NOTE = cosign(SIGNED, signer=WITNESS_SIGNER, name=WITNESS, time=TIME)


def test_a_note_signed_by_both_keys_opens_to_its_checkpoint_and_time() -> None:
    opened = TRUST.open(NOTE)
    assert (opened.checkpoint, opened.time) == (CHECKPOINT, TIME)
    assert claimed_checkpoint(NOTE) == CHECKPOINT


def lines_of(note: str) -> list[str]:
    return note.split("\n\n")[1].splitlines()


def with_lines(*lines: str) -> str:
    return CHECKPOINT.body() + "\n" + "".join(line + "\n" for line in lines)


LOG_LINE, WITNESS_LINE = lines_of(NOTE)
EVE_LINE = lines_of(cosign(SIGNED, signer=EVE, name="eve.example", time=TIME))[1]


def test_signatures_of_unknown_keys_are_ignored() -> None:
    assert TRUST.open(with_lines(EVE_LINE, LOG_LINE, WITNESS_LINE)).checkpoint == CHECKPOINT
    same_name = lines_of(cosign(SIGNED, signer=EVE, name=WITNESS, time=TIME))[1]
    assert TRUST.open(with_lines(LOG_LINE, same_name, WITNESS_LINE)).checkpoint == CHECKPOINT


@pytest.mark.parametrize(
    ("note", "fault"),
    [
        (SIGNED, "witness signed it 0 times"),
        (with_lines(WITNESS_LINE), "log signed it 0 times"),
        (with_lines(LOG_LINE, LOG_LINE, WITNESS_LINE), "2 times"),
        (with_lines(LOG_LINE, EVE_LINE), "witness signed it 0 times"),
        (NOTE.replace("\n7\n", "\n8\n"), "log's signature is wrong"),
        (NOTE.replace("\n7\n", "\n07\n"), "origin, size and root"),
        (NOTE.replace("\n7\n", "\n+7\n"), "origin, size and root"),
        (NOTE.replace("\n7\n", "\n7 \n"), "origin, size and root"),
        (NOTE.replace("\n7\n", "\n7\nextension\n"), "origin, size and root"),
        (NOTE.replace("Hh8=\n", "Hh9=\n"), "origin, size and root"),
        (NOTE.replace(ORIGIN, "other.example/log"), "speaks for other.example/log"),
        (NOTE.replace("—", "-"), "malformed"),
        (NOTE.replace("\n", "\r\n"), "not a signed note"),
        (NOTE[:-1], "not a signed note"),
        (NOTE + "\n", "not a signed note|malformed"),
        (with_lines(LOG_LINE + "=", WITNESS_LINE), "malformed"),
        (with_lines("— eve.example QQ==", LOG_LINE, WITNESS_LINE), "malformed"),
        (with_lines(*[EVE_LINE] * 15, LOG_LINE, WITNESS_LINE), "more than 16"),
        ("", "not a signed note"),
    ],
)
def test_a_note_that_is_off_in_anything_is_refused(note: str, fault: str) -> None:
    with pytest.raises(InvalidCheckpointError, match=fault):
        TRUST.open(note)


def stamped(signature: bytes, seconds: int) -> str:
    """The witness's line with another time before the same signature."""
    known = base64.b64decode(WITNESS_LINE.split(" ")[2])[:4]
    data = known + struct.pack(">Q", seconds) + signature
    return with_lines(LOG_LINE, f"— {WITNESS} {base64.b64encode(data).decode()}")


def test_the_witnesss_time_cannot_be_moved() -> None:
    signature = base64.b64decode(WITNESS_LINE.split(" ")[2])[12:]
    assert TRUST.open(stamped(signature, posix(TIME))).time == TIME
    with pytest.raises(InvalidCheckpointError, match="cosignature is wrong"):
        TRUST.open(stamped(signature, posix(TIME) + 1))
    with pytest.raises(InvalidCheckpointError, match="cosignature is wrong"):
        TRUST.open(stamped(signature[:-1], posix(TIME)))


def test_a_time_beyond_the_calendar_is_refused_though_it_is_signed() -> None:
    seconds = 2**62
    message = f"cosignature/v1\ntime {seconds}\n{CHECKPOINT.body()}".encode()
    with pytest.raises(InvalidCheckpointError, match="out of range"):
        TRUST.open(stamped(WITNESS_SIGNER.sign(message), seconds))


def test_a_plain_signature_of_the_witness_is_no_cosignature() -> None:
    plain = sign_checkpoint(CHECKPOINT, WITNESS_SIGNER)
    trust = Trust(ORIGIN, LOG_SIGNER.public_key, ORIGIN, WITNESS_SIGNER.public_key)
    with pytest.raises(InvalidCheckpointError, match="witness signed it 0 times"):
        trust.open(with_lines(LOG_LINE, lines_of(plain)[0]))


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "no\u00a0break", "a\x00"])
def test_a_name_that_a_note_cannot_carry_is_refused(name: str) -> None:
    with pytest.raises(InvalidCheckpointError, match="no name"):
        Checkpoint(name, 0, bytes(32))
    with pytest.raises(InvalidCheckpointError, match="no name"):
        cosign(SIGNED, signer=WITNESS_SIGNER, name=name, time=TIME)


def test_a_checkpoint_of_no_size_or_no_root_cannot_be_made() -> None:
    for size, root in ((-1, bytes(32)), (1, bytes(31))):
        with pytest.raises(InvalidCheckpointError):
            Checkpoint(ORIGIN, size, root)


@pytest.mark.parametrize(
    "text", ["", "2026-11-21 21:52:51Z", "2026-11-21T21:52:60Z", "1969-12-31T23:59:59Z"]
)
def test_a_text_that_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidTimeError):
        posix(text)


def test_times_go_to_seconds_and_back() -> None:
    assert utc(posix(TIME)) == TIME
    assert utc(0) == "1970-01-01T00:00:00Z"
    for seconds in (-1, 2**40):
        with pytest.raises(InvalidTimeError):
            utc(seconds)
