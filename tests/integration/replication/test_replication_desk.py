"""Seats before the real desk over real WebRTC: refused entries come back with their code, the rest counts."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from evaluation_room.desk import RoomDesk
from evaluation_room.replication.client import EntryRefusedError, SeatClient
from evaluation_room.replication.switchboard import Switchboard
from evaluation_room.stages import Stage
from records.canonical import Value
from records.errors import EvidenceMismatchError
from records.ids import Author, SeatId
from records.room_entry import SignedEntry
from tests.faults.replication.replication_node import GUEST, HOST, open_desk
from tests.integration.replication.replication_boards import half, now, run, to_seat, to_venue, until
from tests.unit.evaluation_room.rooms import SESSION, key, sheet_digest, two_cities

SEAT = Author("seat:XA-1")


class Cities(NamedTuple):
    host: RoomDesk
    guest: RoomDesk


@pytest.fixture
def cities(tmp_path: Path) -> Cities:
    """Both cities hold an evaluation in which scoring has begun."""
    host, guest = two_cities(Stage.DETAILED)
    desks = Cities(open_desk(tmp_path / HOST, HOST), open_desk(tmp_path / GUEST, GUEST))
    for venue, desk in zip((host, guest), desks, strict=True):
        for signed in venue.log:
            desk.take(signed, source="before")
    return desks


def board(desk: RoomDesk, centre: str) -> Switchboard:
    code = HOST if centre == HOST else GUEST
    return Switchboard(desk, centre=code, stage=lambda session: desk.session(session).stage, clock=now, jitter=half)


def seated(desk: RoomDesk, author: Author = SEAT, signer: str = "") -> SeatClient:
    chain = desk.session(SESSION).chain(author).entries
    seat = SeatId(author.removeprefix("seat:"))
    return SeatClient(session=SESSION, seat=seat, key=key(signer or author), clock=now, jitter=half, chain=chain)


def cell(place: int, points: int, desk: RoomDesk) -> dict[str, Value]:
    bidder, item = desk.session(SESSION).definition.cells[place]
    return {"bidder": bidder, "item": item, "points": points}


async def refusal(seat: SeatClient, kind: str, body: Mapping[str, Value], stage: str = "") -> str:
    with pytest.raises(EntryRefusedError) as caught:
        await seat.submit(kind, body, stage=stage)
    return caught.value.code


def test_the_rules_of_the_room_answer_a_seat_by_code(cities: Cities) -> None:
    async def test() -> None:
        centre, seat = board(cities.guest, "XA"), seated(cities.guest)
        seat.connect(to_seat(centre, "XA-1"))
        await seat.until(lambda s: s.stage == "DETAILED")
        assert await refusal(seat, "score-entered", cell(0, 2501, cities.guest)) == "score-out-of-range"
        assert await refusal(seat, "score-entered", cell(0, 51, cities.guest)) == "score-off-step"
        assert await refusal(seat, "score-entered", cell(0, 50, cities.guest), "PRICE") == "kind-not-in-stage"
        assert await refusal(seat, "seat-bound", {"seat": "XA-1"}) != ""
        assert await refusal(seat, "sheet-locked", {"sheet_digest": sheet_digest([])}) == "unscored-cells"
        await seat.submit("score-entered", cell(0, 500, cities.guest))
        assert cities.guest.session(SESSION).chain(SEAT).seq == 2
        await asyncio.gather(seat.close(), centre.close())

    run(test)


def test_a_sheet_is_locked_once_and_both_cities_hold_it(cities: Cities) -> None:
    async def test() -> None:
        host, guest, seat = board(cities.host, "JN"), board(cities.guest, "XA"), seated(cities.guest)
        guest.connect(SESSION, HOST, to_venue(host, GUEST))
        seat.connect(to_seat(guest, "XA-1"))
        await seat.until(lambda s: s.stage == "DETAILED")
        cells = [cell(n, 500, cities.guest) for n in range(len(cities.guest.session(SESSION).definition.cells))]
        for each in cells:
            await seat.submit("score-entered", each)
        await seat.submit("sheet-locked", {"sheet_digest": sheet_digest(cells)})
        assert await refusal(seat, "sheet-locked", {"sheet_digest": sheet_digest(cells)}) == "already-locked"
        await seat.until(lambda s: s.waiting_at(HOST) == 0)
        assert cities.host.session(SESSION).digest == cities.guest.session(SESSION).digest
        assert host.alarms(SESSION) == guest.alarms(SESSION) == {}
        await asyncio.gather(seat.close(), guest.close(), host.close())

    run(test)


def test_a_seat_with_another_key_is_refused_by_its_signature(cities: Cities) -> None:
    async def test() -> None:
        centre, thief = board(cities.guest, "XA"), seated(cities.guest, signer="seat:XA-2")
        thief.connect(to_seat(centre, "XA-1"))
        await thief.until(lambda s: s.stage != "")
        assert await refusal(thief, "score-entered", cell(0, 500, cities.guest)) == "bad-signature"
        await asyncio.gather(thief.close(), centre.close())

    run(test)


def test_a_seat_that_wrote_two_histories_is_stopped_and_the_first_stays(cities: Cities) -> None:
    async def test() -> None:
        centre, first, second = board(cities.guest, "XA"), seated(cities.guest), seated(cities.guest)
        first.connect(to_seat(centre, "XA-1"))
        await first.until(lambda s: s.stage != "")
        kept = await first.submit("score-entered", cell(0, 500, cities.guest))
        await first.close()
        writing = asyncio.create_task(second.submit("score-entered", cell(0, 700, cities.guest), stage="DETAILED"))
        await asyncio.sleep(0)
        second.connect(to_seat(centre, "XA-1"))
        with pytest.raises(EvidenceMismatchError, match="chain-fork"):
            await writing
        assert cities.guest.session(SESSION).chain(SEAT).entries[-1] == kept
        await asyncio.gather(second.close(), centre.close())

    run(test)


def test_a_stage_entered_by_the_host_reaches_the_seats_of_the_guest(cities: Cities) -> None:
    async def test() -> None:
        host, guest, seat = board(cities.host, "JN"), board(cities.guest, "XA"), seated(cities.guest)
        guest.connect(SESSION, HOST, to_venue(host, GUEST))
        seat.connect(to_seat(guest, "XA-1"))
        await seat.until(lambda s: s.stage == "DETAILED")
        locked = two_cities(Stage.PRICE)[0].log
        await asyncio.to_thread(_take_all, cities.host, [one for one in locked if one.entry.stage == "DETAILED"])
        await seat.until(lambda s: s.stage == "PRICE")
        await until(lambda: cities.guest.session(SESSION).stage is Stage.PRICE)
        await asyncio.gather(seat.close(), guest.close(), host.close())

    run(test)


def _take_all(desk: RoomDesk, entries: Sequence[SignedEntry]) -> None:
    for signed in entries:
        desk.take(signed, source="before")
