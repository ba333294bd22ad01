"""The operator's cockpit in a real browser: who blocks the next stage, and the step once nobody does."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.e2e.browser import chromium, visit
from tests.e2e.evaluation import OTHER_SAMPLE, Shared, evaluation
from tests.e2e.office import go_to_cockpit

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]


async def _watch(shared: Shared) -> None:
    async with chromium() as browser, visit(browser) as visitor, evaluation(shared.world, OTHER_SAMPLE) as story:
        await story.prepare()
        shared.world.issue_codes()
        page = visitor.page
        await go_to_cockpit(page, shared, story)
        await expect(page.get_by_test_id("cockpit")).to_have_attribute("data-stage", "PREPARED")
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
