"""The fold over signed entries: opening, chains, keys; what waits, what is refused and what is an alarm."""

from dataclasses import replace

import pytest

from evaluation_room.session.acts import SeatBound
from evaluation_room.session.session import Checks, Outcome, Session
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Definition
from records import ids
from records.errors import (
    EvidenceMismatchError,
    InvalidRecordError,
    NotPermittedError,
    UnavailableError,
    WrongStageError,
)
from records.ids import Author, SeatId, SessionId
from records.room_entry import sign
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import (
    REPORT,
    Body,
    Venue,
    bound,
    definition,
    forged,
    key,
    one_city,
    opening,
    signed_by,
    two_cities,
)

SEAT = Author("seat:JN-1")


# --- opening --------------------------------------------------------------------------------------------------------


def test_a_session_begins_with_its_opening_and_with_nothing_else() -> None:
    room = one_city(Stage.DETAILED)
    later = room.log[-1]
    assert refusal(lambda: Session.open(later, checks=Checks()), UnavailableError) == "dependency-missing"


def test_only_the_host_named_in_the_definition_opens_it() -> None:
    entry = replace(opening().entry, author=Author("centre:XA"))
    stranger = sign(entry, key("centre:XA"))
    assert refusal(lambda: Session.open(stranger, checks=Checks()), NotPermittedError) == "not-the-speaker"


def test_an_opening_signed_by_another_key_is_refused() -> None:
    stranger = sign(opening().entry, key("centre:XA"))
    assert refusal(lambda: Session.open(stranger, checks=Checks()), EvidenceMismatchError) == "bad-signature"


def test_an_opening_of_another_project_is_refused() -> None:
    entry = replace(opening().entry, session=SessionId("E3701000076012346001-1"))
    other = sign(entry, key("centre:JN"))
    assert refusal(lambda: Session.open(other, checks=Checks())) == "project-of-another-session"


def test_an_opening_in_another_stage_is_refused() -> None:
    other = forged(opening(), stage="DETAILED")
    assert refusal(lambda: Session.open(other, checks=Checks()), WrongStageError) == "wrong-stage"


def test_the_centre_decides_whether_it_knows_the_definition() -> None:
    def unknown(_definition: Definition) -> None:
        raise NotPermittedError("centre-unknown")

    assert refusal(lambda: Session.open(opening(), checks=Checks(definition=unknown))) == "centre-unknown"


def test_a_session_is_opened_only_once() -> None:
    room = Venue.opened()
    assert refusal(lambda: room.write("centre:JN", "session-opened", {"definition": definition()})) == (
        "session-already-open"
    )


# --- chains ---------------------------------------------------------------------------------------------------------


def test_the_same_entry_again_changes_nothing_and_raises_nothing() -> None:
    room = one_city(Stage.DETAILED)
    before = room.session
    assert [room.take(signed, direct=True) for signed in room.log] == [Outcome.ALREADY_TAKEN] * len(room.log)
    assert room.session is before


def test_another_entry_in_a_place_already_filled_is_a_fork_and_never_written_over() -> None:
    room = one_city(Stage.DETAILED)
    kept = room.score("JN-1", "B1", "T1", 500)
    other = forged(kept, body={"bidder": "B1", "item": "T1", "points": 550})
    for direct in (True, False):
        assert refusal(lambda direct=direct: room.take(other, direct=direct), EvidenceMismatchError) == "chain-fork"  # type: ignore[misc]  # mypy cannot type a lambda's default
    assert room.session.chain(SEAT).last == kept.entry


def test_an_entry_on_another_predecessor_is_a_fork() -> None:
    room = one_city(Stage.DETAILED)
    room.score("JN-1", "B1", "T1", 500)
    astray = forged(room.entry(SEAT, "score-entered", {}), previous=ids.digest(b"elsewhere"))
    assert refusal(lambda: room.take(astray, direct=True), EvidenceMismatchError) == "chain-fork"


def test_what_somebody_else_signed_is_no_fork_but_a_bad_signature() -> None:
    room = one_city(Stage.DETAILED)
    kept = room.score("JN-1", "B1", "T1", 500)
    entry = replace(kept.entry, body={"bidder": "B1", "item": "T1", "points": 0})
    accusing = sign(entry, key("seat:JN-2"))
    assert refusal(lambda: room.take(accusing, direct=True), EvidenceMismatchError) == "bad-signature"


def test_an_entry_behind_a_gap_waits_and_is_taken_later() -> None:
    room = one_city(Stage.DETAILED)
    ahead = Venue(code="JN", session=room.session, clock=room.clock)
    first, second = ahead.score("JN-1", "B1", "T1", 500), ahead.score("JN-1", "B1", "T2", 500)
    assert refusal(lambda: room.take(second, direct=True), UnavailableError) == "dependency-missing"
    assert room.take(first, direct=True) is Outcome.TAKEN
    assert room.take(second, direct=True) is Outcome.TAKEN


