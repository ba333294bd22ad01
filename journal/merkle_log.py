"""The journal's Merkle log: entry by entry the same commitments at the same indexes, kept as tiles on disk."""

from typing import Final

from journal.entry import Entry
from journal.tiles import TileLog
from journal.work import Journal
from records.errors import EvidenceMismatchError
from records.log.tiles import Tree

_AT_A_TIME: Final = 4096


class MerkleLog:
    """The tiles of a journal: the journal is written first, the tiles follow, and proofs come from the tiles."""

    def __init__(self, journal: Journal, tiles: TileLog) -> None:
        self._journal = journal
        self.tiles = tiles

    def handle(self, entry: Entry) -> None:
        """The follower's handler: make sure that the tiles hold this entry and those committed with it.

        EvidenceMismatchError("log-entry-differs") when they hold something else at its index. Harmless when repeated.
        """
        if entry.index >= self.tiles.size:
            self.catch_up()
        if self.tiles.tree(self.tiles.size).leaf(entry.index) != entry.leaf:
            raise EvidenceMismatchError("log-entry-differs", index=entry.index)

    def catch_up(self) -> int:
        """Bring everything that the journal holds into the tiles, and return their size once it is durable there.

        EvidenceMismatchError("log-longer-than-journal") when the tiles hold more than the journal: it has lost entries.
        """
        size = self.tiles.refresh()
        while commitments := self._journal.commitments(size, _AT_A_TIME):
            size = self.tiles.extend(size, commitments)
        if size > (known := self._journal.size()):
            raise EvidenceMismatchError("log-longer-than-journal", size=known, log=size)
        return size

    def tree(self, size: int) -> Tree:
        """The tree over the first `size` entries, which the tiles hold durably. NotFoundError("size-unknown")."""
        if size > self.tiles.size:
            self.catch_up()
        return self.tiles.tree(size)
