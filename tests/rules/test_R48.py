"""R48: the program warns of inconsistent objective marks and of deviations; the experts decide (195号第9项)."""

from evaluation_room.stages import Stage
from evaluation_room.views.score_check import room_check
from records.ids import SeatId
from tests.rules.test_R26 import (
    ITEMS,
    OBJECTIVE,
    OBJECTIVE_ITEM,
    PROCEDURE,
    SEATS,
    acknowledge,
    check_of,
    checking,
    flags,
    waiting,
)
from tests.unit.evaluation_room.rooms import Venue, definition, play


def test_differing_objective_marks_and_a_deviating_expert_are_flagged_and_every_other_member_is_not() -> None:
    found = flags(checking())

    assert OBJECTIVE in found
    assert [one for one in found if one.startswith("A01")] == ["A01 JN-5 B2"]


def test_a_clue_says_what_is_usual_and_that_it_is_no_verdict() -> None:
    check = checking().session.state.score_check
    assert check is not None
    flag = next(one for one in check.flags if one.id == "A01 JN-5 B2").as_value

    assert (flag["level"], flag["clue_only"]) == ("WARN", True)
    assert flag["threshold"]
    assert flag["reference"]
    assert flag["evidence"]
    shown = room_check(checking().session.state, SeatId(SEATS[0]))["score_check"]
    assert isinstance(shown, dict)
    assert isinstance(shown["flags"], list)
    words = {one["id"]: one["reference_zh"] for one in shown["flags"] if isinstance(one, dict)}
    assert words["A01 JN-5 B2"] == "与其余专家均值相差在 ±20% 以内，稳健偏差小于 3.5"


def test_a_clue_that_was_looked_at_blocks_no_more_and_changes_no_mark() -> None:
    room = checking()
    before = room.session.state.tally().digest
    warnings = [one for one in flags(room) if one != OBJECTIVE]
    for flag in warnings:
        acknowledge(room, flag)

    assert waiting(room) == {("committee", "score-fault")}
    assert room.session.state.tally().digest == before


def test_two_members_who_enter_the_same_in_the_same_order_at_the_same_time_are_a_clue() -> None:
    room = Venue.opened(definition(seats=SEATS, stages=PROCEDURE, items=[*ITEMS, OBJECTIVE_ITEM]))
    play([room], Stage.DETAILED)
    for bidder in ("B1", "B2"):
        for item in ("T1", "T2", "S1"):
            for seat in SEATS[:2]:
                room.score(seat, bidder, item, 800)
    for seat in SEATS[2:]:
        room.fill(seat, 600)
    for seat in SEATS:
        room.lock(seat)
    room.enter(Stage.PRICE)
    room.tally()
    room.enter(Stage.SCORE_CHECK)

    assert [one for one in flags(room) if one.startswith("A08")] == ["A08 JN-1 JN-2"]
    assert check_of(room).finders(next(one for one in check_of(room).flags if one.id == "A08 JN-1 JN-2")) == (
        "JN-3", "JN-4", "JN-5",
    )  # fmt: skip
