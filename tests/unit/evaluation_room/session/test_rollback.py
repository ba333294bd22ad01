"""Back to an earlier stage: asked for, reviewed by the supervisor, nothing deleted, nothing old counted anew."""

from functools import partial

import pytest

from evaluation_room.session.session import Outcome
from evaluation_room.stages import Stage, label, read_label
from records.canonical import Value
from records.errors import EvidenceMismatchError, InvalidRecordError, NotPermittedError, WrongStageError
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import Venue, definition, one_city, play, two_cities

ASKED: dict[str, Value] = {"reason": "客观分不一致", "back_to": "DETAILED"}
REVIEW: dict[str, Value] = {"order": "监督〔2026〕2号", "reason": "情况属实"}


def test_a_stage_is_named_alone_the_first_time_and_with_its_passage_after_that() -> None:
    assert [label(Stage.DETAILED, number) for number in (1, 2, 10)] == ["DETAILED", "DETAILED-2", "DETAILED-10"]
    assert {read_label(name) for name in ("DETAILED", "DETAILED-2", "DETAILED-10")} == {Stage.DETAILED}
    for name in ("DETAILED-1", "DETAILED-0", "DETAILED-02", "DETAILED-", "LUNCH", "LUNCH-2", ""):
        assert refusal(partial(read_label, name), InvalidRecordError) == "unknown-stage"


def test_the_stage_begins_anew_and_what_was_said_is_kept_as_it_stood() -> None:
    room = one_city(Stage.SIGNING)
    room.sign("JN-1")
    old = room.session.state
    room.go_back(Stage.DETAILED)
    state = room.session.state
    assert (room.session.stage, room.session.label) == (Stage.DETAILED, "DETAILED-2")
    assert [sheet.cells for sheet in state.sheets] == [{}] * 5
    assert (state.host.tally, state.host.report, state.report) == (None, None, None)
    assert all(part.consent is None and part.undertaking is not None for part in state.seats.values())
    assert not state.reached(Stage.AGGREGATED)
    rollback = state.rollbacks[0]
    assert rollback.superseded == ("DETAILED", "PRICE", "AGGREGATED", "REPORT_DRAFT", "SIGNING")
    assert rollback.seats == old.seats
    assert rollback.centres[room.session.definition.host.code].signings == old.host.signings
    assert (rollback.request.reason, rollback.review.order) == ("评分有误", "监督〔2026〕2号")


def test_every_member_takes_note_before_the_session_goes_on_and_then_it_ends_as_ever() -> None:
    room = one_city(Stage.AGGREGATED)
    room.go_back(Stage.DETAILED)
    for seat in room.seats():
        room.fill(seat, 500)
        room.lock(seat)
    blocked = [(one.who, one.what) for one in room.session.waiting_for()]
    assert blocked == [(seat, "rollback-not-acknowledged") for seat in room.seats()]
    for seat in room.seats():
        room.acknowledge(seat)
    room.enter(Stage.PRICE)
    play([room])
    assert [one.label for one in room.session.state.standing] == [
        *("PREPARED", "CHECK_IN", "BRIEFING", "DETAILED-2", "PRICE-2", "AGGREGATED-2"),
        *("REPORT_DRAFT", "SIGNING", "SEALED", "CLOSED"),
    ]


def test_a_refused_request_changes_nothing() -> None:
    room = one_city(Stage.AGGREGATED)
    before = room.session.state
    room.enter(Stage.ROLLBACK_REQ, **ASKED)
    assert refusal(lambda: room.enter(Stage.AGGREGATED), InvalidRecordError) == "missing-field"
    assert refusal(lambda: room.enter(Stage.BRIEFING, **REVIEW), WrongStageError) == "stage-not-next"
    room.enter(Stage.AGGREGATED, **REVIEW)
    after = room.session.state
    assert (after.history, after.rollbacks, after.sheets) == (before.history, (), before.sheets)


