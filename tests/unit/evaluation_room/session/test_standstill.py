"""The session stands still, ends early, or continues after a fault: by whose order, on which grounds, how long."""

from functools import partial

import pytest

from evaluation_room.report import interruptions
from evaluation_room.session.session import Outcome
from evaluation_room.session.steps import IN_SESSION_FAULT_LIMIT, PRE_START_FAULT_LIMIT, fault_deadline
from evaluation_room.stages import TERMINALS, Stage
from records.canonical import Value
from records.errors import InvalidRecordError, WrongStageError
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import Venue, forged, one_city, play, two_cities

FAULT: dict[str, Value] = {"cause": "断电", "venue": "JN", "since": "2026-11-23T06:00:00.000Z"}
ORDER: dict[str, Value] = {"order": "监督〔2026〕1号", "reason": "接到投诉"}


def at(room: Venue, instant: str, target: Stage, **grounds: Value) -> Outcome:
    """The host's step at this time of day."""
    signed = room.entry("centre:JN", "stage-entered", room.session.step_to(target, grounds))
    return room.take(forged(signed, at=f"2026-11-23T{instant}Z"), direct=True)


STOPS: dict[Stage, dict[str, Value]] = {
    Stage.PAUSED: {"reason": "午休"},
    Stage.SUSPENDED: ORDER,
    Stage.INTERRUPTED: FAULT,
}


@pytest.mark.parametrize("overlay", STOPS)
def test_nobody_scores_while_the_session_stands_still_and_all_go_on_after_it(overlay: Stage) -> None:
    room = one_city(Stage.DETAILED)
    room.score("JN-1", "B1", "T1", 500)
    before = room.session.state.passage
    room.enter(overlay, **STOPS[overlay])
    assert room.session.stage is overlay
    assert refusal(lambda: room.score("JN-1", "B1", "T2", 500), WrongStageError) == "session-stands-still"
    assert room.bind("JN-1", epoch=2).entry.stage == "DETAILED"
    room.enter(Stage.DETAILED, **({"order": "监督〔2026〕2号"} if overlay is Stage.SUSPENDED else {}))
    room.score("JN-1", "B1", "T2", 500)
    assert room.session.state.passage == before
    assert [len(sheet.cells) for sheet in room.session.state.sheets] == [2, 0, 0, 0, 0]
    play([room])
    assert room.session.stage is Stage.CLOSED


def test_the_others_score_on_during_a_clarification_but_the_stage_is_not_left() -> None:
    room = one_city(Stage.DETAILED)
    room.enter(Stage.CLARIFYING)
    room.score("JN-1", "B1", "T1", 500)
    assert refusal(lambda: room.enter(Stage.PRICE), WrongStageError) == "stage-not-next"
    room.enter(Stage.DETAILED)
    play([room])
    assert room.session.stage is Stage.CLOSED


LIFTED: dict[str, Value] = {"order": "监督〔2026〕2号"}


@pytest.mark.parametrize("overlay", STOPS)
def test_what_broke_into_a_clarification_leads_back_to_it_and_not_past_it(overlay: Stage) -> None:
    room = one_city(Stage.DETAILED)
    room.enter(Stage.CLARIFYING)
    room.enter(overlay, **STOPS[overlay])
    back = LIFTED if overlay is Stage.SUSPENDED else {}
    assert refusal(lambda: room.score("JN-1", "B1", "T1", 500), WrongStageError) == "session-stands-still"
    assert refusal(lambda: room.enter(Stage.DETAILED, **back), WrongStageError) == "stage-not-next"
    shown = interruptions.standstill(room.session.state)["overlay"]
    assert isinstance(shown, dict)
    assert (shown["over"], shown["broke_into"]) == ("DETAILED", "CLARIFYING")
    room.enter(Stage.CLARIFYING, **back)
    room.score("JN-1", "B1", "T1", 500)
    room.enter(Stage.DETAILED)
    play([room])
    assert room.session.stage is Stage.CLOSED


def test_a_pause_of_a_clarification_that_was_suspended_still_leads_back_to_the_clarification() -> None:
    room = one_city(Stage.DETAILED)
    room.enter(Stage.CLARIFYING)
    room.enter(Stage.PAUSED, reason="午休")
    room.enter(Stage.SUSPENDED, **ORDER)
    room.enter(Stage.PAUSED, **ORDER)
    assert refusal(lambda: room.enter(Stage.DETAILED), WrongStageError) == "stage-not-next"
    room.enter(Stage.CLARIFYING)
    room.enter(Stage.DETAILED)
    room.enter(Stage.PAUSED, reason="午休")
    assert refusal(lambda: room.enter(Stage.CLARIFYING), WrongStageError) == "stage-not-next"
    room.enter(Stage.DETAILED)


