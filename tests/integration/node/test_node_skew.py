"""An evaluation between two centres whose clocks differ: it is sealed, and says nothing that a clock alone has made."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from node.centre import Centre
from records.actors import Role
from tests.integration.node.node_centres import Browser, signed_in, two_centres
from tests.integration.node.test_node_session import SESSION, agreed, eventually, ready, sat_down, stage


async def sealed(centres: tuple[Centre, Centre], browsers: tuple[Browser, Browser]) -> None:
    async with AsyncExitStack() as stack:
        experts = await sat_down(centres, browsers, stack, SESSION)
        await asyncio.gather(*(expert.undertake() for expert in experts))
        assert await asyncio.to_thread(eventually, lambda: ready(browsers[0], SESSION))
        await stage(browsers, "DETAILED", enter=True, session=SESSION)
        await asyncio.gather(*(expert.score(seconds=0) for expert in experts))
        await asyncio.gather(*(expert.lock() for expert in experts))
        await stage(browsers, "SIGNING", session=SESSION)
        await asyncio.gather(*(expert.consent() for expert in experts))
        await asyncio.gather(*(expert.sign() for expert in experts))
        await stage(browsers, "SEALED", session=SESSION)


@pytest.mark.parametrize("seconds", [45, -45])
def test_a_guest_whose_clock_is_off_by_less_than_a_minute_evaluates_and_seals(tmp_path: Path, seconds: int) -> None:
    off = timedelta(seconds=seconds)
    with two_centres(tmp_path, guest_clock=lambda: datetime.now(UTC) + off) as centres:
        browsers = (signed_in(centres[0], "op-jn", Role.OPERATOR), signed_in(centres[1], "op-xa", Role.OPERATOR))
        agreed(*browsers)
        assert browsers[0].post("/api/v1/sessions", {"project": SESSION.rpartition("-")[0]}).status_code == 201
        assert eventually(lambda: SESSION in browsers[1].get("/api/v1/sessions").text)

        asyncio.run(sealed(centres, browsers))

        assert [centre.standstills.of(SESSION) for centre in centres] == [[], []]
        assert eventually(lambda: centres[1].signing.state(SESSION).sealed_digest is not None)
        assert centres[1].signing.sealed(SESSION) == centres[0].signing.sealed(SESSION)
