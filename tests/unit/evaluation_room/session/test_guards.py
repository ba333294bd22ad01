"""Who blocks the next stage, with what and since when."""

import pytest

from evaluation_room.stages import Stage
from records import ids
from records.errors import (
    ConflictError,
    WrongStageError,
)
from records.ids import Author
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import (
    Body,
    Venue,
    bound,
    consented,
    definition,
    one_city,
    play,
    signed_by,
    two_cities,
)

SEAT = Author("seat:JN-1")


def waits(room: Venue) -> list[tuple[str, str]]:
    return [(one.who, one.what) for one in room.session.waiting_for()]


def test_who_has_not_checked_in_blocks_the_briefing() -> None:
    room = one_city(Stage.CHECK_IN)
    for seat in ("JN-1", "JN-2", "JN-3", "JN-5"):
        room.bind(seat)
    assert waits(room) == [("JN-4", "seat-not-bound")]
    assert {one.since for one in room.session.waiting_for()} == {room.session.state.entered(Stage.CHECK_IN)}


@pytest.mark.parametrize(
    ("seats", "code"),
    [(["JN-1", "JN-2", "JN-3"], "committee-too-small"), ([f"JN-{n}" for n in range(1, 7)], "committee-even")],
)
def test_a_committee_too_small_or_even_does_not_begin(seats: list[str], code: str) -> None:
    room = Venue.opened(definition(seats=seats))
    play([room], Stage.CHECK_IN)
    for seat in seats:
        room.bind(seat)
    assert waits(room) == [("committee", code)]


def test_experts_are_two_thirds_of_the_committee() -> None:
    room = one_city(Stage.CHECK_IN)
    for number, role in enumerate(["tenderer", "tenderer", "expert", "expert", "expert"], start=1):
        room.write("centre:JN", "seat-bound", bound(f"JN-{number}", role=role))
    assert waits(room) == [("committee", "too-few-experts")]


def test_three_members_are_enough_where_the_tender_says_so() -> None:
    room = one_city(defined=definition(seats=["JN-1", "JN-2", "JN-3"], minimum_seats=3))
    assert room.session.stage is Stage.CLOSED


def test_a_recusal_blocks_the_briefing() -> None:
    room = one_city(Stage.BRIEFING)
    for seat in room.seats()[1:]:
        room.undertake(seat)
    room.write(SEAT, "undertaking-signed", {"recusal": True, "reason": "曾任职于投标人"})
    assert waits(room) == [("JN-1", "recused")]
    assert refusal(lambda: room.enter(Stage.DETAILED), WrongStageError) == "stage-not-ready"


def test_a_bidder_whom_nobody_scored_in_a_section_stops_the_session() -> None:
    room = one_city(Stage.DETAILED)
    for seat in room.seats():
        room.fill(seat)
        room.write(f"seat:{seat}", "score-entered", {"bidder": "B2", "item": "S1", "abstained": True, "reason": "缺页"})
        room.lock(seat)
    assert waits(room) == [("committee", "section-without-scores")]


def test_a_tally_that_differs_blocks_and_names_the_centre() -> None:
    host, guest = two_cities(Stage.PRICE)
    host.tally()
    guest.write("centre:XA", "tally-computed", {"digest": ids.digest(b"a wrong result")})
    host.take_from(guest)
    assert waits(host) == [("centre XA", "tally-differs")]
    guest.tally()
    host.take_from(guest)
    assert waits(host) == []


def test_a_report_a_guest_drew_up_otherwise_blocks() -> None:
    host, guest = two_cities(Stage.REPORT_DRAFT)
    assert waits(host) == [("centre JN", "report-not-drafted"), ("centre XA", "report-not-confirmed")]
    host.report()
    guest.report(ids.digest(b"another report"))
    host.take_from(guest)
    assert waits(host) == [("centre XA", "report-differs")]


def test_signing_waits_for_consent_then_signature_then_seal() -> None:
    room = one_city(Stage.SIGNING)
    for seat in ("JN-1", "JN-2", "JN-3"):
        room.sign(seat)
    room.write("seat:JN-4", "report-consented", consented())
    assert waits(room) == [
        ("JN-4", "signature-missing"),
        ("JN-5", "consent-missing"),
        ("centre JN", "report-not-sealed"),
    ]
    room.write("centre:JN", "report-signed", signed_by("JN-4"))
    room.sign("JN-5")
    assert waits(room) == [("centre JN", "report-not-sealed")]
    assert refusal(lambda: room.enter(Stage.SEALED), WrongStageError) == "stage-not-ready"


def test_sealing_another_report_than_the_one_signed_blocks() -> None:
    room = one_city(Stage.SIGNING)
    for seat in room.seats():
        room.sign(seat)
    other: Body = {"report_digest": ids.digest(b"another"), "sealed_digest": ids.digest(b"sealed")}
    room.write("centre:JN", "report-sealed", other)
    assert waits(room) == [("centre JN", "report-differs")]
    assert refusal(room.seal, ConflictError) == "already-sealed"
