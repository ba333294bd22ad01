"""The tiles of a journal for tests, as its centre serves them."""

from pathlib import Path

from chain_gateway.witness.mirror import ReadTile
from journal import Journal
from journal.tiles import TileLog


def tile_source(journal: Journal, directory: Path) -> ReadTile:
    """Everything that the journal holds now, in tiles."""
    log = TileLog(directory)
    start = log.refresh()
    log.extend(start, [entry.commitment for entry in journal.entries(start, 100_000)])
    return log.read
