"""Version n+1 of a session: on a legal ground, after one that is over, under the report that was sealed."""

from functools import partial
from pathlib import Path

import pytest

from evaluation_room.session import reevaluation
from evaluation_room.session.session import Outcome
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Definition
from evaluation_room.tender.reevaluation_ground import Previous, ReevaluationGround
from records import ids
from records.canonical import Value
from records.errors import (
    EvidenceMismatchError,
    InvalidRecordError,
    NotPermittedError,
    TongpingError,
    UnavailableError,
    WrongStageError,
)
from records.ids import SessionId
from records.room_entry import SignedEntry
from tests.unit.evaluation_room.desks import City, played
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import REPORT, SESSION, definition, forged

NEXT = SessionId(f"{SESSION[:-1]}2")


def again(city: City, ground: ReevaluationGround = ReevaluationGround.R26) -> dict[str, Value]:
    return reevaluation.again(city.session, ground, "签署后发现汇总计算错误")


def opening_at(host: City) -> SignedEntry:
    return host.desk.entries_after(NEXT, {}, 1)[0]


@pytest.mark.parametrize("stage", [Stage.SEALED, Stage.CLOSED])
def test_the_next_version_is_opened_in_both_cities_and_the_old_report_stays(tmp_path: Path, stage: Stage) -> None:
    host, guest = played(tmp_path, stage)
    before = host.session.digest
    assert host.desk.prepare(again(host)) == NEXT
    assert host.desk.prepare(again(host)) == NEXT
    guest.take_from(host)
    assert guest.desk.take(opening_at(host), source="centre:JN").outcome is Outcome.TAKEN
    opened = guest.desk.session(NEXT)
    assert opened.definition.previous == Previous(
        session=SESSION, sealed=ids.parse_digest(REPORT), ground=ReevaluationGround.R26, reason="签署后发现汇总计算错误"
    )
    assert (opened.stage, opened.definition.seats) == (Stage.PREPARED, host.session.definition.seats)
    assert host.session.digest == before
    assert [session.id for session in host.desk.sessions()] == [SESSION, NEXT]


def test_a_guest_that_has_not_heard_of_the_seal_takes_it_later(tmp_path: Path) -> None:
    host, guest = played(tmp_path, Stage.SIGNING)
    for city in (host, guest):
        city.work(Stage.SIGNING)
    host.take_from(guest)
    host.desk.author(SESSION, "report-sealed", {"report_digest": REPORT, "sealed_digest": REPORT})
    host.desk.enter_stage(SESSION, Stage.SEALED)
    host.desk.prepare(again(host))
    opening = opening_at(host)
    assert refusal(lambda: guest.desk.take(opening, source="centre:JN"), UnavailableError) == "dependency-missing"
    guest.take_from(host)
    assert guest.desk.take(opening, source="centre:JN").outcome is Outcome.TAKEN


def test_nothing_is_evaluated_again_before_it_is_over(tmp_path: Path) -> None:
    host, _guest = played(tmp_path, Stage.DETAILED)
    for ground in ReevaluationGround:
        assert refusal(partial(again, host, ground), WrongStageError) == "previous-not-over"


WRONG: list[tuple[str, dict[str, Value | None], type[TongpingError], str]] = [
    ("another report", {"sealed_digest": ids.digest(b"other")}, EvidenceMismatchError, "previous-report"),
    ("no report", {"sealed_digest": None}, InvalidRecordError, "missing-field"),
    ("no ground in law", {"ground": "R01"}, InvalidRecordError, "unknown-value"),
    ("a new committee of one that was not formed anew", {"ground": "REFORMED"}, InvalidRecordError, "unknown-field"),
]


@pytest.mark.parametrize(("changed", "family", "code"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_a_version_that_does_not_follow_is_refused(
    tmp_path: Path, changed: dict[str, Value | None], family: type[TongpingError], code: str
) -> None:
    host, _guest = played(tmp_path, Stage.CLOSED)
    opening = again(host)
    previous = opening["previous"]
    assert isinstance(previous, dict)
    opening["previous"] = {name: value for name, value in {**previous, **changed}.items() if value is not None}
    assert refusal(lambda: host.desk.prepare(opening), family) == code
    assert [session.id for session in host.desk.sessions()] == [SESSION]


def test_the_original_committee_evaluates_again_unless_it_was_unlawful(tmp_path: Path) -> None:
    host, _guest = played(tmp_path, Stage.CLOSED)
    others: list[Value] = [{"id": f"JN-{number}", "centre": "JN"} for number in range(1, 6)]
    opening = {**again(host), "seats": others}
    assert refusal(lambda: host.desk.prepare(opening), NotPermittedError) == "committee-differs"
    assert host.desk.prepare({**again(host, ReevaluationGround.R10), "seats": others}) == NEXT


def test_after_a_reform_a_new_committee_begins_the_next_version_without_a_report(tmp_path: Path) -> None:
    host, _guest = played(tmp_path, Stage.CHECK_IN)
    host.desk.enter_stage(SESSION, Stage.REFORMED, {"reason": "专家缺席"})
    others: list[Value] = [{"id": f"JN-{number}", "centre": "JN"} for number in range(1, 6)]
    assert host.desk.prepare({**again(host, ReevaluationGround.REFORMED), "seats": others}) == NEXT


def test_a_session_of_another_version_than_the_next_is_refused(tmp_path: Path) -> None:
    host, guest = played(tmp_path, Stage.CLOSED)
    host.desk.prepare(again(host))
    wrong = forged(opening_at(host), session=SessionId(f"{SESSION[:-1]}3"))
    assert refusal(lambda: guest.desk.take(wrong, source="centre:JN"), InvalidRecordError) == "session-version"


def test_without_a_previous_one_it_is_the_first_version() -> None:
    assert reevaluation.session_of(Definition.read(definition())) == SESSION
