"""A log that takes records in batches, anchors each batch once and proves every record: ours in the chain benches."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chain_gateway.checkpoints import Anchored, origin_of
from chain_gateway.ledger.ledger import Ledger
from journal.tiles import TileLog
from records import canonical
from records.canonical import Value
from records.commitment import commit
from records.log.checkpoint import Checkpoint, sign_note
from records.log.merkle import leaf_hash, verify_inclusion
from tests.integration.ledger.consortium import JN, LOG_KEYS

SALT = 32


@dataclass(frozen=True, slots=True)
class Bundle:
    """The offline proof of one record; the note and the chain's answers are those of its batch."""

    record: bytes
    salt: bytes
    index: int
    path: Sequence[bytes]
    note: str
    anchored: Anchored


class AnchoredLog:
    """The tiles on disk and the contract on the chain. Records and salts go into one file, synced before the tiles."""

    def __init__(self, directory: Path, ledger: Ledger) -> None:
        self._tiles = TileLog(directory / "log")
        self._file = (directory / "records").open("ab")
        self._ledger = ledger
        self._number = 0

    def grow(self, count: int) -> list[Bundle]:
        """Take this number of new records, make them durable, anchor them in one checkpoint, and prove each of them."""
        origin, start = origin_of(JN), self._tiles.refresh()
        records = [canonical.encode(self._next()) for _ in range(count)]
        salts = [os.urandom(SALT) for _ in range(count)]
        self._keep(records, salts)
        commitments = [commit(salt, record) for salt, record in zip(salts, records, strict=True)]
        size = self._tiles.extend(start, commitments)
        tree = self._tiles.tree(size)
        root = tree.root()
        note = sign_note(Checkpoint(origin=origin, size=size, root=root), name=origin, key=LOG_KEYS[JN])
        path = tree.consistency_path(start) if start else []
        anchored = self._ledger.anchor(origin, start, size, root, path)
        found = [
            Bundle(record, salt, index, tree.inclusion_path(index), note, anchored)
            for index, (record, salt) in enumerate(zip(records, salts, strict=True), start=start)
        ]
        _check(found[-1], size, root)
        return found

    def per_second(self, count: int) -> float:
        """Records per second, of one batch."""
        started = time.perf_counter()
        self.grow(count)
        return count / (time.perf_counter() - started)

    def close(self) -> None:
        self._file.close()

    def _keep(self, records: Sequence[bytes], salts: Sequence[bytes]) -> None:
        self._file.writelines(part for pair in zip(salts, records, strict=True) for part in pair)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _next(self) -> dict[str, Value]:
        """A record as in the journal, with different content in each."""
        self._number += 1
        return {
            "at": "2026-11-23T06:13:55.229Z",
            "author": "seat:XA-2",
            "body": {"bidder": f"B{self._number % 9}", "item": "T3", "points": self._number % 10_000},
            "centre": "XA",
            "previous": "sha256:4f4296387918146afddbe960bb74d6c7e050b07c97b52ad7eda071e0458ad475",
            "project": "E3701000076012345001",
            "seq": self._number,
            "session": "E3701000076012345001-1",
            "stage": "DETAILED",
            "type": "room.entry-taken.v1",
            "version": 1,
        }


def _check(bundle: Bundle, size: int, root: bytes) -> None:
    """The results are valid proofs."""
    leaf = leaf_hash(commit(bundle.salt, bundle.record))
    assert verify_inclusion(leaf, bundle.index, size, list(bundle.path), root)