def test_only_a_stage_that_was_passed_can_be_gone_back_to() -> None:
    room = one_city(Stage.PRICE)
    for target in ("PREPARED", "PRICE", "AGGREGATED", "PAUSED"):
        asked = {**ASKED, "back_to": target}
        code = refusal(partial(room.enter, Stage.ROLLBACK_REQ, **asked), WrongStageError)
        assert code == "rollback-not-back"


def test_a_member_asks_by_an_entry_of_its_own() -> None:
    room = one_city(Stage.PRICE)
    asked = {**ASKED, "requested_by": "JN-1"}
    code = refusal(lambda: room.enter(Stage.ROLLBACK_REQ, **asked), WrongStageError)
    assert code == "rollback-not-requested"
    room.write("seat:JN-1", "rollback-requested", {"back_to": "DETAILED", "reason": "客观分不一致"})
    room.enter(Stage.ROLLBACK_REQ, **asked)
    room.enter(Stage.DETAILED, **REVIEW)
    assert room.session.state.rollbacks[0].request.requested_by == "JN-1"


def test_where_there_is_a_lead_only_the_lead_asks() -> None:
    seats = [f"JN-{number}" for number in range(1, 6)]
    room = one_city(Stage.PRICE, definition(seats=seats, lead="JN-2"))
    body: dict[str, Value] = {"back_to": "DETAILED", "reason": "客观分不一致"}
    said = refusal(lambda: room.write("seat:JN-1", "rollback-requested", body), NotPermittedError)
    assert said == "not-the-lead"
    room.write("seat:JN-2", "rollback-requested", body)
    room.enter(Stage.ROLLBACK_REQ, **ASKED, requested_by="JN-2")


@pytest.mark.parametrize("number", [1, 3])
def test_another_rollback_than_the_last_is_not_acknowledged(number: int) -> None:
    room = one_city(Stage.AGGREGATED)
    room.go_back(Stage.DETAILED)
    room.go_back(Stage.BRIEFING)
    body: dict[str, Value] = {"rollback": number}
    said = refusal(lambda: room.write("seat:JN-1", "rollback-acknowledged", body), EvidenceMismatchError)
    assert said == "rollback-number"


def late_sheet(room: Venue) -> None:
    room.fill("XA-1", 500)
    room.lock("XA-1")


def test_a_late_entry_of_the_old_passage_is_never_counted_in_the_new_one() -> None:
    host, guest = two_cities(Stage.DETAILED)
    host.fill("JN-1", 500)
    host.go_back(Stage.BRIEFING)
    late_sheet(guest)  # the guest has not received it
    outcomes = {host.take(signed, direct=False) for signed in guest.log if signed.entry.author == "seat:XA-1"}
    assert outcomes == {Outcome.ALREADY_TAKEN, Outcome.LATE}
    guest.take_from(host)
    assert guest.session.state.sheets[3].cells == {}
    assert host.session.state == guest.session.state
    play([host, guest])
    assert host.session.digest == guest.session.digest
    assert host.session.state == guest.session.state
    assert host.session.stage is Stage.CLOSED


def test_a_key_bound_in_a_superseded_passage_still_signs() -> None:
    room = one_city(Stage.DETAILED)
    room.bind("JN-1", epoch=2)
    room.go_back(Stage.BRIEFING)
    room.acknowledge("JN-1")
    room.undertake("JN-1")
    assert len(room.session.state.bindings(room.session.definition.seats[0])) == 2


def test_the_whole_way_twice_back_is_the_same_at_a_venue_that_hears_it_late() -> None:
    host, guest = two_cities(Stage.REPORT_DRAFT)
    host.go_back(Stage.DETAILED)
    guest.take_from(host)
    play([host, guest], Stage.SIGNING)
    host.go_back(Stage.PRICE)
    guest.take_from(host)
    play([host, guest])
    third = host.neighbour("XA")
    third.take_from(host)
    assert host.session.digest == guest.session.digest == third.session.digest
    assert host.session.state == third.session.state
