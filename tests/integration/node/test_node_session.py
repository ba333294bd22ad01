"""One evaluation between two real centres, by experts with passkeys over WebRTC, up to the sealed report."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from node.centre import Centre
from node.demo.expert import Expert
from node.foundation import web_origin
from records.actors import Role
from records.errors import TongpingError, UnavailableError
from records.ids import CentreCode, PersonId, SeatId, SessionId, b64u, digest, instant
from signing.keys.authority import Profile, Subject, new_key, open_authority
from tests.integration.node.node_centres import Browser, browser, signed_in, two_centres

PROJECT = "E3701000076012346001"
SESSION = SessionId(f"{PROJECT}-1")
JN, XA = CentreCode("JN"), CentreCode("XA")
PIN = "428571"


def eventually(check: Callable[[], object], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def prepared(host: Browser, guest: Browser) -> None:
    """The office work, and the session opened."""
    agreed(host, guest)
    opened = host.post("/api/v1/sessions", {"project": PROJECT})
    assert opened.json() == {"session": SESSION}, opened.text
    assert eventually(lambda: SESSION in guest.get("/api/v1/sessions").text)


def agreed(host: Browser, guest: Browser, *, sample: str = "jinan-lighting", project: str = PROJECT) -> None:
    """The office work: register, invite, confirm, name seats."""
    now = datetime.now(UTC)
    assert host.post("/api/v1/tenders", {"sample": sample}).status_code == 201
    request = {
        "guest": "XA",
        "seats": 2,
        "reply_deadline": instant(now + timedelta(minutes=30)),
        "window_start": instant(now + timedelta(hours=1)),
        "window_end": instant(now + timedelta(hours=5)),
    }
    invitation = host.post(f"/api/v1/tenders/{project}/invitation", request).json()["id"]
    assert eventually(lambda: invitation in guest.get("/api/v1/invitations").text)
    assert guest.post(f"/api/v1/invitations/{invitation}/confirmation").status_code == 200
    for operator, code, count in ((host, "JN", 3), (guest, "XA", 2)):
        assignments = [{"seat": f"{code}-{n}", "expert": f"{code}-E{n}"} for n in range(1, count + 1)]
        named = operator.put(
            f"/api/v1/projects/{project}/seats", {"assignments": assignments, "selection": {"how": "drawn"}}
        )
        assert named.status_code == 200, named.text
    assert eventually(lambda: '"CONFIRMED"' in host.get("/api/v1/invitations").text)


async def arrived(centre: Centre, number: int, session: SessionId = SESSION) -> Expert:
    code = centre.config.centre.code
    person = PersonId(f"{code}-E{number}")
    enrolment = centre.access.issue_code(person=person, name=f"示例专家{number}", role=Role.EXPERT)
    if not centre.signing.signers.has(person):
        centre.signing.signers.enrol(person, name=centre.catalogue.expert(person).name, pin=PIN)
    return await Expert.arrive(
        web_origin(centre.config), code=enrolment, session=session, seat=SeatId(f"{code}-{number}"), pin=PIN
    )


async def stage(
    browsers: tuple[Browser, Browser], wanted: str, *, enter: bool = False, session: SessionId = SESSION
) -> None:
    """Enter a stage at the host, or only wait until both centres have reached it."""
    host, guest = browsers
    if enter:
        entered = await asyncio.to_thread(host.post, f"/api/v1/sessions/{session}/stage", {"to": wanted})
        assert entered.status_code == 200, entered.text
    for operator in (host, guest):
        assert await asyncio.to_thread(eventually, partial(stands_at, operator, wanted, session)), wanted


def stands_at(operator: Browser, wanted: str, session: SessionId = SESSION) -> bool:
    return bool(operator.get(f"/api/v1/sessions/{session}").json()["stage"] == wanted)


async def sat_down(
    centres: tuple[Centre, Centre],
    browsers: tuple[Browser, Browser],
    stack: AsyncExitStack,
    session: SessionId = SESSION,
) -> list[Expert]:
    """Three experts of the host and two of the guest at their seats, in the briefing; they leave with the stack."""
    host, guest = centres
    await stage(browsers, "CHECK_IN", enter=True, session=session)
    experts = [await arrived(host, n, session) for n in (1, 2, 3)] + [await arrived(guest, n, session) for n in (1, 2)]
    for expert in experts:
        stack.push_async_callback(expert.leave)
        await expert.check_in()
    await asyncio.to_thread(eventually, lambda: ready(browsers[0], session))
    await stage(browsers, "BRIEFING", enter=True, session=session)
    return experts


async def evaluated(centres: tuple[Centre, Centre], browsers: tuple[Browser, Browser]) -> list[bytes]:
    """The experts' part; returns a bid file as the first and the last expert got it."""
    async with AsyncExitStack() as stack:
        experts = await sat_down(centres, browsers, stack)
        await asyncio.gather(*(expert.undertake() for expert in experts))
        await asyncio.to_thread(eventually, lambda: ready(browsers[0]))
        await stage(browsers, "DETAILED", enter=True)
        documents = [await bid_file(expert) for expert in (experts[0], experts[-1])]
        await asyncio.gather(*(expert.score(seconds=0) for expert in experts))
        await asyncio.gather(*(expert.lock() for expert in experts))
        await stage(browsers, "SIGNING")
        await asyncio.gather(*(expert.consent() for expert in experts))
        await asyncio.gather(*(expert.sign() for expert in experts))
        await stage(browsers, "SEALED")
        return documents


