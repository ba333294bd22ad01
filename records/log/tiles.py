"""Tiles: a Merkle log as files of 256 hashes each, which any static server serves (format: c2sp.org/tlog-tiles).

Pure: names of tiles, their bytes, and proofs from a reader of tiles. The reader's output is trusted only as far as it
gives the root: every full tile is compared with its hash in the tile above, up to the right edge, and the right edge
makes the root, which the caller compares with a signed checkpoint.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from records.errors import EvidenceMismatchError, InvalidRecordError
from records.log.merkle import EMPTY_ROOT, HASH_SIZE, MAX_SIZE, node_hash

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
"""Hashes, or entries, in a full tile."""
ENTRIES: Final = -1
"""The level of a bundle of entries; level 0 holds the hashes of its entries."""
MAX_LEVEL: Final = 63
MAX_ENTRY: Final = 2**16 - 1
"""Bytes of one entry: its length is stored in two bytes."""
MAX_PATH: Final = 64
_LEVELS: Final = -(-64 // HEIGHT)
"""Levels of a tree of 2^64 - 1 leaves; those above, up to 63, have names but never hold anything."""
_PATH: Final = re.compile(r"tile/(entries|[0-9]{1,20})/((?:x[0-9]{3}/)*)([0-9]{3})(?:\.p/([0-9]{1,20}))?")
_CACHED: Final = 1024
"""Tiles whose inner levels a tree keeps (some 40 kB each)."""

Rows = Sequence[Sequence[bytes]]
"""The complete inner levels of a tile: its own hashes, those above them, … (of a full tile up to its one hash)."""


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """The name of a tile: `level` (ENTRIES for a bundle), `index` in its level, `width` 1..255 when it is partial."""

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not ENTRIES <= self.level <= MAX_LEVEL:
            raise InvalidRecordError("tile-path-level", level=self.level)
        if not 1 <= self.width <= WIDTH:
            raise InvalidRecordError("tile-path-width", width=self.width)
        if self.index < 0 or self.index << HEIGHT * (max(self.level, 0) + 1) > MAX_SIZE:
            raise InvalidRecordError("tile-path-index", level=self.level, index=self.index)

    @property
    def full(self) -> bool:
        return self.width == WIDTH

    @property
    def path(self) -> str:
        """Below the log's prefix: `tile/0/x001/x234/067`, `tile/entries/000.p/112`."""
        digits = f"{self.index:d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{number}" + ("" if self.full else f".p/{self.width}")


def parse_path(text: str) -> Tile:
    """The tile of a path in its canonical spelling.

    InvalidRecordError: "tile-path-long", "tile-path" (no tile's path, or another spelling of one), "tile-path-level",
    "tile-path-width", "tile-path-index" (a number that no tree of 2^64 - 1 leaves reaches).
    """
    if len(text) > MAX_PATH:
        raise InvalidRecordError("tile-path-long", length=len(text), most=MAX_PATH)
    found = _PATH.fullmatch(text)
    if found is None:
        raise InvalidRecordError("tile-path")
    level, groups, last, width = found.groups()
    index = int(groups.replace("x", "").replace("/", "") + last)
    if width is not None and int(width) == WIDTH:
        raise InvalidRecordError("tile-path-width", width=WIDTH)  # a full tile is named without its width
    tile = Tile(ENTRIES if level == "entries" else int(level), index, WIDTH if width is None else int(width))
    if tile.path != text:
        raise InvalidRecordError("tile-path")
    return tile


