"""R23: every member signs, dissents in writing or refuses, and the report waits for each (条例53条)."""

import pytest

from evaluation_room.stages import Stage
from records.errors import InvalidRecordError
from tests.unit.evaluation_room.rooms import definition, one_city

SEATS = [f"JN-{number}" for number in range(1, 6)]


def test_the_report_waits_for_every_member() -> None:
    room = one_city(Stage.SIGNING, definition(seats=SEATS))
    for seat in SEATS[:3]:
        room.sign(seat)
    room.sign("JN-4", "refuse")

    assert [(one.who, one.what) for one in room.session.waiting_for()] == [
        ("JN-5", "consent-missing"),
        ("centre JN", "report-not-sealed"),
    ]


def test_dissent_is_signed_with_its_reason_and_a_refusal_is_no_signature() -> None:
    room = one_city(Stage.SIGNING, definition(seats=SEATS))
    room.sign("JN-1", "dissent", reason="对第二名的业绩认定有不同意见")
    room.sign("JN-2", "refuse")
    seats = {seat.id: room.session.state.signing(seat) for seat in room.session.definition.seats}

    assert seats["JN-1"] is not None  # type: ignore[index]  # a seat id is a string
    assert seats["JN-2"] is None  # type: ignore[index]


def test_a_dissent_without_a_reason_is_none() -> None:
    room = one_city(Stage.SIGNING, definition(seats=SEATS))
    with pytest.raises(InvalidRecordError, match="dissent-without-reason"):
        room.sign("JN-1", "dissent")
