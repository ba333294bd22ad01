"""Venues and seats over real WebRTC in one process: entries, confirmations, a cut of several seconds, clean endings."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evaluation_room.replication.channel import Channel, Signal
from evaluation_room.replication.client import EntryRefusedError, SeatClient
from evaluation_room.replication.link import Signalling
from evaluation_room.replication.switchboard import Switchboard
from records.errors import ConflictError, InvalidRecordError, UnavailableError, WrongStageError
from records.ids import Author, CentreCode, SeatId, SessionId
from tests.unit.evaluation_room.replication.memory_room import (
    GUEST,
    GUEST_SEAT,
    HOST,
    HOST_SEAT,
    KEYS,
    OTHER,
    SESSION,
    MemoryRoom,
    entry,
)

JN, XA, DL = CentreCode("JN"), CentreCode("XA"), CentreCode("DL")


def now() -> datetime:
    return datetime.now(UTC)


def half() -> float:
    return 0.5


def board(room: MemoryRoom, centre: CentreCode) -> Switchboard:
    return Switchboard(room, centre=centre, stage=lambda _session: "DETAILED", clock=now, jitter=half)


def to_venue(host: Switchboard, guest: CentreCode) -> Signalling:
    async def signal(offer: Signal) -> Signal:
        return await host.accept(SESSION, guest, offer)

    return signal


def to_seat(centre: Switchboard, seat: str) -> Signalling:
    async def signal(offer: Signal) -> Signal:
        return await centre.accept_seat(SESSION, SeatId(seat), offer)

    return signal


def client(author: Author) -> SeatClient:
    seat = SeatId(author.removeprefix("seat:"))
    return SeatClient(session=SESSION, seat=seat, key=KEYS[author], clock=now, jitter=half)


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # what is awaited has no event of its own
            await asyncio.sleep(0.02)


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """Tasks, sockets and threads are the same before and after."""
    tasks, files, threads = asyncio.all_tasks(), _open_files(), threading.active_count()
    yield
    await asyncio.sleep(0.2)
    assert asyncio.all_tasks() - tasks == set()
    assert _open_files() == files
    assert threading.active_count() <= threads + 1  # the loop's own pool keeps a thread


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def guarded() -> None:
        await asyncio.to_thread(lambda: None)
        async with asyncio.timeout(60), nothing_left():
            await test()

    asyncio.run(guarded())


def test_an_entry_of_a_seat_is_confirmed_by_its_centre_and_by_the_other_venue() -> None:
    async def test() -> None:
        host_room, guest_room = MemoryRoom(), MemoryRoom()
        host, guest, seat = board(host_room, JN), board(guest_room, XA), client(GUEST_SEAT)
        guest.connect(SESSION, JN, to_venue(host, XA))
        seat.connect(to_seat(guest, "XA-1"))
        await seat.until(lambda s: s.stage == "DETAILED")
        signed = await seat.submit("score-entered", {"item": "T1", "points": 850})
        assert guest_room.log == [signed]
        await seat.until(lambda s: s.waiting_at(JN) == 0)
        assert host_room.log == [signed]
        assert seat.waiting == 0
        assert seat.venues.confirmed == {JN: {GUEST_SEAT: 1}}
        assert seat.venues.links[JN].state == "connected"
        await asyncio.gather(seat.close(), guest.close(), host.close())

    run(test)


def test_a_cut_of_several_seconds_loses_nothing_and_doubles_nothing() -> None:
    async def test() -> None:
        host_room, guest_room = MemoryRoom(), MemoryRoom()
        host, guest = board(host_room, JN), board(guest_room, XA)
        near, far = client(HOST_SEAT), client(GUEST_SEAT)
        guest.connect(SESSION, JN, to_venue(host, XA))
        near.connect(to_seat(host, "JN-1"))
        far.connect(to_seat(guest, "XA-1"))
        await asyncio.gather(*(seat.until(lambda s: s.stage != "") for seat in (near, far)))
        await until(lambda: host.links(SESSION)[XA].state == "connected")
        host.partition(XA, on=True)
        writing = [seat.submit("score-entered", {"n": n}) for seat in (near, far) for n in range(20)]
        await asyncio.gather(*writing)
        await until(lambda: guest.links(SESSION)[JN].state == host.links(SESSION)[XA].state == "reconnecting")
        await far.until(lambda s: s.venues.links[JN].state == "reconnecting")
        await asyncio.sleep(2)
        assert guest.waiting(SESSION, JN) == host.waiting(SESSION, XA) == 20
        assert far.waiting_at(JN) == 20
        host.partition(XA, on=False)
        await until(lambda: len(host_room.log) == len(guest_room.log) == 40)
        await asyncio.gather(far.until(lambda s: s.waiting_at(JN) == 0), near.until(lambda s: s.waiting_at(XA) == 0))
        assert host_room.heads(SESSION) == guest_room.heads(SESSION)
        assert host_room.refusals == guest_room.refusals == []
        assert host.alarms(SESSION) == guest.alarms(SESSION) == {}
        await asyncio.gather(near.close(), far.close(), guest.close(), host.close())

    run(test)


def test_a_third_venue_is_served_through_the_host_and_shown_to_the_seats() -> None:
    async def test() -> None:
        rooms = {centre: MemoryRoom() for centre in (JN, XA, DL)}
        boards = {centre: board(room, centre) for centre, room in rooms.items()}
        for centre in (XA, DL):
            boards[centre].connect(SESSION, JN, to_venue(boards[JN], centre))
        seat = client(GUEST_SEAT)
        seat.connect(to_seat(boards[XA], "XA-1"))
        await seat.until(lambda s: s.stage != "")
        await seat.submit("score-entered", {"n": 1})
        await seat.until(lambda s: s.waiting_at(DL) == s.waiting_at(JN) == 0)
        assert seat.venues.links.keys() == {JN, DL}
        rooms[DL].write(OTHER)
        await until(lambda: all(len(room.log) == 2 for room in rooms.values()))
        await asyncio.gather(seat.close(), *(each.close() for each in boards.values()))

    run(test)


def test_a_long_backlog_arrives_in_order() -> None:
    async def test() -> None:
        host_room, guest_room = MemoryRoom(), MemoryRoom()
        for n in range(300):
            guest_room.write(GUEST if n % 2 else GUEST_SEAT, {"text": "评" * 200, "n": n})
        host, guest = board(host_room, JN), board(guest_room, XA)
        guest.connect(SESSION, JN, to_venue(host, XA))
        await until(lambda: len(host_room.log) == 300)
        assert host_room.log == guest_room.log
        await until(lambda: guest.waiting(SESSION, JN) == 0)
        await asyncio.gather(guest.close(), host.close())

    run(test)


def test_an_entry_as_large_as_an_entry_may_be_travels_alone() -> None:
    async def test() -> None:
        host_room, guest_room = MemoryRoom(), MemoryRoom()
        room = 64 * 1024 - len(entry(GUEST, 1, body={"text": ""}).entry.encode())
        guest_room.write(GUEST, {"text": "x" * room})
        guest_room.write(GUEST, {"text": "after"})
        host, guest = board(host_room, JN), board(guest_room, XA)
        guest.connect(SESSION, JN, to_venue(host, XA))
        await until(lambda: host_room.log == guest_room.log)
        await asyncio.gather(guest.close(), host.close())

    run(test)


def test_a_refused_score_leaves_the_seat_able_to_go_on() -> None:
    async def test() -> None:
        room = MemoryRoom()
        centre, seat = board(room, JN), client(HOST_SEAT)
        seat.connect(to_seat(centre, "JN-1"))
        await seat.until(lambda s: s.stage != "")
        outcomes = await asyncio.gather(
            seat.submit("score-entered", {"points": 800}),
            seat.submit("score-entered", {"points": 9999}),
            seat.submit("score-entered", {"points": 700}),
            return_exceptions=True,
        )
        refused, superseded = outcomes[1:]
        assert isinstance(refused, EntryRefusedError)
        assert (refused.code, dict(refused.values)) == ("score-out-of-range", {})
        assert isinstance(superseded, ConflictError)
        assert superseded.code == "entry-superseded"
        await seat.submit("score-entered", {"points": 700})
        assert [signed.entry.body["points"] for signed in room.log] == [800, 700]
        await asyncio.gather(seat.close(), centre.close())

    run(test)


def test_a_second_window_of_a_seat_sends_the_first_away_for_good() -> None:
    async def test() -> None:
        room = MemoryRoom()
        centre, first = board(room, JN), client(HOST_SEAT)
        first.connect(to_seat(centre, "JN-1"))
        await first.until(lambda s: s.stage != "")
        await first.submit("score-entered", {"n": 1})
        second = SeatClient(
            session=SESSION, seat=SeatId("JN-1"), key=KEYS[HOST_SEAT], clock=now, jitter=half, chain=first.chain
        )
        second.connect(to_seat(centre, "JN-1"))
        await second.until(lambda s: s.stage != "")
        with pytest.raises(ConflictError, match="seat-opened-elsewhere"):
            await first.until(lambda _: False)
        await second.submit("score-entered", {"n": 2})
        assert second.status.state == "connected"
        assert len(room.log) == 2
        await asyncio.gather(first.close(), second.close(), centre.close())

    run(test)


def test_a_client_that_lost_its_chain_writes_nothing_over_it() -> None:
    async def test() -> None:
        room = MemoryRoom()
        room.write(HOST_SEAT)
        centre, seat = board(room, JN), client(HOST_SEAT)
        seat.connect(to_seat(centre, "JN-1"))
        with pytest.raises(ConflictError, match="chain-behind"):
            await seat.until(lambda _: False)
        with pytest.raises(ConflictError, match="chain-behind"):
            await seat.submit("score-entered", {})
        await asyncio.gather(seat.close(), centre.close())
        assert len(room.log) == 1

    run(test)


def test_nothing_is_written_before_the_stage_is_known() -> None:
    async def test() -> None:
        seat = client(HOST_SEAT)
        with pytest.raises(WrongStageError, match="stage-unknown"):
            await seat.submit("score-entered", {})
        await seat.close()

    run(test)


def test_a_venue_that_cannot_be_reached_is_tried_again_and_shown_as_down() -> None:
    async def test() -> None:
        tries = []

        async def signal(offer: Signal) -> Signal:
            tries.append(offer.type)
            raise UnavailableError("peer-unreachable")

        guest = board(MemoryRoom(), XA)
        guest.connect(SESSION, JN, signal)
        await until(lambda: len(tries) >= 3)
        assert guest.links(SESSION)[JN].state == "down"
        await guest.close()

    run(test)


def test_a_cut_cable_refuses_signalling() -> None:
    async def test() -> None:
        host = board(MemoryRoom(), JN)
        host.partition(XA, on=True)
        with pytest.raises(UnavailableError, match="venue-unreachable"):
            await host.accept(SESSION, XA, Signal("offer", "v=0"))
        await host.close()

    run(test)


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


def test_sessions_of_one_node_do_not_mix() -> None:
    async def test() -> None:
        second = SessionId("E3701000076012345001-2")
        host_room, guest_room = MemoryRoom(), MemoryRoom()
        host, guest = board(host_room, JN), board(guest_room, XA)
        host_room.write(HOST)
        guest_room.take(entry(GUEST, 1, session=second), source="self")
        guest.connect(SESSION, JN, to_venue(host, XA))
        await until(lambda: guest_room.frontier(SESSION) == {HOST: 1})
        assert host_room.frontier(second) == {}
        await asyncio.gather(guest.close(), host.close())

    run(test)
