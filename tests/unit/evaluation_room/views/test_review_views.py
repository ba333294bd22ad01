"""The review as shown: nothing of others' marks and votes before the own ones, and no mark in the console."""

import pytest

from evaluation_room.session.session import Session
from evaluation_room.stages import Stage
from evaluation_room.views import review as review_views
from evaluation_room.views.session import cockpit, room_view
from records.actors import Role
from records.canonical import Value
from records.ids import CentreCode, SeatId
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.reviews import (
    FAILED_REASON,
    ONE_CITY,
    fill,
    lock,
    raise_rejection,
    reject,
    vote,
    walked,
    work,
)
from tests.unit.evaluation_room.rooms import one_city

ALL_FAIL = {("B1", "F1"): ONE_CITY}


def seen(session: Session, seat: str) -> dict[str, Value]:
    found = room_view(session, SeatId(seat), {})["review"]
    assert isinstance(found, dict)
    return found


def test_nothing_of_others_marks_is_seen_before_the_own_lock_nor_before_all_locked() -> None:
    host = walked(Stage.PRELIM_FORM)
    for seat in ONE_CITY[:4]:
        fill(host, seat, ALL_FAIL)
        lock(host, seat)
    for seat in ONE_CITY:
        view = seen(host.session, seat)
        assert (view["conclusions"], view["rejections"]) == ([], [])
        assert FAILED_REASON not in str(room_view(host.session, SeatId(seat), {}))
    fill(host, "JN-5", ALL_FAIL)
    assert seen(host.session, "JN-5")["conclusions"] == []
    lock(host, "JN-5")
    assert FAILED_REASON in str(seen(host.session, "JN-5")["conclusions"])


def test_a_motion_is_not_seen_before_the_own_table_is_locked() -> None:
    host = walked(Stage.PRELIM_FORM)
    raise_rejection(host, "JN-1", "B1")
    assert [len(_list(seen(host.session, seat)["rejections"])) for seat in ONE_CITY] == [1, 0, 0, 0, 0]
    fill(host, "JN-2")
    lock(host, "JN-2")
    assert [len(_list(seen(host.session, seat)["rejections"])) for seat in ONE_CITY] == [1, 1, 0, 0, 0]


def test_the_votes_of_others_are_seen_with_the_own_one() -> None:
    host = walked(Stage.PRELIM_DONE)
    name = raise_rejection(host, "JN-1", "B1")
    vote(host, "JN-1", name)
    vote(host, "JN-2", name, upheld=False)
    (mine,) = _list(seen(host.session, "JN-1")["rejections"])
    (other,) = _list(seen(host.session, "JN-3")["rejections"])
    assert isinstance(mine, dict)
    assert isinstance(other, dict)
    assert (mine["upholding"], mine["dismissing"], mine["mine"]) == (1, 1, True)
    assert {"upholding", "dismissing", "mine"} & set(other) == set()


def test_the_console_sees_who_is_missing_and_no_mark_and_no_open_vote() -> None:
    host = walked(Stage.PRELIM_FORM)
    for seat in ONE_CITY[:4]:
        fill(host, seat, ALL_FAIL)
        lock(host, seat)
    view = cockpit(host.session, CentreCode("JN"), {})
    assert FAILED_REASON not in str(view)
    seats = _list(view["seats"])
    assert [(one["entered"], one["total"], one["locked"]) for one in seats if isinstance(one, dict)] == [
        *[(8, 8, True)] * 4, (0, 8, False),
    ]  # fmt: skip
    name = raise_rejection(host, "JN-1", "B2")
    vote(host, "JN-1", name)
    (row,) = _review_rows(host.session)
    assert (row["id"], row["missing"], "upholding" in row) == ("", ["JN-2", "JN-3", "JN-4", "JN-5"], False)


def test_who_moved_a_rejection_is_not_told_in_the_console() -> None:
    host = walked(Stage.PRELIM_DONE)
    reject(host, "B1")
    (row,) = _review_rows(host.session)
    assert (row["state"], row["upholding"], row["id"]) == ("UPHELD", 5, "")


def test_progress_is_of_the_valid_bids_in_the_detailed_review() -> None:
    host = walked(Stage.DETAILED, fails={("B2", "Q1"): ONE_CITY})
    work(host)
    assert review_views.progress(host.session.state, host.session.definition.seats[0])["total"] == 9


def test_a_room_without_a_review_shows_none() -> None:
    host = one_city(Stage.DETAILED)
    assert "review" not in room_view(host.session, SeatId("JN-1"), {})
    assert "review" not in cockpit(host.session, CentreCode("JN"), {})


@pytest.mark.parametrize(
    ("kind", "body", "role"),
    [
        ("clarification-sent", {}, Role.OPERATOR),
        ("clarification-approved", {"by": "lead"}, Role.OPERATOR),
        ("clarification-approved", {"by": "supervisor"}, Role.SUPERVISOR),
        ("correction-recorded", {}, Role.OPERATOR),
    ],
)
def test_the_console_carries_for_whom_it_is(kind: str, body: dict[str, Value], role: Role) -> None:
    assert review_views.carrier(kind, body) is role


@pytest.mark.parametrize("kind", ["stage-entered", "tally-computed", "seat-bound", "rejection-voted", "report-sealed"])
def test_nothing_else_is_said_by_that_way(kind: str) -> None:
    assert refusal(lambda: review_views.carrier(kind, {})) == "not-the-speaker"


def _list(value: Value) -> list[Value]:
    assert isinstance(value, list)
    return value


def _review_rows(session: Session) -> list[dict[str, Value]]:
    review = cockpit(session, CentreCode("JN"), {})["review"]
    assert isinstance(review, dict)
    return [one for one in _list(review["rejections"]) if isinstance(one, dict)]
