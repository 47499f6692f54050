import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.errors import InvalidProofError
from interlock.ledger import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    root_hash,
    verify_consistency,
    verify_inclusion,
)

_HASH = st.binary(min_size=32, max_size=32)
_SIZE = st.integers(1, 200)


def hashes(size: int) -> list[bytes]:
    return [hashlib.sha256(b"%d" % n).digest() for n in range(size)]


@st.composite
def spoiled(draw: st.DrawFn, proof: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The proof with one hash changed, left out, added, or moved."""
    at = draw(st.integers(0, len(proof)))
    cut = draw(st.integers(at, min(at + 1, len(proof))))
    put = draw(st.lists(_HASH, max_size=1))
    other = (*proof[:at], *put, *proof[cut:])
    return other if draw(st.booleans()) else other[::-1]


@given(_SIZE, st.data())
def test_inclusion_proofs_verify_and_altered_ones_do_not(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    root, index = root_hash(leaves), data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, index)
    verify_inclusion(leaves[index], proof, index=index, size=size, root=root)
    other = data.draw(spoiled(proof))
    if other != proof:
        with pytest.raises(InvalidProofError):
            verify_inclusion(leaves[index], other, index=index, size=size, root=root)
    elsewhere = data.draw(st.integers(-1, size + 1))
    if elsewhere != index:
        with pytest.raises(InvalidProofError):
            verify_inclusion(leaves[index], proof, index=elsewhere, size=size, root=root)
    with pytest.raises(InvalidProofError):
        verify_inclusion(data.draw(_HASH), proof, index=index, size=size, root=root)


@given(_SIZE, st.data())
def test_consistency_proofs_verify_and_altered_ones_do_not(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    old_size = data.draw(st.integers(1, size))
    old, new = (old_size, root_hash(leaves[:old_size])), (size, root_hash(leaves))
    proof = consistency_proof(leaves, old_size)
    verify_consistency(old, new, proof)
    other = data.draw(spoiled(proof))
    if other != proof:
        with pytest.raises(InvalidProofError):
            verify_consistency(old, new, other)
    for forged in ((old_size, data.draw(_HASH)), (size + 1, old[1]), (0, old[1])):
        with pytest.raises(InvalidProofError):
            verify_consistency(forged, new, proof)
    with pytest.raises(InvalidProofError):
        verify_consistency(old, (size, data.draw(_HASH)), proof)


@given(st.integers(1, 60), st.data())
def test_a_rewritten_tree_has_no_consistency_proof(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    old_size = data.draw(st.integers(1, size))
    changed = list(leaves)
    changed[data.draw(st.integers(0, old_size - 1))] = b"\xff" * 32
    with pytest.raises(InvalidProofError):
        verify_consistency(
            (old_size, root_hash(leaves[:old_size])),
            (size, root_hash(changed)),
            consistency_proof(changed, old_size),
        )


@given(st.integers(0, 300))
def test_a_frontier_knows_the_root_and_the_next_leafs_proof(size: int) -> None:
    leaves = hashes(size + 1)
    frontier = Frontier()
    for hashed in leaves[:size]:
        frontier.append(hashed)
    assert frontier.root == root_hash(leaves[:size])
    assert len(frontier.peaks) == size.bit_count()
    proof = frontier.next_proof
    kept = Frontier(frontier.size, frontier.peaks)
    kept.append(leaves[size])
    verify_inclusion(leaves[size], proof, index=size, size=size + 1, root=kept.root)
    assert proof == inclusion_proof(leaves, size)


def test_proofs_about_leaves_that_are_not_there_cannot_be_made() -> None:
    for index in (-1, 3):
        with pytest.raises(InvalidProofError):
            inclusion_proof(hashes(3), index)
    for old_size in (0, 4):
        with pytest.raises(InvalidProofError):
            consistency_proof(hashes(3), old_size)
