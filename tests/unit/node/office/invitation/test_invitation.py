"""The rules of an invitation: one table, its guards, expiry by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from node.office.invitation.invitation import TRANSITIONS, Event, Invitation, State, Terms, draft, parse_terms
from records.errors import ConflictError, InvalidRecordError, NotPermittedError, WrongStageError
from records.ids import CentreCode, ProjectId, instant

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HOST, GUEST, OTHER = CentreCode("JN"), CentreCode("XA"), CentreCode("DL")


def terms(*, seats: int = 2, guest: CentreCode = GUEST, deadline: datetime = NOW + timedelta(hours=4)) -> Terms:
    return Terms(
        id=f"E3701000076012345001-{HOST}-{guest}-1",
        project=ProjectId("E3701000076012345001"),
        title="示例",
        host=HOST,
        guest=guest,
        seats=seats,
        window_start=instant(NOW + timedelta(days=1)),
        window_end=instant(NOW + timedelta(days=1, hours=8)),
        reply_deadline=instant(deadline),
    )


def issued() -> Invitation:
    return draft(terms(), at=NOW, others=()).step(Event.ISSUE, by=HOST, at=NOW)


def test_the_way_from_draft_to_confirmed() -> None:
    done = issued().step(Event.RECEIVE, by=GUEST, at=NOW).step(Event.CONFIRM, by=GUEST, at=NOW)

    assert [state for state, _ in done.history] == [State.DRAFT, State.ISSUED, State.RECEIVED, State.CONFIRMED]


def test_a_refusal_needs_a_known_reason() -> None:
    with pytest.raises(InvalidRecordError) as raised:
        issued().step(Event.REJECT, by=GUEST, at=NOW, reason_code="no time")

    assert raised.value.code == "refusal-reason-unknown"


@pytest.mark.parametrize("by", [HOST, OTHER])
def test_only_the_guest_answers(by: CentreCode) -> None:
    with pytest.raises(NotPermittedError):
        issued().step(Event.CONFIRM, by=by, at=NOW)


def test_an_answer_is_given_once() -> None:
    confirmed = issued().step(Event.CONFIRM, by=GUEST, at=NOW)

    with pytest.raises(WrongStageError):
        confirmed.step(Event.REJECT, by=GUEST, at=NOW, reason_code="other")


def test_unanswered_it_expires_at_its_deadline_and_no_answer_counts_after() -> None:
    late = NOW + timedelta(hours=4, milliseconds=1)

    assert issued().at(late).state is State.EXPIRED
    assert issued().at(NOW + timedelta(hours=4)).state is State.ISSUED
    with pytest.raises(WrongStageError) as raised:
        issued().step(Event.CONFIRM, by=GUEST, at=late)
    assert raised.value.values["state"] == "EXPIRED"


def test_a_confirmed_one_does_not_expire() -> None:
    confirmed = issued().step(Event.CONFIRM, by=GUEST, at=NOW)

    assert confirmed.at(NOW + timedelta(days=9)).state is State.CONFIRMED


def test_one_guest_is_asked_once_at_a_time() -> None:
    with pytest.raises(ConflictError):
        draft(terms(), at=NOW, others=[issued()])

    assert draft(terms(guest=OTHER), at=NOW, others=[issued()]).state is State.DRAFT
    assert draft(terms(), at=NOW, others=[refused()]).state is State.DRAFT


def refused() -> Invitation:
    return issued().step(Event.REJECT, by=GUEST, at=NOW, reason_code="other")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (terms(seats=0), "invitation-seats"),
        (terms(seats=51), "invitation-seats"),
        (terms(guest=HOST), "guest-is-host"),
        (terms(deadline=NOW), "invitation-times"),
        (terms(deadline=NOW + timedelta(days=2)), "invitation-times"),
    ],
)
def test_terms_that_make_no_sense_are_refused(wrong: Terms, code: str) -> None:
    with pytest.raises(InvalidRecordError) as raised:
        draft(wrong, at=NOW, others=())

    assert raised.value.code == code


def test_terms_are_read_back_strictly() -> None:
    value = terms().value()

    assert parse_terms(value) == terms()
    for broken in (value | {"seats": "2"}, value | {"seats": True}, value | {"more": 1}, [value], {}):
        with pytest.raises(InvalidRecordError):
            parse_terms(broken)


def test_every_state_but_draft_is_reached_by_the_table() -> None:
    assert {state for _, state in TRANSITIONS.values()} == set(State) - {State.DRAFT}
