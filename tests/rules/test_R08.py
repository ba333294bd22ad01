"""R08: a member who declares a reason to recuse keeps the committee waiting, and reads no bid (条例46条)."""

from evaluation_room.stages import Stage
from evaluation_room.views import may_read_bids
from records.ids import SeatId
from tests.unit.evaluation_room.rooms import definition, one_city

SEATS = [f"JN-{number}" for number in range(1, 6)]


def test_a_recused_member_blocks_the_session_and_is_shown_no_bid() -> None:
    room = one_city(Stage.BRIEFING, definition(seats=SEATS))
    for seat in SEATS[:4]:
        room.undertake(seat)
    room.say("seat:JN-5", "undertaking-signed", {"recusal": True, "reason": "与投标人有劳动关系"})

    assert [(one.who, one.what) for one in room.session.waiting_for()] == [("JN-5", "recused")]
    assert not may_read_bids(room.session, SeatId("JN-5"))
    assert may_read_bids(room.session, SeatId("JN-1"))
