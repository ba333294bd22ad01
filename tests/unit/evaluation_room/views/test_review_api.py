"""The host centre's relayed entries from its console: for operator or supervisor, stored at every venue, host only."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from evaluation_room import api
from evaluation_room.stages import Stage
from node.http import problems
from records.canonical import Value
from records.ids import CentreCode
from tests.unit.evaluation_room.desks import City, prepared
from tests.unit.evaluation_room.reviews import review, reviewed
from tests.unit.evaluation_room.rooms import SESSION
from tests.unit.evaluation_room.test_api import actor, begin, finish, place, places, signal

QUESTION: dict[str, Value] = {
    "number": 1,
    "bidder": "B1",
    "issue": "unclear",
    "place": "第2页",
    "question": "工期自何日起算？",
}
NAME = "JN-1.Q1"
WORDS = {"bidder": "B1", "words": "捌佰捌拾万元整"}
LATE = "2026-11-23T23:00:00.000Z"


class Desk:
    """Jinan's console in the reading of a supervised review, and Xi'an's."""

    def __init__(self, directory: Path) -> None:
        self.host, self.guest = prepared(directory, reviewed(review=review(supervised=True)))
        for target in (Stage.CHECK_IN, Stage.BRIEFING, Stage.READING):
            stage = self.host.session.stage
            for city in (self.host, self.guest):
                city.work(stage)
            self.host.take_from(self.guest)
            self.host.desk.enter_stage(SESSION, target)
            self.guest.take_from(self.host)
        self.host.write("JN-1", "clarification-drafted", QUESTION)

    def post(self, kind: str, body: Mapping[str, object], person: str = "op-1", at: City | None = None) -> api.Json:
        city = at or self.host
        office = api.Office(
            places=places, place=place, document=lambda _session, digest: Path(digest), begin_check_in=begin,
            finish_check_in=finish, signal=signal, links=lambda _session: {},
        )  # fmt: skip
        app = FastAPI()
        problems.install(app)
        app.include_router(api.routes(city.desk, office, actor, CentreCode(city.code)), prefix="/api/v1")
        with TestClient(app) as client:
            said = {"kind": kind, "body": body}
            found: api.Json = client.post(
                f"/api/v1/sessions/{SESSION}/review", json=said, headers={"person": person}
            ).json()
        return found


@pytest.fixture(name="desk")
def reading_desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_question_and_answer_pass_by_supervisor_and_operator_and_reach_the_guest(desk: Desk) -> None:
    approval = {"clarification": NAME, "of": "question", "approved": True, "by": "supervisor"}
    sending = {"clarification": NAME, "reply_by": LATE}
    assert desk.post("clarification-sent", sending)["code"] == "question-not-approved"
    assert desk.post("clarification-approved", approval)["code"] == "supervisor-orders"
    desk.post("clarification-approved", approval, "sv-1")
    assert desk.post("clarification-sent", sending, "sv-1")["code"] == "operator-conducts"
    desk.post("clarification-sent", sending)
    desk.post("clarification-delivered", {"clarification": NAME})
    view = desk.post("clarification-answered", {"clarification": NAME, "text": "自开工令次日起算。"})
    (row,) = view["review"]["clarifications"]
    assert (row["state"], row["number"], row["answer"]) == ("ANSWERED", 1, "自开工令次日起算。")
    desk.guest.take_from(desk.host)
    assert desk.guest.session.digest == desk.host.session.digest


def test_a_correction_is_computed_and_answered(desk: Desk) -> None:
    view = desk.post("correction-recorded", WORDS)
    (row,) = view["review"]["corrections"]
    assert (row["price_fen"], row["corrected_fen"]) == (870000000, 880000000)
    view = desk.post("correction-answered", {"bidder": "B1", "confirmed": True, "text": "确认"})
    assert view["review"]["corrections"][0]["confirmed"] is True


def test_a_step_repeated_is_said_once(desk: Desk) -> None:
    desk.post("correction-recorded", WORDS)
    before = desk.host.desk.frontier(SESSION)
    desk.post("correction-recorded", WORDS)
    assert desk.host.desk.frontier(SESSION) == before


def test_only_the_host_carries(desk: Desk) -> None:
    refused = desk.post("correction-recorded", WORDS, at=desk.guest)
    assert refused["code"] == "not-the-speaker"


def test_nothing_else_is_said_by_this_way(desk: Desk) -> None:
    assert desk.post("stage-entered", {"to": "DETAILED"})["code"] == "not-the-speaker"
    assert desk.post("correction-recorded", {"bidder": "B1", "words": 7})["code"] == "wrong-type"
