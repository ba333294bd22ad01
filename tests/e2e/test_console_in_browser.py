"""The operator's cockpit in a real browser: who blocks the next stage, and the step once nobody does."""

import asyncio

import pytest
from playwright.async_api import expect

from node.demo.plan import OPERATOR
from tests.e2e.browser import Visit, chromium, visit
from tests.e2e.evaluation import OTHER_SAMPLE, Evaluation, Shared, evaluation

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]


async def _open_cockpit(shared: Shared, story: Evaluation, visitor: Visit) -> None:
    """Sign in as the host's operator and go by the menu to the session."""
    page = visitor.page
    await page.goto(f"{shared.world.plan.host.origin}/console/")
    await page.get_by_test_id("enrolment-code").fill(shared.world.account("JN", OPERATOR).code)
    await page.get_by_test_id("enrol").click()
    await page.get_by_test_id("menu-sessions").click()
    await page.get_by_test_id(f"session-{story.session}").get_by_role("link").click()
    await expect(page.get_by_test_id("cockpit")).to_have_attribute("data-stage", "PREPARED")


async def _watch(shared: Shared) -> None:
    async with chromium() as browser, visit(browser) as visitor, evaluation(shared.world, OTHER_SAMPLE) as story:
        await story.prepare()
        shared.world.issue_codes()
        await _open_cockpit(shared, story, visitor)
        page = visitor.page
        await page.get_by_test_id("enter-stage").click()
        await page.get_by_test_id("enter-stage-confirm").click()
        await expect(page.get_by_test_id("cockpit")).to_have_attribute("data-stage", "CHECK_IN")
        blocks = page.get_by_test_id("blocks")
        for seat in ("济南·席位 1", "济南·席位 2", "济南·席位 3", "西安·席位 1", "西安·席位 2"):
            await expect(blocks).to_contain_text(seat)
        await expect(blocks).to_contain_text("请引导专家到席位")
        await story.robots_check_in()
        await expect(page.get_by_test_id("gate")).to_have_attribute("data-ready", "true")
        await expect(page.get_by_test_id("cockpit-XA-2")).to_contain_text("已签到")
        await expect(page.get_by_test_id("enter-stage")).to_have_text("开始签署承诺书")


def test_the_operator_sees_who_blocks_the_next_stage(shared: Shared) -> None:
    asyncio.run(_watch(shared))
