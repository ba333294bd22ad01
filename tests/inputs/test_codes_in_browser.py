"""Codes and PINs as an input method leaves them: full-width digits and spaces around cost no try."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from node.demo.plan import OPERATOR
from tests.e2e.browser import visit
from tests.e2e.consortium import consortium
from tests.inputs.sitting import Sitting, full_width, sitting

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]


async def _sign(came: Sitting, code: str) -> None:
    """At the signing, with a stated position: the PIN is requested."""
    story, seat = came.story, came.seat
    await seat.begin(story, code, "DETAILED")
    view = await story.experts[0].person.get(f"/api/v1/room/{story.session}")
    await asyncio.gather(story.robots_score(), seat.score_all(view))
    await seat.lock()
    await story.robots_lock()
    await story.tally()
    await story.report()
    await seat.agree()


@pytest.fixture(name="came", scope="module")
def _came(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sitting]:
    with consortium(tmp_path_factory.mktemp("codes")) as world, sitting(world, _sign) as came:
        yield came


def test_a_one_time_code_in_full_width_signs_in_at_the_first_try(came: Sitting) -> None:
    async def play() -> None:
        async with visit(came.browser) as visitor:
            page, code = visitor.page, came.world.account("JN", OPERATOR).code
            await page.goto(f"{came.seat.origin}/console/")
            await expect(page.get_by_test_id("enrol")).to_have_accessible_description("请输入一次性登记码")
            await page.get_by_test_id("enrolment-code").focus()
            await page.keyboard.insert_text(f"　{full_width(code)} ")
            await page.get_by_test_id("enrol").click()
            await expect(page.get_by_test_id("menu-tenders")).to_be_visible()

    came.run(play())


def test_a_pin_in_full_width_with_spaces_signs_at_the_first_try(came: Sitting) -> None:
    async def play() -> None:
        seat = came.seat
        await expect(seat.part("sign")).to_have_accessible_description("请输入 4–64 位口令")
        await came.typed(seat.part("pin"), f"　{full_width(seat.pin)} ")
        await seat.part("sign").click()
        await expect(seat.part("signed")).to_be_visible()
        await expect(seat.part("problem")).to_have_count(0)

    came.run(play())
