"""How the log is kept: rows of hashes at every eighth height, in tiles of 256, as C2SP tlog-tiles has them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from photogate.audit.tree import EMPTY_ROOT, node_hash, root, split

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT


@dataclass(frozen=True, slots=True)
class Node:
    """A finished subtree over 2**height leaves, the `index`-th of its height."""

    height: int
    index: int
    hash: bytes


class Edge:
    """The right edge of a log of `size` events: at each tile height, the hashes that fill no tile yet."""

    def __init__(self, size: int, rows: Sequence[Sequence[bytes]]) -> None:
        self.size = size
        self._rows = [list(row) for row in rows]

    def extend(self, leaves: Sequence[bytes]) -> Iterator[Node]:
        """Add leaf hashes at the end; yields what they finish, to be kept."""
        level, before, new = 0, self.size, list(leaves)
        self.size += len(leaves)
        while new:
            height, before = (level + 1) * TILE_HEIGHT, before >> TILE_HEIGHT
            new = self._fill(level, new)
            yield from (Node(height, index, hashed) for index, hashed in enumerate(new, before))
            level += 1

    def _fill(self, level: int, new: Sequence[bytes]) -> list[bytes]:
        """Put hashes into the row of one level and take the full tiles out again; returns the tiles' roots."""
        if level == len(self._rows):
            self._rows.append([])
        row = self._rows[level]
        row += new
        full = len(row) // TILE_WIDTH * TILE_WIDTH
        tiles = [root(row[start : start + TILE_WIDTH]) for start in range(0, full, TILE_WIDTH)]
        del row[:full]
        return tiles

    def root(self) -> bytes:
        """The root over the whole log: each row ends in the root of what is unfinished below it."""
        found: list[bytes] = []
        for row in self._rows:
            hashes = [*row, *found]
            found = [root(hashes)] if hashes else []
        return found[0] if found else EMPTY_ROOT


class Kept(ABC):
    """Any subtree of a log, from the rows of hashes that are kept of it."""

    @abstractmethod
    def hashes(self, height: int, start: int, end: int) -> Sequence[bytes]:
        """The kept hashes at a tile height, from index `start` up to, not including, `end`; raises when one is gone."""

    def subtree(self, start: int, end: int) -> bytes:
        """The hash over leaves `start` up to `end`, for a `start` at which a subtree of that width can stand."""
        width = end - start
        if width & (width - 1):
            middle = start + split(width)
            return node_hash(self.subtree(start, middle), self.subtree(middle, end))
        height = (width.bit_length() - 1) // TILE_HEIGHT * TILE_HEIGHT
        return root(self.hashes(height, start >> height, end >> height))

    def edge(self, size: int) -> Edge:
        """The right edge of the first `size` leaves."""
        rows, height = list[Sequence[bytes]](), 0
        while size >> height:
            end = size >> height
            rows.append(self.hashes(height, end - end % TILE_WIDTH, end))
            height += TILE_HEIGHT
        return Edge(size, rows)
