"""One evaluation between two real centres, by experts with passkeys over WebRTC, up to the sealed report."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from node.centre import Centre, origin_of
from node.demo.expert import Expert
from records.actors import Role
from records.ids import PersonId, SeatId, SessionId, instant
from tests.integration.node_centres import Browser, signed_in, two_centres

PROJECT = "E3701000076012346001"
SESSION = SessionId(f"{PROJECT}-1")
PIN = "428571"


@pytest.fixture(name="centres")
def _centres(tmp_path: Path) -> Iterator[tuple[Centre, Centre]]:
    with two_centres(tmp_path) as both:
        yield both


def eventually(check: Callable[[], object], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def prepared(host: Browser, guest: Browser) -> None:
    """The office work: register, invite, confirm, name seats, open the session."""
    now = datetime.now(UTC)
    assert host.post("/api/tenders", {"sample": "jinan-lighting"}).status_code == 201
    request = {
        "guest": "XA",
        "seats": 2,
        "reply_deadline": instant(now + timedelta(minutes=30)),
        "window_start": instant(now + timedelta(hours=1)),
        "window_end": instant(now + timedelta(hours=5)),
    }
    invitation = host.post(f"/api/tenders/{PROJECT}/invitation", request).json()["id"]
    assert eventually(lambda: invitation in guest.get("/api/invitations").text)
    assert guest.post(f"/api/invitations/{invitation}/confirmation").status_code == 200
    for browser, code, count in ((host, "JN", 3), (guest, "XA", 2)):
        assignments = [{"seat": f"{code}-{n}", "expert": f"{code}-E{n}"} for n in range(1, count + 1)]
        named = browser.put(f"/api/projects/{PROJECT}/seats", {"assignments": assignments})
        assert named.status_code == 200, named.text
    assert eventually(lambda: '"CONFIRMED"' in host.get("/api/invitations").text)
    opened = host.post("/api/sessions", {"project": PROJECT})
    assert opened.json() == {"session": SESSION}, opened.text
    assert eventually(lambda: SESSION in guest.get("/api/sessions").text)


async def arrived(centre: Centre, number: int) -> Expert:
    code = centre.config.centre.code
    person = PersonId(f"{code}-E{number}")
    enrolment = centre.access.issue_code(person=person, name=f"示例专家{number}", role=Role.EXPERT)
    if not centre.signing.signers.has(person):
        centre.signing.signers.enrol(person, name=f"示例专家{number}", pin=PIN)
    return await Expert.arrive(
        origin_of(centre.config), code=enrolment, session=SESSION, seat=SeatId(f"{code}-{number}"), pin=PIN
    )


async def stage(browsers: tuple[Browser, Browser], wanted: str, *, enter: bool = False) -> None:
    """Enter a stage at the host, or only wait until both centres have come to it."""
    host, guest = browsers
    if enter:
        entered = await asyncio.to_thread(host.post, f"/api/sessions/{SESSION}/stage", {"to": wanted})
        assert entered.status_code == 200, entered.text
    for browser in (host, guest):
        assert await asyncio.to_thread(eventually, partial(stands_at, browser, wanted)), wanted


def stands_at(browser: Browser, wanted: str) -> bool:
    return bool(browser.get(f"/api/sessions/{SESSION}").json()["stage"] == wanted)


async def evaluated(centres: tuple[Centre, Centre], browsers: tuple[Browser, Browser]) -> None:
    host, guest = centres
    async with AsyncExitStack() as stack:
        await stage(browsers, "CHECK_IN", enter=True)
        experts = [await arrived(host, n) for n in (1, 2, 3)] + [await arrived(guest, n) for n in (1, 2)]
        for expert in experts:
            stack.push_async_callback(expert.leave)
            await expert.check_in()
        await asyncio.to_thread(eventually, lambda: ready(browsers[0]))
        await stage(browsers, "BRIEFING", enter=True)
        await asyncio.gather(*(expert.undertake() for expert in experts))
        await asyncio.to_thread(eventually, lambda: ready(browsers[0]))
        await stage(browsers, "DETAILED", enter=True)
        await asyncio.gather(*(expert.score(seconds=0) for expert in experts))
        await asyncio.gather(*(expert.lock() for expert in experts))
        await stage(browsers, "SIGNING")
        await asyncio.gather(*(expert.consent() for expert in experts))
        await asyncio.gather(*(expert.sign() for expert in experts))
        await stage(browsers, "SEALED")


def ready(host: Browser) -> bool:
    return bool(host.get(f"/api/sessions/{SESSION}").json()["next"]["ready"])


def test_two_centres_evaluate_together_up_to_the_sealed_report(centres: tuple[Centre, Centre]) -> None:
    browsers = (signed_in(centres[0], "op-jn", Role.OPERATOR), signed_in(centres[1], "op-xa", Role.OPERATOR))
    prepared(*browsers)

    asyncio.run(evaluated(centres, browsers))

    views = [browser.get(f"/api/sessions/{SESSION}").json() for browser in browsers]
    tallies = [{centre["code"]: centre["tally_digest"] for centre in view["centres"]} for view in views]
    assert tallies[0] == tallies[1]
    assert len(set(tallies[0].values())) == 1
    assert views[0]["report"] == views[1]["report"]
    assert eventually(lambda: centres[1].signing.state(SESSION).sealed_digest is not None)
    sealed = [centre.signing.sealed(SESSION) for centre in centres]
    assert sealed[0] == sealed[1]
    assert all(centre_is_well(centre) for centre in centres)


def centre_is_well(centre: Centre) -> bool:
    return not [state for state in (follower.state for follower in centre.followers) if state.stopped]
