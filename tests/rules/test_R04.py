"""R04: three members are a committee only where the tender says that it need not be called by law."""

import pytest

from evaluation_room.stages import Stage
from records.errors import InvalidRecordError
from tests.unit.evaluation_room.rooms import Venue, definition

SEATS = ["JN-1", "JN-2", "JN-3"]


def waiting(minimum: dict[str, int]) -> list[str]:
    room = Venue.opened(definition(seats=SEATS, **minimum))
    room.enter(Stage.CHECK_IN)
    for seat in SEATS:
        room.bind(seat)
    return [one.what for one in room.session.waiting_for()]


def test_three_are_enough_when_the_tender_says_so_and_not_otherwise() -> None:
    assert waiting({"minimum_seats": 3}) == []
    assert waiting({}) == ["committee-too-small"]


def test_fewer_than_three_are_never_enough() -> None:
    with pytest.raises(InvalidRecordError, match="out-of-range"):
        Venue.opened(definition(seats=SEATS, minimum_seats=1))
