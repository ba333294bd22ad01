"""A journal's way onto the chain, and other centres' watch on it: real journal, real chain, real contracts."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from chain_gateway.anchor.desk import AnchorDesk, PreviousLogKey
from chain_gateway.anchor.schedule import Schedule
from chain_gateway.anchor.ticker import Ticker
from chain_gateway.checkpoints import origin_of
from chain_gateway.witness.desk import WitnessDesk
from chain_gateway.witness.mirror import Mirrors
from journal import Follower, Journal, open_engine
from records import facts
from records.errors import ConflictError, EvidenceMismatchError, NotFoundError, UnavailableError
from records.ids import Author, CentreCode, ProjectId
from records.log import merkle
from records.log.checkpoint import Checkpoint, open_note, open_signed, sign_note, verifier_key
from records.log.tiles import Tile
from tests.integration.explorer.tile_source import tile_source
from tests.integration.ledger.consortium import DL, JN, LOG_KEYS, XA, Consortium, consortium, cosigning, founded, vkey
from tests.unit.journal.made_journal import log_beside

ORIGIN = origin_of(JN)


@pytest.fixture(name="chain", scope="module")
def _chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    with consortium(tmp_path_factory.mktemp("chain")) as found:
        yield found


@pytest.fixture(name="world")
def _world(chain: Consortium) -> Consortium:
    return founded(chain.chain)


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Journal:
    return open_journal(tmp_path, JN)


def open_journal(directory: Path, code: CentreCode) -> Journal:
    engine = open_engine(f"sqlite:///{directory / code}.sqlite3")
    SQLModel.metadata.create_all(engine)
    return Journal(engine, code, clock=lambda: datetime.now(UTC), randomness=secrets.token_bytes)


def write(journal: Journal, count: int = 1) -> None:
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


def desk(world: Consortium, journal: Journal, interval: timedelta = timedelta(0)) -> AnchorDesk:
    return AnchorDesk(
        journal,
        world.ledger(JN),
        log=log_beside(journal),
        log_key=LOG_KEYS[JN],
        origin=ORIGIN,
        ticker=Ticker(Schedule(interval=interval)),
    )


def witness(world: Consortium, directory: Path, code: CentreCode = XA) -> WitnessDesk:
    keys = {origin_of(other): [vkey(other)] for other in (JN, XA, DL) if other != code}
    return WitnessDesk(
        open_journal(directory, code),
        world.ledger(code),
        log_keys=lambda origin: keys.get(origin, []),
        cosigning=cosigning(code),
        mirrors=Mirrors(directory / code / "mirrors"),
        clock=lambda: datetime.now(UTC),
    )


def no_tiles(tile: Tile) -> bytes:
    """Refused before anybody asks for a tile."""
    raise AssertionError(tile)


def anchored_facts(journal: Journal) -> list[tuple[object, object]]:
    return [(entry.body["size"], entry.body["transaction"]) for entry in journal.find(type=facts.CHECKPOINT_ANCHORED)]


def test_a_journal_is_anchored_with_a_note_that_the_centres_key_signed(world: Consortium, journal: Journal) -> None:
    write(journal, 5)
    anchored = desk(world, journal).anchor_now()
    root = merkle.root(journal.leaves(5))
    assert open_note(anchored.note, [vkey(JN)]) == Checkpoint(origin=ORIGIN, size=5, root=root)
    head = world.ledger(XA).head(ORIGIN)
    assert (head.size, head.root, head.block_number) == (5, root, anchored.block_number)


@pytest.mark.parametrize(("until", "signers"), [(timedelta(days=1), 2), (timedelta(0), 1)])
def test_a_note_carries_both_keys_up_to_the_end_of_an_overlap(
    world: Consortium, journal: Journal, until: timedelta, signers: int
) -> None:
    now = datetime(2027, 1, 1, tzinfo=UTC)
    write(journal, 5)
    anchors = AnchorDesk(
        journal,
        world.ledger(JN),
        log=log_beside(journal),
        log_key=LOG_KEYS[JN],
        origin=ORIGIN,
        ticker=Ticker(clock=lambda: now),
        previous=PreviousLogKey(key=LOG_KEYS[DL], until=now + until),
    )
    before = verifier_key(ORIGIN, LOG_KEYS[DL].public_key())
    signed = open_signed(anchors.anchor_now().note, [vkey(JN), before])
    assert signed.keys == (vkey(JN), before)[:signers]


def test_anchoring_says_so_in_the_journal_once(world: Consortium, journal: Journal) -> None:
    write(journal, 5)
    anchored = desk(world, journal).anchor_now()
    assert anchored_facts(journal) == [(5, anchored.transaction)]
    body = journal.find(type=facts.CHECKPOINT_ANCHORED)[0].body
    assert body == {
        "origin": ORIGIN,
        "size": 5,
        "root": f"sha256:{anchored.root.hex()}",
        "chain_id": 1337,
        "contract": world.anchor_address,
        "transaction": anchored.transaction,
        "block": anchored.block_number,
    }


def test_with_nothing_new_nothing_is_sent(world: Consortium, journal: Journal) -> None:
    write(journal, 5)
    anchors = desk(world, journal)
    anchored = anchors.anchor_now()
    before = world.ask("eth_blockNumber")
    assert anchors.anchor_now() == anchored
    assert world.ask("eth_blockNumber") == before
    assert anchored_facts(journal) == [(5, anchored.transaction)]


def test_an_empty_journal_has_nothing_to_anchor(world: Consortium, journal: Journal) -> None:
    with pytest.raises(NotFoundError, match="nothing-to-anchor"):
        desk(world, journal).anchor_now()


def test_a_log_grows_checkpoint_by_checkpoint(world: Consortium, journal: Journal) -> None:
    anchors = desk(world, journal)
    sizes = []
    for count in (1, 2, 5, 9):
        write(journal, count)
        sizes.append(anchors.anchor_now().size)
    assert sizes == [1, 4, 10, 20]
    found = [anchors.covering(index) for index in (0, 3, 9)]
    assert [one.size for one in found if one is not None] == [1, 4, 10]
    latest = anchors.latest()
    assert latest is not None
    assert latest.size == 20
    assert anchors.covering(20) is None


def test_a_follower_anchors_what_comes_and_comes_to_rest(world: Consortium, journal: Journal) -> None:
    write(journal, 5)
    anchors = desk(world, journal)
    follower = Follower("anchor", journal, anchors.handle)
    while follower.run_once():
        pass
    assert [size for size, _ in anchored_facts(journal)] == [5]
    write(journal, 3)
    while follower.run_once():
        pass
    assert [size for size, _ in anchored_facts(journal)] == [5, 9]
    assert follower.state.lag == 0


def test_a_follower_waits_for_the_next_full_interval(world: Consortium, journal: Journal) -> None:
    write(journal)
    waited: list[float] = []

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return False

    ticker = Ticker(
        Schedule(interval=timedelta(minutes=1)),
        clock=lambda: datetime(2026, 11, 23, 6, 0, 57, 500_000, tzinfo=UTC),
        wait=wait,
    )
    anchors = AnchorDesk(
        journal, world.ledger(JN), log=log_beside(journal), log_key=LOG_KEYS[JN], origin=ORIGIN, ticker=ticker
    )
    Follower("anchor", journal, anchors.handle).run_once()
    assert waited == [2.5]


def test_a_waiting_follower_that_is_ended_keeps_its_position(world: Consortium, journal: Journal) -> None:
    write(journal)
    anchors = desk(world, journal, interval=timedelta(days=1))
    follower = Follower("anchor", journal, anchors.handle)
    anchors.end()
    with pytest.raises(UnavailableError, match="gateway-ending"):
        follower.run_once()
    assert (follower.state.position, follower.state.stopped) == (0, None)


def test_a_rewritten_journal_is_not_anchored(world: Consortium, journal: Journal, tmp_path: Path) -> None:
    write(journal, 5)
    desk(world, journal).anchor_now()
    (tmp_path / "other").mkdir()
    rewritten = open_journal(tmp_path / "other", JN)
    write(rewritten, 9)
    with pytest.raises(EvidenceMismatchError, match="head-not-ours: head=5"):
        desk(world, rewritten).anchor_now()


def test_a_journal_that_lost_its_end_is_not_anchored(world: Consortium, journal: Journal, tmp_path: Path) -> None:
    write(journal, 5)
    desk(world, journal).anchor_now()
    (tmp_path / "old").mkdir()
    shorter = open_journal(tmp_path / "old", JN)
    write(shorter, 3)
    with pytest.raises(EvidenceMismatchError, match="log-shorter-than-head: size=3 head=5"):
        desk(world, shorter).anchor_now()


def test_a_witness_cosigns_what_extends_what_it_saw(world: Consortium, journal: Journal, tmp_path: Path) -> None:
    write(journal, 5)
    anchors, eyes = desk(world, journal), witness(world, tmp_path)
    sizes = []
    for _ in range(3):
        anchors.anchor_now()
        shown = anchors.extension(eyes.last_seen(ORIGIN))
        sizes.append(eyes.cosign_peer(ORIGIN, shown.note, shown.path, tile_source(journal, tmp_path / "log")).size)
        write(journal, 4)
    assert sizes == [5, 10, 15]
    found = world.ledger(DL).cosignatures(ORIGIN)
    assert [(one.witness, one.size) for one in found] == [(XA, 15)]


def test_a_witness_asked_twice_cosigns_once(world: Consortium, journal: Journal, tmp_path: Path) -> None:
    write(journal, 5)
    anchors, eyes = desk(world, journal), witness(world, tmp_path)
    anchors.anchor_now()
    shown = anchors.extension(0)
    first = eyes.cosign_peer(ORIGIN, shown.note, shown.path, tile_source(journal, tmp_path / "log"))
    before = world.ask("eth_blockNumber")
    assert eyes.cosign_peer(ORIGIN, shown.note, (), no_tiles) == first
    assert world.ask("eth_blockNumber") == before
    assert len(open_journal(tmp_path, XA).find(type=facts.CHECKPOINT_COSIGNED)) == 1


def test_cosigning_alone_is_no_reason_to_anchor(world: Consortium, journal: Journal, tmp_path: Path) -> None:
    write(journal, 5)
    anchors = desk(world, journal)
    anchors.anchor_now()
    shown = anchors.extension(0)
    eyes = witness(world, tmp_path)
    eyes.cosign_peer(ORIGIN, shown.note, shown.path, tile_source(journal, tmp_path / "log"))
    own = open_journal(tmp_path, XA)
    anchors = AnchorDesk(own, world.ledger(XA), log=log_beside(own), log_key=LOG_KEYS[XA], origin=origin_of(XA))
    follower = Follower("anchor", own, anchors.handle)
    while follower.run_once():
        pass
    assert world.ledger(JN).head(origin_of(XA)).size == 0


def test_a_fork_is_an_alarm_and_changes_nothing(world: Consortium, journal: Journal, tmp_path: Path) -> None:
    write(journal, 5)
    anchors, eyes = desk(world, journal), witness(world, tmp_path)
    anchors.anchor_now()
    shown = anchors.extension(0)
    eyes.cosign_peer(ORIGIN, shown.note, shown.path, tile_source(journal, tmp_path / "log"))
    other = [merkle.leaf_hash(bytes([place])) for place in range(9)]
    for size in (5, 9):
        forked = Checkpoint(origin=ORIGIN, size=size, root=merkle.root(other[:size]))
        note = sign_note(forked, name=ORIGIN, key=LOG_KEYS[JN])
        with pytest.raises(EvidenceMismatchError, match="log-forked"):
            eyes.cosign_peer(ORIGIN, note, merkle.consistency_path(other[:size], 5), no_tiles)
    assert eyes.last_seen(ORIGIN) == 5


def test_a_note_that_the_chain_contradicts_is_an_alarm(world: Consortium, journal: Journal, tmp_path: Path) -> None:
    write(journal, 5)
    desk(world, journal).anchor_now()
    shown_to_us_alone = Checkpoint(origin=ORIGIN, size=5, root=merkle.leaf_hash(b"another history"))
    note = sign_note(shown_to_us_alone, name=ORIGIN, key=LOG_KEYS[JN])
    eyes = witness(world, tmp_path)
    with pytest.raises(EvidenceMismatchError, match="chain-forked"):
        eyes.cosign_peer(ORIGIN, note, (), no_tiles)
    assert eyes.last_seen(ORIGIN) == 0


def test_a_note_of_another_key_log_or_time_is_refused(world: Consortium, journal: Journal, tmp_path: Path) -> None:
    write(journal, 5)
    anchors, eyes = desk(world, journal), witness(world, tmp_path)
    anchors.anchor_now()
    shown = anchors.extension(0)
    eyes.cosign_peer(ORIGIN, shown.note, shown.path, tile_source(journal, tmp_path / "log"))
    checkpoint = Checkpoint(origin=ORIGIN, size=4, root=merkle.root(journal.leaves(4)))
    with pytest.raises(EvidenceMismatchError, match="note-unsigned"):
        eyes.cosign_peer(ORIGIN, sign_note(checkpoint, name=ORIGIN, key=LOG_KEYS[DL]), (), no_tiles)
    with pytest.raises(EvidenceMismatchError, match="note-origin"):
        eyes.cosign_peer(origin_of(DL), dalian_signs(checkpoint), (), no_tiles)
    with pytest.raises(ConflictError, match="checkpoint-older"):
        eyes.cosign_peer(ORIGIN, sign_note(checkpoint, name=ORIGIN, key=LOG_KEYS[JN]), (), no_tiles)
    with pytest.raises(NotFoundError, match="log-unknown"):
        eyes.cosign_peer("bj.tongping", shown.note, (), no_tiles)


def dalian_signs(checkpoint: Checkpoint) -> str:
    return sign_note(checkpoint, name=origin_of(DL), key=LOG_KEYS[DL])


def test_a_witness_is_shown_nothing_before_the_first_anchor(world: Consortium, journal: Journal) -> None:
    write(journal, 5)
    with pytest.raises(NotFoundError, match="nothing-anchored"):
        desk(world, journal).extension(0)
