"""Venues and seats over real WebRTC in one process: entries, confirmations, a cut of several seconds, clean endings."""

import asyncio
from datetime import timedelta

import pytest

from evaluation_room.replication.channel import Signal
from evaluation_room.replication.client import EntryRefusedError, SeatClient
from evaluation_room.replication.switchboard import Switchboard
from records.errors import ConflictError, UnavailableError, WrongStageError
from records.ids import SeatId, SessionId
from tests.integration.replication.replication_boards import (
    DL,
    JN,
    XA,
    board,
    client,
    half,
    now,
    run,
    to_seat,
    to_venue,
    until,
)
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


def test_a_clock_set_back_does_not_keep_a_venue_out() -> None:
    async def test() -> None:
        host, room = board(MemoryRoom(), JN), MemoryRoom()
        fast = Switchboard(room, centre=XA, stage=lambda _: "", clock=lambda: now() + timedelta(hours=1), jitter=half)
        fast.connect(SESSION, JN, to_venue(host, XA))
        await until(lambda: fast.links(SESSION)[JN].state == "connected")
        await fast.close()
        slow = board(room, XA)
        slow.connect(SESSION, JN, to_venue(host, XA))
        await until(lambda: slow.links(SESSION)[JN].state == "connected")
        await asyncio.gather(slow.close(), host.close())

    run(test)
