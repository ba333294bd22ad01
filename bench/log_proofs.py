"""Inclusion and consistency proofs per second from a log on disk, against the faster of pymerkle's trees."""

import hashlib
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pymerkle import InmemoryTree, SqliteTree

from bench.measure import Bench, Figure, Goal, Measurement, compared, interleaved, per_second
from journal import TileLog
from records.log import merkle

SIZES = (1, 10, 100, 1_000, 10_000)
INCLUSION = Goal(floor=2, goal=3)
CONSISTENCY = Goal(floor=3, goal=10)
PROOFS = 200
"""Proofs per round, at places drawn once for both sides."""
Peer = Any
"""Any: one of pymerkle's trees, which are untyped."""


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="tongping-bench-") as directory:
        for size in SIZES:
            say(f"{size:,} entries")
            ours, theirs = Path(directory) / f"ours-{size}", Path(directory) / f"theirs-{size}"
            entries = [hashlib.sha256(place.to_bytes(8, "big")).digest() for place in range(size)]
            log, peers = TileLog(ours), [InmemoryTree(), SqliteTree(str(theirs))]
            log.extend(0, entries)
            for peer in peers:
                peer.append_entries(entries)
            figures += _figures(log, peers, entries)
            peers[1].close()
            figures.append(_just_opened(ours, theirs, size))
    return figures


def _figures(log: TileLog, peers: Sequence[Peer], entries: Sequence[bytes]) -> list[Figure]:
    size = len(entries)
    drawn = random.Random(size)  # noqa: S311 - the places to prove, the same in every run
    places = [drawn.randrange(size) for _ in range(PROOFS)]
    _check(log, peers[0], entries, places)
    included = interleaved(
        _all(lambda place: log.tree(size).inclusion_path(place), places),
        _better([_all(peer.prove_inclusion, [place + 1 for place in places]) for peer in peers]),
    )
    consistent = interleaved(
        _all(lambda place: log.tree(size).consistency_path(place + 1), places),
        _better([_all(peer.prove_consistency, [place + 1 for place in places]) for peer in peers]),
    )
    unit = "proofs per CPU second"
    return [
        compared(included, bench="log-proofs", case=f"inclusion, {size:,}", unit=unit, goal=INCLUSION),
        compared(consistent, bench="log-proofs", case=f"consistency, {size:,}", unit=unit, goal=CONSISTENCY),
    ]


def _just_opened(ours: Path, theirs: Path, size: int) -> Figure:
    """One proof of a freshly opened log: nothing is cached on either side."""

    def peer() -> None:
        with SqliteTree(str(theirs)) as tree:
            tree.prove_inclusion(size * 2 // 3 + 1)

    pair = interleaved(
        per_second(lambda: TileLog(ours).tree(size).inclusion_path(size * 2 // 3), 5, time.process_time),
        per_second(peer, 5, time.process_time),
    )
    return compared(
        pair, bench="log-proofs", case=f"first proof of a log just opened, {size:,}", unit="proofs per CPU second"
    )


def _all(prove: Callable[[int], object], places: Sequence[int]) -> Measurement:
    """A round: every place once."""

    def prove_all() -> None:
        for place in places:
            prove(place)

    once = per_second(prove_all, 1, time.process_time)
    return lambda: once() * len(places)


def _better(peers: Sequence[Measurement]) -> Measurement:
    """A round of each of the peer's trees; the faster one counts."""
    return lambda: max(measure() for measure in peers)


def _check(log: TileLog, peer: Peer, entries: Sequence[bytes], places: Sequence[int]) -> None:
    """Both sides prove the same, and our proofs verify."""
    size, tree = len(entries), log.tree(len(entries))
    assert tree.root() == peer.get_root()
    for place in places:
        assert tree.inclusion_path(place) == peer.prove_inclusion(place + 1).path[1:]
        old, path = log.tree(place + 1).root(), tree.consistency_path(place + 1)
        assert merkle.verify_consistency(place + 1, size, old, tree.root(), path)


BENCH = Bench(
    name="log-proofs",
    question="How many Merkle proofs a second from the log of a centre?",
    ours="`journal.TileLog.tree(size)`, `inclusion_path` and `consistency_path`: tiles on disk, kept once asked for",
    peer=(
        "pymerkle, `prove_inclusion` and `prove_consistency` of `InmemoryTree` and of `SqliteTree`, both asked in "
        "every round: the faster one counts"
    ),
    not_shown=(
        "an old size never asked before: each size has a tree of its own, made from its few tiles at the first proof",
        "reading from a cold disk: the tiles are in the system's cache",
        "verifying a proof, or writing it into a bundle",
    ),
    run=run,
)
