"""A centre rewrites its history after anchoring, with its own keys, in database and tiles alike.

The contract reverts, the witness refuses and keeps both notes, and the monitors of both centres raise the alarm: in the
journal, to the webhook, as a metric and in the console.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, text

from chain_gateway.checkpoints import Fork
from chain_gateway.ledger.ledger import Ledger
from journal import Journal, TileLog, open_engine
from journal.entry import make_entry
from node.centre import Centre
from node.chain.ledger import open_ledger
from node.config import Config
from node.keys import CentreKeys
from node.migrations import upgrade
from records import facts
from records.actors import Role
from records.errors import ConflictError, EvidenceMismatchError, TongpingError
from records.ids import Author, ProjectId
from records.log import merkle
from records.log.checkpoint import Checkpoint, sign_note
from tests.integration.node.chained_centres import JN, XA, Chained, chained, eventually, keys_in
from tests.integration.node.node_centres import signed_in
from tests.integration.webhook_receiver import Receiver, receiving

pytestmark = pytest.mark.timeout(900)
ORIGIN = "jn.tongping"
RECORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The anchored, cosigned and seen state before anybody rewrote anything."""

    world: Chained
    receiver: Receiver
    size: int
    root: bytes
    note: str


@pytest.fixture(name="past", scope="module")
def _past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    """Both centres have run, Jinan has anchored its records, Xi'an has seen and cosigned them; then both stopped."""
    with receiving(refusals=2) as receiver, chained(tmp_path_factory.mktemp("past"), webhook=receiver.url) as world:
        with world.running(JN) as jinan, world.running(XA) as xian:
            write_records(jinan.journal)
            eventually(lambda: anchored(jinan) >= RECORDS and is_seen(jinan, xian), "anchored and cosigned")
            latest = jinan.gateway.anchor.latest() if jinan.gateway else None
            assert latest is not None
            assert (jinan.alarms.open(), xian.alarms.open()) == ((), ())
        yield Past(world=world, receiver=receiver, size=latest.size, root=latest.root, note=latest.note)


def write_records(journal: Journal) -> None:
    for number in range(RECORDS):
        project = ProjectId(f"E370100007601234500{number}")
        fact = facts.Fact(
            type=facts.REPORT_DRAFTED,
            project=project,
            author=Author("operator:op-1"),
            body={"title": "示例项目", "number": number},
        )
        with journal.work() as work:
            work.record(fact)


def anchored(centre: Centre) -> int:
    assert centre.gateway is not None
    latest = centre.gateway.anchor.latest()
    return latest.size if latest else 0


def is_seen(jinan: Centre, xian: Centre) -> bool:
    """The head on the chain is the one the witness saw and cosigned, and nothing is pending any more."""
    assert jinan.gateway is not None
    assert xian.gateway is not None
    head = jinan.gateway.ledger.head(ORIGIN)
    cosigned = [one.size for one in jinan.gateway.ledger.cosignatures(ORIGIN) if one.witness == XA]
    return xian.gateway.witness.last_seen(ORIGIN) == head.size == anchored(jinan) and cosigned == [head.size]


