"""A centre that lost its last entries in a room writes nothing there until the other venue has returned them."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from evaluation_room.desk import RoomDesk
from evaluation_room.replication.switchboard import Switchboard
from evaluation_room.session.recovery_hold import RecoveryHold
from evaluation_room.session.session import Checks, Session
from evaluation_room.stages import Stage
from journal import Journal, open_engine
from records import facts
from records.errors import EvidenceMismatchError, UnavailableError
from records.facts import Fact
from records.ids import Author, CentreCode, ProjectId, SeatId, instant
from records.room_entry import SignedEntry
from tests.faults.replication.replication_node import GUEST, HOST, now, open_desk
from tests.integration.replication.replication_boards import half, run, to_venue, until
from tests.unit.evaluation_room.rooms import SESSION, bound, opening, two_cities


class Cities(NamedTuple):
    """One centre that was restored and recovered, and the other one, which holds everything."""

    restored: RoomDesk
    other: RoomDesk
    own: Author
    seat: SeatId


@pytest.fixture(name="cities", params=[HOST, GUEST], ids=["host", "guest"])
def _cities(request: pytest.FixtureRequest, tmp_path: Path) -> Cities:
    own: CentreCode = request.param
    other = GUEST if own == HOST else HOST
    everything = two_cities(Stage.DETAILED)[0].log
    last = max(place for place, one in enumerate(everything) if one.entry.author == f"centre:{own}")
    restored, desk = open_desk(tmp_path / own, own), open_desk(tmp_path / other, other)
    for signed in everything[:last]:
        restored.take(signed, source="before")
    for signed in everything:
        desk.take(signed, source="before")
    say_recovered(tmp_path / own, own)
    restored = open_desk(tmp_path / own, own)
    return Cities(restored=restored, other=desk, own=Author(f"centre:{own}"), seat=SeatId(f"{own}-1"))


def say_recovered(directory: Path, centre: CentreCode) -> None:
    """The journal's record of `tongping recover`."""
    engine = open_engine(f"sqlite:///{directory / 'centre.db'}")
    journal = Journal(engine, centre, clock=now, randomness=bytes)
    fact = Fact(
        type=facts.JOURNAL_RECOVERED,
        project=ProjectId(""),
        author=Author("system:recover"),
        body={"from": 9, "to": 9, "mirror": "DL", "root": "sha256:" + "0" * 64},
    )
    with journal.work() as work:
        work.record(fact)
    engine.dispose()


def board(desk: RoomDesk, centre: CentreCode) -> Switchboard:
    made = Switchboard(desk, centre=centre, stage=lambda session: desk.session(session).stage, clock=now, jitter=half)
    made.on_claimed = desk.note_frontier
    return made


def joined(cities: Cities) -> tuple[Switchboard, Switchboard]:
    """The host's board and the guest's, which connects."""
    at_host, at_guest = (
        (cities.restored, cities.other) if cities.own == f"centre:{HOST}" else (cities.other, cities.restored)
    )
    host, guest = board(at_host, HOST), board(at_guest, GUEST)
    guest.connect(SESSION, HOST, to_venue(host, GUEST))
    return host, guest


def check_in(cities: Cities) -> SignedEntry:
    """The own centre's next entry: a seat of its own is bound anew."""
    binding = bound(cities.seat, epoch=2)
    cities.restored.bind_seat(
        SESSION, cities.seat, {name: binding[name] for name in binding if name not in {"seat", "epoch", "from_seq"}}
    )
    return cities.restored.session(SESSION).chain(cities.own).entries[-1]


def test_nothing_is_said_before_the_venue_gave_the_lost_words_back_and_then_it_is_taken_there(cities: Cities) -> None:
    async def test() -> None:
        held = cities.other.frontier(SESSION)[cities.own]
        assert cities.restored.frontier(SESSION).get(cities.own, 0) == held - 1
        with pytest.raises(UnavailableError, match="room-recovering"):
            check_in(cities)
        assert cities.restored.frontier(SESSION).get(cities.own, 0) == held - 1
        host, guest = joined(cities)
        await until(lambda: cities.restored.frontier(SESSION) == cities.other.frontier(SESSION))
        taken = await asyncio.to_thread(check_in, cities)
        await until(lambda: cities.other.frontier(SESSION)[cities.own] == held + 1)
        assert cities.other.session(SESSION).chain(cities.own).entries[-1] == taken
        assert host.alarms(SESSION) == guest.alarms(SESSION) == {}
        await asyncio.gather(guest.close(), host.close())

    run(test)


def test_a_venue_that_holds_more_than_came_yet_keeps_the_centre_silent(cities: Cities) -> None:
    other = CentreCode("XA" if cities.own == "centre:JN" else "JN")
    own = cities.restored.frontier(SESSION).get(cities.own, 0)

    cities.restored.note_frontier(SESSION, other, {cities.own: own + 1})
    with pytest.raises(UnavailableError, match=f"room-recovering.*centre={other}"):
        check_in(cities)
    cities.restored.note_frontier(SESSION, other, {cities.own: own})
    with pytest.raises(UnavailableError, match="room-recovering"):
        check_in(cities)


def test_without_the_recovery_known_the_other_word_would_be_a_fork(tmp_path: Path) -> None:
    """The fork that the hold prevents."""
    everything = two_cities(Stage.DETAILED)[0].log
    last = max(place for place, one in enumerate(everything) if one.entry.author == "centre:XA")
    restored, other = open_desk(tmp_path / "XA", GUEST), open_desk(tmp_path / "JN", HOST)
    for signed in everything[:last]:
        restored.take(signed, source="before")
    for signed in everything:
        other.take(signed, source="before")

    taken = check_in(Cities(restored=restored, other=other, own=Author("centre:XA"), seat=SeatId("XA-1")))

    with pytest.raises(EvidenceMismatchError, match="chain-fork"):
        other.take(taken, source="centre:XA")


@pytest.mark.parametrize(("later", "silent"), [(timedelta(minutes=4), True), (timedelta(minutes=6), False)])
def test_a_session_opened_after_the_recovery_is_not_held_up(tmp_path: Path, later: timedelta, *, silent: bool) -> None:
    """Not by more than the clocks of two centres may differ."""
    open_desk(tmp_path / GUEST, GUEST)
    say_recovered(tmp_path / GUEST, GUEST)
    engine = open_engine(f"sqlite:///{tmp_path / GUEST / 'centre.db'}")
    hold = RecoveryHold(Journal(engine, GUEST, clock=now, randomness=bytes), GUEST)
    session = Session.open(opening(at=instant(now() + later)), checks=Checks())

    if silent:
        with pytest.raises(UnavailableError, match="room-recovering"):
            hold.check(session)
    else:
        hold.check(session)
    engine.dispose()
