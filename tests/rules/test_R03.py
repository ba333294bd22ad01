"""R03: where the tender asks for seven members, five are no committee (水利部令14号40条; 87号令47条)."""

from evaluation_room.stages import Stage
from tests.unit.evaluation_room.rooms import Venue, definition

SEATS = [f"JN-{number}" for number in range(1, 6)]


def test_five_members_wait_at_check_in_where_seven_are_needed() -> None:
    room = Venue.opened(definition(seats=SEATS, minimum_seats=7))
    room.enter(Stage.CHECK_IN)
    for seat in SEATS:
        room.bind(seat)

    assert [(one.who, one.what) for one in room.session.waiting_for()] == [("committee", "committee-too-small")]
