"""Gas of anchoring a checkpoint with its consistency proof, against one storage slot for every record."""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.measure import Bench, Figure, Goal, Ratio, compared, interleaved
from bench.peers.one_slot import OneSlot
from chain_gateway.checkpoints import origin_of
from chain_gateway.ledger.ganache import CHAIN_ID
from chain_gateway.ledger.ledger import Ledger
from records.log import merkle
from tests.integration.ledger.consortium import CHAIN_KEYS, JN, XA, consortium

HELD = 10_000
"""Records already in the log, so that the consistency proof is as long as in use."""
CHECKPOINTS = (1, 10, 100, 1_000)
IN_ONE_TRANSACTION = 100
GOALS = {1_000: Goal(floor=500, goal=800)}


class GrowingLog:
    """A log on the chain and off it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._leaves: list[bytes] = []

    def grow(self, count: int) -> float:
        """Append this number of records, anchor them; return the gas."""
        size = len(self._leaves)
        self._leaves += [merkle.leaf_hash(index.to_bytes(8, "big")) for index in range(size, size + count)]
        path = merkle.consistency_path(self._leaves, size) if size else []
        anchored = self._ledger.anchor(origin_of(JN), size, size + count, merkle.root(self._leaves), path)
        return int(json.loads(anchored.receipt_json)["gasUsed"], 16)


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as directory, consortium(Path(directory)) as chain:
        say(f"a chain of its own and a log of {HELD:,} records")
        log = GrowingLog(chain.ledger(JN))
        log.grow(HELD)
        slots = OneSlot(chain.chain.rpc, CHAIN_ID, CHAIN_KEYS[XA])
        each = digests()
        figures = []
        for count in CHECKPOINTS:
            say(f"{count:,} records per checkpoint")
            figures.append(_one_each(log, slots, each, count))
        return [*figures, _batched(log, slots, each)]


def _one_each(log: GrowingLog, slots: OneSlot, digests: Iterator[bytes], count: int) -> Figure:
    """Every record costs the peer the same, so one is sent and its cost multiplied."""
    pair = interleaved(lambda: log.grow(count), lambda: float(slots.keep(next(digests)) * count))
    case = f"{count:,} per checkpoint"
    return compared(pair, bench="gas", case=case, unit="gas", way=Ratio.PEER_BY_OURS, goal=GOALS.get(count))


def _batched(log: GrowingLog, slots: OneSlot, digests: Iterator[bytes]) -> Figure:
    count = IN_ONE_TRANSACTION
    pair = interleaved(lambda: log.grow(count), lambda: float(slots.keep_all([next(digests) for _ in range(count)])))
    case = f"{count:,} per checkpoint, the peer's in one transaction"
    return compared(pair, bench="gas", case=case, unit="gas", way=Ratio.PEER_BY_OURS)


def digests() -> Iterator[bytes]:
    index = 0
    while True:
        index += 1
        yield merkle.leaf_hash(index.to_bytes(8, "big"))


BENCH = Bench(
    name="gas",
    question="How much gas does a record cost, when the contract checks that the log only grew?",
    ours=f"`EvidenceAnchor.anchor` with its consistency proof, on a log that holds {HELD:,} records and more",
    peer="one storage slot per record, one transaction each (`bench/peers/one_slot.sol`, which checks nothing)",
    not_shown=(
        "time: a consortium chain's gas has no price",
        "cosignatures of other centres, one transaction per checkpoint each",
        "a peer's transactions beyond the first of a round are multiplied, not sent: each costs the same",
    ),
    run=run,
)
