"""Appends per second of entries handed over together, durable as a whole, against pymerkle's bulk append."""

import hashlib
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from pymerkle import SqliteTree

from bench.measure import Bench, Figure, Goal, compared, interleaved
from journal import TileLog

SIZES = (1, 10, 100, 1_000, 10_000, 100_000)
GOALS = dict.fromkeys(SIZES[3:], Goal(floor=1, goal=3))
"""Below this size it is no bulk append: those sizes are shown as well, though we lose there."""
FIRST = hashlib.sha256(b"first").digest()


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory(prefix="tongping-bench-") as directory:
        return [_figure(size, Path(directory), say) for size in SIZES]


def _figure(size: int, directory: Path, say: Callable[[str], None]) -> Figure:
    say(f"{size:,} entries together")
    entries = [hashlib.sha256(place.to_bytes(8, "big")).digest() for place in range(size)]
    numbers = count()

    def ours() -> float:
        log = TileLog(directory / f"{size}-{next(numbers)}")
        log.append(FIRST)
        started = time.perf_counter()
        assert log.extend(1, entries) == size + 1
        return size / (time.perf_counter() - started)

    def peer() -> float:
        with SqliteTree(str(directory / f"{size}-{next(numbers)}")) as tree:
            tree.append_entry(FIRST)
            started = time.perf_counter()
            assert tree.append_entries(entries) == size + 1
            return size / (time.perf_counter() - started)

    return compared(
        interleaved(ours, peer),
        bench="log-bulk",
        case=f"{size:,} entries",
        unit="durable entries per second",
        goal=GOALS.get(size),
    )


BENCH = Bench(
    name="log-bulk",
    question="How many entries a second are durable in the log when they come together?",
    ours=(
        "`journal.TileLog.extend` on a log of one entry: bundles, every level of tiles and the root, all files and "
        "folders synced before it returns"
    ),
    peer=(
        "`pymerkle.SqliteTree.append_entries` on a tree of one entry: one synced transaction; entries and leaf hashes "
        "alone, no inner node and no root is computed until somebody asks"
    ),
    not_shown=(
        "the root and the proofs, which the peer has still to compute: see log-proofs",
        "entries of other sizes than 32 bytes, which are all that a centre's log holds",
        "a log that is large already: neither side's append depends on it",
    ),
    run=run,
)
