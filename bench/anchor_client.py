"""The same records per second, against the most that a client of one transaction per record could sign."""

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench.anchor import SIZES
from bench.anchor_log import AnchoredLog
from bench.gas import digests
from bench.measure import Bench, Figure, Goal, compared, interleaved
from bench.peers.one_each import OneEach
from chain_gateway.ledger.ganache import CHAIN_ID
from tests.integration.ledger.consortium import CHAIN_KEYS, JN, XA, consortium

SIGNED = 400
"""Transactions that the peer signs per round."""
GOALS = {10_000: Goal(floor=5, goal=12)}


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as directory, consortium(Path(directory) / "chain") as chain:
        say("a chain of its own")
        log = AnchoredLog(Path(directory), chain.ledger(JN))
        peer, each = OneEach(chain.chain.rpc, CHAIN_ID, CHAIN_KEYS[XA]), digests()
        log.grow(SIZES[-1])
        peer.signed_per_second(each, SIGNED)
        figures = []
        for count in SIZES:
            say(f"{count:,} records per checkpoint")
            pair = interleaved(partial(log.per_second, count), lambda: peer.signed_per_second(each, SIGNED))
            case = f"{count:,} per checkpoint"
            figures.append(compared(pair, bench="anchor-client", case=case, unit="records/s", goal=GOALS.get(count)))
        log.close()
        return figures


BENCH = Bench(
    name="anchor-client",
    question="Would one transaction per record keep up if the chain cost nothing?",
    ours="the same as in `anchor`: durable, anchored on a real chain, each record with its proof",
    peer="signing one transaction per record with web3 and coincurve, and doing nothing else: no network, no chain",
    not_shown=("the same as in `anchor`; here the peer is spared everything but its signatures",),
    run=run,
)
