"""R44: the tenderer's representative votes for the lead and is not the lead (87号令45条)."""

import pytest

from evaluation_room.stages import REQUIRED, Stage
from records.errors import NotPermittedError
from tests.unit.evaluation_room.rooms import Venue, bound, definition

SEATS = [f"JN-{number}" for number in range(1, 6)]


def checked_in(**changed: object) -> Venue:
    """Five members in one room; JN-5 is the tenderer's."""
    room = Venue.opened(definition(seats=SEATS, **changed))  # type: ignore[arg-type]
    room.enter(Stage.CHECK_IN)
    for seat in SEATS:
        role = "tenderer" if seat == "JN-5" else "expert"
        room.write("centre:JN", "seat-bound", bound(seat, role=role))
    return room


def electing() -> Venue:
    room = checked_in(stages=[stage.value for stage in Stage if stage in REQUIRED or stage is Stage.ELECTING])
    room.enter(Stage.BRIEFING)
    for seat in SEATS:
        room.undertake(seat)
    room.enter(Stage.ELECTING)
    return room


def test_nobody_can_vote_for_the_representative() -> None:
    with pytest.raises(NotPermittedError, match="not-a-candidate"):
        electing().cast("JN-1", "JN-5")


def test_the_representative_votes() -> None:
    room = electing()
    for seat in SEATS:
        room.cast(seat, "JN-2")

    assert room.session.state.lead == "JN-2"


def test_a_representative_named_as_lead_keeps_the_session_at_check_in() -> None:
    assert [(one.who, one.what) for one in checked_in(lead="JN-5").session.waiting_for()] == [
        ("JN-5", "lead-of-the-tenderer"),
    ]
