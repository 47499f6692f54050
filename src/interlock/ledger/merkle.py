"""The Merkle tree of RFC 9162, section 2: one hash for all leaves, short proofs for one."""

import hashlib
from collections.abc import Iterable, Sequence

from interlock.errors import InvalidProofError

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of a leaf's bytes (section 2.1.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node over its children (section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """What must be kept of a tree so that it can grow: its complete subtrees.

    Attributes:
        size: Number of leaves.
        peaks: Roots of the complete subtrees from left to right, one for each
            set bit of ``size``.
    """

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size, self.peaks = size, list(peaks)
        if size < 0 or len(self.peaks) != size.bit_count():
            raise InvalidProofError(f"{len(self.peaks)} subtrees cannot make {size} leaves")

    def append(self, hashed: bytes) -> None:
        """Add one leaf by its hash, in time logarithmic in the size."""
        size = self.size
        while size & 1:
            hashed = node_hash(self.peaks.pop(), hashed)
            size >>= 1
        self.peaks.append(hashed)
        self.size += 1

    @property
    def root(self) -> bytes:
        """Root hash of the whole tree."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    @property
    def next_proof(self) -> tuple[bytes, ...]:
        """The inclusion proof that the next leaf will have in the tree it completes."""
        return tuple(reversed(self.peaks))

    def growth_proof(self, hashed: bytes) -> tuple[bytes, ...]:
        """The consistency proof from this tree, which is not empty, to one with one leaf more.

        It is what `consistency_proof` makes of all the leaves: the last complete
        subtree, the new leaf beside it, and the other subtrees from right to left.
        """
        *others, last = self.peaks
        return (last, hashed, *reversed(others)) if others else (hashed,)


def root_hash(hashes: Iterable[bytes]) -> bytes:
    """Root hash over leaf hashes, read as a stream (section 2.1.1)."""
    frontier = Frontier()
    for hashed in hashes:
        frontier.append(hashed)
    return frontier.root


def inclusion_proof(hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The proof that one leaf is in the tree of these leaf hashes (section 2.1.3.1).

    Raises:
        InvalidProofError: There is no leaf at ``index``.
    """
    if not 0 <= index < len(hashes):
        raise InvalidProofError(f"there is no leaf {index} in a tree of {len(hashes)}")
    start, stop, path = 0, len(hashes), []
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(root_hash(hashes[middle:stop]))
            stop = middle
        else:
            path.append(root_hash(hashes[start:middle]))
            start = middle
    return tuple(reversed(path))


def consistency_proof(hashes: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """The proof that a tree's first ``old_size`` leaves are unchanged (section 2.1.4.1).

    Raises:
        InvalidProofError: ``old_size`` is not between 1 and the tree's size.
    """
    if not 0 < old_size <= len(hashes):
        raise InvalidProofError(f"a tree of {len(hashes)} never had size {old_size}")
    start, stop, path = 0, len(hashes), []
    while old_size != stop:
        middle = start + _split(stop - start)
        if old_size <= middle:
            path.append(root_hash(hashes[middle:stop]))
            stop = middle
        else:
            path.append(root_hash(hashes[start:middle]))
            start = middle
    if start:
        path.append(root_hash(hashes[start:stop]))
    return tuple(reversed(path))


def verify_inclusion(
    hashed: bytes, proof: Sequence[bytes], *, index: int, size: int, root: bytes
) -> None:
    """Check that a leaf hash is at ``index`` of the tree with this size and root.

    Raises:
        InvalidProofError: The index lies outside the tree, or the proof has
            another length or leads to another root (section 2.1.3.2).
    """
    if not 0 <= index < size:
        raise InvalidProofError(f"there is no leaf {index} in a tree of {size}")
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        raise InvalidProofError("it has the wrong number of hashes")
    for level, sibling in enumerate(proof):
        right_child = level >= inner or index >> level & 1
        hashed = node_hash(sibling, hashed) if right_child else node_hash(hashed, sibling)
    if hashed != root:
        raise InvalidProofError("the leaf is not under this root")


def verify_consistency(
    old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]
) -> None:
    """Check that a tree has only grown from an older one (section 2.1.4.2).

    Args:
        old: Size, at least 1, and root hash of the older tree.
        new: Size and root hash of the newer tree.
        proof: What `consistency_proof` made of the newer tree.

    Raises:
        InvalidProofError: The sizes run backwards, or the proof does not lead
            to both roots.
    """
    (old_size, old_root), (size, root) = old, new
    if not 0 < old_size <= size:
        raise InvalidProofError(f"a tree of {size} never had size {old_size}")
    if old_size == size:
        if proof or old_root != root:
            raise InvalidProofError("two trees of one size differ")
        return
    shift = (old_size & -old_size).bit_length() - 1
    complete = old_size == 1 << shift
    seed, path = (old_root, proof) if complete else (proof[0] if proof else b"", proof[1:])
    node = old_size - 1
    inner = (node ^ (size - 1)).bit_length()
    if len(path) != inner - shift + (node >> inner).bit_count():
        raise InvalidProofError("it has the wrong number of hashes")
    first = second = seed
    for level, sibling in enumerate(path, shift):
        if level >= inner or node >> level & 1:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
        else:
            second = node_hash(second, sibling)
    if first != old_root or second != root:
        raise InvalidProofError("the newer tree is no continuation of the older one")


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1