# --- what a dishonest centre can do with its own database, tiles and keys ------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Forger:
    config: Config
    keys: CentreKeys
    engine: Engine

    def run(self, statement: str, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    def journal(self) -> Journal:
        return open_journal_of(self.engine)

    def rewrite(self, index: int) -> None:
        """Another record under the same number, with matching commitment, leaf and digest."""
        entry = self.journal().read(index)
        forged = make_entry(index, entry.record.replace("示例".encode(), "改写".encode()), entry.salt)
        assert forged.record != entry.record
        self.run(
            "UPDATE journal_entry SET record = :record, commitment = :commitment, leaf = :leaf, digest = :digest"
            " WHERE entry_index = :index",
            record=forged.record,
            commitment=forged.commitment,
            leaf=forged.leaf,
            digest=forged.digest,
            index=index,
        )

    def shrink(self, size: int) -> None:
        """The log ends here; everything after it is gone, and the followers never saw it."""
        self.run("DELETE FROM journal_entry WHERE entry_index >= :size", size=size)
        self.run("UPDATE journal_position SET position = :size WHERE position > :size", size=size)

    def lay_tiles_anew(self) -> None:
        shutil.rmtree(self.config.storage.files / "log")
        tiles = TileLog(self.config.storage.files / "log")
        tiles.extend(0, self.journal().commitments(0, 1000))

    def sign_anew(self, size: int) -> str:
        """The checkpoint of the forged log, signed with the centre's true key, in place of the anchored one."""
        root = merkle.root(self.journal().leaves(size))
        note = sign_note(Checkpoint(origin=ORIGIN, size=size, root=root), name=ORIGIN, key=self.keys.log)
        self.run("DELETE FROM gateway_checkpoint WHERE size > :size", size=size)
        self.run(
            "UPDATE gateway_checkpoint SET size = :size, root = :root, note = :note"
            " WHERE size = (SELECT max(size) FROM gateway_checkpoint)",
            size=size,
            root=root,
            note=note,
        )
        return note

    def anchor(self, old: int, new: int) -> None:
        """Straight to the contract, around this centre's own checks."""
        leaves = self.journal().leaves(new)
        proof = merkle.consistency_path(leaves, old) if old <= new else []
        self.ledger().anchor(ORIGIN, old, new, merkle.root(leaves), proof)

    def ledger(self) -> Ledger:
        return open_ledger(self.config, account_key=self.keys.chain_secret)


def open_journal_of(engine: Engine) -> Journal:
    return Journal(engine, JN, clock=lambda: datetime.now(UTC), randomness=bytes)


@pytest.fixture(name="forger")
def _forger(past: Past) -> Iterator[Forger]:
    """Jinan's database and tiles, restored to their honest state after the test."""
    config = past.world.configs[JN]
    database = Path(config.storage.database.removeprefix("sqlite:///"))
    log, kept = config.storage.files / "log", past.world.directory / "kept"
    engine = open_engine(config.storage.database)
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("SELECT 1"))
    engine.dispose()
    for path in database.parent.glob(f"{database.name}*"):
        path.with_name(f"honest-{path.name}").write_bytes(path.read_bytes())
    shutil.copytree(log, kept)
    engine = open_engine(config.storage.database)
    yield Forger(config=config, keys=keys_in(past.world.directory, JN), engine=engine)
    engine.dispose()
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()
    for path in database.parent.glob(f"honest-{database.name}*"):
        path.rename(path.with_name(path.name.removeprefix("honest-")))
    shutil.rmtree(log)
    kept.rename(log)


# --- what everybody sees -------------------------------------------------------------------------------------------


def opened(centre: Centre) -> set[tuple[str, str, str]]:
    return {(alarm.name.value, alarm.subject, alarm.code) for alarm in centre.alarms.open()}


def recorded(centre: Centre) -> set[tuple[str, str, str]]:
    raised = centre.journal.find(type=facts.MONITOR_ALARM_RAISED)
    return {(str(one.body["alarm"]), str(one.body["subject"]), str(one.body["code"])) for one in raised}


def posted(receiver: Receiver, code: str) -> set[tuple[str, str, str]]:
    found: list[dict[str, Any]] = [one for one in receiver.told if one["centre"] == code and one["event"] == "raised"]
    return {(one["alarm"], one["subject"], one["code"]) for one in found}


def metrics(centre: Centre) -> str:
    address = f"http://127.0.0.1:{centre.config.monitor.metrics_port}/metrics"
    return httpx2.get(address, trust_env=False).text


def shown(centre: Centre, person: str) -> set[tuple[str, str, str]]:
    found = signed_in(centre, person, Role.SUPERVISOR).get("/api/v1/centre").json()["alarms"]
    return {(one["alarm"], one["subject"], one["code"]) for one in found}


def assert_alarmed(centre: Centre, receiver: Receiver, alarm: tuple[str, str, str], person: str) -> None:
    """Open, in the journal, posted, counted and shown."""
    eventually(lambda: alarm in opened(centre), f"{alarm} is raised, not {opened(centre)}")
    eventually(lambda: alarm in posted(receiver, centre.config.centre.code), "the webhook is told")
    assert alarm in recorded(centre)
    assert alarm in shown(centre, person)
    line = next(
        line for line in metrics(centre).splitlines() if line.startswith(f'tongping_alarms{{alarm="{alarm[0]}"')
    )
    assert float(line.rpartition(" ")[2]) >= 1


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(TongpingError) as caught:
        act()
    assert isinstance(caught.value, EvidenceMismatchError | ConflictError)
    return caught.value.code


OWN = ("fork", f"head:{ORIGIN}", "head-not-ours")
FORKED = ("fork", f"log:{ORIGIN}", "log-forked")


