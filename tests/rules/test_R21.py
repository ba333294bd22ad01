"""R21: before the own lock a member sees nothing of another's marks: no sum, no count, no lock (87号令62条)."""

import json

from evaluation_room.stages import Stage
from evaluation_room.views.session import room_view
from records.ids import SeatId
from tests.unit.evaluation_room.rooms import definition, one_city

SEATS = [f"JN-{number}" for number in range(1, 6)]


def test_what_others_do_changes_nothing_in_the_room_before_the_own_lock() -> None:
    room = one_city(Stage.DETAILED, definition(seats=SEATS))
    room.fill("JN-1", 700)
    before = json.dumps(room_view(room.session, SeatId("JN-1"), {}), sort_keys=True)

    for seat in SEATS[1:]:
        room.fill(seat, 850)
        room.lock(seat)

    assert json.dumps(room_view(room.session, SeatId("JN-1"), {}), sort_keys=True) == before


def test_after_the_own_lock_a_member_sees_who_has_locked_and_still_no_mark() -> None:
    room = one_city(Stage.DETAILED, definition(seats=SEATS))
    for seat in SEATS[:2]:
        room.fill(seat, 850)
        room.lock(seat)
    view = room_view(room.session, SeatId("JN-1"), {})

    seats = view["seats"]
    assert isinstance(seats, list)
    assert [one["locked"] for one in seats if isinstance(one, dict)] == [True, True, False, False, False]
    assert "850" not in json.dumps(view)
