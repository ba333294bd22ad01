"""A journal on its way to a real chain, and the invariants of both whatever happened on the way."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import SQLModel, col, select

from chain_gateway.anchor.desk import BOOKKEEPING, AnchorDesk
from chain_gateway.checkpoints import origin_of
from chain_gateway.ledger.ledger import log_id
from chain_gateway.store import CheckpointRow
from chain_gateway.witness.cosigning import CosignatureDesk
from chain_gateway.witness.desk import WitnessDesk
from chain_gateway.witness.mirror import Mirror, Mirrors, ReadTile
from journal import Journal, MerkleLog, open_engine
from records import facts
from records.ids import Author, CentreCode, ProjectId
from records.log import merkle
from tests.integration.explorer.tile_source import tile_source
from tests.integration.ledger.consortium import FOUNDERS, JN, LOG_KEYS, XA, Consortium, cosigning, vkey, witness_vkey
from tests.unit.journal.made_journal import log_beside

ORIGIN = origin_of(JN)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchoredWorld:
    consortium: Consortium
    directory: Path

    def journal(self, code: CentreCode = JN) -> Journal:
        """The journal as a newly started process opens it."""
        engine = open_engine(f"sqlite:///{self.directory / code}.sqlite3")
        SQLModel.metadata.create_all(engine)
        return Journal(engine, code, clock=lambda: datetime.now(UTC), randomness=secrets.token_bytes)

    def desk(self, journal: Journal | None = None) -> AnchorDesk:
        ledger, own = self.consortium.ledger(JN), journal or self.journal()
        return AnchorDesk(own, ledger, log=log_beside(own), log_key=LOG_KEYS[JN], origin=ORIGIN)

    def log(self) -> MerkleLog:
        """The log as a newly started process opens it."""
        return log_beside(self.journal())

    def impatient_desk(self, journal: Journal) -> AnchorDesk:
        """A ledger that waits only seconds for a transaction to count."""
        engine = replace(self.consortium.engine, receipt_seconds=4.0)
        ledger = replace(self.consortium, engine=engine).ledger(JN)
        return AnchorDesk(journal, ledger, log=log_beside(journal), log_key=LOG_KEYS[JN], origin=ORIGIN)

    def witness(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> WitnessDesk:
        ledger = self.consortium.ledger(XA)
        return WitnessDesk(
            self.journal(XA),
            ledger,
            log_keys=lambda origin: [vkey(JN)] if origin == ORIGIN else [],
            cosigning=cosigning(XA),
            mirrors=Mirrors(self.directory / "mirrors"),
            clock=clock,
        )

    def tiles(self) -> ReadTile:
        """The log's tiles as its centre serves them now."""
        return tile_source(self.journal(), self.directory / "log")

    def mirror(self) -> Mirror:
        """The witness's copy of the log, as a newly started process finds it."""
        return Mirrors(self.directory / "mirrors").of(ORIGIN)

    def cosignatures(self) -> CosignatureDesk:
        """The log's centre, which takes its witness's lines."""
        return CosignatureDesk(
            self.journal(), witness_keys=lambda code: [witness_vkey(code)], clock=lambda: datetime.now(UTC)
        )

    def write(self, count: int) -> None:
        journal = self.journal()
        for _ in range(count):
            with journal.work() as work:
                work.record(
                    facts.Fact(
                        type=facts.TENDER_REGISTERED,
                        project=ProjectId("E3701000076012345001"),
                        author=Author("system:test"),
                        body={},
                    )
                )

    def sent(self, code: CentreCode) -> int:
        """How many transactions the centre's account has sent."""
        account = next(entry.log_account for entry in FOUNDERS if entry.code == code)
        return int(str(self.consortium.ask("eth_getTransactionCount", account, "latest")), 16)

    def events(self, name: str) -> list[tuple[int, str]]:
        """(size, transaction) of every event of this kind about the log, in the chain's order."""
        contract = self.consortium.ledger(JN)._anchor
        topic = contract.get_event_by_name(name)().topic
        question = {
            "address": self.consortium.anchor_address,
            "fromBlock": "0x0",
            "toBlock": "latest",
            "topics": [topic, "0x" + log_id(ORIGIN).hex()],
        }
        logs = self.consortium.ask("eth_getLogs", question)
        assert isinstance(logs, list)
        return [(int(log["data"][2:66], 16), log["transactionHash"]) for log in logs]

    def assert_nothing_lost_nothing_doubled(self, sizes: Sequence[int]) -> None:
        """The chain holds exactly these checkpoints of the log, once each, and the centre's tables agree."""
        journal = self.journal()
        on_chain = self.events("CheckpointAnchored")
        recorded = [
            (entry.body["size"], entry.body["transaction"]) for entry in journal.find(type=facts.CHECKPOINT_ANCHORED)
        ]
        with journal.reading() as db:
            rows = db.exec(select(CheckpointRow).order_by(col(CheckpointRow.size))).all()
        assert [size for size, _ in on_chain] == list(sizes)
        assert recorded == on_chain
        assert [(row.size, row.transaction) for row in rows] == on_chain
        assert all(row.receipt_json and row.block_json and row.receipts_json and row.transaction_json for row in rows)
        head = self.consortium.ledger(JN).head(ORIGIN)
        assert (head.size, head.root) == (sizes[-1], merkle.root(journal.leaves(head.size)))
        assert {entry.type for entry in journal.entries(head.size, 1000)} <= BOOKKEEPING
        self._assert_the_log_is_the_journals(journal, sizes[-1])

    def _assert_the_log_is_the_journals(self, journal: Journal, published: int) -> None:
        """Every entry is in the tiles once, at its own index, and the last checkpoint is public."""
        log = self.log()
        assert log.catch_up() == journal.size()
        assert log.tiles.entries(0, 100_000) == journal.commitments(0, 100_000)
        assert (log.tiles.published, log.tiles.root) == (published, merkle.root(journal.leaves()))