def test_a_record_rewritten_and_anchored_over_is_refused_by_contract_and_witness_and_both_monitors_alarm(
    past: Past, forger: Forger
) -> None:
    forger.rewrite(2)
    forger.lay_tiles_anew()
    size = forger.journal().size()

    assert size > past.size, "there is something to anchor"
    assert refused(lambda: forger.anchor(past.size, size)) == "inconsistent-root"
    assert forger.ledger().head(ORIGIN).root == past.root

    note = forger.sign_anew(size)
    with ExitStack() as stack:
        jinan, xian = (stack.enter_context(past.world.running(code)) for code in (JN, XA))
        assert_alarmed(jinan, past.receiver, OWN, "supervisor-1")
        assert_alarmed(xian, past.receiver, FORKED, "supervisor-1")
        assert_both_notes_are_kept(xian, past.note, note)
        assert xian.gateway is not None
        assert xian.gateway.witness.last_seen(ORIGIN) == past.size
        assert [one.size for one in xian.gateway.ledger.cosignatures(ORIGIN) if one.witness == XA] == [past.size]
        for number, one in enumerate(past.receiver.told):
            past.receiver.check(number, {"JN": jinan, "XA": xian}[one["centre"]].keys.entry_point)


def first_anchored_above(forger: Forger, index: int) -> int:
    with forger.engine.connect() as connection:
        question = text("SELECT min(size) FROM gateway_checkpoint WHERE size > :at AND \"transaction\" != ''")
        return int(connection.execute(question, {"at": index}).scalar_one())


def assert_both_notes_are_kept(xian: Centre, known: str, shown_: str) -> None:
    assert xian.gateway is not None
    witness, body = xian.gateway.witness, shown_.partition("\n\n")[0]

    def kept() -> list[Fork]:
        return [fork for fork in witness.forks(ORIGIN) if fork.shown.partition("\n\n")[0] == body]

    # The alarm may still be the one of an earlier fork of the same log.
    eventually(lambda: kept() != [], "the note is kept")
    (fork,) = kept()
    assert (fork.code, fork.known.partition("\n\n")[0]) == ("log-forked", known.partition("\n\n")[0])


def test_a_record_rewritten_below_the_head_without_growing_is_found_all_the_same(past: Past, forger: Forger) -> None:
    forger.rewrite(2)
    forger.lay_tiles_anew()

    assert refused(lambda: forger.anchor(past.size, past.size)) in {"not-growing", "inconsistent-root"}

    note = forger.sign_anew(past.size)
    with ExitStack() as stack:
        jinan, xian = (stack.enter_context(past.world.running(code)) for code in (JN, XA))
        assert_alarmed(jinan, past.receiver, OWN, "supervisor-2")
        first = first_anchored_above(forger, 2)  # the smallest checkpoint over it is the one that says where
        assert_alarmed(jinan, past.receiver, ("altered-record", f"checkpoint:{first}", "root-differs"), "supervisor-3")
        assert_alarmed(xian, past.receiver, FORKED, "supervisor-2")
        assert_both_notes_are_kept(xian, past.note, note)


def test_a_log_that_shrank_is_refused_and_alarmed(past: Past, forger: Forger) -> None:
    forger.shrink(past.size - 2)
    forger.lay_tiles_anew()

    assert refused(lambda: forger.anchor(past.size, past.size - 2)) == "not-growing"

    forger.sign_anew(past.size - 2)
    with past.world.running(JN) as jinan:
        assert_alarmed(jinan, past.receiver, ("fork", f"head:{ORIGIN}", "log-shorter-than-head"), "supervisor-4")


def test_put_right_again_the_alarms_are_cleared_and_said_so(past: Past) -> None:
    with ExitStack() as stack:
        jinan, xian = (stack.enter_context(past.world.running(code)) for code in (JN, XA))
        eventually(lambda: opened(jinan) == set() == opened(xian), f"cleared: {opened(jinan)} {opened(xian)}")
        eventually(lambda: any(one["event"] == "cleared" for one in past.receiver.told), "the webhook is told")
        assert xian.journal.find(type=facts.MONITOR_ALARM_CLEARED) != []


def test_the_webhook_is_told_every_alarm_once_it_answers(past: Past) -> None:
    ids = [one["id"] for one in past.receiver.told]
    keys = [headers["idempotency-key"] for _, headers in past.receiver.requests]

    assert (past.receiver.refused, keys) == (2, ids)
