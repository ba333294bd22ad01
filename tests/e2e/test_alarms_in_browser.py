"""An alarm in a real browser: a record is changed under the centre; the console shows it until it is repaired."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import text

from node.centre import Centre, open_centre
from node.config import MonitorConfig
from records.actors import Role
from records.facts import REPORT_DRAFTED, Fact
from records.ids import Author, PersonId, ProjectId
from tests.e2e.browser import PHONE, chromium, visit
from tests.integration.node.node_centres import centre_config, free_port, serving

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]
FACT = Fact(
    type=REPORT_DRAFTED,
    project=ProjectId("E3701000076012345001"),
    author=Author("operator:op-1"),
    body={"title": "示例项目"},
)
CHANGE = (
    "UPDATE journal_entry SET record = CAST(replace(CAST(record AS TEXT), '示例', '改写') AS BLOB)"
    " WHERE entry_index = :at"
)
MEND = CHANGE.replace("'示例', '改写'", "'改写', '示例'")


@pytest.fixture(name="centre")
def _centre(tmp_path: Path) -> Iterator[Centre]:
    config = replace(centre_config("JN", tmp_path, {"JN": free_port()}), monitor=MonitorConfig(interval_seconds=1))
    with serving(open_centre(config)) as centre:
        with centre.journal.work() as work:
            work.record(FACT)
        yield centre
    centre.journal.engine.dispose()


def write(centre: Centre, statement: str) -> None:
    """The act of somebody with access to the database."""
    with centre.journal.engine.begin() as connection:
        connection.execute(text(statement), {"at": 0})


async def enter(page: Page, centre: Centre, role: Role) -> None:
    code = centre.access.issue_code(person=PersonId(f"{role}-1"), name="示例人员", role=role)
    await page.goto(f"http://localhost:{centre.config.server.port}/console/")
    await page.get_by_test_id("enrolment-code").fill(code)
    await page.get_by_test_id("enrol").click()
    await page.get_by_test_id("menu-centre").click()


async def _operator_is_told(centre: Centre) -> None:
    async with chromium() as browser, visit(browser) as visitor:
        page = visitor.page
        await enter(page, centre, Role.OPERATOR)
        await expect(page.get_by_test_id("no-alarms")).to_contain_text("没有未解除的报警")
        write(centre, CHANGE)
        panel = page.get_by_test_id("alarms")
        alarm = panel.locator("[data-code=record-altered]")
        await expect(alarm).to_contain_text("严重")
        await expect(alarm).to_contain_text("第 0–255 条记录")
        await expect(alarm).to_contain_text("仍然可靠")
        await alarm.get_by_role("button", name="已知悉，写明处理情况").click()
        await page.get_by_test_id("alarm-reason").fill("已通知监督人员，数据库已封存")
        await page.get_by_test_id("acknowledge-send").click()
        await expect(alarm.get_by_test_id("acknowledged")).to_contain_text("已通知监督人员，数据库已封存")
        await page.get_by_test_id("language").click()
        await expect(alarm).to_contain_text("A record was changed")
        write(centre, MEND)
        await expect(page.get_by_test_id("no-alarms")).to_contain_text("No alarm is open")


async def _supervisor_sees(centre: Centre) -> None:
    write(centre, CHANGE)
    async with chromium() as browser, visit(browser, size=PHONE) as visitor:
        page = visitor.page
        await page.goto(f"http://localhost:{centre.config.server.port}/console/#/centre")
        code = centre.access.issue_code(person=PersonId("supervisor-1"), name="示例人员", role=Role.SUPERVISOR)
        await page.get_by_test_id("enrolment-code").fill(code)
        await page.get_by_test_id("enrol").click()
        alarm = page.get_by_test_id("alarms").locator("[data-code=record-altered]")
        await expect(alarm).to_contain_text("记录被改动")
        await expect(alarm.get_by_role("button")).to_have_count(0)
        wider = "document.documentElement.scrollWidth > window.innerWidth"
        assert not await page.evaluate(wider), "nothing is wider than a phone"


def test_an_operator_is_told_acknowledges_and_sees_it_cleared(centre: Centre) -> None:
    asyncio.run(_operator_is_told(centre))


def test_a_supervisor_sees_the_alarm_on_a_phone_and_acknowledges_nothing(centre: Centre) -> None:
    asyncio.run(_supervisor_sees(centre))
