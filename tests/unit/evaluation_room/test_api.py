"""The room's routes: an expert reaches the own seat and no other; the console sees and moves the session."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request

from evaluation_room import api
from evaluation_room.replication.channel import Signal
from evaluation_room.replication.messages import LinkStatus
from evaluation_room.session.steps import fault_deadline
from evaluation_room.stages import Stage
from node.http import problems
from records import ids
from records.actors import Actor, Role
from records.canonical import Value
from records.errors import NotFoundError, NotPermittedError
from records.ids import CentreCode, Digest, PersonId, SeatId, SessionId
from tests.unit.evaluation_room.desks import City, played
from tests.unit.evaluation_room.rooms import SESSION, bound

SINCE = "2026-11-23T06:00:00.000Z"
SEATS = {"jn-e1": SeatId("JN-1"), "jn-e2": SeatId("JN-2")}
BID = ids.digest(b"1")


def actor(request: Request) -> Actor:
    person = request.headers.get("person", "")
    if not person:
        raise NotPermittedError("not-signed-in")
    role = Role.EXPERT if person in SEATS else Role.SUPERVISOR if person == "sv-1" else Role.OPERATOR
    return Actor(person=PersonId(person), role=role, centre=CentreCode("JN"))


def places(by: Actor) -> list[tuple[SessionId, api.Place]]:
    return [(SESSION, api.Place(seat=SEATS[by.person], checked_in=True))] if by.person in SEATS else []


def place(by: Actor, session: SessionId) -> api.Place:
    found = dict(places(by)).get(session)
    if found is None:
        raise NotFoundError("session-unknown", session=session)
    return found


def begin(_by: Actor, session: SessionId, seat: SeatId, public_key: str) -> api.Json:
    return {"ceremony": "c1", "nonce": "n1", "publicKey": {"challenge": f"{session} {seat} {public_key}"}}


def finish(_by: Actor, _session: SessionId, seat: SeatId, answer: api.CheckInAnswer) -> Mapping[str, Value]:
    if answer.ceremony not in {"c1", "c2"}:
        raise NotPermittedError("ceremony-unknown")
    body = bound(seat) | {"nonce": f"nonce-{answer.ceremony}"}
    return {name: body[name] for name in ("public_key", "expert", "credential", "nonce", "assertion")}


async def signal(_session: SessionId, seat: SeatId, offer: Signal) -> Signal:
    return Signal(type="answer", sdp=f"{seat} {offer.sdp}")


class House:
    """Jinan's desk behind its routes."""

    def __init__(self, directory: Path, stage: Stage) -> None:
        self.city, self.guest = played(directory, stage)
        self.directory = directory
        office = api.Office(
            places=places,
            place=place,
            document=self.document,
            begin_check_in=begin,
            finish_check_in=finish,
            signal=signal,
            links=lambda _session: {"XA": LinkStatus(state="connected", since=SINCE)},
        )
        app = FastAPI()
        problems.install(app)
        app.include_router(api.routes(self.city.desk, office, actor, CentreCode("JN")), prefix="/api/v1")
        self.client = TestClient(app)

    def document(self, _session: SessionId, digest: Digest) -> Path:
        path = self.directory / f"{digest[7:]}.pdf"
        path.write_bytes(b"%PDF-1.7 sample")
        return path

    def get(self, path: str, person: str = "jn-e1") -> Any:  # Any: JSON, compared as it is
        return self.client.get(f"/api/v1{path}", headers={"person": person}).json()

    def post(self, path: str, body: object, person: str = "jn-e1") -> Any:  # Any: as above
        return self.client.post(f"/api/v1{path}", json=body, headers={"person": person}).json()


@pytest.fixture
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    opened = House(tmp_path, request.param)
    yield opened
    opened.client.close()


def at(stage: Stage) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("house", [stage], indirect=True)


def score(city: City) -> None:
    city.score("JN-1", "B1", "T1", 1850)


@at(Stage.DETAILED)
def test_an_expert_lists_the_rooms_with_a_seat_of_the_own(house: House) -> None:
    assert [(room["session"], room["seat"], room["stage"]) for room in house.get("/room")] == [
        (SESSION, "JN-1", "DETAILED"),
    ]
    assert house.get("/room", "op-1") == []


@at(Stage.DETAILED)
def test_an_expert_sees_the_own_seat_and_the_own_chain(house: House) -> None:
    score(house.city)
    assert house.get(f"/room/{SESSION}")["me"]["seat"] == "JN-1"
    chain = house.get(f"/room/{SESSION}/chain")
    assert (chain["seq"], len(chain["entries"])) == (2, 2)
    assert chain["entries"][1]["entry"]["body"]["points"] == 1850
    assert chain["head"] == house.city.desk.heads(SESSION)[house.city.session.definition.seats[0].author]
    other = house.get(f"/room/{SESSION}/chain", "jn-e2")
    assert {one["entry"]["author"] for one in other["entries"]} == {"seat:JN-2"}