@pytest.mark.parametrize(("instant", "code"), [("10:00:00.000", Outcome.TAKEN), ("10:00:00.001", "fault-lasted")])
def test_a_fault_in_a_clarification_has_the_limit_of_any_other(instant: str, code: str) -> None:
    room = one_city(Stage.DETAILED)
    room.enter(Stage.CLARIFYING)
    room.enter(Stage.INTERRUPTED, **FAULT)
    if code is Outcome.TAKEN:
        assert at(room, instant, Stage.CLARIFYING) is code
    else:
        assert refusal(lambda: at(room, instant, Stage.CLARIFYING), WrongStageError) == code


@pytest.mark.parametrize("heard", ["during the pause", "after it"])
def test_what_another_city_acknowledged_before_it_heard_of_the_pause_counts(heard: str) -> None:
    host, guest = two_cities(Stage.DETAILED)
    host.enter(Stage.PAUSED, reason="午休")
    guest.fill("XA-1", 500)
    guest.lock("XA-1")
    if heard == "during the pause":
        host.take_from(guest)
    host.enter(Stage.DETAILED)
    host.take_from(guest)
    guest.take_from(host)
    assert host.session.state.sheets[3].locked
    assert host.session.state == guest.session.state
    assert [one.stage for one in host.session.state.history] == [one.stage for one in guest.session.state.history]
    for venue in (host, guest):
        for seat in venue.seats():
            if seat != "XA-1":
                venue.fill(seat, 600)
                venue.lock(seat)
    host.take_from(guest)
    host.enter(Stage.PRICE)
    guest.take_from(host)
    assert host.session.digest == guest.session.digest
    assert guest.session.state.all_locked


def test_what_was_written_before_the_fault_and_comes_during_it_is_taken() -> None:
    room = one_city(Stage.DETAILED)
    written = room.entry("seat:JN-1", "score-entered", {"bidder": "B1", "item": "T1", "points": 500})
    room.enter(Stage.INTERRUPTED, **FAULT)
    assert room.take(written, direct=True) is Outcome.TAKEN


def test_a_pause_leads_back_to_where_it_began_and_nowhere_else() -> None:
    room = one_city(Stage.BRIEFING)
    room.enter(Stage.PAUSED, reason="午休")
    assert refusal(lambda: room.enter(Stage.DETAILED), WrongStageError) == "stage-not-next"
    assert refusal(lambda: room.enter(Stage.CHECK_IN), WrongStageError) == "stage-not-next"
    assert refusal(lambda: room.enter(Stage.INTERRUPTED, **FAULT), WrongStageError) == "no-such-transition"
    assert room.session.definition.after(Stage.PAUSED) is None


def test_a_suspension_over_a_pause_ends_by_order_alone() -> None:
    room = one_city(Stage.DETAILED)
    room.enter(Stage.PAUSED, reason="午休")
    room.enter(Stage.SUSPENDED, **ORDER)
    assert refusal(lambda: room.enter(Stage.DETAILED), InvalidRecordError) == "missing-field"
    assert refusal(lambda: room.enter(Stage.PAUSED, reason="午休"), InvalidRecordError) == "missing-field"
    room.enter(Stage.PAUSED, **ORDER)
    room.enter(Stage.DETAILED)
    overlays = room.session.state.overlays
    assert [one.stage.value for one in overlays] == ["PAUSED", "SUSPENDED", "PAUSED"]
    assert [one.until for one in overlays[:2]] == [one.entered_at for one in overlays[1:]]


@pytest.mark.parametrize(
    ("overlay", "grounds", "code"),
    [
        (Stage.PAUSED, {}, "missing-field"),
        (Stage.PAUSED, {"reason": ""}, "empty-field"),
        (Stage.PAUSED, {"reason": "午休", "order": "1"}, "unknown-field"),
        (Stage.SUSPENDED, {"reason": "接到投诉"}, "missing-field"),
        (Stage.INTERRUPTED, {"reason": "断电"}, "missing-field"),
        (Stage.INTERRUPTED, {**FAULT, "venue": "DL"}, "unknown-centre"),
        (Stage.INTERRUPTED, {**FAULT, "since": "2026-11-23T23:00:00.000Z"}, "fault-time"),
        (Stage.INTERRUPTED, {**FAULT, "since": "2026-11-22T23:00:00.000Z"}, "fault-time"),
        (Stage.ABORTED, {"reason": "停电"}, "missing-field"),
        (Stage.ROLLBACK_REQ, {"reason": "有误"}, "missing-field"),
    ],
)
def test_a_step_off_the_line_says_just_what_belongs_to_it(overlay: Stage, grounds: dict[str, Value], code: str) -> None:
    room = one_city(Stage.DETAILED)
    assert refusal(lambda: room.enter(overlay, **grounds), InvalidRecordError) == code


