"""The host's operator in a browser, and a callback that sees the pages of a test."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from node.demo.plan import OPERATOR
from tests.e2e.evaluation import Evaluation, Shared

Look = Callable[[Page, str], Awaitable[None]]
"""Called with a page and a name at each noteworthy state."""


async def no_look(_page: Page, _name: str) -> None:
    """Tests take no pictures."""


async def sign_in(page: Page, shared: Shared) -> None:
    """The first sign-in, with the issued code."""
    await page.get_by_test_id("enrolment-code").fill(shared.world.account("JN", OPERATOR).code)
    await page.get_by_test_id("enrol").click()


async def open_cockpit(page: Page, shared: Shared, story: Evaluation) -> None:
    """By the address of the session."""
    await page.goto(f"{shared.world.plan.host.origin}/console/#/sessions/{story.session}")
    await sign_in(page, shared)
    await expect(page.get_by_test_id("cockpit")).to_be_visible()


async def go_to_cockpit(page: Page, shared: Shared, story: Evaluation) -> None:
    """By the menu."""
    await page.goto(f"{shared.world.plan.host.origin}/console/")
    await sign_in(page, shared)
    await page.get_by_test_id("menu-sessions").click()
    await page.get_by_test_id(f"session-{story.session}").get_by_role("link").click()
    await expect(page.get_by_test_id("cockpit")).to_be_visible()
