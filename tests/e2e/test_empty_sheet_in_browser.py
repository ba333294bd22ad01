"""Where the lowest evaluated price decides there is nothing to mark: the member in the browser locks an empty sheet."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from node.demo.authenticator import Json
from tests.alteration import altered
from tests.e2e.browser import chromium, visit
from tests.e2e.consortium import consortium
from tests.e2e.evaluation import FIRST_SEAT, OTHER_SAMPLE, Shared, evaluation
from tests.e2e.office import Look, no_look
from tests.e2e.seat import Seat
from tests.e2e.test_public_in_browser import UNKNOWN

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("browser")]


def by_price(tender: Json) -> None:
    """Decided by price alone."""
    tender.update(method={"name": "lowest-evaluated", "version": 2, "kind": "works"}, items=[])


@pytest.fixture(name="shared", scope="module")
def shared_by_price(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    root = tmp_path_factory.mktemp("by-price")
    with consortium(root, samples=altered(root / "samples", f"{OTHER_SAMPLE}/tender.json", by_price)) as world:
        yield Shared(world=world)


async def locked_empty(shared: Shared, look: Look = no_look) -> None:
    people = frozenset({FIRST_SEAT})
    async with (
        chromium() as browser,
        visit(browser) as expert,
        evaluation(shared.world, OTHER_SAMPLE, people=people) as story,
    ):
        expert.expected.add(UNKNOWN)
        await story.prepare()
        shared.world.issue_codes()
        account = shared.world.account("JN", "JN-E1")
        seat = Seat(page=expert.page, origin=shared.world.plan.host.origin, session=story.session, pin=account.pin)
        await seat.begin(story, account.code, "DETAILED")
        await expect(seat.part("nothing-to-mark")).to_be_visible()
        await look(seat.page, "nothing-to-mark")
        await story.robots_score()
        await seat.lock()
        await story.robots_lock()
        await story.tally()
        await story.report()
        await expect(seat.part("digest-check")).to_have_attribute("data-same", "true")


def test_a_member_with_nothing_to_mark_locks_an_empty_sheet(shared: Shared) -> None:
    asyncio.run(locked_empty(shared))
