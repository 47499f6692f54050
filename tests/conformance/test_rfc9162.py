"""Our tree against one written straight from the text of RFC 9162, and published roots."""

import hashlib

import pytest

from interlock.ledger import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)

# The eight inputs and roots that Certificate Transparency's reference tests use.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [b"leaf %d" % n for n in range(66)]


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def split(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(d: list[bytes]) -> bytes:
    """MTH of section 2.1.1."""
    if not d:
        return sha256(b"")
    if len(d) == 1:
        return sha256(b"\x00" + d[0])
    k = split(len(d))
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:]))


def path(m: int, d: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.3.1."""
    if len(d) == 1:
        return []
    k = split(len(d))
    if m < k:
        return [*path(m, d[:k]), mth(d[k:])]
    return [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: list[bytes], *, known: bool) -> list[bytes]:
    """SUBPROOF of section 2.1.4.1; PROOF is SUBPROOF with ``known`` true."""
    if m == len(d):
        return [] if known else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*subproof(m, d[:k], known=known), mth(d[k:])]
    return [*subproof(m - k, d[k:], known=False), mth(d[:k])]


def included(leaf: bytes, index: int, d: tuple[int, bytes], proof: list[bytes]) -> bool:
    """The verification of section 2.1.3.2, step by step."""
    tree_size, root = d
    if index >= tree_size:
        return False
    fn, sn, r = index, tree_size - 1, sha256(b"\x00" + leaf)
    for p in proof:
        if sn == 0:
            return False
        if fn % 2 == 1 or fn == sn:
            r = sha256(b"\x01" + p + r)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha256(b"\x01" + r + p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def consistent(one: tuple[int, bytes], two: tuple[int, bytes], proof: list[bytes]) -> bool:
    """The verification of section 2.1.4.2, step by step, for sizes 0 < first < second."""
    (first, first_hash), (second, second_hash) = one, two
    if not proof:
        return False
    if first & (first - 1) == 0:
        proof = [first_hash, *proof]
    fn, sn = first - 1, second - 1
    while fn % 2 == 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            return False
        if fn % 2 == 1 or fn == sn:
            fr, sr = sha256(b"\x01" + c + fr), sha256(b"\x01" + c + sr)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = sha256(b"\x01" + sr + c)
        fn, sn = fn >> 1, sn >> 1
    return fr == first_hash and sr == second_hash and sn == 0


def test_the_published_roots_of_the_reference_tests_come_out() -> None:
    frontier = Frontier()
    assert frontier.root == mth([]) == hashlib.sha256(b"").digest()
    for size, root in enumerate(ROOTS, 1):
        frontier.append(leaf_hash(INPUTS[size - 1]))
        assert frontier.root.hex() == mth(INPUTS[:size]).hex() == root


@pytest.mark.parametrize("size", range(1, len(LEAVES) + 1))
def test_roots_and_proofs_are_those_of_the_text_and_each_side_accepts_the_others(
    size: int,
) -> None:
    leaves = LEAVES[:size]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    root = root_hash(hashes)
    assert root == mth(leaves)
    for index, leaf in enumerate(leaves):
        proof = inclusion_proof(hashes, index)
        assert list(proof) == path(index, leaves)
        assert included(leaf, index, (size, root), list(proof))
        verify_inclusion(hashes[index], path(index, leaves), index=index, size=size, root=root)
    for old_size in range(1, size):
        old = (old_size, mth(leaves[:old_size]))
        expected = subproof(old_size, leaves, known=True)
        assert list(consistency_proof(hashes, old_size)) == expected
        assert consistent(old, (size, root), expected)
        verify_consistency(old, (size, root), expected)
