"""Harmful input at a real channel does no harm: malformed offers and messages, silence, floods."""

import asyncio
import threading
from collections.abc import Mapping

import pytest

from evaluation_room.replication.channel import Channel, Signal
from evaluation_room.replication.messages import Entries, Hello
from evaluation_room.replication.room import Room
from evaluation_room.replication.wire import write
from records.errors import InvalidRecordError, UnavailableError
from records.ids import Author, Digest, SeatId, SessionId
from records.room_entry import SignedEntry
from tests.integration.replication.replication_boards import JN, XA, board, run, to_venue, until
from tests.unit.evaluation_room.replication.memory_room import (
    GUEST,
    HOST_SEAT,
    SESSION,
    MemoryRoom,
    chain,
)


@pytest.mark.parametrize(
    "sdp",
    ["", "junk", "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n", "m=audio 9 RTP\r\n", "x" * 70_000],
)
def test_a_malformed_offer_is_refused_and_leaves_nothing(sdp: str) -> None:
    async def test() -> None:
        with pytest.raises(InvalidRecordError, match="bad-signal"):
            await Channel.answer(Signal("offer", sdp))

    run(test)


def test_an_answer_where_an_offer_belongs_is_refused() -> None:
    async def test() -> None:
        channel, offer = await Channel.offer()
        with pytest.raises(InvalidRecordError, match="bad-signal"):
            await Channel.answer(Signal("answer", offer.sdp))
        await channel.close()

    run(test)


def test_a_channel_that_is_never_answered_gives_up_and_leaves_nothing() -> None:
    async def test() -> None:
        channel, _ = await Channel.offer()
        with pytest.raises(UnavailableError, match="channel-timeout"):
            await channel.opened(0.2)
        with pytest.raises(UnavailableError, match="channel-closed"):
            channel.send("too late")

    run(test)


@pytest.mark.parametrize("text", ["{", '{"m":"what"}', '{"m": "ping","n":1}', "x" * 70_000, b"\x00bytes"])
def test_a_malformed_message_ends_the_connection_with_its_code_and_the_room_untouched(text: str | bytes) -> None:
    async def test() -> None:
        room = MemoryRoom()
        host = board(room, JN)
        channel, offer = await Channel.offer()
        heard: list[object] = []
        channel.listen(heard.append, lambda _state: None)
        await channel.connect(await host.accept(SESSION, XA, offer))
        await channel.opened()
        assert channel._channel is not None
        channel._channel.send(text)
        await until(lambda: any('"m":"bye"' in str(each) for each in heard))
        await until(lambda: channel.state == "closed")
        assert room.log == []
        await asyncio.gather(channel.close(), host.close())

    run(test)


def test_mdns_candidates_are_left_out_and_the_connection_still_opens() -> None:
    async def test() -> None:
        near, offer = await Channel.offer()
        lines = [line for line in offer.sdp.splitlines() if not line.startswith(("a=candidate", "a=end-of"))]
        hidden = "a=candidate:1 1 udp 2113937151 4f3c2d1e-0000-4000-8000-000000000000.local 50000 typ host"
        far, answer = await Channel.answer(Signal("offer", "\r\n".join([*lines, hidden, "a=end-of-candidates", ""])))
        await near.connect(answer)
        await asyncio.gather(near.opened(3), far.opened(3))
        await asyncio.gather(near.close(), far.close())

    run(test)


def test_too_many_offers_at_once_leave_a_few_and_the_venue_still_connects() -> None:
    async def test() -> None:
        host, guest = board(MemoryRoom(), JN), board(MemoryRoom(), XA)
        offered = [await Channel.offer() for _ in range(6)]
        for _, offer in offered:
            await host.accept(SESSION, XA, offer)
        tasks = len(asyncio.all_tasks())
        await asyncio.sleep(0.1)
        assert len(asyncio.all_tasks()) < tasks
        guest.connect(SESSION, JN, to_venue(host, XA))
        await until(lambda: guest.links(SESSION)[JN].state == "connected")
        await asyncio.gather(*(channel.close() for channel, _ in offered), guest.close(), host.close())

    run(test)


class SlowRoom(MemoryRoom):
    """A room that keeps its writers waiting until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.going = threading.Event()

    def take(self, signed: SignedEntry, *, source: str) -> object:
        self.going.wait(20)
        return super().take(signed, source=source)


def test_a_flood_of_messages_is_not_piled_up() -> None:
    async def test() -> None:
        room = SlowRoom()
        host = board(room, JN)
        channel, offer = await Channel.offer()
        heard: list[object] = []
        channel.listen(heard.append, lambda _state: None)
        await channel.connect(await host.accept_seat(SESSION, SeatId("JN-1"), offer))
        await channel.opened()
        channel.send(write(Hello(session=SESSION, epoch=1, frontier={}, heads={})))
        for _ in range(400):
            channel.send(write(Entries(entries=(chain(HOST_SEAT, 1)[0],))))
        await until(lambda: '{"code":"message-flood","m":"bye"}' in heard)
        room.going.set()
        await asyncio.gather(channel.close(), host.close())

    run(test)


def test_positions_are_those_of_one_moment() -> None:
    class Moving(MemoryRoom):
        """A room in which an entry is taken between two calls."""

        def heads(self, session: SessionId) -> Mapping[Author, Digest]:
            if len(self.log) < 3:
                self.take(chain(GUEST, 3)[len(self.log)], source="self")
            return super().heads(session)

    async def test() -> None:
        memory = Moving()
        room = Room(memory, SESSION)
        frontier, heads = await room.positions()
        assert frontier == {GUEST: 3}
        assert heads == {GUEST: memory.log[2].entry.hash}
        await room.close()

    run(test)
