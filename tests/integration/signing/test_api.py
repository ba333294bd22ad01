"""Routes of signing: what each caller sees, and in which moment they may act."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

from records.actors import Actor, Role
from records.errors import NotFoundError, TongpingError
from records.ids import CentreCode, Digest, PersonId, SeatId, SessionId
from signing.api import ConsentIn, RoomStanding, routes, timestamp_route
from tests.integration.signing.centres import SESSION, Cities
from tests.integration.signing.conftest import Played
from tests.unit.signing.keys.test_timestamps import DIGEST, request, token_of

EXPERT = Actor(person=PersonId("JN-1-expert"), role=Role.EXPERT, centre=CentreCode("JN"))
PATH = f"/api/v1/signing/{SESSION}"


@dataclass(slots=True)
class Room:
    """The node's side, as the test wants it to be."""

    standing_now: RoomStanding
    signed: list[tuple[SeatId, str]] = field(default_factory=list)

    def standing(self, session: SessionId, actor: Actor) -> RoomStanding:
        if session != SESSION or actor != EXPERT:
            raise NotFoundError("session-unknown", session=session)
        return self.standing_now

    def begin_consent(
        self, actor: Actor, session: SessionId, seat: SeatId, *, report: Digest, said: ConsentIn
    ) -> dict[str, Any]:
        return {"ceremony": "c", "publicKey": {}, "nonce": "n", "report_digest": report}

    def sign(self, actor: Actor, session: SessionId, seat: SeatId, pin: str) -> str:
        self.signed.append((seat, pin))
        return f"expert-{seat}"


def standing(*, stage: str = "SIGNING", seat: str = "JN-1", consented: bool = False, signed: str = "") -> RoomStanding:
    fields = frozenset({signed} - {""})
    return RoomStanding(stage=stage, seat=SeatId(seat) if seat else None, consented=consented, signed=fields)


def caller(_request: Request) -> Actor:
    return EXPERT


def client_of(cities: Cities, room: Room) -> TestClient:
    app = FastAPI()
    app.include_router(routes(cities.host.desk, room, caller), prefix="/api/v1")
    app.include_router(timestamp_route(cities.host.desk))

    @app.exception_handler(TongpingError)
    def refuse(_: Request, error: TongpingError) -> JSONResponse:
        return JSONResponse({"code": error.code}, status_code=409)

    return TestClient(app)


def test_the_list_of_signers_shows_fields_cities_and_what_is_signed(cities: Cities) -> None:
    cities.sign(SeatId("JN-2"))
    client = client_of(cities, Room(standing(consented=True, signed="expert-XA-1")))

    shown = client.get(PATH).json()

    state = cities.host.desk.state(SESSION)
    assert shown["report_digest"] == state.report_digest
    assert shown["short_code"] == state.report_digest[7:11].upper() + shown["short_code"][4:]
    assert [one["field"] for one in shown["signers"] if one["signed"]] == ["expert-JN-2", "expert-XA-1"]
    assert shown["signers"][0] == {
        "field": "expert-JN-1", "kind": "expert", "seat": "JN-1", "city_zh": "济南", "city_en": "Jinan",
        "signed": False, "excused": False,
    }  # fmt: skip
    assert shown["signers"][-1]["centre"] == "JN"
    assert shown["me"] == {"seat": "JN-1", "consented": True, "signed": False}


def test_the_base_report_is_shown_until_the_sealed_one_is_there(cities: Cities, played: Played) -> None:
    before = client_of(cities, Room(standing())).get(f"{PATH}/report.pdf")
    after = client_of(played.cities, Room(standing(stage="SEALED"))).get(f"{PATH}/report.pdf")

    assert before.content == cities.host.desk.report(SESSION)
    assert after.content == played.pdf
    assert after.headers["content-type"] == "application/pdf"
    assert after.headers["cache-control"] == "no-store"


def test_consent_options_name_the_report_of_this_centre(cities: Cities) -> None:
    client = client_of(cities, Room(standing()))

    options = client.post(f"{PATH}/consent/options", json={"decision": "agree"}).json()

    assert options["report_digest"] == cities.host.desk.state(SESSION).report_digest


def test_a_signature_needs_the_consent_first(cities: Cities) -> None:
    room = Room(standing(consented=False))

    refused = client_of(cities, room).post(f"{PATH}/signature", json={"pin": "246810"})

    assert refused.json() == {"code": "consent-missing"}
    assert room.signed == []


def test_after_consent_the_signature_is_made(cities: Cities) -> None:
    room = Room(standing(consented=True))

    answer = client_of(cities, room).post(f"{PATH}/signature", json={"pin": "246810"})

    assert answer.json() == {"field": "expert-JN-1", "signed": True}
    assert room.signed == [(SeatId("JN-1"), "246810")]


@pytest.mark.parametrize("now", [standing(stage="DETAILED"), standing(seat="")])
@pytest.mark.parametrize("act", [("consent/options", {"decision": "agree"}), ("signature", {"pin": "246810"})])
def test_acts_are_for_members_while_it_is_signing(
    cities: Cities, now: RoomStanding, act: tuple[str, dict[str, str]]
) -> None:
    refused = client_of(cities, Room(now)).post(f"{PATH}/{act[0]}", json=act[1])

    assert refused.json() == {"code": "not-in-signing"}


def test_somebody_without_a_seat_reads_no_place_of_their_own(cities: Cities) -> None:
    assert "me" not in client_of(cities, Room(standing(seat=""))).get(PATH).json()


def test_time_is_stamped_over_http(cities: Cities) -> None:
    answer = client_of(cities, Room(standing())).post("/tsa", content=request())

    assert answer.headers["content-type"] == "application/timestamp-reply"
    assert token_of(answer.content)["message_imprint"]["hashed_message"].native == DIGEST


def test_an_oversized_query_is_refused(cities: Cities) -> None:
    refused = client_of(cities, Room(standing())).post("/tsa", content=b"\x30" * 5000)

    assert refused.json() == {"code": "timestamp-query-too-large"}
