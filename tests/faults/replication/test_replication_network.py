"""Faults of the network under a channel: no candidate at all, packets lost, an end that falls silent."""

import asyncio
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation_room.replication.channel import Channel, Gate, Signal
from evaluation_room.replication.switchboard import Switchboard
from records.errors import UnavailableError
from tests.integration.replication.replication_boards import JN, XA, board, run, to_venue, until
from tests.unit.evaluation_room.replication.memory_room import GUEST, SESSION, MemoryRoom

ROOT = Path(__file__).resolve().parents[3]
LONELY = """
import asyncio
from evaluation_room.replication.channel import Channel
from records.errors import UnavailableError
try:
    asyncio.run(Channel.offer())
except UnavailableError as error:
    print(error.code)
"""


class Lossy(Gate):
    """A cable that loses one packet in ten, both ways."""

    chance = random.Random(7)  # noqa: S311  # which packets are lost is no secret

    @property
    def shut(self) -> bool:
        """Decided anew for every packet."""
        return self.chance.random() < 0.1

    @shut.setter
    def shut(self, value: bool) -> None:
        pass


def test_a_machine_without_candidates_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda **_: [])

    async def test() -> None:
        with pytest.raises(UnavailableError, match="no-network-candidate"):
            await Channel.offer()

    run(test)


def test_an_answer_without_candidates_says_so_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        near, offer = await Channel.offer()
        monkeypatch.setattr("aioice.ice.get_host_addresses", lambda **_: [])
        with pytest.raises(UnavailableError, match="no-network-candidate"):
            await Channel.answer(offer)
        await near.close()

    run(test)


def test_a_link_without_candidates_names_the_reason_and_connects_when_there_is_a_network() -> None:
    async def test() -> None:
        host_room, guest_room = MemoryRoom(), MemoryRoom()
        guest_room.write(GUEST)
        host, guest = board(host_room, JN), board(guest_room, XA)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("aioice.ice.get_host_addresses", lambda **_: [])
            guest.connect(SESSION, JN, to_venue(host, XA))
            await until(lambda: guest.reasons(SESSION) == {JN: "no-network-candidate"})
        await until(lambda: host_room.log == guest_room.log)
        await until(lambda: guest.reasons(SESSION) == {})
        await asyncio.gather(guest.close(), host.close())

    run(test)


def _can_make_networks() -> bool:
    unshare = shutil.which("unshare")
    return (
        unshare is not None
        and subprocess.run([unshare, "-n", "true"], check=False, capture_output=True).returncode == 0
    )


@pytest.mark.skipif(not _can_make_networks(), reason="needs the right to make a network namespace (root)")
def test_a_machine_with_a_loopback_interface_alone_says_so() -> None:
    up = '(ip link set lo up || true) && exec "$0" -c "$1"'
    done = subprocess.run(
        ["unshare", "-n", "sh", "-c", up, sys.executable, LONELY],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=30,
    )
    assert (done.stdout.strip(), done.returncode) == ("no-network-candidate", 0)


def test_a_gathering_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr("aioice.Connection.gather_candidates", never)
    monkeypatch.setattr("evaluation_room.replication.channel.GATHER_SECONDS", 0.1)

    async def test() -> None:
        with pytest.raises(UnavailableError, match="candidates-timeout"):
            await Channel.offer()

    run(test)


def test_one_packet_in_ten_lost_delays_and_loses_no_message() -> None:
    async def test() -> None:
        near, offer = await Channel.offer(gate=Lossy())
        far, answer = await Channel.answer(offer)
        heard: list[object] = []
        far.listen(heard.append, lambda _state: None)
        await near.connect(answer)
        await near.opened()
        for n in range(200):
            near.send(f"{n} " + "x" * 500)
            await asyncio.sleep(0.005)
        await until(lambda: len(heard) == 200)
        assert [int(str(text).partition(" ")[0]) for text in heard] == list(range(200))
        await asyncio.gather(near.close(), far.close())

    run(test)


@pytest.mark.parametrize("dropped", ["host", "guest"])
def test_a_dead_connection_is_noticed_by_both_long_before_half_a_minute(dropped: str) -> None:
    async def test() -> None:
        host, guest = board(MemoryRoom(), JN), board(MemoryRoom(), XA)
        guest.connect(SESSION, JN, to_venue(host, XA))
        await _both_connected(host, guest)
        (host if dropped == "host" else guest).partition(XA if dropped == "host" else JN, on=True)
        await until(lambda: _states(host, guest) == ("reconnecting", "reconnecting"), 15)
        await asyncio.gather(guest.close(), host.close())

    run(test)


async def _both_connected(host: Switchboard, guest: Switchboard) -> None:
    await until(lambda: _states(host, guest) == ("connected", "connected"))


def _states(host: Switchboard, guest: Switchboard) -> tuple[str, str]:
    links = host.links(SESSION).get(XA), guest.links(SESSION).get(JN)
    return (links[0].state if links[0] else "", links[1].state if links[1] else "")


def test_closing_in_the_middle_of_signalling_releases_everything() -> None:
    async def test() -> None:
        asked = asyncio.Event()

        async def signal(_offer: Signal) -> Signal:
            asked.set()
            await asyncio.sleep(3600)
            raise AssertionError

        guest = board(MemoryRoom(), XA)
        guest.connect(SESSION, JN, signal)
        await asked.wait()
        await guest.close()

    run(test)


@pytest.mark.parametrize("seconds", [0, 0.01, 0.02, 0.03, 0.04, 0.06, 0.1])
def test_closing_while_a_connection_is_being_made_releases_everything(seconds: float) -> None:
    async def test() -> None:
        host, guest = board(MemoryRoom(), JN), board(MemoryRoom(), XA)
        guest.connect(SESSION, JN, to_venue(host, XA))
        await asyncio.sleep(seconds)
        await asyncio.gather(guest.close(), host.close())

    run(test)


def test_many_reconnections_leave_nothing_behind() -> None:
    async def test() -> None:
        host, room = board(MemoryRoom(), JN), MemoryRoom()
        for _ in range(8):
            guest = board(room, XA)
            guest.connect(SESSION, JN, to_venue(host, XA))
            await _both_connected(host, guest)
            await guest.close()
        await host.close()

    run(test)
