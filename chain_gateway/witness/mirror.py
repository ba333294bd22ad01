"""Mirrors: this centre's verified copies of the other centres' logs.

A mirror is a directory like the log's own (journal/tiles.py). It grows in steps: every entry of a step is compared with
a leaf that leads to the root of a signed checkpoint before any of the step is written, so mirroring may stop at any
moment and resumes where it was.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from journal.tiles import TileLog
from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError
from records.log import merkle
from records.log.checkpoint import Checkpoint
from records.log.merkle import HASH_SIZE, leaf_hash
from records.log.tiles import ENTRIES, WIDTH, Tile, Tree, decode_bundle, tile_at

STEP: Final = 64 * WIDTH
"""Entries verified and written in one step: half a megabyte. A tree keeps all tiles of a step in memory."""

ReadTile = Callable[[Tile], bytes]
"""Returns a tile of the mirrored log; the caller verifies it. NotFoundError when there is none."""


class Mirror:
    """The copy of one log. Only one thread at a time may extend it; reading beside it is safe."""

    def __init__(self, directory: Path, origin: str) -> None:
        self.origin = origin
        self.log = TileLog(directory)

    def root(self, size: int) -> bytes | None:
        """The root over the first `size` entries; None when the mirror does not hold that many."""
        return self.log.tree(size).root() if size <= self.log.refresh() else None

    def extend(self, checkpoint: Checkpoint, read: ReadTile) -> None:
        """Fetch, verify and write the missing entries up to this checkpoint.

        EvidenceMismatchError: "tiles-differ" (the tiles shown do not give the signed root), "tile-altered", and
        "mirror-altered" when the copy itself is no longer what was written; InvalidRecordError: "tile-size",
        "tile-bundle", "tile-entry-size" for malformed tiles; NotFoundError for missing tiles; and the errors of `read`
        and of the disk. Entries written before such an error are good and stay.
        """
        with self._own():
            size = self.log.refresh()
        while size < checkpoint.size:
            end = min(checkpoint.size, (size // STEP + 1) * STEP)
            entries = self._verified(checkpoint, size, end, read)
            with self._own():
                size = self.log.extend(size, entries)
        with self._own():
            if self.root(checkpoint.size) != checkpoint.root:
                raise EvidenceMismatchError("log-root-differs", size=checkpoint.size)

    def publish(self, note: str) -> None:
        """Serve this signed note with the tiles from now on; a note already served is not written again."""
        try:
            if self.log.checkpoint() == note:
                return
        except NotFoundError:
            pass
        self.log.publish(note)

    def _verified(self, checkpoint: Checkpoint, start: int, end: int, read: ReadTile) -> list[bytes]:
        """The entries from `start` up to `end`, each proven under the checkpoint's root, which extends the copy."""
        tree = Tree(checkpoint.size, read)
        if tree.root() != checkpoint.root:
            raise EvidenceMismatchError("tiles-differ", origin=self.origin, size=checkpoint.size)
        with self._own():
            own = self.log.tree(start).root()
        path = tree.consistency_path(start)
        if not merkle.verify_consistency(start, checkpoint.size, own, checkpoint.root, path):
            raise EvidenceMismatchError("mirror-altered", origin=self.origin, size=start)
        found: list[bytes] = []
        for number in range(start // WIDTH, -(-end // WIDTH)):
            bundle = tile_at(ENTRIES, number, checkpoint.size)
            assert bundle is not None  # `end` lies within the checkpoint
            found += self._entries(bundle, tree, read)
        return found[start % WIDTH :][: end - start]

    @contextmanager
    def _own(self) -> Iterator[None]:
        """A fault of the copy itself is not the other centre's, so it has its own code."""
        try:
            yield
        except EvidenceMismatchError as error:
            raise EvidenceMismatchError("mirror-altered", origin=self.origin, found=error.code) from error

    def _entries(self, bundle: Tile, tree: Tree, read: ReadTile) -> list[bytes]:
        entries = decode_bundle(bundle, read(bundle))
        for index, entry in enumerate(entries, bundle.index * WIDTH):
            if len(entry) != HASH_SIZE:
                raise InvalidRecordError("tile-entry-size", path=bundle.path, length=len(entry), needs=HASH_SIZE)
            if leaf_hash(entry) != tree.leaf(index):
                raise EvidenceMismatchError("tile-altered", path=bundle.path)
        return entries


class Mirrors:
    """The mirrors of a centre, one directory each under `directory`, named after the log."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._mirrors: dict[str, Mirror] = {}
        self._turn = threading.Lock()

    def of(self, origin: str) -> Mirror:
        """The mirror of a known log; empty before anything was mirrored."""
        with self._turn:
            if origin not in self._mirrors:
                self._mirrors[origin] = Mirror(self._directory / origin, origin)
            return self._mirrors[origin]
