"""A Merkle log as a directory of tiles: appended durably, in groups, and never showing what may still be lost.

    checkpoint   the last published signed note
    tile/…       tiles and bundles (records/log/tiles.py)
    state        how far the log is durable: size, root, and what the open tiles of the right edge hold
    lock         held by the one process that writes

The order of every append: the tiles that it fills, each whole under its name · their folders · `state`, which is the
point of no return · only then the callers are told. What a kill leaves behind beyond `state` was never acknowledged: it
counts for nothing, is removed where an open tile takes its place, and is written again. Partial tiles are files,
too, but `state` holds their bytes: so most appends sync one file and its folder, and partial tiles lost in a
power cut are written again from there. Those that a published checkpoint needs are synced before it is published.
No clock is read: a group is what arrived while the previous one was being written.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from journal import disk
from journal.group import Group
from records.errors import ConflictError, EvidenceMismatchError, InvalidRecordError, NotFoundError, TongpingError
from records.log.checkpoint import Checkpoint, parse_checkpoint
from records.log.merkle import leaf_hash, leaf_hashes
from records.log.note import parse_note
from records.log.tile_growth import Edge, decode_edge, encode_edge, grow, read_edge
from records.log.tiles import (
    ENTRIES,
    MAX_ENTRY,
    WIDTH,
    Tile,
    Tree,
    cut,
    decode_bundle,
    decode_hashes,
    partial_tiles,
    tile_at,
)

GROUP: Final = 4096
"""The most callers that share one commit."""
_TREES: Final = 4
_LOOKS: Final = 3
_STATE: Final = re.compile(rb"(0|[1-9][0-9]{0,19})\n([0-9a-f]{64})\n")


@dataclass(slots=True, kw_only=True)
class _Append:
    """One call in the queue: its entries, their first index (None: at the end), and its answer."""

    entries: Sequence[bytes]
    start: int | None
    answer: int = -1
    failed: TongpingError | None = None


class TileLog:
    """The log under one directory. Many threads may append; of several processes one writes at a time.

    Nothing is opened before it is needed. Then every method raises UnavailableError("log-disk") when the disk does not
    answer, and EvidenceMismatchError ("log-state-malformed", "log-root-differs") or the errors of bad tiles when the
    files are not those that were written. After an error from an append the entries may still have been
    kept: repeating the call gives the same index.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._group = Group(self._commit, GROUP)
        self._state: bytes | None = None
        self._edge = Edge()
        self._partial: set[Tile] = set()
        self._indexes: dict[bytes, int] = {}
        self._indexed = 0
        self._folders = {directory}
        self._trees: OrderedDict[int, Tree] = OrderedDict()

    @property
    def size(self) -> int:
        """How many entries are durable, as last seen by this object; `refresh` looks again."""
        return self._edge.size

    @property
    def root(self) -> bytes:
        return self._edge.root

    def refresh(self) -> int:
        """Look at what is on disk, whoever wrote it, and return the size."""
        with self._writing():
            return self.size

    def append(self, entry: bytes) -> int:
        """Add one entry and return its index once it is durable; an entry that is there already keeps its index.

        InvalidRecordError("tile-entry-long") for more than 65,535 bytes.
        """
        return self.submit(entry)()

    def submit(self, entry: bytes) -> Callable[[], int]:
        """Queue one entry; the function returned waits, once, until it is durable and gives its index as `append` does.

        For a caller with many entries at once: nothing is durable, and nothing promised, before it waits.
        """
        return self._begin(_Append(entries=(entry,), start=None))

    def extend(self, start: int, entries: Sequence[bytes]) -> int:
        """Make these the entries from index `start` on, and return the size of the log once they are durable.

        Entries already there are compared, so repeating changes nothing. EvidenceMismatchError("log-entry-differs")
        when another entry is there, ConflictError("log-gap") when the log does not reach up to `start`.
        """
        return self._begin(_Append(entries=entries, start=start))()

    def read(self, tile: Tile) -> bytes:
        """A tile's bytes; of a partial one also from what is wider at its place. NotFoundError("tile-unknown")."""
        with disk.converted():
            for _ in range(_LOOKS):  # a partial tile may be removed meanwhile, but only after a wider one was written
                if not tile.full and (data := self._edge.read(tile)) is not None:
                    return data
                full = Tile(tile.level, tile.index)
                if (data := disk.read(self.directory / full.path)) is not None:
                    return data if tile.full else cut(tile, full, data)
                for name in self._partial_files(tile):
                    if (data := disk.read(self.directory / name.path)) is not None:
                        return cut(tile, name, data)
        raise NotFoundError("tile-unknown", path=tile.path)

    def shown(self, tile: Tile) -> bytes:
        """A tile as the public may have it: what the published checkpoint covers. NotFoundError("tile-unknown")."""
        covered = tile_at(tile.level, tile.index, self.published)
        if covered is None or covered.width < tile.width:
            raise NotFoundError("tile-unknown", path=tile.path)
        return self.read(tile)

    def tree(self, size: int | None = None) -> Tree:
        """The tree over the first `size` entries, over all without it. NotFoundError("size-unknown")."""
        if size is None or size > self.size:
            self.refresh()
        wanted = self.size if size is None else size
        if wanted > self.size:
            raise NotFoundError("size-unknown", size=wanted, found=self.size)
        tree = self._trees.get(wanted)
        if tree is None:
            tree = self._trees[wanted] = Tree(wanted, self.read)
            if len(self._trees) > _TREES:
                self._trees.popitem(last=False)
        return tree

    def entries(self, start: int, limit: int) -> list[bytes]:
        """At most `limit` entries from index `start` on, each compared with its leaf."""
        if start + limit > self.size:
            self.refresh()
        end = min(self.size, start + limit)
        tree, found = self.tree(self.size), list[bytes]()
        for number in range(start // WIDTH, -(-end // WIDTH)):
            bundle = tile_at(ENTRIES, number, self.size)
            assert bundle is not None  # `end` lies within the log
            entries = decode_bundle(bundle, self.read(bundle))
            for index in range(max(start, number * WIDTH), min(end, (number + 1) * WIDTH)):
                if leaf_hash(entries[index % WIDTH]) != tree.leaf(index):
                    raise EvidenceMismatchError("tile-altered", path=bundle.path)
                found.append(entries[index % WIDTH])
        return found

    def index(self, entry: bytes) -> int | None:
        """The first index of an entry; None when it is not in the log. Known from the tiles alone."""
        with self._writing():
            return self._known().get(leaf_hash(entry))

    def indexes(self) -> dict[bytes, int]:
        """The place of every entry by its leaf hash, rebuilt from the tiles alone."""
        with self._writing():
            self._indexes, self._indexed = {}, 0
            return dict(self._known())

    def publish(self, note: str) -> bool:
        """Let this signed note be the public checkpoint, with every tile that its size needs under its own name.

        False, and nothing changes, when a larger one is public already; the same size may come again with more
        signatures. InvalidRecordError("malformed-note"); NotFoundError("size-unknown") when the log is not durable that
        far; EvidenceMismatchError("checkpoint-not-ours") when its root is not that of the tiles.
        """
        checkpoint = parse_checkpoint(parse_note(note).text)
        with self._writing():
            shown = self._published()
            if shown is not None and shown.size > checkpoint.size:
                return False
            if checkpoint.size > self.size:
                raise NotFoundError("size-unknown", size=checkpoint.size, found=self.size)
            if self.tree(checkpoint.size).root() != checkpoint.root:
                raise EvidenceMismatchError("checkpoint-not-ours", size=checkpoint.size)
            # A partial tile may exist without being on disk yet: from here on it must be.
            self._write_all([(tile.path, self.read(tile)) for tile in partial_tiles(checkpoint.size)])
            # From here on the world may have seen this size: its tiles are durable, and are never taken away again.
            self._write_all([("checkpoint", note.encode())])
        return True

    @property
    def published(self) -> int:
        """The size of the published checkpoint; 0 without one."""
        with disk.converted():
            shown = self._published()
        return shown.size if shown else 0

    @property
    def note(self) -> str:
        """The published note; empty without one."""
        with disk.converted():
            return (disk.read(self.directory / "checkpoint") or b"").decode()

    def checkpoint(self) -> str:
        """The published note. NotFoundError("nothing-published")."""
        if not (note := self.note):
            raise NotFoundError("nothing-published")
        return note

    def _begin(self, append: _Append) -> Callable[[], int]:
        if longest := max((len(entry) for entry in append.entries if len(entry) > MAX_ENTRY), default=0):
            raise InvalidRecordError("tile-entry-long", length=longest, most=MAX_ENTRY)
        place = self._group.enter(append)

        def answer() -> int:
            self._group.wait(place)
            if append.failed is not None:
                raise append.failed
            return append.answer

        return answer

    def _commit(self, appends: Sequence[_Append]) -> None:
        """One group: all its new entries go to disk together, before any of its callers is answered."""
        with self._writing():
            added: list[bytes] = []
            leaves: list[bytes] = []
            places: dict[bytes, int] | None = None if all(one.start is not None for one in appends) else {}
            for append in appends:
                try:
                    self._place(append, added, leaves, places)
                except TongpingError as error:
                    append.failed = error  # a fault in one caller's entries does not concern the others
            if added:
                # Only `index_of` needs their places: `_known` catches up for the others.
                self._write(added, leaves, indexing=places is not None)

    def _place(self, append: _Append, added: list[bytes], leaves: list[bytes], places: dict[bytes, int] | None) -> None:
        """Find the place of a call's entries: behind those of the group before it, or where they already are.

        `places` of the group's entries by leaf; None when nobody in it asks.
        """
        size = self.size + len(added)
        new = append.entries
        if append.start is None and places is not None:
            leaf = leaf_hash(append.entries[0])
            append.answer = places[leaf] if leaf in places else self._known().get(leaf, size)
            new = () if append.answer < size else new
        elif append.start is not None:
            if append.start > size:
                raise ConflictError("log-gap", index=append.start, size=size)
            there = append.entries[: size - append.start]
            for index, entry in enumerate(there, append.start):
                self._compare(index, entry, leaves)
            new = append.entries[len(there) :]
            append.answer = max(size, append.start + len(append.entries))
        hashes = leaf_hashes(new)
        if places is not None:
            for index, leaf in enumerate(hashes, size):
                places.setdefault(leaf, index)
        added += new
        leaves += hashes

    def _compare(self, index: int, entry: bytes, leaves: Sequence[bytes]) -> None:
        found = leaves[index - self.size] if index >= self.size else self.tree(self.size).leaf(index)
        if leaf_hash(entry) != found:
            raise EvidenceMismatchError("log-entry-differs", index=index)

    def _write(self, added: Sequence[bytes], leaves: Sequence[bytes], *, indexing: bool) -> None:
        edge, tiles = grow(self._edge, added, leaves)
        full = [(self.directory / tile.path, data) for tile, data in tiles.items() if tile.full]
        state = f"{edge.size}\n{edge.root.hex()}\n".encode() + encode_edge(edge)
        self._take_away(partial_tiles(edge.size))
        # Full tiles are on disk under their names but do not count yet: a kill before `state` is written loses only
        # what was never acknowledged, and the same names are written again.
        disk.write_then(full, (self.directory / "state", state), self._folders)
        # The point of no return: the entries are in the log for good, whether or not a caller learns of it.
        if indexing and self._indexed == self.size:
            for index, leaf in enumerate(leaves, self.size):
                self._indexes.setdefault(leaf, index)
            self._indexed = edge.size
        self._edge, self._state = edge, state
        for tile, data in tiles.items():
            if not tile.full:
                disk.write_loosely(self.directory / tile.path, data)
                self._partial.add(tile)
        self._drop_partial()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The log as it is on disk now, locked against other writers."""
        with disk.converted():
            self.directory.mkdir(parents=True, exist_ok=True)
            with disk.locked(self.directory / "lock"):
                self._reload()
                yield

    def _reload(self) -> None:
        state = disk.read(self.directory / "state") or b""
        if state == self._state:
            return
        # Its writer may have been killed, or have met an error, before the name was on disk: now it will be.
        disk.sync_folder(self.directory)
        edge = self._kept(state)
        if state:  # nothing of another program's log is removed before something is appended
            self._take_away(partial_tiles(edge.size))
        self._mend(edge)
        if edge.size < self.size:
            self._indexes, self._indexed = {}, 0
            self._trees.clear()
        self._edge, self._state = edge, state

    def _kept(self, state: bytes) -> Edge:
        """The edge as kept; of a log that another program wrote, that of its checkpoint."""
        found = _STATE.match(state)
        if found is not None:
            edge, root = decode_edge(int(found[1]), state[found.end() :]), bytes.fromhex(found[2].decode())
        elif state:
            raise EvidenceMismatchError("log-state-malformed")
        elif shown := self._published():
            edge, root = read_edge(shown.size, self.read), shown.root
        else:
            return Edge()
        if edge.root != root:
            raise EvidenceMismatchError("log-root-differs", size=edge.size)
        return edge

    def _take_away(self, opened: Sequence[Tile]) -> None:
        """Where a tile is open, a full one is left from an append that failed: its entries were never acknowledged."""
        for tile in opened:
            with suppress(FileNotFoundError):
                (self.directory / Tile(tile.level, tile.index).path).unlink()

    def _mend(self, edge: Edge) -> None:
        """Write again the partial tiles lost in a kill or a power cut; one with other content was altered."""
        for tile in partial_tiles(edge.size):
            path, data = self.directory / tile.path, edge.read(tile)
            found = disk.read(path)
            assert data is not None  # the edge holds all partial tiles of its size
            if found is None or len(found) < len(data):
                disk.write_loosely(path, data)
            elif found != data:
                raise EvidenceMismatchError("tile-altered", path=tile.path)

    def _published(self) -> Checkpoint | None:
        note = disk.read(self.directory / "checkpoint")
        return None if note is None else parse_checkpoint(parse_note(note.decode()).text)

    def _known(self) -> dict[bytes, int]:
        """The index of each entry: made from the tiles and kept in memory from the first call that asks."""
        if self._indexed == self.size:
            return self._indexes
        for first in range(self._indexed // WIDTH, -(-self.size // WIDTH)):
            tile = tile_at(0, first, self.size)
            assert tile is not None
            for offset, leaf in enumerate(decode_hashes(tile, self.read(tile))):
                self._indexes.setdefault(leaf, first * WIDTH + offset)
        self._indexed = self.size
        return self._indexes

    def _partial_files(self, tile: Tile) -> list[Tile]:
        """The partial tiles at the same place that hold this one, the narrowest first."""
        with suppress(FileNotFoundError):
            names = [path.name for path in (self.directory / tile.path).parent.iterdir()] if not tile.full else []
            widths = sorted(int(name) for name in names if name.isdecimal() and tile.width <= int(name) < WIDTH)
            return [Tile(tile.level, tile.index, width) for width in widths]
        return []

    def _write_all(self, files: Sequence[tuple[str, bytes]]) -> None:
        disk.write_all([(self.directory / path, data) for path, data in files], self._folders)

    def _drop_partial(self) -> None:
        """Remove the partial tiles of earlier groups, but never one that a published checkpoint needs."""
        current = set(partial_tiles(self.size))
        stale = self._partial - current
        shown = self._published() if stale else None
        for tile in stale.difference(partial_tiles(shown.size) if shown else ()):
            path = self.directory / tile.path
            with suppress(OSError):
                path.unlink()
                path.parent.rmdir()  # only when it was the last one
        self._partial &= current
