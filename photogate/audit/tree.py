"""The Merkle tree of RFC 9162, section 2.1: hashes, proofs, and their verification; pure functions over hashes."""

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Subtree = Callable[[int, int], bytes]
"""The hash over the leaves `start` up to, not including, `end`."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf's bytes; the prefix keeps a leaf from passing for a node."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes, or over equally high subtrees of which only the last may be unfinished."""
    frontier = Frontier()
    for leaf in hashes:
        frontier.push(leaf)
    return frontier.root()


class Frontier:
    """A tree that grows leaf by leaf and keeps only the finished subtrees on its right edge: log2(size) hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._finished: list[bytes] = []

    def push(self, leaf: bytes) -> None:
        """Add one leaf hash at the end."""
        finished, left_of = self._finished, self.size
        while left_of & 1:
            leaf = sha256(b"\x01" + finished.pop() + leaf).digest()
            left_of >>= 1
        finished.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._finished:
            return EMPTY_ROOT
        *left, found = self._finished
        for subtree in reversed(left):
            found = node_hash(subtree, found)
        return found


def split(width: int) -> int:
    """How many of `width` leaves, two at least, lie left of their root: the largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of the first `size` leaves, lowest first (2.1.3.1)."""
    start, end, path = 0, size, list[bytes]()
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(old_size: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that show the first `old_size` leaves, one at least, to begin the first `size` (2.1.4.1)."""
    start, end, path = 0, size, list[bytes]()
    while old_size != end:
        middle = start + split(end - start)
        if old_size <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    known = [] if start == 0 else [subtree(start, end)]
    return known + path[::-1]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], claimed_root: bytes) -> bool:
    """Whether `proof` shows the leaf hash at `index` to be among the `size` leaves under this root (2.1.3.2)."""
    if len(leaf) != HASH_BYTES or not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == claimed_root


def is_consistent(old_size: int, size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows the tree of `old_root` to begin the tree of `new_root` (2.1.4.2).

    An empty tree begins every tree and proves nothing, so it is consistent with another empty one only.
    """
    if old_size == size:
        return not proof and old_root == new_root and (size > 0 or old_root == EMPTY_ROOT)
    if not 0 < old_size < size or not proof:
        return False
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_found = new_found = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_found, new_found = node_hash(sibling, old_found), node_hash(sibling, new_found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_found = node_hash(new_found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old_found == old_root and new_found == new_root
