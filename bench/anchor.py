"""Records per second that are durable, anchored and provable, against one transaction per record on the same chain."""

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench.anchor_log import AnchoredLog
from bench.gas import digests
from bench.measure import Bench, Figure, Goal, compared, interleaved
from bench.peers.one_each import OneEach
from chain_gateway.ledger.ganache import CHAIN_ID
from tests.integration.ledger.consortium import CHAIN_KEYS, JN, XA, consortium

SIZES = (1, 10, 100, 1_000, 10_000)
SENT = 40
"""Transactions of the peer per round."""
GOALS = {10_000: Goal(floor=200, goal=600)}


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as directory, consortium(Path(directory) / "chain") as chain:
        say("a chain of its own")
        log = AnchoredLog(Path(directory), chain.ledger(JN))
        peer, each = OneEach(chain.chain.rpc, CHAIN_ID, CHAIN_KEYS[XA]), digests()
        log.grow(SIZES[-1])  # warms up both sides, and the log is as large as in use
        peer.per_second(each, SENT)
        figures = []
        for count in SIZES:
            say(f"{count:,} records per checkpoint")
            pair = interleaved(partial(log.per_second, count), lambda: peer.per_second(each, SENT))
            case = f"{count:,} per checkpoint"
            figures.append(compared(pair, bench="anchor", case=case, unit="records/s", goal=GOALS.get(count)))
        log.close()
        return figures


BENCH = Bench(
    name="anchor",
    question="How many records a second become durable, anchored and provable?",
    ours="canonical bytes, salt and commitment, one synced file, the log's tiles synced, one checkpoint with its"
    " consistency proof on the chain and all its answers read, an inclusion proof for every record",
    peer="one transaction per record to a contract that stores it (`bench/peers/one_slot.sol`), signed with coincurve,"
    " own nonces, receipt awaited, on the same ganache",
    not_shown=(
        "the journal's tables: rows with their indexes cost more than everything here (see `log-append`)",
        "a consortium engine's block time: there one checkpoint waits for its block and confirmations, seconds in all",
        "a peer that does not wait for its receipts: one ordered sender is what ganache takes reliably",
        "zipping the bundle: what it holds is made, not packed",
    ),
    run=run,
)
