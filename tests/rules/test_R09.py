"""R09: a member changes on a lawful ground alone, and what the replaced member said is void (条例46、48条)."""

import pytest

from evaluation_room.committee.replacement import MemberReplaced
from evaluation_room.report.data import report_data
from evaluation_room.stages import Stage
from records.canonical import Value
from records.errors import ConflictError, InvalidRecordError, UnavailableError, WrongStageError
from records.ids import Author, SeatId
from tests.rules.test_R08 import SEATS, recused
from tests.unit.evaluation_room.rooms import Venue, bound, definition, one_city, play, two_cities


def seat_another(room: Venue, seat: str = "JN-5", name: str = "替补专家") -> None:
    found = room.session.definition.seat(seat)
    assert found is not None
    room.bind(seat, epoch=len(room.session.state.bindings(found)) + 1, name=name)


def waiting(room: Venue) -> list[tuple[str, str]]:
    return [(one.who, one.what) for one in room.session.waiting_for()]


def test_another_takes_the_seat_undertakes_and_the_evaluation_goes_on() -> None:
    room = recused()
    assert waiting(room) == [("JN-5", "recused")]
    room.replace_member("JN-5")
    assert waiting(room) == [("JN-5", "seat-not-bound")]
    seat_another(room)
    assert waiting(room) == [("JN-5", "undertaking-missing")]
    room.undertake("JN-5")
    assert waiting(room) == []
    room.enter(Stage.DETAILED)
    play([room], Stage.SIGNING)

    committee = report_data(room.session)["committee"]
    assert isinstance(committee, list)
    assert [one.get("replaced") for one in committee if isinstance(one, dict)] == [None] * 4 + [
        [{"name": "示例专家JN-5", "ground": "recusal", "reason": "申请回避"}],
    ]


def test_what_the_replaced_member_said_counts_for_nothing_and_stays_in_the_chain() -> None:
    room = one_city(Stage.BRIEFING, definition(seats=SEATS))
    room.undertake("JN-5")
    room.replace_member("JN-5", ground="health", reason="突发疾病")

    assert room.session.state.seats[SeatId("JN-5")].undertaking is None
    assert room.session.chain(Author("seat:JN-5")).seq == 1


def test_the_old_key_signs_nothing_more() -> None:
    room = recused()
    room.replace_member("JN-5")

    with pytest.raises(UnavailableError, match="dependency-missing"):
        room.undertake("JN-5")


def test_the_same_person_does_not_come_back_and_nobody_changes_without_a_ground() -> None:
    room = recused()
    with pytest.raises(ConflictError, match="expert-changed"):
        seat_another(room)
    room.replace_member("JN-5")
    with pytest.raises(ConflictError, match="expert-replaced"):
        seat_another(room, name="")


def test_another_person_of_the_same_name_may_take_the_seat() -> None:
    room = recused()
    room.replace_member("JN-5")
    from_seq = room.session.chain(Author("seat:JN-5")).seq + 1
    body = bound("JN-5", epoch=2, from_seq=from_seq) | {"credential": {"id": "another", "public_key": "pQECAyYgASFYIA"}}
    room.write("centre:JN", "seat-bound", body)

    assert waiting(room)[-1] == ("JN-5", "undertaking-missing")


def test_who_takes_the_seat_is_shown_nothing_of_what_was_said_there() -> None:
    room = recused()
    room.replace_member("JN-5")
    seat_another(room)
    room.undertake("JN-5")

    chain, after = room.session.own_chain(SeatId("JN-5"))
    assert (chain.seq, after) == (2, 1)
    assert room.session.own_chain(SeatId("JN-4"))[1] == 0


@pytest.mark.parametrize(
    ("changed", "code"), [({"ground": "dislike"}, "unknown-value"), ({"reason": " "}, "missing-field")]
)
def test_a_ground_that_the_law_does_not_name_is_none(changed: dict[str, Value], code: str) -> None:
    with pytest.raises(InvalidRecordError, match=code):
        MemberReplaced.read({"seat": "JN-5", "from_seq": 2, "ground": "recusal", "reason": "r", **changed})


def test_later_the_session_goes_back_first() -> None:
    room = one_city(Stage.DETAILED, definition(seats=SEATS))
    with pytest.raises(WrongStageError, match="kind-not-in-stage"):
        room.replace_member("JN-5")

    room.go_back(Stage.BRIEFING)
    for seat in SEATS[:4]:
        room.acknowledge(seat)
        room.undertake(seat)
    room.replace_member("JN-5", ground="left-post", reason="擅自离开")
    seat_another(room)
    room.acknowledge("JN-5")
    room.undertake("JN-5")
    assert waiting(room) == []


def test_a_seat_that_nobody_has_taken_has_nobody_to_replace() -> None:
    room = one_city(Stage.CHECK_IN, definition(seats=SEATS))
    with pytest.raises(WrongStageError, match="nobody-to-replace"):
        room.replace_member("JN-5")


def test_a_replacement_after_the_stage_was_closed_takes_nothing_back_and_the_session_goes_back() -> None:
    host, guest = two_cities(Stage.BRIEFING)
    for venue, seats in ((host, ("JN-1", "JN-2", "JN-3")), (guest, ("XA-1", "XA-2"))):
        for seat in seats:
            venue.undertake(seat)
    host.take_from(guest)
    host.enter(Stage.DETAILED)
    guest.replace_member("XA-2", ground="absence", reason="未到席")  # before it has heard of the step
    seat_another(guest, "XA-2")
    guest.undertake("XA-2")
    guest.take_from(host)
    host.take_from(guest)

    assert host.session.digest == guest.session.digest
    assert host.session.state.seats[SeatId("XA-2")].undertaking is not None
    assert ("XA-2", "replaced-late") in waiting(host)

    host.go_back(Stage.BRIEFING)
    guest.take_from(host)
    seat_another(guest, "XA-2")  # the check-in came too late as well
    for venue, seats in ((host, ("JN-1", "JN-2", "JN-3")), (guest, ("XA-1", "XA-2"))):
        for seat in seats:
            venue.acknowledge(seat)
            venue.undertake(seat)
    host.take_from(guest)
    assert waiting(host) == []
    guest.take_from(host)
    assert host.session.digest == guest.session.digest


def test_both_cities_come_to_the_same_whatever_came_first() -> None:
    host, guest = two_cities(Stage.BRIEFING)
    guest.undertake("XA-2")
    guest.replace_member("XA-2", ground="absence", reason="未到席")
    seat_another(guest, "XA-2")
    guest.undertake("XA-2")
    late = host.neighbour("JN")
    late.take_from(host)
    own = [one for one in guest.log if one.entry.author == "seat:XA-2"]
    others = [one for one in guest.log if one.entry.author != "seat:XA-2" and one not in host.log]
    for one in (*own[:1], *others, *own[1:]):
        host.take(one, direct=False)
    for one in (*others, *own):
        late.take(one, direct=False)

    assert host.session.digest == late.session.digest == guest.session.digest
