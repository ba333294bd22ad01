"""Every write of a witness fails both ways, peers lie or fall silent: nothing wrong is cosigned, nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chain_gateway.checkpoints import Delivery
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.ledger.rpc import Wire
from chain_gateway.witness.desk import LARGEST
from chain_gateway.witness.mirror import ReadTile
from journal import Journal, Work
from records import facts
from records.errors import ConflictError, EvidenceMismatchError, InvalidRecordError, UnavailableError
from records.log import merkle
from records.log.checkpoint import Checkpoint, open_note, sign_note
from records.log.cosignature import cosignatures
from records.log.merkle import leaf_hash
from records.log.tiles import Tile
from tests.faults.anchor.anchored_world import ORIGIN, AnchoredWorld
from tests.faults.anchor.test_anchor_faults import fail_once
from tests.integration.ledger.consortium import JN, LOG_KEYS, XA, Consortium, consortium, founded, vkey, witness_vkey


@pytest.fixture(name="chain", scope="module")
def _chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    with consortium(tmp_path_factory.mktemp("chain")) as found:
        yield found


@pytest.fixture(name="world")
def _world(chain: Consortium, tmp_path: Path) -> AnchoredWorld:
    world = AnchoredWorld(consortium=founded(chain.chain), directory=tmp_path)
    world.write(5)
    world.desk().anchor_now()
    return world


def look(world: AnchoredWorld, read: ReadTile | None = None) -> None:
    """One look of the witness, and the delivery of its lines, as the loop does it."""
    eyes = world.witness()
    shown = world.desk().extension(eyes.last_seen(ORIGIN))
    eyes.cosign_peer(ORIGIN, shown.note, shown.path, read or world.tiles())
    for delivery in eyes.undelivered(ORIGIN):
        world.cosignatures().take(XA, delivery.size, delivery.line)
        eyes.delivered(delivery)


def assert_cosigned_once(world: AnchoredWorld, sent: int) -> None:
    anchored = world.desk().latest()
    assert anchored is not None
    recorded = world.journal(XA).find(type=facts.CHECKPOINT_COSIGNED)
    assert [entry.body["size"] for entry in recorded] == [size for size, _ in world.events("CheckpointCosigned")] == [5]
    assert world.sent(XA) == sent + 1
    assert len(cosignatures(anchored.note, [witness_vkey(XA)])) == 1
    assert world.mirror().log.checkpoint() == anchored.note
    assert world.witness().undelivered(ORIGIN) == ()


@contextmanager
def failing_commit(monkeypatch: pytest.MonkeyPatch, place: int, *, done: bool) -> Iterator[None]:
    """Let one of the witness's commits fail: lost, or done and reported lost."""
    original = Journal.work
    begun: list[int] = []

    @contextmanager
    def faulty(journal: Journal) -> Iterator[Work]:
        if journal.centre == XA:
            begun.append(1)
        failing = journal.centre == XA and len(begun) == place + 1
        with original(journal) as work:
            yield work
            if failing and not done:
                raise UnavailableError("store-unavailable")
        if failing:
            raise UnavailableError("store-unavailable")

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "work", faulty)
        yield


@pytest.mark.parametrize("done", [False, True], ids=["lost", "done but reported lost"])
@pytest.mark.parametrize("place", range(4), ids=["what was seen", "the line", "the cosignature", "the delivery"])
def test_a_commit_that_fails_is_made_up_for(
    world: AnchoredWorld, monkeypatch: pytest.MonkeyPatch, place: int, *, done: bool
) -> None:
    sent = world.sent(XA)
    with failing_commit(monkeypatch, place, done=done), pytest.raises(UnavailableError):
        look(world)

    look(world)

    assert_cosigned_once(world, sent)


@pytest.mark.parametrize("done", [False, True], ids=["lost", "done but reported lost"])
@pytest.mark.parametrize(("owner", "name"), [(Ledger, "head"), (Wire, "sign"), (Wire, "send"), (Wire, "await_receipt")])
def test_a_question_to_the_chain_that_fails_is_asked_again(
    world: AnchoredWorld, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, *, done: bool
) -> None:
    sent = world.sent(XA)
    fail_once(monkeypatch, owner, name, done=done)
    eyes, shown = world.witness(), world.desk().latest()
    assert shown is not None
    with pytest.raises(UnavailableError):
        eyes.cosign_peer(ORIGIN, shown.note, (), world.tiles())

    look(world)

    assert_cosigned_once(world, sent)


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_peer_that_falls_silent_between_its_tiles_is_asked_again(world: AnchoredWorld, nth: int) -> None:
    sent, tiles, asked = world.sent(XA), world.tiles(), list[Tile]()

    def falls_silent(tile: Tile) -> bytes:
        asked.append(tile)
        if len(asked) == nth:
            raise UnavailableError("peer-unreachable")
        return tiles(tile)

    if nth <= 2:
        with pytest.raises(UnavailableError):
            look(world, falls_silent)
        assert world.witness().undelivered(ORIGIN) == ()

    look(world, falls_silent)

    assert_cosigned_once(world, sent)


def test_what_is_not_mirrored_is_not_cosigned(world: AnchoredWorld) -> None:
    tiles = world.tiles()

    def bent(tile: Tile) -> bytes:
        return tiles(tile)[:-1] + b"\x00"

    with pytest.raises(EvidenceMismatchError, match="tiles-differ"):
        look(world, bent)

    assert world.events("CheckpointCosigned") == []
    assert world.witness().undelivered(ORIGIN) == ()


OTHER = [leaf_hash(bytes([place])) for place in range(9)]


def another_history(size: int) -> str:
    forked = Checkpoint(origin=ORIGIN, size=size, root=merkle.root(OTHER[:size]))
    return sign_note(forked, name=ORIGIN, key=LOG_KEYS[JN])


