"""R15: when more than a third of the members lack time, the tenderer extends it (条例48条)."""

import pytest

from evaluation_room.committee.extension import Time
from evaluation_room.report.data import report_data
from evaluation_room.stages import Stage
from records.canonical import Value
from records.errors import ConflictError, EvidenceMismatchError, InvalidRecordError, WrongStageError
from signing.reading import read
from signing.report import report_view
from tests.unit.evaluation_room.rooms import Venue, definition, one_city, play, two_cities

SEATS = [f"JN-{number}" for number in range(1, 6)]
LATER = "2027-01-01T02:00:00.000Z"


def scoring() -> Venue:
    return one_city(Stage.DETAILED, definition(seats=SEATS))


def ask(room: Venue, seat: str, after: int = 0) -> None:
    room.write(f"seat:{seat}", "time-short", {"after": after, "reason": "图纸较多"})


def extend(room: Venue, until: str = LATER) -> None:
    room.write("centre:JN", "time-extended", {"until": until, "reason": "招标人同意延长"})


@pytest.mark.parametrize(
    ("asked", "members", "due"), [(1, 5, False), (2, 5, True), (2, 6, False), (3, 9, False), (3, 7, True), (4, 9, True)]
)
def test_more_than_a_third_is_more_than_a_third(asked: int, members: int, *, due: bool) -> None:
    assert Time(asked=asked, members=members, extensions=()).due is due


def test_it_is_extended_when_enough_members_asked_and_not_before() -> None:
    room = scoring()
    ask(room, "JN-1")
    with pytest.raises(WrongStageError, match="extension-not-asked"):
        extend(room)
    ask(room, "JN-2")
    assert room.session.state.time.due

    extend(room)

    time = room.session.state.time
    assert (time.asked, time.due, [one.act.until for one in time.extensions]) == (0, False, [LATER])


def test_everybody_asks_once_for_each_extension() -> None:
    room = scoring()
    ask(room, "JN-1")
    with pytest.raises(ConflictError, match="already-asked"):
        ask(room, "JN-1")
    with pytest.raises(EvidenceMismatchError, match="extension-number"):
        ask(room, "JN-2", after=1)
    ask(room, "JN-2")
    extend(room)
    ask(room, "JN-1", after=1)
    assert room.session.state.time.asked == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"until": "2020-01-01T00:00:00.000Z", "reason": "理由"}, "extension-passed"),
        ({"until": "tomorrow", "reason": "理由"}, "bad-instant"),
        ({"until": LATER, "reason": " "}, "missing-field"),
    ],
)
def test_a_wrong_extension_is_refused(body: dict[str, Value], code: str) -> None:
    room = scoring()
    for seat in ("JN-1", "JN-2"):
        ask(room, seat)
    with pytest.raises(InvalidRecordError, match=code):
        room.write("centre:JN", "time-extended", body)


def test_the_report_says_until_when_there_was_time() -> None:
    room = scoring()
    for seat in ("JN-1", "JN-2"):
        ask(room, seat)
    extend(room)
    play([room], Stage.SIGNING)
    data = report_data(room.session)

    assert data["extensions"] == [
        {"until": LATER, "reason": "招标人同意延长", "at": room.session.state.time.extensions[0].at}
    ]
    assert "评标时间延长至" in str(report_view.sections(read(data))[0]["blocks"])


def test_both_cities_count_the_same_in_whatever_order_they_hear_it() -> None:
    host, guest = two_cities(Stage.DETAILED)
    for venue, seat in ((host, "JN-1"), (guest, "XA-1")):
        ask(venue, seat)
    host.take_from(guest)
    extend(host)
    guest.take_from(host)

    assert host.session.digest == guest.session.digest
    assert host.session.state.time == guest.session.state.time
