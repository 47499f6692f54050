import pytest

from interlock.errors import (
    EntryRefusedError,
    InvalidCheckpointError,
    InvalidProofError,
    LogRewrittenError,
    LogTruncatedError,
    LogUnsignedError,
)
from interlock.ledger import (
    Entry,
    Envelope,
    Frontier,
    Receipt,
    Signature,
    Trust,
    audit,
    canonical,
    inclusion_proof,
    key_id,
    leaf_hash,
)
from tests.fakes import (
    LOG_SIGNER,
    ORIGIN,
    TRUST,
    WITNESS,
    WITNESS_SIGNER,
    MemorySigner,
    StepClock,
    act,
    leaves_of,
    note_of,
)

ADA = MemorySigner("ada")
LEAVES = leaves_of(9)
NOTE = note_of(LEAVES)
KEYS = {key_id(ADA.public_key): ADA.public_key}


def test_a_log_that_is_what_its_note_promises_holds() -> None:
    found = audit(iter(LEAVES), NOTE, TRUST, key_of=KEYS.get)
    assert found.cosigned.checkpoint.size == 9
    assert (found.signatures, found.strangers) == (9, 0)


def test_signatures_of_people_the_auditor_does_not_know_are_counted_apart() -> None:
    found = audit(LEAVES, NOTE, TRUST)
    assert (found.signatures, found.strangers) == (0, 9)


def test_an_empty_log_holds() -> None:
    assert audit([], note_of([]), TRUST).cosigned.checkpoint.size == 0


@pytest.mark.parametrize("kept", range(9))
def test_a_log_without_its_newest_statements_is_found_truncated(kept: int) -> None:
    with pytest.raises(LogTruncatedError) as caught:
        audit(LEAVES[:kept], NOTE, TRUST)
    assert caught.value.args == (kept, 9)


@pytest.mark.parametrize("kept", range(9))
def test_a_shorter_log_with_its_own_note_is_truncated_against_a_note_seen_before(kept: int) -> None:
    with pytest.raises(LogTruncatedError) as caught:
        audit(LEAVES[:kept], note_of(LEAVES[:kept]), TRUST, since=NOTE)
    assert caught.value.args == (kept, 9)


@pytest.mark.parametrize("size", range(10))
def test_a_log_continues_every_note_it_gave_before(size: int) -> None:
    audit(LEAVES, NOTE, TRUST, since=note_of(LEAVES[:size]))


@pytest.mark.parametrize("size", range(1, 10))
def test_a_log_rewritten_before_a_note_seen_earlier_is_found_out(size: int) -> None:
    other = [Entry("2026-01-05T09:00:00Z", act(99)).leaf(), *LEAVES[1:]]
    with pytest.raises(LogRewrittenError) as caught:
        audit(other, note_of(other), TRUST, since=note_of(LEAVES[:size]))
    assert caught.value.size == size


@pytest.mark.parametrize("index", range(9))
def test_a_statement_changed_in_place_is_found_out(index: int) -> None:
    changed = list(LEAVES)
    changed[index] = Entry(Entry.parse(LEAVES[index]).time, act(99)).leaf()
    with pytest.raises(LogRewrittenError):
        audit(changed, NOTE, TRUST)


def test_statements_beyond_the_note_are_refused() -> None:
    with pytest.raises(LogUnsignedError):
        audit(LEAVES, note_of(LEAVES[:8]), TRUST)


def test_statements_in_another_order_are_refused() -> None:
    still = leaves_of(3, StepClock(step=0))
    audit(still, note_of(still), TRUST)
    with pytest.raises(LogRewrittenError):
        audit(still[::-1], note_of(still), TRUST)


def refused(leaf: bytes) -> str:
    leaves = [*LEAVES, leaf]
    with pytest.raises(EntryRefusedError) as caught:
        audit(leaves, note_of(leaves), TRUST, key_of=KEYS.get)
    assert caught.value.index == 9
    return caught.value.reason


def test_a_statement_that_comes_twice_is_refused_even_under_another_signature() -> None:
    later = "2026-02-01T00:00:00Z"
    assert "already" in refused(Entry(later, act(3)).leaf())
    assert "already" in refused(Entry(later, act(3, by=MemorySigner("eve"))).leaf())


def test_time_that_runs_backwards_or_past_the_witness_is_refused() -> None:
    assert "neighbours" in refused(Entry("2026-01-05T08:59:59Z", act(50)).leaf())
    assert "neighbours" in refused(Entry("2026-06-01T00:00:01Z", act(50)).leaf())


def test_a_wrong_signature_under_a_known_key_is_refused() -> None:
    (eves,) = act(50, by=MemorySigner("eve")).signatures
    forged = Envelope(act(50).payload, (Signature(key_id(ADA.public_key), eves.sig),))
    assert "is wrong" in refused(Entry("2026-02-01T00:00:00Z", forged).leaf())


def test_leaves_that_are_no_strict_entries_are_refused() -> None:
    good = Entry("2026-02-01T00:00:00Z", act(50)).leaf()
    assert "canonical" in refused(good + b" ")
    assert "same key twice" in refused(good.replace(b'"time"', b'"time":"","time"'))
    loose = Envelope(b"{}", act(50).signatures)
    assert "statement" in refused(Entry("2026-02-01T00:00:00Z", loose).leaf())
    assert "exactly" in refused(canonical({}))


def test_a_log_under_another_root_is_refused() -> None:
    stranger = MemorySigner("stranger").public_key
    for trust in (
        Trust("other.example/log", LOG_SIGNER.public_key, WITNESS, WITNESS_SIGNER.public_key),
        Trust(ORIGIN, stranger, WITNESS, WITNESS_SIGNER.public_key),
        Trust(ORIGIN, LOG_SIGNER.public_key, WITNESS, stranger),
    ):
        with pytest.raises(InvalidCheckpointError):
            audit(LEAVES, NOTE, trust)


def test_a_note_to_continue_must_be_signed_too() -> None:
    with pytest.raises(InvalidCheckpointError):
        audit(LEAVES, NOTE, TRUST, since=note_of(LEAVES[:3]).replace("\n3\n", "\n4\n"))


def test_a_receipt_shows_its_entry_and_no_other() -> None:
    proof = inclusion_proof([leaf_hash(leaf) for leaf in LEAVES], 4)
    receipt = Receipt.parse(Receipt(4, proof, NOTE).to_bytes())
    receipt.check(Entry.parse(LEAVES[4]), TRUST)
    with pytest.raises(InvalidProofError, match="not under this root"):
        receipt.check(Entry.parse(LEAVES[5]), TRUST)
    with pytest.raises(InvalidProofError, match="not under this root"):
        Receipt(5, proof, NOTE).check(Entry.parse(LEAVES[4]), TRUST)


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b"{ }",
        b'{"index":true,"note":"","proof":[]}',
        b'{"index":0,"note":"","proof":[1]}',
        b'{"index":0,"note":"","proof":["?"]}',
    ],
)
def test_bytes_that_are_no_receipt_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidProofError):
        Receipt.parse(data)


def test_a_frontier_that_cannot_be_is_refused() -> None:
    with pytest.raises(InvalidProofError):
        Frontier(3, [bytes(32)])