@pytest.mark.parametrize("size", [3, 5, 9], ids=["shorter", "as long", "longer"])
def test_both_notes_of_a_fork_are_kept_as_evidence_once(world: AnchoredWorld, size: int) -> None:
    look(world)
    eyes, seen = world.witness(), world.desk().latest()
    assert seen is not None
    path = merkle.consistency_path(OTHER[:size], 5) if size >= 5 else []
    for _ in range(2):
        with pytest.raises(EvidenceMismatchError, match="log-forked"):
            eyes.cosign_peer(ORIGIN, another_history(size), path, world.tiles())

    (fork,) = world.witness().forks(ORIGIN)

    assert (fork.code, fork.size, fork.shown) == ("log-forked", size, another_history(size))
    assert open_note(fork.shown, [vkey(JN)]).root != seen.root
    assert open_note(fork.known, [vkey(JN)]) == Checkpoint(origin=ORIGIN, size=5, root=seen.root)
    assert eyes.last_seen(ORIGIN) == 5


def test_a_history_for_us_alone_is_kept_beside_what_the_chain_holds(world: AnchoredWorld) -> None:
    head = world.consortium.ledger(JN).head(ORIGIN)
    with pytest.raises(EvidenceMismatchError, match="chain-forked"):
        world.witness().cosign_peer(ORIGIN, another_history(5), (), world.tiles())

    (fork,) = world.witness().forks(ORIGIN)

    on_chain = Checkpoint(origin=ORIGIN, size=5, root=head.root).text()
    assert (fork.code, fork.shown) == ("chain-forked", another_history(5))
    assert fork.known == (
        f"{on_chain}\nchain 1337 contract {world.consortium.anchor_address} block {head.block_number}\n"
    )
    assert world.witness().last_seen(ORIGIN) == 0


def test_a_shorter_state_that_the_log_went_through_is_no_fork(world: AnchoredWorld) -> None:
    look(world)
    earlier = Checkpoint(origin=ORIGIN, size=3, root=merkle.root(world.journal().leaves(3)))
    note = sign_note(earlier, name=ORIGIN, key=LOG_KEYS[JN])
    with pytest.raises(ConflictError, match="checkpoint-older"):
        world.witness().cosign_peer(ORIGIN, note, (), world.tiles())

    assert world.witness().forks(ORIGIN) == ()


@pytest.mark.parametrize("size", [LARGEST + 1, 2**63 - 1, 2**63, 2**64 - 1])
def test_a_size_nobody_can_count_is_refused_before_anything_is_kept(world: AnchoredWorld, size: int) -> None:
    note = sign_note(Checkpoint(origin=ORIGIN, size=size, root=b"\x01" * 32), name=ORIGIN, key=LOG_KEYS[JN])
    with pytest.raises(InvalidRecordError, match="checkpoint-too-large"):
        world.witness().cosign_peer(ORIGIN, note, (), world.tiles())

    assert (world.witness().last_seen(ORIGIN), world.witness().forks(ORIGIN)) == (0, ())


def test_the_largest_size_that_is_counted_is_not_believed_without_the_chain(world: AnchoredWorld) -> None:
    note = sign_note(Checkpoint(origin=ORIGIN, size=LARGEST, root=b"\x01" * 32), name=ORIGIN, key=LOG_KEYS[JN])
    with pytest.raises(ConflictError, match="head-mismatch"):
        world.witness().cosign_peer(ORIGIN, note, (), world.tiles())

    assert world.witness().last_seen(ORIGIN) == 0


def test_a_line_made_while_the_clock_had_jumped_is_made_again_when_it_is_right(world: AnchoredWorld) -> None:
    shown = world.desk().extension(0)
    jumped = world.witness(clock=lambda: datetime.now(UTC) + timedelta(days=400))
    jumped.cosign_peer(ORIGIN, shown.note, shown.path, world.tiles())
    (delivery,) = jumped.undelivered(ORIGIN)
    with pytest.raises(InvalidRecordError, match="cosignature-ahead"):
        world.cosignatures().take(XA, delivery.size, delivery.line)
    jumped.withdraw(delivery)

    look(world)

    anchored = world.desk().latest()
    assert anchored is not None
    (given,) = cosignatures(anchored.note, [witness_vkey(XA)])
    assert abs(given.time - datetime.now(UTC).timestamp()) < 3600
    assert world.mirror().log.checkpoint() == anchored.note


def test_a_line_of_a_clock_that_went_back_is_taken_and_says_so(world: AnchoredWorld) -> None:
    shown = world.desk().extension(0)
    late = world.witness(clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    late.cosign_peer(ORIGIN, shown.note, shown.path, world.tiles())
    (delivery,) = late.undelivered(ORIGIN)

    taken = world.cosignatures().take(XA, delivery.size, delivery.line)

    assert [one.time for one in cosignatures(taken.note, [witness_vkey(XA)])] == [1577836800]


def test_a_delivery_confirmed_after_its_line_was_withdrawn_does_not_hide_the_new_one(world: AnchoredWorld) -> None:
    shown, eyes = world.desk().extension(0), world.witness()
    eyes.cosign_peer(ORIGIN, shown.note, shown.path, world.tiles())
    (first,) = eyes.undelivered(ORIGIN)
    eyes.withdraw(first)
    eyes.delivered(Delivery(origin=ORIGIN, size=first.size, line=first.line))
    assert eyes.undelivered(ORIGIN) == ()

    world.witness(clock=_later).cosign_peer(ORIGIN, shown.note, (), world.tiles())

    assert [one.size for one in eyes.undelivered(ORIGIN)] == [5]


def _later() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=2)
