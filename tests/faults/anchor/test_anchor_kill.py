"""SIGKILL between any two steps of anchoring and cosigning: afterwards nothing is lost or duplicated."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chain_gateway import store
from chain_gateway.anchor.desk import AnchorDesk
from chain_gateway.checkpoints import Delivery
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.ledger.rpc import Wire
from chain_gateway.witness import desk as witness
from chain_gateway.witness.desk import WitnessDesk
from chain_gateway.witness.mirror import Mirror
from journal import Work, disk
from journal.tiles import TileLog
from records import facts
from records.log.cosignature import cosignatures
from tests.faults.anchor.anchored_world import ORIGIN, AnchoredWorld
from tests.faults.killing import Step, die_at
from tests.integration.ledger.consortium import JN, XA, Consortium, consortium, founded, witness_vkey

ANCHORING: dict[str, Step] = {
    "before the head is read": (Ledger, "head", False),
    "after the head was read": (Ledger, "head", True),
    "before the tiles catch up": (TileLog, "extend", False),
    "after a tile or a state was written, before its name is on disk": (disk, "write", True),
    "before the log is durable in the tiles": (disk, "write_all", False),
    "after the log is durable in the tiles": (TileLog, "extend", True),
    "before the checkpoint is committed": (store, "keep_prepared", True),
    "after the checkpoint was kept": (Ledger, "anchor", False),
    "after the transaction was signed": (Wire, "sign", True),
    "before the transaction is committed": (store, "keep_signed", True),
    "before the transaction is sent": (Wire, "send", False),
    "after the transaction was sent": (Wire, "send", True),
    "after the receipt was read": (Wire, "await_receipt", True),
    "after the answers were gathered": (Ledger, "anchor", True),
    "before the answers are committed": (store, "keep_anchored", True),
    "before the fact is committed": (Work, "record", True),
    "after everything was kept": (AnchorDesk, "_complete", True),
    "before the checkpoint is published": (TileLog, "publish", False),
    "after the checkpoint was published": (TileLog, "publish", True),
}
COSIGNING: dict[str, Step] = {
    "before the chain is asked": (Ledger, "head", False),
    "before what was seen is committed": (store, "keep_seen", True),
    "after what was seen was kept": (Mirror, "extend", False),
    "before the tiles are written": (TileLog, "_write", False),
    "after one tile was written": (disk, "write", True),
    "after all tiles were written": (disk, "write_all", True),
    "after the mirror was told": (TileLog, "extend", True),
    "after the mirror was checked": (Mirror, "extend", True),
    "after the note was cosigned": (witness, "cosign", True),
    "before the line is committed": (store, "keep_line", True),
    "before the mirror's checkpoint is written": (TileLog, "publish", False),
    "after the mirror's checkpoint was written": (TileLog, "publish", True),
    "before the cosignature is sent": (Wire, "send", False),
    "after the cosignature was sent": (Wire, "send", True),
    "after the cosignature was taken": (Ledger, "cosign", True),
    "before the cosignature is committed": (store, "keep_cosigned", True),
    "before the fact is committed": (Work, "record", True),
    "after everything was kept": (WitnessDesk, "_cosign_on_chain", True),
    "before the delivery is committed": (store, "mark_delivered", True),
    "after the delivery was kept": (WitnessDesk, "delivered", True),
}


@pytest.fixture(name="chain", scope="module")
def _chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    with consortium(tmp_path_factory.mktemp("chain")) as found:
        yield found


@pytest.fixture(name="world")
def _world(chain: Consortium, tmp_path: Path) -> AnchoredWorld:
    return AnchoredWorld(consortium=founded(chain.chain), directory=tmp_path)


@pytest.mark.parametrize("step", ANCHORING.values(), ids=ANCHORING.keys())
def test_a_kill_while_anchoring_loses_nothing_and_doubles_nothing(world: AnchoredWorld, step: Step) -> None:
    world.write(5)
    world.desk().anchor_now()
    world.write(4)
    sent = world.sent(JN)
    die_at(step, lambda: world.desk().anchor_now())
    assert world.desk().anchor_now().size == 10
    world.assert_nothing_lost_nothing_doubled([5, 10])
    assert world.sent(JN) == sent + 1


@pytest.mark.parametrize("step", ANCHORING.values(), ids=ANCHORING.keys())
def test_a_kill_while_the_first_checkpoint_is_anchored_does_neither(world: AnchoredWorld, step: Step) -> None:
    world.write(5)
    sent = world.sent(JN)
    die_at(step, lambda: world.desk().anchor_now())
    assert world.desk().anchor_now().size == 5
    world.assert_nothing_lost_nothing_doubled([5])
    assert world.sent(JN) == sent + 1


@pytest.mark.parametrize("step", list(ANCHORING.values())[7:14], ids=list(ANCHORING)[7:14])
def test_what_was_written_after_a_kill_comes_after_what_was_begun(world: AnchoredWorld, step: Step) -> None:
    world.write(5)
    die_at(step, lambda: world.desk().anchor_now())
    world.write(3)
    assert world.desk().anchor_now().size in (8, 9)
    world.assert_nothing_lost_nothing_doubled([5, world.desk().anchor_now().size])


@pytest.mark.parametrize("step", COSIGNING.values(), ids=COSIGNING.keys())
def test_a_kill_while_cosigning_loses_nothing_and_doubles_nothing(world: AnchoredWorld, step: Step) -> None:
    world.write(300)
    world.desk().anchor_now()
    tiles, sent, brought = world.tiles(), world.sent(XA), Brought(world)

    def cosign() -> None:
        eyes = world.witness()
        shown = world.desk().extension(eyes.last_seen(ORIGIN))
        eyes.cosign_peer(ORIGIN, shown.note, shown.path, tiles)
        for delivery in eyes.undelivered(ORIGIN):
            brought.take(delivery)
            eyes.delivered(delivery)

    die_at(step, cosign)
    cosign()
    recorded = [
        (entry.body["size"], entry.body["transaction"])
        for entry in world.journal(XA).find(type=facts.CHECKPOINT_COSIGNED)
    ]
    assert recorded == world.events("CheckpointCosigned")
    assert [size for size, _ in recorded] == [300]
    assert world.sent(XA) == sent + 1
    assert world.witness().undelivered(ORIGIN) == ()
    brought.assert_once_and_the_same_as_the_mirror_shows()


class Brought:
    """The log's centre, which outlives the witness and receives its line at least once."""

    def __init__(self, world: AnchoredWorld) -> None:
        self._world = world

    def take(self, delivery: Delivery) -> None:
        self._world.cosignatures().take(XA, delivery.size, delivery.line)

    def assert_once_and_the_same_as_the_mirror_shows(self) -> None:
        anchored = self._world.desk().latest()
        assert anchored is not None
        assert len(cosignatures(anchored.note, [witness_vkey(XA)])) == 1
        mirror = self._world.mirror()
        assert mirror.log.checkpoint() == anchored.note
        assert mirror.root(300) == anchored.root
