"""The host's operator before a browser, and what looks on while a test goes through the pages."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from node.demo.plan import OPERATOR
from tests.e2e.evaluation import Evaluation, Shared

Look = Callable[[Page, str], Awaitable[None]]
"""Called with a page and a name where there is something to see."""


async def no_look(_page: Page, _name: str) -> None:
    """Nobody takes pictures in a test."""


async def sign_in(page: Page, shared: Shared) -> None:
    """For the first time, with the code that was issued."""
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