async def bid_file(expert: Expert) -> bytes:
    view = await expert.person.get(f"/api/v1/room/{SESSION}")
    name = view["bidders"][0]["documents"][0]["sha256"].removeprefix("sha256:")
    return await expert.person.fetch(f"/api/v1/room/{SESSION}/documents/{name}")


def ready(host: Browser, session: SessionId = SESSION) -> bool:
    return bool(host.get(f"/api/v1/sessions/{session}").json()["next"]["ready"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    host: Centre
    guest: Centre
    host_operator: Browser
    guest_operator: Browser
    documents: list[bytes]

    @property
    def centres(self) -> tuple[Centre, Centre]:
        return self.host, self.guest

    def views(self) -> list[dict[str, Any]]:
        """Any: the cockpit's JSON."""
        return [one.get(f"/api/v1/sessions/{SESSION}").json() for one in (self.host_operator, self.guest_operator)]


@pytest.fixture(name="played", scope="module")
def _played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with two_centres(tmp_path_factory.mktemp("session")) as centres:
        browsers = (signed_in(centres[0], "op-jn", Role.OPERATOR), signed_in(centres[1], "op-xa", Role.OPERATOR))
        prepared(*browsers)
        documents = asyncio.run(evaluated(centres, browsers))
        yield Played(
            host=centres[0],
            guest=centres[1],
            host_operator=browsers[0],
            guest_operator=browsers[1],
            documents=documents,
        )


def test_both_cities_computed_the_same_tally_and_the_same_report(played: Played) -> None:
    views = played.views()
    tallies = [{centre["code"]: centre["tally_digest"] for centre in view["centres"]} for view in views]

    assert tallies[0] == tallies[1]
    assert len(set(tallies[0].values())) == 1
    assert views[0]["report"] == views[1]["report"]


def test_the_guest_is_handed_the_sealed_report_and_keeps_it(played: Played) -> None:
    assert eventually(lambda: played.guest.signing.state(SESSION).sealed_digest is not None)

    sealed = [centre.signing.sealed(SESSION) for centre in played.centres]

    assert sealed[0] == sealed[1]
    assert digest(sealed[0]) == played.views()[0]["report"]["sealed_digest"]


def test_no_follower_stopped(played: Played) -> None:
    states = [follower.state for centre in played.centres for follower in centre.followers]

    assert [state.name for state in states if state.stopped] == []


def test_a_bid_file_came_to_the_guest_as_it_lies_at_the_host(played: Played) -> None:
    assert played.documents == [Path("samples/jinan-lighting/B1.pdf").read_bytes()] * 2


def test_every_centre_hears_the_same_entries(played: Played) -> None:
    assert eventually(lambda: played.host.room.heads(SESSION) == played.guest.room.heads(SESSION))


def test_only_the_host_enters_a_stage(played: Played) -> None:
    refused = played.guest_operator.post(f"/api/v1/sessions/{SESSION}/stage", {"to": "CLOSED"})

    assert refused.status_code == 403, refused.text


def test_a_session_is_opened_once(played: Played) -> None:
    again = played.host_operator.post("/api/v1/sessions", {"project": PROJECT})

    assert (again.status_code, again.json()) == (201, {"session": SESSION})
    assert [one["session"] for one in played.host_operator.get("/api/v1/sessions").json()] == [SESSION]


def test_seats_stand_once_the_session_is_open(played: Played) -> None:
    assignments = [{"seat": "JN-1", "expert": "JN-E4"}]
    changed = played.host_operator.put(
        f"/api/v1/projects/{PROJECT}/seats", {"assignments": assignments, "selection": {"how": "drawn"}}
    )

    assert (changed.status_code, changed.json()["code"]) == (409, "seats-stand")


def test_the_console_shows_the_tender_with_its_session_and_own_experts_alone(played: Played) -> None:
    view = played.host_operator.get(f"/api/v1/tenders/{PROJECT}").json()

    assert (view["session"], view["invitation"]["state"]) == (SESSION, "CONFIRMED")
    assert [(seat["seat"], "expert" in seat) for seat in view["seats"]] == [
        ("JN-1", True),
        ("JN-2", True),
        ("JN-3", True),
        ("XA-1", False),
        ("XA-2", False),
    ]
    assert len(view["bidders"]) == 3


def test_the_console_shows_how_the_centre_stands(played: Played) -> None:
    view = played.host_operator.get("/api/v1/centre").json()

    assert view["chain"] == {"configured": False}
    assert view["alarms"] == []
    assert [(peer["code"], peer["link"]["state"]) for peer in view["peers"]] == [("XA", "connected")]
    assert {one["name"] for one in view["followers"]} == {"outbox-XA", "workflow", "publish", "log"}


def test_the_explorer_shows_the_evaluation_to_everybody(played: Played) -> None:
    page = browser(played.host).get(f"/evaluations/{SESSION}")

    assert page.status_code == 200
    assert "社区道路照明" in page.text
    for secret in ("示例专家", "JN-E1"):
        assert secret not in page.text


def test_evidence_waits_for_the_anchor(played: Played) -> None:
    refused = played.host_operator.get(f"/evidence/{SESSION}.evidence.zip")

    assert (refused.status_code, refused.json()["code"]) == (404, "report-not-anchored")
    assert browser(played.host).get(f"/evidence/{SESSION}.evidence.zip").status_code == 401


Ask = Callable[[Played], object]
SIGNING = f"/peer/v1/signing/{SESSION}"


def to_host(played: Played, path: str, value: dict[str, object]) -> object:
    return played.guest.client.post(JN, path, value)


def to_guest(played: Played, path: str, value: dict[str, object]) -> object:
    return played.host.client.post(XA, path, value)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda p: to_host(p, f"{SIGNING}/begin", begin("expert-JN-1")), "field-of-another-centre"),
        (lambda p: to_host(p, f"{SIGNING}/begin", begin("seal-XA")), "field-of-another-centre"),
        (lambda p: to_host(p, f"{SIGNING}/begin", begin("expert-XA-1", "dissent", by=member(p))), "opinion-differs"),
        (lambda p: to_host(p, f"{SIGNING}/begin", begin("expert-XA-1")), "certificate-unreadable"),
        (lambda p: to_host(p, f"{SIGNING}/begin", begin("expert-XA-1", by=stranger())), "certificate-not-trusted"),
        (lambda p: to_host(p, f"{SIGNING}/begin", begin("expert-XA-2", by=member(p))), "certificate-of-another"),
        (lambda p: to_host(p, f"{SIGNING}/begin", begin("expert-XA-1", by=seal(p))), "certificate-of-another"),
        (lambda p: to_host(p, f"{SIGNING}/finish", finish("expert-JN-1")), "field-of-another-centre"),
        (lambda p: p.guest.client.get(JN, f"{SIGNING}/seal-certificate"), "not-the-host"),
        (lambda p: to_host(p, f"{SIGNING}/sealed", {"document": ""}), "not-the-host"),
        (lambda p: to_guest(p, f"{SIGNING}/sealed", {"document": b64u(b"%PDF-1.7")}), "sealed-report-refused"),
        (lambda p: to_guest(p, f"/peer/v1/links/{SESSION}/signal", {"type": "offer", "sdp": ""}), "not-a-venue"),
        (lambda p: p.guest.client.fetch(JN, f"/peer/v1/documents/{'0' * 64}"), "document-unknown"),
        (lambda p: to_host(p, "/peer/v1/sessions", {"opened": opening(p)}), "not-the-host"),
        (lambda p: to_host(p, f"/peer/v1/invitations/{PROJECT}-XA-9/reply", reply()), "invitation-unknown"),
        (lambda p: to_guest(p, f"/peer/v1/invitations/{PROJECT}-JN-XA-1/reply", reply()), "invitation-unknown"),
    ],
)
def test_a_peer_may_do_only_what_its_part_is(played: Played, ask: Ask, code: str) -> None:
    with pytest.raises(TongpingError) as raised:
        ask(played)

    assert raised.value.code == code