def tile_at(level: int, index: int, size: int) -> Tile | None:
    """The tile at this place in a tree of `size` leaves, in its present width; None when there is none."""
    width = min((size >> HEIGHT * max(level, 0)) - (index << HEIGHT), WIDTH)
    return Tile(level, index, width) if width > 0 else None


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles of a tree of `size` leaves that one of `since` lacked, bundles first, then level by level."""
    if not 0 <= since <= size <= MAX_SIZE:
        raise InvalidRecordError("size-out-of-range", index=since, size=size)
    for level in range(ENTRIES, _LEVELS):
        shift = HEIGHT * max(level, 0)
        if size >> shift == since >> shift:
            continue
        for index in range(since >> shift + HEIGHT, (size >> shift) + WIDTH - 1 >> HEIGHT):
            yield Tile(level, index, min((size >> shift) - (index << HEIGHT), WIDTH))


def partial_tiles(size: int) -> list[Tile]:
    """The partial tiles that a tree of `size` leaves ends with: at most one of each level, the bundle first."""
    tiles = (tile_at(level, size >> HEIGHT * (max(level, 0) + 1), size) for level in range(ENTRIES, _LEVELS))
    return [tile for tile in tiles if tile is not None]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Entries one after the other, each after its length in two bytes. InvalidRecordError("tile-entry-long")."""
    lengths = {*map(len, entries)}
    if max(lengths, default=0) > MAX_ENTRY:
        longest = next(len(entry) for entry in entries if len(entry) > MAX_ENTRY)
        raise InvalidRecordError("tile-entry-long", length=longest, most=MAX_ENTRY)
    if len(lengths) == 1:  # commitments: all of one size
        length = lengths.pop().to_bytes(2, "big")
        return length + length.join(entries)
    return b"".join(part for entry in entries for part in (len(entry).to_bytes(2, "big"), entry))


def decode_bundle(tile: Tile, data: bytes) -> list[bytes]:
    """The entries of a bundle. InvalidRecordError("tile-bundle") when it does not hold exactly the stated number."""
    entries: list[bytes] = []
    at = 0
    while len(entries) < tile.width:
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise InvalidRecordError("tile-bundle", path=tile.path, entries=len(entries), length=len(data))
        entries.append(data[at + 2 : end])
        at = end
    if at != len(data):
        raise InvalidRecordError("tile-bundle", path=tile.path, entries=len(entries), length=len(data))
    return entries


def decode_hashes(tile: Tile, data: bytes) -> list[bytes]:
    """The hashes of a tile. InvalidRecordError("tile-size") when it is cut or too long."""
    if len(data) != tile.width * HASH_SIZE:
        raise InvalidRecordError("tile-size", path=tile.path, length=len(data), needs=tile.width * HASH_SIZE)
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def cut(tile: Tile, wider: Tile, data: bytes) -> bytes:
    """The bytes of a partial tile from those of a wider one at the same place: a tile only ever grows at its end."""
    if tile.level != ENTRIES:
        return b"".join(decode_hashes(wider, data)[: tile.width])
    return encode_bundle(decode_bundle(wider, data)[: tile.width])


def inner_rows(hashes: Sequence[bytes]) -> Rows:
    """The complete levels over a tile's hashes; the last one of a full tile is its single hash."""
    sha256 = hashlib.sha256
    rows = [hashes]
    while len(rows[-1]) > 1:
        pairs = zip(rows[-1][::2], rows[-1][1::2], strict=False)
        rows.append([sha256(b"\x01" + left + right).digest() for left, right in pairs])
    return rows


