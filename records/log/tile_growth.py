"""How a tiled log grows: its open right edge and new entries give the next edge and the new tiles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from records.errors import InvalidRecordError
from records.log.merkle import EMPTY_ROOT, HASH_SIZE, leaf_hashes, node_hash
from records.log.tiles import (
    ENTRIES,
    HEIGHT,
    WIDTH,
    Tile,
    decode_bundle,
    decode_hashes,
    encode_bundle,
    inner_rows,
    partial_tiles,
    tile_at,
)

_LEVELS = 8
_MANY = 64
"""From this number of leaves of one tile on it is quicker to hash the tile as a whole."""
Peak = tuple[int, bytes]
"""A complete subtree that is not yet part of a larger one: its height and its hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The state a log needs to grow: the open bundle, the open tile of each level, the peaks, largest first."""

    size: int = 0
    bundle: tuple[bytes, ...] = ()
    open: tuple[tuple[bytes, ...], ...] = ()
    peaks: tuple[Peak, ...] = ()

    @property
    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        found = self.peaks[-1][1]
        for _, peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found

    def read(self, tile: Tile) -> bytes | None:
        """The bytes of an open tile, in the requested width; None when it is not of this edge."""
        if tile.index != self.size >> HEIGHT * (max(tile.level, 0) + 1):
            return None
        held = self.bundle if tile.level == ENTRIES else self.open[tile.level] if tile.level < len(self.open) else ()
        if len(held) < tile.width:
            return None
        part = held[: tile.width]
        return encode_bundle(part) if tile.level == ENTRIES else b"".join(part)


def encode_edge(edge: Edge) -> bytes:
    """The open tiles in one piece: hashes above level 0, then the open entries, which give level 0."""
    return b"".join(found for tile in edge.open[1:] for found in tile) + encode_bundle(edge.bundle)


def decode_edge(size: int, data: bytes) -> Edge:
    """The edge written by `encode_edge`. InvalidRecordError ("tile-size", "tile-bundle") for anything else."""
    parts: dict[Tile, bytes] = {}
    at = 0
    tiles = partial_tiles(size)
    for tile in tiles:
        if tile.level > 0:
            parts[tile] = data[at : at + tile.width * HASH_SIZE]
            at += tile.width * HASH_SIZE
    bundle = tile_at(ENTRIES, size >> HEIGHT, size)
    entries = decode_bundle(bundle, data[at:]) if bundle else []
    if bundle is None and len(data) != at:
        raise InvalidRecordError("tile-size", path="state", length=len(data), needs=at)
    parts |= {tile: data[at:] if tile.level == ENTRIES else _leaves(entries) for tile in tiles if tile.level <= 0}
    return read_edge(size, parts.__getitem__)


def _leaves(entries: Sequence[bytes]) -> bytes:
    return b"".join(leaf_hashes(entries))


def read_edge(size: int, read: Callable[[Tile], bytes]) -> Edge:
    """The edge of the first `size` entries, from their partial tiles. Raises the errors of reading and decoding."""
    bundle: list[bytes] = []
    tiles: list[tuple[bytes, ...]] = [() for level in range(_LEVELS) if size >> HEIGHT * level]
    peaks: list[Peak] = []
    for tile in partial_tiles(size):
        if tile.level == ENTRIES:
            bundle = decode_bundle(tile, read(tile))
            continue
        hashes = decode_hashes(tile, read(tile))
        rows = inner_rows(hashes)
        tiles[tile.level] = tuple(hashes)
        inside = [inner for inner in range(HEIGHT) if tile.width >> inner & 1]
        peaks += [(tile.level * HEIGHT + inner, rows[inner][(tile.width >> inner) - 1]) for inner in inside]
    return Edge(size=size, bundle=tuple(bundle), open=tuple(tiles), peaks=tuple(sorted(peaks, reverse=True)))


def grow(edge: Edge, entries: Sequence[bytes], leaves: Sequence[bytes]) -> tuple[Edge, dict[Tile, bytes]]:
    """The log with these entries (and their leaf hashes) added: its new edge, and every tile that is new or wider.

    InvalidRecordError("tile-entry-long") for an entry of more than 65,535 bytes.
    """
    levels = [list(tile) for tile in edge.open]
    peaks = list(edge.peaks)
    done = 0
    while done < len(leaves):
        some = leaves[done : done + WIDTH - (edge.size + done) % WIDTH]
        if len(some) < _MANY:
            for leaf in some:
                _push(peaks, levels, leaf, 0)
        else:
            _fill(peaks, levels, some)
        done += len(some)
    size = edge.size + len(entries)
    tiles = dict(_bundles(edge, entries))
    for level, hashes in enumerate(levels):
        first = (edge.size >> HEIGHT * (level + 1)) if level < len(edge.open) else 0
        before = len(edge.open[level]) if level < len(edge.open) else 0
        if len(hashes) > before:
            tiles |= {tile: b"".join(part) for tile, part in _parts(level, first, hashes)}
    opened = tuple(tuple(hashes[len(hashes) // WIDTH * WIDTH :]) for hashes in levels)
    bundle = (*edge.bundle, *entries)
    return Edge(size=size, bundle=bundle[len(bundle) // WIDTH * WIDTH :], open=opened, peaks=tuple(peaks)), tiles


def _push(peaks: list[Peak], levels: list[list[bytes]], found: bytes, height: int) -> None:
    """Add a leaf or a full tile: it joins the peaks of its height like a carry; full tiles add to the level above."""
    while True:
        if height % HEIGHT == 0:
            if height // HEIGHT == len(levels):
                levels.append([])
            levels[height // HEIGHT].append(found)
        if not peaks or peaks[-1][0] != height:
            break
        found = node_hash(peaks.pop()[1], found)
        height += 1
    peaks.append((height, found))


def _fill(peaks: list[Peak], levels: list[list[bytes]], leaves: Sequence[bytes]) -> None:
    """Add leaves up to the end of the open tile at most: the same result as `_push` of each, row by row."""
    if not levels:
        levels.append([])
    held = levels[0][len(levels[0]) // WIDTH * WIDTH :]
    levels[0] += leaves
    width = len(held) + len(leaves)
    rows = inner_rows([*held, *leaves])
    while peaks and peaks[-1][0] < HEIGHT:
        peaks.pop()
    if width == WIDTH:
        _push(peaks, levels, rows[HEIGHT][0], HEIGHT)
    else:
        peaks += [(inner, rows[inner][(width >> inner) - 1]) for inner in reversed(range(HEIGHT)) if width >> inner & 1]


def _bundles(edge: Edge, entries: Sequence[bytes]) -> list[tuple[Tile, bytes]]:
    if not entries:
        return []
    parts = _parts(ENTRIES, edge.size >> HEIGHT, [*edge.bundle, *entries])
    return [(tile, encode_bundle(part)) for tile, part in parts]


def _parts(level: int, first: int, items: list[bytes]) -> list[tuple[Tile, list[bytes]]]:
    """The tiles that these items fill, from the tile at `first` on."""
    found = []
    for at in range(0, len(items), WIDTH):
        part = items[at : at + WIDTH]
        found.append((Tile(level, first + at // WIDTH, len(part)), part))
    return found