def test_a_step_along_the_line_says_nothing_more() -> None:
    room = one_city(Stage.AGGREGATED)
    assert refusal(lambda: room.enter(Stage.REPORT_DRAFT, reason="无"), InvalidRecordError) == "unknown-field"


# --- faults ---------------------------------------------------------------------------------------------------------


def test_the_limits_are_two_hours_before_the_start_and_four_in_session() -> None:
    since = "2026-11-23T06:00:00.000Z"
    assert (PRE_START_FAULT_LIMIT.total_seconds(), IN_SESSION_FAULT_LIMIT.total_seconds()) == (7200, 14400)
    assert fault_deadline(Stage.CHECK_IN, since) == "2026-11-23T08:00:00.000Z"
    assert fault_deadline(Stage.BRIEFING, since) == "2026-11-23T10:00:00.000Z"
    assert fault_deadline(Stage.SIGNING, since) == "2026-11-23T10:00:00.000Z"


def test_a_fault_in_session_may_last_four_hours_and_not_a_moment_more() -> None:
    room = one_city(Stage.DETAILED)
    room.enter(Stage.INTERRUPTED, **FAULT)
    late = refusal(lambda: at(room, "10:00:00.001", Stage.DETAILED, decision="继续"), WrongStageError)
    assert late == "fault-lasted"
    assert at(room, "10:00:00.000", Stage.DETAILED) is Outcome.TAKEN


def test_after_a_long_fault_in_session_a_new_committee_evaluates() -> None:
    room = one_city(Stage.DETAILED)
    room.enter(Stage.INTERRUPTED, **FAULT)
    assert at(room, "10:00:00.001", Stage.REFORMED, reason="故障超过4小时") is Outcome.TAKEN
    assert room.session.stage is Stage.REFORMED


def test_before_the_start_the_tenderer_decides_after_two_hours() -> None:
    room = one_city(Stage.CHECK_IN)
    room.enter(Stage.INTERRUPTED, **FAULT)
    assert refusal(lambda: at(room, "08:00:00.001", Stage.CHECK_IN), WrongStageError) == "fault-lasted"
    assert at(room, "08:00:00.001", Stage.CHECK_IN, decision="招标人决定继续") is Outcome.TAKEN


# --- terminals ------------------------------------------------------------------------------------------------------

ENDS = [
    (Stage.PREPARED, Stage.FAILED, {"reason": "投标人不足三个"}),
    (Stage.PREPARED, Stage.ABORTED, {"reason": "项目取消"}),
    (Stage.CHECK_IN, Stage.ABORTED, {"reason": "项目取消"}),
    (Stage.CHECK_IN, Stage.REFORMED, {"reason": "专家缺席"}),
    (Stage.DETAILED, Stage.ABORTED, ORDER),
    (Stage.SIGNING, Stage.ABORTED, ORDER),
]


@pytest.mark.parametrize(("origin", "terminal", "grounds"), ENDS)
def test_after_the_end_nothing_but_reading_is_possible(
    origin: Stage, terminal: Stage, grounds: dict[str, Value]
) -> None:
    room = one_city(origin)
    room.enter(terminal, **grounds)
    assert room.session.stage is terminal
    assert room.session.waiting_for() == ()
    for target in Stage:
        assert refusal(partial(room.enter, target), WrongStageError) == "no-such-transition"
    assert refusal(lambda: room.bind("JN-1"), WrongStageError) == "kind-not-in-stage"
    assert room.session.state.history[-2].frontier is not None


def test_what_another_city_acknowledged_before_the_end_is_kept_and_counts_for_nothing() -> None:
    host, guest = two_cities(Stage.DETAILED)
    host.enter(Stage.ABORTED, **ORDER)
    signed = guest.score("XA-1", "B1", "T1", 500)
    assert host.take(signed, direct=False) is Outcome.LATE
    guest.take_from(host)
    assert host.session.digest == guest.session.digest
    assert not guest.session.state.sheets[3].cells


def test_the_terminals_are_these() -> None:
    assert {stage.value for stage in TERMINALS} == {"FAILED", "REJECT_ALL", "REFORMED", "ABORTED"}