@at(Stage.DETAILED)
def test_who_has_no_seat_in_the_session_finds_no_room(house: House) -> None:
    for path in ("", "/chain", f"/documents/{BID[7:]}"):
        assert house.get(f"/room/{SESSION}{path}", "op-1")["code"] == "session-unknown"
    assert house.post(f"/room/{SESSION}/signal", {"type": "offer", "sdp": "x"}, "op-1")["code"] == "session-unknown"


@at(Stage.DETAILED)
def test_nobody_comes_in_without_signing_in(house: House) -> None:
    for path in ("/sessions", f"/sessions/{SESSION}", "/room", f"/room/{SESSION}"):
        assert house.get(path, "")["code"] == "not-signed-in"


@at(Stage.BRIEFING)
def test_a_bid_opens_after_the_undertaking(house: House) -> None:
    path = f"/room/{SESSION}/documents/{BID[7:]}"
    assert house.get(path)["code"] == "undertaking-missing"
    house.city.work(Stage.BRIEFING)
    answer = house.client.get(f"/api/v1{path}", headers={"person": "jn-e1"})
    assert (answer.content, answer.headers["content-type"]) == (b"%PDF-1.7 sample", "application/pdf")
    assert answer.headers["cache-control"] == "private, no-store"


@at(Stage.DETAILED)
def test_a_document_of_another_evaluation_is_not_handed_out(house: House) -> None:
    assert house.get(f"/room/{SESSION}/documents/{'7' * 64}")["code"] == "document-unknown"
    assert house.get(f"/room/{SESSION}/documents/..%2Fkeys")["code"] in {"bad-digest", "not-found"}


@at(Stage.CHECK_IN)
def test_checking_in_binds_the_seat(house: House) -> None:
    begun = house.post(f"/room/{SESSION}/check-in/options", {"public_key": "point"})
    assert begun == {"ceremony": "c1", "nonce": "n1", "publicKey": {"challenge": f"{SESSION} JN-1 point"}}
    assert house.post(f"/room/{SESSION}/check-in", {"ceremony": "c1", "credential": {}}) == {"epoch": 1}
    assert house.post(f"/room/{SESSION}/check-in", {"ceremony": "c1", "credential": {}}) == {"epoch": 1}
    assert house.post(f"/room/{SESSION}/check-in", {"ceremony": "c2", "credential": {}}) == {"epoch": 2}
    assert house.get(f"/room/{SESSION}")["me"]["bound"] is True


@at(Stage.CHECK_IN)
def test_a_check_in_the_node_refuses_binds_nothing(house: House) -> None:
    refused = house.post(f"/room/{SESSION}/check-in", {"ceremony": "c3", "credential": {}})
    assert refused["code"] == "ceremony-unknown"
    assert house.get(f"/room/{SESSION}")["me"]["bound"] is False


@at(Stage.PREPARED)
def test_nobody_checks_in_before_the_host_opens_the_doors(house: House) -> None:
    assert house.post(f"/room/{SESSION}/check-in/options", {"public_key": "point"})["code"] == "kind-not-in-stage"
    assert house.post(f"/room/{SESSION}/check-in", {"ceremony": "c1", "credential": {}})["code"] == "kind-not-in-stage"


@at(Stage.DETAILED)
def test_an_offer_is_answered_for_the_own_seat(house: House) -> None:
    answer = house.post(f"/room/{SESSION}/signal", {"type": "offer", "sdp": "v=0"}, "jn-e2")
    assert answer == {"type": "answer", "sdp": "JN-2 v=0"}


@at(Stage.CHECK_IN)
def test_the_console_lists_shows_and_moves_a_session(house: House) -> None:
    assert [(row["session"], row["stage"]) for row in house.get("/sessions", "op-1")] == [(SESSION, "CHECK_IN")]
    blocked = house.post(f"/sessions/{SESSION}/stage", {"to": "BRIEFING"}, "op-1")
    assert (blocked["code"], blocked["status"], blocked["values"]["what"]) == ("stage-not-ready", 409, "seat-not-bound")
    for city in (house.city, house.guest):
        city.work(Stage.CHECK_IN)
    house.city.take_from(house.guest)
    assert house.post(f"/sessions/{SESSION}/stage", {"to": "BRIEFING"}, "op-1")["stage"] == "BRIEFING"
    cockpit = house.get(f"/sessions/{SESSION}", "op-1")
    assert cockpit["centres"][1]["link"] == {"state": "connected", "since": SINCE}


@at(Stage.CHECK_IN)
def test_a_stage_or_session_nobody_knows_is_refused_with_its_code(house: House) -> None:
    assert house.post(f"/sessions/{SESSION}/stage", {"to": "LUNCH"}, "op-1")["code"] == "unknown-stage"
    assert house.get("/sessions/E3701000076012345001-7", "op-1")["code"] == "session-unknown"
    assert house.get("/sessions/nothing", "op-1")["code"] == "bad-session"


