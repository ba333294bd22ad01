"""Pause, fault, suspension and rollback in real browsers: the operator, the supervisor and one expert see the same."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from node.demo.plan import OPERATOR, SUPERVISOR
from tests.e2e.browser import Visit, chromium, visit
from tests.e2e.evaluation import FIRST_SEAT, OTHER_SAMPLE, Evaluation, Shared, evaluation
from tests.e2e.seat import Seat

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]


async def _open_cockpit(shared: Shared, story: Evaluation, visitor: Visit, person: str) -> Page:
    page = visitor.page
    await page.goto(f"{shared.world.plan.host.origin}/console/")
    await page.get_by_test_id("enrolment-code").fill(shared.world.account("JN", person).code)
    await page.get_by_test_id("enrol").click()
    await page.get_by_test_id("menu-sessions").click()
    await page.get_by_test_id(f"session-{story.session}").get_by_role("link").click()
    await expect(page.get_by_test_id("cockpit")).to_be_visible()
    return page


async def _step(page: Page, to: str, **grounds: str) -> None:
    """Take a step off the line: its button, its grounds, and the button of the dialog with the same verb."""
    verb = await page.get_by_test_id(f"step-{to}").inner_text()
    await page.get_by_test_id(f"step-{to}").click()
    for name, text in grounds.items():
        field = page.get_by_test_id(f"said-{name}")
        await (field.select_option(text) if name in {"back_to", "venue"} else field.fill(text))
    await expect(page.get_by_test_id("step-confirm")).to_have_text(verb)
    await page.get_by_test_id("step-confirm").click()
    await expect(page.get_by_test_id("cockpit")).to_have_attribute("data-stage", to)


async def _pause(operator: Page, seat: Seat) -> None:
    await seat.cell("B1", "T1").fill("8")
    await seat.page.keyboard.press("Enter")
    await expect(seat.part("saved")).to_have_attribute("data-saved", "true")
    await _step(operator, "PAUSED", reason="午间休息")
    for page in (operator, seat.page):
        await expect(page.get_by_test_id("standstill")).to_contain_text("暂停")
        await expect(page.get_by_test_id("standstill")).to_contain_text("午间休息")
    await expect(seat.cell("B1", "T2")).not_to_be_editable()
    await _step(operator, "DETAILED")
    await expect(seat.part("standstill")).to_have_count(0)
    await expect(seat.cell("B1", "T1")).to_have_value("8")
    await expect(seat.cell("B1", "T2")).to_be_editable()


async def _fault(operator: Page, seat: Seat) -> None:
    await _step(operator, "INTERRUPTED", cause="机房断电", venue="XA")
    await expect(operator.get_by_test_id("fault-limit")).to_contain_text("剩余")
    await expect(seat.part("standstill")).to_contain_text("西安")
    await _step(operator, "DETAILED")


async def _go_back(operator: Page, supervisor: Page, seat: Seat) -> None:
    await _step(operator, "ROLLBACK_REQ", back_to="BRIEFING", reason="承诺书文本有误")
    await expect(operator.get_by_test_id("step-BRIEFING")).to_have_count(0)
    await _step(supervisor, "BRIEFING", order="监督〔2026〕2号", reason="情况属实")
    await expect(operator.get_by_test_id("rollback")).to_contain_text("监督〔2026〕2号")
    await expect(seat.part("went-back")).to_contain_text("承诺书文本有误")
    await expect(seat.part("undertaking-read")).to_be_visible()
    await seat.part("acknowledge-rollback").click()
    await expect(seat.part("went-back")).to_have_count(0)
    await seat.undertake()
    await expect(operator.locator('[data-what="rollback-not-acknowledged"]')).not_to_contain_text("济南·席位 1")


async def _suspend(operator: Page, supervisor: Page, seat: Seat) -> None:
    await _step(supervisor, "SUSPENDED", order="监督〔2026〕3号", reason="接到投诉")
    await expect(seat.part("waiting")).to_contain_text("评标已暂停")
    await expect(operator.get_by_test_id("step-BRIEFING")).to_have_count(0)


async def _end(supervisor: Page, seat: Seat) -> None:
    await supervisor.get_by_test_id("ends").locator("summary").click()
    await _step(supervisor, "ABORTED", order="监督〔2026〕4号", reason="项目取消")
    await expect(seat.part("waiting")).to_contain_text("提前结束")


async def _watch(shared: Shared) -> None:
    people = frozenset({FIRST_SEAT})
    async with (
        chromium() as browser,
        visit(browser) as operating,
        visit(browser) as supervising,
        visit(browser) as sitting,
        evaluation(shared.world, OTHER_SAMPLE, people=people) as story,
    ):
        await story.prepare()
        shared.world.issue_codes()
        seat = Seat(page=sitting.page, origin=shared.world.plan.host.origin, session=story.session, pin="")
        operator = await _open_cockpit(shared, story, operating, OPERATOR)
        supervisor = await _open_cockpit(shared, story, supervising, SUPERVISOR)
        await seat.begin(story, shared.world.account("JN", "JN-E1").code, "DETAILED")
        await _pause(operator, seat)
        await _fault(operator, seat)
        await _go_back(operator, supervisor, seat)
        await _suspend(operator, supervisor, seat)
        await _end(supervisor, seat)


def test_everybody_sees_why_the_session_stands_still_and_who_ends_it(shared: Shared) -> None:
    asyncio.run(_watch(shared))
