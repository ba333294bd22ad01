"""The entries a seat may write: scores, the lock, undertaking, consent and signature."""

import pytest

from evaluation_room.session.acts import ReportConsented, SeatBound
from evaluation_room.session.session import Checks
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Seat
from records import ids
from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    WrongStageError,
)
from records.ids import Author, SeatId, SessionId
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import (
    Body,
    consented,
    forged,
    one_city,
    sheet_digest,
    signed_by,
)

SEAT = Author("seat:JN-1")


def test_a_locked_sheet_is_never_replaced() -> None:
    room = one_city(Stage.DETAILED)
    room.fill("JN-1", 500)
    room.lock("JN-1")
    assert refusal(lambda: room.score("JN-1", "B1", "T1", 700), ConflictError) == "already-locked"
    assert refusal(lambda: room.lock("JN-1"), ConflictError) == "already-locked"
    assert room.session.state.seats[SeatId("JN-1")].sheet.cells["B1", "T1"].points == 500


def test_a_sheet_with_an_empty_cell_is_not_locked() -> None:
    room = one_city(Stage.DETAILED)
    room.score("JN-1", "B1", "T1", 500)
    assert refusal(lambda: room.lock("JN-1"), WrongStageError) == "unscored-cells"


def test_a_lock_names_the_sheet_the_expert_saw() -> None:
    room = one_city(Stage.DETAILED)
    room.fill("JN-1", 500)
    digest = sheet_digest([{"bidder": "B1", "item": "T1", "points": 500}])
    refused = refusal(lambda: room.write(SEAT, "sheet-locked", {"sheet_digest": digest}), EvidenceMismatchError)
    assert refused == "sheet-digest"


def test_a_cell_may_be_written_again_before_the_lock() -> None:
    room = one_city(Stage.DETAILED)
    room.score("JN-1", "B1", "T1", 500)
    room.score("JN-1", "B1", "T1", 600, reason="重新核对后调整")
    cell = room.session.state.seats[SeatId("JN-1")].sheet.cells["B1", "T1"]
    assert cell.value == {"bidder": "B1", "item": "T1", "points": 600, "reason": "重新核对后调整"}


def test_a_member_undertakes_once() -> None:
    room = one_city(Stage.BRIEFING)
    room.undertake("JN-1")
    assert refusal(lambda: room.undertake("JN-1"), ConflictError) == "already-undertaken"


def test_a_seat_entry_of_another_stage_is_refused_to_its_author() -> None:
    room = one_city(Stage.PRICE)
    chain = room.session.chain(SEAT)
    late = forged(room.log[-1], author=SEAT, seq=chain.seq + 1, previous=chain.head, stage="DETAILED",
                  kind="score-entered", body={"bidder": "B1", "item": "T1", "points": 0})  # fmt: skip
    assert refusal(lambda: room.take(late, direct=True), WrongStageError) == "wrong-stage"


def test_consent_is_to_the_report_everybody_confirmed() -> None:
    room = one_city(Stage.SIGNING)
    other = consented(report=ids.digest(b"another report"))
    assert refusal(lambda: room.write(SEAT, "report-consented", other), EvidenceMismatchError) == "report-digest"


def test_consent_is_checked_with_the_credential_of_the_binding() -> None:
    seen: list[tuple[str, str]] = []

    def check(_session: SessionId, seat: Seat, consent: ReportConsented, binding: SeatBound) -> None:
        seen.append((seat.id, binding.credential_id))
        raise EvidenceMismatchError("assertion-challenge")

    room = one_city(Stage.SIGNING)
    room.checks = Checks(consent=check)
    assert refusal(lambda: room.sign("JN-2")) == "assertion-challenge"
    assert seen == [("JN-2", "credential-JN-2")]


def test_a_member_consents_once() -> None:
    room = one_city(Stage.SIGNING)
    room.sign("JN-1")
    assert refusal(lambda: room.write(SEAT, "report-consented", consented()), ConflictError) == "already-consented"