def test_an_entry_of_another_session_is_refused() -> None:
    room = one_city(Stage.DETAILED)
    other = forged(room.entry(SEAT, "score-entered", {}), session=SessionId("E3701000076012345001-2"))
    assert refusal(lambda: room.take(other, direct=True), InvalidRecordError) == "wrong-session"


def test_nobody_from_outside_speaks_in_the_room() -> None:
    room = one_city(Stage.DETAILED)
    for author in ("seat:JN-9", "centre:DL", "seat:XA-1"):
        stranger = room.entry(author, "score-entered", {"bidder": "B1", "item": "T1", "points": 0})
        assert refusal(lambda one=stranger: room.take(one, direct=True), NotPermittedError) == "unknown-author"  # type: ignore[misc]  # as above


def test_a_kind_nobody_knows_is_refused() -> None:
    room = one_city(Stage.DETAILED)
    assert refusal(lambda: room.write(SEAT, "score-erased", {}), InvalidRecordError) == "unknown-kind"


@pytest.mark.parametrize(
    ("author", "kind", "stage", "body"),
    [
        ("centre:JN", "score-entered", Stage.DETAILED, {"bidder": "B1", "item": "T1", "points": 0}),
        ("seat:JN-1", "tally-computed", Stage.PRICE, {"digest": REPORT}),
        ("seat:JN-1", "report-signed", Stage.SIGNING, signed_by("JN-1")),
        ("centre:JN", "report-confirmed", Stage.REPORT_DRAFT, {"report_digest": REPORT}),
        ("seat:JN-1", "seat-bound", Stage.DETAILED, bound("JN-1", epoch=2, from_seq=50)),
    ],
)
def test_nobody_says_what_is_for_others_to_say(author: str, kind: str, stage: Stage, body: Body) -> None:
    room = one_city(stage)
    assert refusal(lambda: room.write(author, kind, body), NotPermittedError) == "not-the-speaker"


def test_a_guest_says_nothing_for_the_host_nor_for_its_seats() -> None:
    host, guest = two_cities(Stage.DETAILED)
    step = host.entry("centre:XA", "stage-entered", {"from": "DETAILED", "to": "PRICE", "frontier": {"centre:XA": 2}})
    binding = guest.entry("centre:XA", "seat-bound", bound("JN-1", epoch=2, from_seq=9))
    assert refusal(lambda: host.take(step, direct=False), NotPermittedError) == "not-the-speaker"
    assert refusal(lambda: host.take(binding, direct=False), NotPermittedError) == "not-the-speaker"


# --- keys -----------------------------------------------------------------------------------------------------------


def test_a_seat_speaks_with_the_key_it_is_bound_to_and_no_other() -> None:
    room = one_city(Stage.DETAILED)
    room.epochs["seat:JN-1"] = 7
    assert refusal(lambda: room.score("JN-1", "B1", "T1", 500), EvidenceMismatchError) == "bad-signature"


def test_a_seat_without_a_key_waits_for_its_binding() -> None:
    room = one_city(Stage.CHECK_IN)
    said = room.entry(SEAT, "undertaking-signed", {"recusal": True, "reason": "亲属"})
    assert refusal(lambda: room.take(said, direct=True), UnavailableError) == "dependency-missing"


def test_after_a_second_check_in_the_new_key_takes_over_and_the_chain_goes_on() -> None:
    room = one_city(Stage.DETAILED)
    room.score("JN-1", "B1", "T1", 500)
    room.bind("JN-1", epoch=2)
    room.score("JN-1", "B1", "T2", 500)
    sheet = room.session.state.seats[SeatId("JN-1")].sheet
    assert [sheet.cells["B1", item].points for item in ("T1", "T2")] == [500, 500]


def test_the_old_key_is_dead_after_a_second_check_in() -> None:
    room = one_city(Stage.DETAILED)
    room.bind("JN-1", epoch=2)
    room.epochs["seat:JN-1"] = 1
    assert refusal(lambda: room.score("JN-1", "B1", "T1", 500), EvidenceMismatchError) == "bad-signature"


@pytest.mark.parametrize(
    ("binding", "code"),
    [
        (bound("JN-1", epoch=1, from_seq=20), "epoch-out-of-order"),
        (bound("JN-1", epoch=3, from_seq=20), "epoch-out-of-order"),
        (bound("JN-1", epoch=2, from_seq=1), "binding-behind-chain"),
        (bound("JN-1", epoch=2, from_seq=20, name="另一位专家"), "expert-changed"),
        (bound("JN-9", epoch=1), "unknown-seat"),
    ],
)
def test_a_binding_out_of_order_is_refused(binding: Body, code: str) -> None:
    room = one_city(Stage.DETAILED)
    assert refusal(lambda: room.write("centre:JN", "seat-bound", binding)) == code


def test_a_binding_the_authenticator_did_not_confirm_is_refused() -> None:
    def unconfirmed(_session: SessionId, _binding: SeatBound) -> None:
        raise EvidenceMismatchError("assertion-challenge")

    room = one_city(Stage.CHECK_IN)
    room.checks = Checks(binding=unconfirmed)
    assert refusal(lambda: room.bind("JN-1")) == "assertion-challenge"
