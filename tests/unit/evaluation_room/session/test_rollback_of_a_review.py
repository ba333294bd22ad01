"""Back into the preliminary review: marks, tables and motions of the superseded passages no longer count."""

import pytest

from evaluation_room.stages import PRELIMINARY, Stage
from records import ids
from records.errors import WrongStageError
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.reviews import ONE_CITY, mark, reviewed, standing, vote_all, walked, work
from tests.unit.evaluation_room.rooms import Venue, play


def go_on(room: Venue) -> None:
    """Everybody acknowledges, does the present stage of the review, and the host continues."""
    for seat in room.seats():
        if room.session.state.seats[ids.parse_seat(seat)].acknowledged == 0:
            room.acknowledge(seat)
    work(room)
    vote_all(room)
    following = room.session.definition.after(room.session.stage)
    assert following is not None
    room.enter(following)


@pytest.mark.parametrize("target", [Stage.READING, *PRELIMINARY])
def test_the_review_is_done_anew_from_the_stage_gone_back_to(target: Stage) -> None:
    fails = {("B4", "F1"): ONE_CITY, ("B3", "R1"): ONE_CITY}
    room = walked(Stage.DETAILED, reviewed(seats=ONE_CITY, bidders=5), fails)
    assert standing(room).valid == ("B1", "B2", "B5")
    room.go_back(target)
    formal = {"B4"} if target in {Stage.PRELIM_QUAL, Stage.PRELIM_RESP} else set()
    assert set(standing(room).valid) == {"B1", "B2", "B3", "B4", "B5"} - formal
    while room.session.label != "DETAILED-2":
        go_on(room)
    assert set(standing(room).valid) == {"B1", "B2", "B3", "B4", "B5"} - formal
    play([room])
    assert room.session.stage is Stage.CLOSED
    assert room.session.state.rollbacks[0].superseded[0] == target.value


def test_nobody_marks_while_the_session_stands_still() -> None:
    room = walked(Stage.PRELIM_FORM)
    room.enter(Stage.PAUSED, reason="午休")
    assert refusal(lambda: mark(room, "JN-1", "B1", "F1", passed=True), WrongStageError) == "session-stands-still"