class Tree:
    """The tree of the first `size` leaves over a reader of tiles: root and proofs, each in O(log size).

    `read` returns a tile's bytes, or raises. Besides its errors every method raises InvalidRecordError("tile-size") for
    a tile of wrong length and EvidenceMismatchError("tile-altered") for one that does not give the hash above it.
    """

    def __init__(self, size: int, read: Callable[[Tile], bytes]) -> None:
        if not 0 <= size <= MAX_SIZE:
            raise InvalidRecordError("size-out-of-range", index=size, size=MAX_SIZE)
        self.size = size
        self._read = read
        self._rows: OrderedDict[tuple[int, int], Rows] = OrderedDict()
        self._edge: tuple[list[bytes], list[bytes]] | None = None

    def root(self) -> bytes:
        """The root, of an empty tree the hash of nothing. Compare it: it vouches for everything else read."""
        return self._edges()[1][0] if self.size else EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """The leaf hash at `index`. InvalidRecordError("leaf-out-of-range")."""
        if not 0 <= index < self.size:
            raise InvalidRecordError("leaf-out-of-range", index=index, size=self.size)
        return self._tile(0, index >> HEIGHT)[0][index & WIDTH - 1]

    def inclusion_path(self, index: int) -> list[bytes]:
        """The siblings from leaf `index` up to the root (RFC 9162 §2.1.3). InvalidRecordError("leaf-out-of-range")."""
        if not 0 <= index < self.size:
            raise InvalidRecordError("leaf-out-of-range", index=index, size=self.size)
        return self._path(0, index)

    def consistency_path(self, old: int) -> list[bytes]:
        """The proof that the first `old` leaves are a prefix of this tree (§2.1.4). Empty for none and for all.

        It is the path from the last complete subtree of the old tree, begun with that subtree's own hash unless the
        verifier knows it as the old root. InvalidRecordError("size-out-of-range").
        """
        if not 0 <= old <= self.size:
            raise InvalidRecordError("size-out-of-range", index=old, size=self.size)
        if old in (0, self.size):
            return []
        height = (old & -old).bit_length() - 1
        path = self._path(height, (old >> height) - 1)
        return [self._node(height, (old >> height) - 1), *path] if old & (old - 1) else path

    def _path(self, height: int, index: int) -> list[bytes]:
        """The siblings from a complete subtree up to the root: inside its peak, the peaks right of it, those left."""
        first = index << height
        top = (first ^ self.size).bit_length() - 1  # the highest bit that differs: the subtree lies under that peak
        peaks, edges = self._edges()
        at = (self.size >> top + 1).bit_count()
        path = self._climb(height, index, top)
        if at + 1 < len(peaks):
            path.append(edges[at + 1])
        path += peaks[:at][::-1]
        return path

    def _climb(self, height: int, index: int, top: int) -> list[bytes]:
        """The siblings from a subtree's height up to below `top`, tile by tile."""
        path: list[bytes] = []
        while height < top:
            level, inner = divmod(height, HEIGHT)
            rows = self._tile(level, index >> HEIGHT - inner)
            place = index & (WIDTH - 1 >> inner)
            for row in rows[inner : min(HEIGHT, top - level * HEIGHT)]:
                path.append(row[place ^ 1])
                place >>= 1
            index >>= HEIGHT - inner
            height += HEIGHT - inner
        return path

    def _node(self, height: int, index: int) -> bytes:
        """The hash of the complete subtree that spans the leaves index·2^height up to (index+1)·2^height."""
        level, inner = divmod(height, HEIGHT)
        return self._tile(level, index >> HEIGHT - inner)[inner][index & (WIDTH - 1 >> inner)]

    def _edges(self) -> tuple[list[bytes], list[bytes]]:
        """The peaks (complete subtrees, largest first), and for each the hash of it with all peaks right of it."""
        if self._edge is None:
            heights = [height for height in range(self.size.bit_length() - 1, -1, -1) if self.size >> height & 1]
            peaks = [self._node(height, (self.size >> height) - 1) for height in heights]
            edges = peaks[-1:]
            for peak in reversed(peaks[:-1]):
                edges.append(node_hash(peak, edges[-1]))
            self._edge = peaks, edges[::-1]
        return self._edge

    def _tile(self, level: int, index: int) -> Rows:
        rows = self._rows.get((level, index))
        return self._load(level, index) if rows is None else rows

    def _load(self, level: int, index: int) -> Rows:
        tile = tile_at(level, index, self.size)
        assert tile is not None  # no method takes a subtree outside the tree
        rows = inner_rows(decode_hashes(tile, self._read(tile)))
        if tile.full and rows[HEIGHT][0] != self._tile(level + 1, index >> HEIGHT)[0][index & WIDTH - 1]:
            raise EvidenceMismatchError("tile-altered", path=tile.path)
        if len(self._rows) >= _CACHED:
            self._rows.popitem(last=False)
        self._rows[level, index] = rows
        return rows
