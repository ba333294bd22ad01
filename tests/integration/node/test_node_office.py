"""The office way between two real centres: register, invite, confirm or refuse, name seats."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from node.centre import Centre
from records.actors import Role
from records.ids import instant
from tests.integration.node.node_centres import Browser, signed_in, two_centres

PROJECT = "E3701000076012345001"


@pytest.fixture(name="centres", scope="module")
def _centres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, Centre]]:
    with two_centres(tmp_path_factory.mktemp("office")) as both:
        yield both


@pytest.fixture(name="operators", scope="module")
def _operators(centres: tuple[Centre, Centre]) -> tuple[Browser, Browser]:
    host, guest = centres
    return signed_in(host, "op-jn", Role.OPERATOR), signed_in(guest, "op-xa", Role.OPERATOR)


def eventually(check: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def request_for(guest: str, *, seats: int = 2) -> dict[str, object]:
    now = datetime.now(UTC)
    return {
        "guest": guest,
        "seats": seats,
        "reply_deadline": instant(now + timedelta(hours=1)),
        "window_start": instant(now + timedelta(hours=2)),
        "window_end": instant(now + timedelta(hours=6)),
    }


def state_at(visitor: Browser, id: str) -> str:
    found = [one for one in visitor.get("/api/v1/invitations").json() if one["id"] == id]
    return str(found[0]["state"]) if found else "unknown"


def test_an_invitation_travels_to_the_guest_and_its_confirmation_back(operators: tuple[Browser, Browser]) -> None:
    host, guest = operators
    assert host.post("/api/v1/tenders", {"sample": "jinan-10kv"}).status_code == 201

    issued = host.post(f"/api/v1/tenders/{PROJECT}/invitation", request_for("XA"))
    assert issued.status_code == 201, issued.text
    wanted = issued.json()["id"]

    assert eventually(lambda: state_at(guest, wanted) == "RECEIVED")
    assert eventually(lambda: state_at(host, wanted) == "RECEIVED")
    assert guest.post(f"/api/v1/invitations/{wanted}/confirmation").status_code == 200
    assert eventually(lambda: state_at(host, wanted) == "CONFIRMED")
    named = guest.put(
        f"/api/v1/projects/{PROJECT}/seats",
        {
            "assignments": [{"seat": "XA-1", "expert": "XA-E1"}, {"seat": "XA-2", "expert": "XA-E2"}],
            "selection": {"how": "drawn"},
        },
    )
    assert named.status_code == 200, named.text


def test_a_tender_is_registered_once(operators: tuple[Browser, Browser]) -> None:
    again = operators[0].post("/api/v1/tenders", {"sample": "jinan-10kv"})

    assert (again.status_code, again.json()["code"]) == (409, "tender-registered-already")


def test_only_the_guest_confirms(operators: tuple[Browser, Browser]) -> None:
    host, _ = operators
    assert host.post("/api/v1/tenders", {"sample": "jinan-lighting"}).status_code == 201
    wanted = host.post("/api/v1/tenders/E3701000076012346001/invitation", request_for("XA")).json()["id"]

    refused = host.post(f"/api/v1/invitations/{wanted}/confirmation")

    assert (refused.status_code, refused.json()["code"]) == (403, "not-your-invitation")


def test_a_refusal_reaches_the_host_with_its_reason_kept_from_the_list(
    operators: tuple[Browser, Browser],
) -> None:
    host, guest = operators
    wanted = "E3701000076012346001-JN-XA-1"
    assert eventually(lambda: state_at(guest, wanted) == "RECEIVED")

    assert guest.post(f"/api/v1/invitations/{wanted}/refusal", {"reason_code": "no-free-seats"}).status_code == 200

    assert eventually(lambda: state_at(host, wanted) == "REJECTED")
    assert "no-free-seats" not in host.get("/api/v1/invitations").text


def test_an_invitation_waits_for_a_peer_that_is_cut_off_and_arrives_after(
    centres: tuple[Centre, Centre], operators: tuple[Browser, Browser], tmp_path: Path
) -> None:
    host, guest = operators
    centres[0].cut.set(centres[1].config.centre.code, on=True)
    wanted = host.post("/api/v1/tenders/E3701000076012346001/invitation", request_for("XA")).json()["id"]
    time.sleep(0.5)
    assert state_at(guest, wanted) == "unknown"

    centres[0].cut.set(centres[1].config.centre.code, on=False)

    assert eventually(lambda: state_at(host, wanted) == "RECEIVED", 20)
