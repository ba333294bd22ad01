"""Durable appends per second of callers that each wait for their own entry, against one transaction per entry."""

import hashlib
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from pymerkle import SqliteTree

from bench.measure import Bench, Figure, Goal, compared, interleaved
from journal import TileLog

CASES = ((1, 1), (1, 10), (10, 100), (100, 1_000), (1_000, 1_000), (1_000, 10_000))
"""Appends in flight at once, and the entries of a round."""
THREADS = 4
"""The most threads that append: each keeps its share in flight, and sends the next when one is durable."""
GOAL = Goal(floor=20, goal=50)
GROUP_FROM = 1_000
"""Appends in flight from which on the goal applies: fewer callers share a commit less, a single one never."""
ONE_BY_ONE = 40
"""Entries that the peer appends in a round: each is its own transaction, so more would only take longer."""


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory(prefix="tongping-bench-") as directory:
        return [_figure(callers, size, Path(directory), say) for callers, size in CASES]


def _figure(callers: int, size: int, directory: Path, say: Callable[[str], None]) -> Figure:
    say(f"{callers:,} at once, {size:,} entries")
    rounds = count()

    def ours() -> float:
        entries = _entries(next(rounds), size)
        log = TileLog(directory / f"ours-{entries[0].hex()}")
        log.refresh()
        return _of_callers(log, entries, callers)

    def peer() -> float:
        entries = _entries(next(rounds), ONE_BY_ONE)
        with SqliteTree(str(directory / f"peer-{entries[0].hex()}")) as tree:
            started = time.perf_counter()
            for entry in entries:
                tree.append_entry(entry)
            return len(entries) / (time.perf_counter() - started)

    return compared(
        interleaved(ours, peer),
        bench="log-append",
        case=f"{callers:,} at once, {size:,} entries" if callers > 1 else f"one at a time, {size:,} entries",
        unit="durable appends per second",
        goal=GOAL if callers >= GROUP_FROM else None,
    )


def _of_callers(log: TileLog, entries: Sequence[bytes], at_once: int) -> float:
    """A few threads, each with its share of appends in flight; each append is confirmed on its own."""
    begin, number = threading.Event(), min(THREADS, at_once)

    def call(own: Sequence[bytes]) -> None:
        begin.wait()
        waiting: deque[Callable[[], int]] = deque()
        for entry in own:
            if len(waiting) == at_once // number:
                waiting.popleft()()
            waiting.append(log.submit(entry))
        for answer in waiting:
            answer()

    threads = [threading.Thread(target=call, args=(entries[place::number],)) for place in range(number)]
    for thread in threads:
        thread.start()
    started = time.perf_counter()
    begin.set()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - started
    assert log.size == len(entries)
    return len(entries) / taken


def _entries(seed: int, number: int) -> list[bytes]:
    """As many commitments as a round appends, all new."""
    return [hashlib.sha256(f"{seed} {place}".encode()).digest() for place in range(number)]


BENCH = Bench(
    name="log-append",
    question="How many entries a second are durable in the log when many callers append at once?",
    ours=(
        "`journal.TileLog.submit`: tiles, bundle and state synced (files and folders) before any append of the group "
        "is answered; equal entries keep their index; tiles hold every level of the tree"
    ),
    peer=(
        "`pymerkle.SqliteTree.append_entry` one by one, SQLite as pymerkle opens it: a synced transaction "
        "(`synchronous=FULL`, rollback journal) before each return; it holds leaves alone"
    ),
    not_shown=(
        "concurrent callers of the peer: its lock serialises them, so it is asked by one",
        "a thread for every append: a thousand threads waking up cost more than the disk",
        "signing, the journal's own transaction, anchoring",
        "a disk with a cache that lies about syncing: both sides trust it",
        "goals are meant for groups: with few callers nothing is shared, and those cases carry no goal",
    ),
    run=run,
)