ORDER = {"order": "监督〔2026〕1号", "reason": "接到投诉"}


@at(Stage.DETAILED)
def test_the_operator_pauses_and_resumes(house: House) -> None:
    view = house.post(f"/sessions/{SESSION}/stage", {"to": "PAUSED", "grounds": {"reason": "午休"}}, "op-1")
    assert (view["stage"], view["overlay"]["over"], view["overlay"]["reason"]) == ("PAUSED", "DETAILED", "午休")
    assert [(step["to"], step["by"], step["needs"]) for step in view["steps"]] == [
        ("DETAILED", "operator", []),
        ("SUSPENDED", "supervisor", ["order", "reason"]),
        ("ABORTED", "operator", ["order", "reason"]),
    ]
    assert house.get(f"/room/{SESSION}")["overlay"]["stage"] == "PAUSED"
    assert house.post(f"/sessions/{SESSION}/stage", {"to": "DETAILED"}, "op-1")["stage"] == "DETAILED"


@at(Stage.DETAILED)
def test_only_the_supervisor_suspends_and_ends_a_suspension(house: House) -> None:
    path, suspend = f"/sessions/{SESSION}/stage", {"to": "SUSPENDED", "grounds": ORDER}
    assert house.post(path, suspend, "op-1")["code"] == "supervisor-orders"
    assert house.post(path, {"to": "PAUSED", "grounds": {"reason": "午休"}}, "sv-1")["code"] == "operator-conducts"
    assert house.post(path, suspend, "sv-1")["stage"] == "SUSPENDED"
    assert house.post(path, {"to": "DETAILED", "grounds": ORDER}, "op-1")["code"] == "supervisor-orders"
    assert house.post(path, {"to": "DETAILED", "grounds": ORDER}, "sv-1")["stage"] == "DETAILED"


@at(Stage.AGGREGATED)
def test_the_supervisor_reviews_a_rollback_and_each_expert_is_told(house: House) -> None:
    path = f"/sessions/{SESSION}/stage"
    asked = {"to": "ROLLBACK_REQ", "grounds": {"reason": "客观分不一致", "back_to": "DETAILED"}}
    steps = {step["to"]: step for step in house.get(f"/sessions/{SESSION}", "op-1")["steps"]}
    assert steps["ROLLBACK_REQ"]["back_to"] == ["CHECK_IN", "BRIEFING", "DETAILED", "PRICE"]
    assert house.post(path, asked, "op-1")["overlay"]["back_to"] == "DETAILED"
    view = house.post(path, {"to": "DETAILED", "grounds": ORDER}, "sv-1")
    assert [(one["back_to"], one["order"]) for one in view["rollbacks"]] == [("DETAILED", "监督〔2026〕1号")]
    assert {row["what"] for row in view["next"]["waiting_for"]} == {"sheet-not-locked", "rollback-not-acknowledged"}
    room = house.get(f"/room/{SESSION}")
    assert (room["label"], room["me"]["locked"]) == ("DETAILED-2", False)
    assert room["rollback"] == {
        "number": 1,
        "at": view["rollbacks"][0]["at"],
        "back_to": "DETAILED",
        "reason": "客观分不一致",
        "order": "监督〔2026〕1号",
        "superseded": ["DETAILED", "PRICE", "AGGREGATED"],
        "acknowledged": False,
    }
    house.city.write("JN-1", "rollback-acknowledged", {"rollback": 1})
    assert house.get(f"/room/{SESSION}")["rollback"]["acknowledged"] is True


@at(Stage.DETAILED)
def test_a_fault_shows_until_when_it_may_last(house: House) -> None:
    since = house.city.session.state.entered_at
    fault = {"cause": "断电", "venue": "XA", "since": since}
    view = house.post(f"/sessions/{SESSION}/stage", {"to": "INTERRUPTED", "grounds": fault}, "op-1")
    assert (view["overlay"]["until"], view["overlay"]["venue"]) == (fault_deadline(Stage.DETAILED, since), "XA")
    assert [step["to"] for step in view["steps"]] == ["DETAILED", "REFORMED", "ABORTED"]


@at(Stage.DETAILED)
def test_who_looks_at_a_session_that_ended_early_sees_why(house: House) -> None:
    view = house.post(f"/sessions/{SESSION}/stage", {"to": "ABORTED", "grounds": ORDER}, "op-1")
    expected = {"stage": "ABORTED", "over": "DETAILED", "since": view["ended"]["since"], **ORDER}
    assert (view["ended"], view["steps"], "next" in view) == (expected, [], False)
    assert house.get(f"/room/{SESSION}")["ended"] == expected
