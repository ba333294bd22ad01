"""Four signers that stop, come back and disagree: anchors survive or are sent again, none is lost, none is doubled."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from chain_gateway.consortium.geth import Signers
from journal import Follower
from records import facts
from records.errors import UnavailableError
from tests.consortium.chains import SZ, founded_on, four_signers, rolled_back, say
from tests.faults.anchor.anchored_world import ORIGIN, AnchoredWorld
from tests.integration.ledger.consortium import DL, JN, XA

pytestmark = pytest.mark.timeout(900, method="signal")  # a thread's way out would leave signers behind


@pytest.fixture(name="signers", scope="module")
def _signers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signers]:
    with four_signers(tmp_path_factory.mktemp("signers")) as found:
        yield found


@pytest.fixture(name="world")
def _world(signers: Signers, tmp_path: Path) -> AnchoredWorld:
    return AnchoredWorld(consortium=founded_on(signers), directory=tmp_path)


def test_one_signer_of_four_may_stop_and_catches_up(signers: Signers, world: AnchoredWorld) -> None:
    world.write(2)
    world.desk().anchor_now()
    signers.signers[SZ].kill()
    say("one signer is killed: anchoring goes on")
    world.write(2)
    assert world.desk().anchor_now().size == 5
    world.assert_nothing_lost_nothing_doubled([2, 5])
    head = signers.signers[JN].height
    signers.begin(SZ)
    signers.await_height(head, among=[SZ])
    say(f"the signer is back and has block {head}")


def test_two_stopped_stop_the_chain_and_nothing_is_lost(signers: Signers, world: AnchoredWorld) -> None:
    world.write(2)
    world.desk().anchor_now()
    for code in (SZ, XA):
        signers.signers[code].stop()
    say("two signers are stopped: the chain stands still")
    world.write(2)
    journal = world.journal()
    desk = world.impatient_desk(journal)
    follower = Follower("anchor", journal, desk.handle, between=desk.look)
    with pytest.raises(UnavailableError, match="transaction-pending"):
        follow(follower)
    signers.begin(SZ, XA)
    say("both are back: the follower goes on by itself")
    while follower.state.lag or desk.covering(3) is None:
        try:
            follower.run_once()
        except UnavailableError:
            continue
    world.assert_nothing_lost_nothing_doubled([2, 5])


def await_stillness(signers: Signers) -> None:
    """Until no signer has had another block for some time."""
    heights: list[int] = []
    still = 0
    while still < 10:
        found = [signer.height for signer in signers.running]
        still = still + 1 if found == heights else 0
        heights = found
        time.sleep(0.5)


def test_two_halves_that_sealed_apart_come_together(signers: Signers) -> None:
    """Each half seals until Clique lets neither of its two continue; of the two branches one is kept."""
    signers.part()
    for one, other in ((JN, XA), (DL, SZ)):
        signers.signers[one].ask("admin_addPeer", signers.signers[other].member.enode)
    await_stillness(signers)
    say("the signers are cut in two halves: two branches, and both stand still")
    signers.join()
    signers.await_blocks()
    height = hex(min(one.height for one in signers.running))
    assert len({one.hash_at(height) for one in signers.running}) == 1
    say("they are connected again: one chain")


def follow(follower: Follower) -> None:
    """Until it is up to date."""
    while follower.run_once():
        pass


@dataclass(frozen=True, slots=True)
class Given:
    """A checkpoint and a cosignature as recorded."""

    transaction: str
    block: int
    block_hash: str


def anchored_and_cosigned(world: AnchoredWorld) -> Given:
    anchored = world.desk().anchor_now()
    cosign(world)
    return Given(anchored.transaction, anchored.block_number, anchored.block_hash)


def cosign(world: AnchoredWorld) -> int:
    eyes = world.witness()
    shown = world.desk().extension(eyes.last_seen(ORIGIN))
    return eyes.cosign_peer(ORIGIN, shown.note, shown.path, world.tiles()).block_number


def test_what_vanished_after_it_counted_is_found_and_anchored_again(signers: Signers, world: AnchoredWorld) -> None:
    world.write(4)
    before = signers.signers[JN].height
    given = anchored_and_cosigned(world)
    say(f"the chain goes back behind block {given.block}, in which the checkpoint was anchored")
    rolled_back(signers, min(before, given.block - 1))
    assert world.consortium.ledger(JN).block_hash(given.block) != given.block_hash
    assert world.consortium.ledger(JN).head(ORIGIN).size == 0

    journal = world.journal()
    desk = world.desk(journal)
    follow(Follower("anchor", journal, desk.handle, between=desk.look))

    again = desk.covering(3)
    assert again is not None
    assert (again.size, again.transaction) == (4, given.transaction)
    assert again.block_hash != given.block_hash
    displaced = journal.find(type=facts.CHECKPOINT_DISPLACED)
    assert [(entry.body["size"], entry.body["block_hash"]) for entry in displaced] == [(4, given.block_hash)]
    assert world.events("CheckpointAnchored") == [(4, given.transaction)]
    say(f"it was sent again, with the same bytes, and is in block {again.block_number}")
    cosign(world)
    assert [one.size for one in world.consortium.ledger(JN).cosignatures(ORIGIN)] == [4]
    say("its cosignature was given again, too")


def cut_off(signers: Signers) -> None:
    """JN alone, not yet sealing; the other three among themselves."""
    signers.signers[JN].ask("miner_stop")
    signers.await_height(signers.signers[JN].height + 3)  # now its turn is not one of the last two
    signers.part()
    for one, other in ((XA, DL), (XA, SZ), (DL, SZ)):
        signers.signers[one].ask("admin_addPeer", signers.signers[other].member.enode)


def sealed_alone(signers: Signers, world: AnchoredWorld) -> str:
    """Let JN seal its block with the pending transaction; the block's hash."""
    signer, account = signers.signers[JN], world.consortium.ledger(JN).account
    known = signer.ask("eth_getTransactionCount", account, "latest")
    while signer.ask("eth_getTransactionCount", account, "pending") == known:
        time.sleep(0.05)
    before = signer.height
    signer.ask("miner_start")
    signers.await_height(before + 1, among=[JN])
    block = signer.ask("eth_getBlockByNumber", "latest", False)  # noqa: FBT003 - positional in JSON
    assert len(block["transactions"]) == 1
    return str(block["hash"])


def test_an_anchor_in_a_block_of_a_lost_branch_is_read_where_it_is_now(signers: Signers, world: AnchoredWorld) -> None:
    """JN seals its block with the transaction alone, and is overtaken by the other three."""
    world.write(4)
    sent = world.sent(JN)
    cut_off(signers)
    say("one signer is cut off from the other three: two branches")
    with ThreadPoolExecutor(1) as thread:
        attempt = thread.submit(world.impatient_desk(world.journal()).anchor_now)
        lost = sealed_alone(signers, world)
        with pytest.raises(UnavailableError, match="transaction-pending"):
            attempt.result()
    say("its block holds the checkpoint, and does not count: too few signed after it")
    signers.await_height(signers.signers[JN].height + 3, among=[XA])
    signers.join()
    anchored = world.desk().anchor_now()
    say(f"the branches met, the longer one stands, the checkpoint is in its block {anchored.block_number}")
    assert (anchored.size, anchored.block_hash != lost) == (4, True)
    assert world.consortium.ledger(XA).block_hash(anchored.block_number) == anchored.block_hash
    assert world.sent(JN) == sent + 1
    world.assert_nothing_lost_nothing_doubled([4])