def test_nobody_signs_for_a_member_who_has_not_consented() -> None:
    room = one_city(Stage.SIGNING)
    said = lambda: room.write("centre:JN", "report-signed", signed_by("JN-1"))  # noqa: E731  # one act, asked twice
    assert refusal(said, WrongStageError) == "consent-missing"
    room.sign("JN-1", "refuse")
    assert refusal(said, WrongStageError) == "consent-missing"


def test_a_member_signs_once() -> None:
    room = one_city(Stage.SIGNING)
    room.sign("JN-1")
    assert refusal(lambda: room.write("centre:JN", "report-signed", signed_by("JN-1"))) == "already-signed"


def test_a_report_is_not_sealed_before_everybody_signed() -> None:
    room = one_city(Stage.SIGNING)
    room.sign("JN-1")
    assert refusal(room.seal, WrongStageError) == "stage-not-ready"


def test_dissent_and_refusal_do_not_stop_the_report() -> None:
    room = one_city(Stage.SIGNING)
    room.sign("JN-1", "dissent", "对B2的业绩认定有不同意见")
    room.sign("JN-2", "refuse")
    for seat in ("JN-3", "JN-4", "JN-5"):
        room.sign(seat)
    room.seal()
    room.enter(Stage.SEALED)
    assert room.session.stage is Stage.SEALED


@pytest.mark.parametrize(
    ("kind", "stage", "body", "code"),
    [
        ("score-entered", Stage.DETAILED, {"bidder": "B1", "item": "T1", "points": 2550}, "score-out-of-range"),
        ("score-entered", Stage.DETAILED, {"bidder": "B1", "item": "T1", "points": -50}, "score-out-of-range"),
        ("score-entered", Stage.DETAILED, {"bidder": "B1", "item": "T1", "points": 125}, "score-off-step"),
        ("score-entered", Stage.DETAILED, {"bidder": "B1", "item": "T1", "points": "100"}, "wrong-type"),
        ("score-entered", Stage.DETAILED, {"bidder": "B1", "item": "T1", "points": True}, "wrong-type"),
        ("score-entered", Stage.DETAILED, {"bidder": "B9", "item": "T1", "points": 100}, "unknown-cell"),
        ("score-entered", Stage.DETAILED, {"bidder": "B1", "item": "T9", "points": 100}, "unknown-cell"),
        ("score-entered", Stage.DETAILED, {"bidder": "B1", "item": "T1"}, "missing-field"),
        ("score-entered", Stage.DETAILED, {"bidder": "B1", "item": "T1", "points": 1, "x": 1}, "unknown-field"),
        (
            "score-entered",
            Stage.DETAILED,
            {"bidder": "B1", "item": "T1", "points": 0, "abstained": True},
            "scored-and-abstained",
        ),
        (
            "score-entered",
            Stage.DETAILED,
            {"bidder": "B1", "item": "T1", "abstained": True},
            "abstention-without-reason",
        ),
        (
            "score-entered",
            Stage.DETAILED,
            {"bidder": "B1", "item": "T1", "abstained": False, "reason": "无"},
            "abstention-without-reason",
        ),
        (
            "score-entered",
            Stage.DETAILED,
            {"bidder": "B1", "item": "T1", "points": 0, "reason": "长" * 4001},
            "field-too-long",
        ),
        ("sheet-locked", Stage.DETAILED, {"sheet_digest": "9F4C"}, "bad-digest"),
        ("undertaking-signed", Stage.BRIEFING, {"recusal": True}, "missing-field"),
        ("undertaking-signed", Stage.BRIEFING, {"recusal": False}, "missing-field"),
        ("report-consented", Stage.SIGNING, consented("perhaps"), "unknown-decision"),
        ("report-consented", Stage.SIGNING, consented("dissent"), "dissent-without-reason"),
    ],
)
def test_a_malformed_act_is_refused_with_its_own_code(kind: str, stage: Stage, body: Body, code: str) -> None:
    room = one_city(stage)
    before = room.session
    assert refusal(lambda: room.write(SEAT, kind, body), InvalidRecordError) == code
    assert room.session is before


def test_an_error_never_repeats_a_score() -> None:
    room = one_city(Stage.DETAILED)
    with pytest.raises(InvalidRecordError) as refused:
        room.score("JN-1", "B1", "T1", 7777)
    assert "7777" not in f"{refused.value} {refused.value.values}"
