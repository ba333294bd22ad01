"""Merkle proofs per second over logs of three sizes, against the recursion of the RFC."""

import time
from collections.abc import Callable, Sequence

from bench import textbook_tree
from bench.measure import Bench, Figure, Goal, compared, interleaved, per_second
from records import merkle

SIZES = (1_000, 10_000, 100_000)
INCLUSION = Goal(floor=2, goal=3)
CONSISTENCY = Goal(floor=3, goal=10)


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    figures = []
    for size in SIZES:
        say(f"{size:,} records")
        leaves = [merkle.leaf_hash(index.to_bytes(8, "big")) for index in range(size)]
        index, old = size * 2 // 3, size * 3 // 5 + 1
        assert merkle.inclusion_path(leaves, index) == textbook_tree.inclusion(leaves, index)
        assert merkle.consistency_path(leaves, old) == textbook_tree.consistency(leaves, old)
        figures += [_inclusion(leaves, index), _consistency(leaves, old)]
    return figures


def _inclusion(leaves: Sequence[bytes], index: int) -> Figure:
    ours = _proofs(lambda: merkle.inclusion_path(leaves, index), len(leaves))
    peer = _proofs(lambda: textbook_tree.inclusion(leaves, index), len(leaves))
    pair = interleaved(ours, peer)
    return compared(
        pair, bench="log-proofs", case=f"inclusion, {len(leaves):,}", unit="proofs per CPU second", goal=INCLUSION
    )


def _consistency(leaves: Sequence[bytes], old: int) -> Figure:
    ours = _proofs(lambda: merkle.consistency_path(leaves, old), len(leaves))
    peer = _proofs(lambda: textbook_tree.consistency(leaves, old), len(leaves))
    pair = interleaved(ours, peer)
    return compared(
        pair, bench="log-proofs", case=f"consistency, {len(leaves):,}", unit="proofs per CPU second", goal=CONSISTENCY
    )


def _proofs(proof: Callable[[], object], size: int) -> Callable[[], float]:
    """Small logs give many proofs a round, the largest one."""
    return per_second(proof, max(1, SIZES[-1] // size), time.process_time)


BENCH = Bench(
    name="log-proofs",
    question="How many Merkle proofs a second from a log's leaf hashes in memory?",
    ours="`records.merkle.inclusion_path` and `consistency_path`",
    peer="the recursion of RFC 9162 §2.1 as the text has it (`bench/textbook_tree.py`)",
    not_shown=(
        "a library as the peer: the goals were set against pymerkle, which is measured once the log has tiles",
        "logs on disk: both sides get the leaves as a list and hash all of it, so both slow down with the size",
        "verifying a proof",
    ),
    run=run,
)