def begin(field: str, decision: str = "agree", *, by: object = None) -> dict[str, object]:
    reason = "x" if decision == "dissent" else ""
    return {"field": field, "identity": by or {}, "decision": decision, "reason": reason}


def member(played: Played) -> object:
    return played.guest.signing.signers.identity(PersonId("XA-E1")).to_wire()


def seal(played: Played) -> object:
    return played.guest.signing.seal_identity.to_wire()


def stranger() -> object:
    """A certificate of an authority that nobody here trusts."""
    with tempfile.TemporaryDirectory() as directory:
        authority = open_authority(Path(directory), name="示例外人", now=datetime.now(UTC))
        subject = Subject(name="示例专家1", organisation="XA", unit="XA")
        key = new_key().public_key()
        return authority.issue(subject, key, profile=Profile.EXPERT, now=datetime.now(UTC)).to_wire()


def finish(field: str) -> dict[str, object]:
    return {"field": field, "signature": "AA"}


def reply() -> dict[str, object]:
    return {"event": "confirm", "at": instant(datetime.now(UTC))}


def opening(played: Played) -> object:
    return played.host.sessions.opening(SESSION).to_wire()


def test_a_cut_is_made_and_mended_by_the_operator(played: Played) -> None:
    path = "/api/v1/operations/partition"
    assert played.guest_operator.post(path, {"peer": "JN", "on": True}).status_code == 200
    with pytest.raises(UnavailableError):
        played.guest.client.get(JN, "/peer/v1/hello")
    assert link_state(played.guest_operator) != "connected" or eventually(
        lambda: link_state(played.guest_operator) != "connected"
    )

    assert played.guest_operator.post(path, {"peer": "JN", "on": False}).status_code == 200

    assert eventually(lambda: link_state(played.guest_operator) == "connected")
    assert played.guest_operator.post(path, {"peer": "DL", "on": True}).status_code == 404


def link_state(operator: Browser) -> str:
    centres = operator.get(f"/api/v1/sessions/{SESSION}").json()["centres"]
    return str(next(centre["link"]["state"] for centre in centres if centre["code"] == "JN"))
