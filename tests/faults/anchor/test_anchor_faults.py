"""Every write of anchoring fails both ways, lost or done but reported lost; the next attempt repairs it, once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from chain_gateway.checkpoints import Signed
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.ledger.rpc import Wire
from journal import Follower, Journal, Work
from records.errors import ConflictError, TongpingError, UnavailableError
from records.log import merkle
from tests.faults.anchor.anchored_world import ORIGIN, AnchoredWorld
from tests.integration.ledger.consortium import JN, XA, Consortium, consortium, founded, ganache


@pytest.fixture(name="chain", scope="module")
def _chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    with consortium(tmp_path_factory.mktemp("chain")) as found:
        yield found


@pytest.fixture(name="world")
def _world(chain: Consortium, tmp_path: Path) -> AnchoredWorld:
    world = AnchoredWorld(consortium=founded(chain.chain), directory=tmp_path)
    world.write(5)
    return world


def fail_once(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, *, done: bool) -> None:
    """Let a step fail once: lost, or done and then reported lost."""
    original = getattr(owner, name)
    failed: list[bool] = []

    def faulty(*arguments: Any, **named: Any) -> object:  # Any: whatever the step takes
        if failed:
            return original(*arguments, **named)
        failed.append(True)
        if done:
            original(*arguments, **named)
        raise UnavailableError("chain-unreachable")

    monkeypatch.setattr(owner, name, faulty)


@pytest.mark.parametrize("done", [False, True], ids=["lost", "done but reported lost"])
@pytest.mark.parametrize("name", ["check_chain", "sign", "send", "receipt", "await_receipt"])
def test_a_question_to_the_chain_that_fails_is_asked_again(
    world: AnchoredWorld, monkeypatch: pytest.MonkeyPatch, name: str, *, done: bool
) -> None:
    fail_once(monkeypatch, Wire, name, done=done)
    desk = world.desk()
    with pytest.raises(UnavailableError):
        desk.anchor_now()
    assert desk.anchor_now().size == 5
    world.assert_nothing_lost_nothing_doubled([5])


@pytest.mark.parametrize("done", [False, True], ids=["lost", "done but reported lost"])
@pytest.mark.parametrize("place", [0, 1, 2], ids=["checkpoint", "transaction", "answer"])
def test_a_commit_that_fails_is_made_up_for(
    world: AnchoredWorld, monkeypatch: pytest.MonkeyPatch, place: int, *, done: bool
) -> None:
    original = Journal.work
    begun: list[int] = []

    @contextmanager
    def faulty(journal: Journal) -> Iterator[Work]:
        begun.append(1)
        failing = len(begun) == place + 1
        with original(journal) as work:
            yield work
            if failing and not done:
                raise UnavailableError("store-unavailable")
        if failing:
            raise UnavailableError("store-unavailable")

    monkeypatch.setattr(Journal, "work", faulty)
    desk = world.desk()
    with pytest.raises(UnavailableError):
        desk.anchor_now()
    assert desk.anchor_now().size == 5
    world.assert_nothing_lost_nothing_doubled([5])


def test_a_follower_outlives_a_chain_that_is_down(tmp_path: Path) -> None:
    chain = ganache(tmp_path / "chain")
    chain.start()
    try:
        world = AnchoredWorld(consortium=founded(chain), directory=tmp_path)
        world.write(5)
        journal = world.journal()
        follower = Follower("anchor", journal, world.desk(journal).handle, first_pause=0.05, longest_pause=0.1)
        chain.stop()
        follower.start()
        world.write(3)
        chain.start()
        anchored = threading.Event()
        while world.desk(journal).covering(7) is None:
            anchored.wait(0.05)
        follower.stop()
        assert follower.state.stopped is None
        sizes = [size for size, _ in world.events("CheckpointAnchored")]
        world.assert_nothing_lost_nothing_doubled(sizes)
    finally:
        chain.stop()


def test_a_transaction_whose_place_was_taken_is_signed_anew(
    world: AnchoredWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_once(monkeypatch, Wire, "send", done=False)
    desk = world.desk()
    with pytest.raises(UnavailableError):
        desk.anchor_now()
    takes_its_nonce(world)
    assert desk.anchor_now().size == 5
    world.assert_nothing_lost_nothing_doubled([5])


def takes_its_nonce(world: AnchoredWorld) -> None:
    """The same account cosigns another centre's log in between."""
    root = b"\x01" * 32
    world.consortium.ledger(XA).anchor("xa.tongping", 0, 1, root, [])
    world.consortium.ledger(JN).cosign("xa.tongping", 1, root)


def test_two_processes_that_anchor_at_once_anchor_once(world: AnchoredWorld) -> None:
    desks = [world.desk() for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        found = {result.size for result in threads.map(lambda desk: desk.anchor_now(), desks)}
    assert found == {5}
    world.assert_nothing_lost_nothing_doubled([5])


def test_a_checkpoint_that_another_process_anchored_between_asking_and_sending_is_found(
    world: AnchoredWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The contract would have taken it when it was asked, and refuses it in a block: the head is read again.

    The engine mines at once and reports the revert without a reason; the receipt is the only information.
    """
    original, other = Wire.ask, world.desk()
    came: list[int] = []

    def ask(wire: Wire, method: str, *params: object) -> object:
        if method == "eth_getTransactionCount" and not came:
            came.append(0)
            came.append(other.anchor_now().size)
        if method == "eth_sendRawTransaction" and len(came) == 2:
            with suppress(TongpingError):
                original(wire, method, *params)
            raise UnavailableError("contract-reverted")
        return original(wire, method, *params)

    monkeypatch.setattr(Wire, "ask", ask)
    assert world.desk().anchor_now().size == 5
    assert came == [0, 5]
    world.assert_nothing_lost_nothing_doubled([5])


def test_a_refusal_of_a_transaction_that_the_chain_does_not_hold_is_told(
    world: AnchoredWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Wire.ask

    def refuse(wire: Wire, method: str, *params: object) -> object:
        if method == "eth_sendRawTransaction":
            raise UnavailableError("contract-reverted")
        return original(wire, method, *params)

    with monkeypatch.context() as patched:
        patched.setattr(Wire, "ask", refuse)
        with pytest.raises(UnavailableError, match="contract-reverted"):
            world.desk().anchor_now()
    assert world.desk().anchor_now().size == 5
    world.assert_nothing_lost_nothing_doubled([5])


def test_a_head_that_another_process_anchored_is_taken_over(world: AnchoredWorld) -> None:
    journal = world.journal()
    anchored = world.consortium.ledger(JN).anchor(ORIGIN, 0, 3, merkle.root(journal.leaves(3)), [])
    world.write(1)
    assert world.desk().anchor_now().size in (6, 7)
    assert world.desk().covering(0) is not None
    assert anchored.size == 3
    sizes = [size for size, _ in world.events("CheckpointAnchored")]
    world.assert_nothing_lost_nothing_doubled(sizes)


def test_a_conflict_that_does_not_end_is_not_tried_for_ever(
    world: AnchoredWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def refuse(*_: object, **__: object) -> Signed:
        tries.append(1)
        raise ConflictError("nonce-refused")

    monkeypatch.setattr(Ledger, "anchor", refuse)
    with pytest.raises(ConflictError, match="nonce-refused"):
        world.desk().anchor_now()
    assert len(tries) == 3
