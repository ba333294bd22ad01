"""Tenders of every method in the console: one that compares prices and gives no points has a page, too."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from node.centre import Centre, open_centre
from node.foundation import web_origin
from records.actors import Role
from records.ids import PersonId
from tests.e2e.browser import chromium, visit
from tests.integration.node.node_centres import centre_config, free_port, serving

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]

METHODS = {
    "works-lowest": "经评审的最低投标价法",
    "goods-low-price-first": "综合评分法（低价优先） · 报价 30 · 技术 50 · 商务 20",
    "works-benchmark": "综合评估法 · 报价 50 · 技术 40 · 商务 10",
}
"""What the page says of the method of each sample."""


@pytest.fixture(name="centre", scope="module")
def _centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    ports = {"JN": free_port(), "XA": free_port()}
    with serving(open_centre(centre_config("JN", tmp_path_factory.mktemp("methods"), ports))) as centre:
        yield centre


async def _look(centre: Centre) -> dict[str, str]:
    """An operator registers the samples and opens the page of each; what it says of the method."""
    said: dict[str, str] = {}
    code = centre.access.issue_code(person=PersonId("operator"), name="示例", role=Role.OPERATOR)
    async with chromium() as browser, visit(browser) as visitor:
        page = visitor.page
        await page.goto(f"{web_origin(centre.config)}/console/")
        await page.get_by_test_id("enrolment-code").fill(code)
        await page.get_by_test_id("enrol").click()
        for sample in METHODS:
            await page.get_by_test_id("menu-tenders").click()
            await page.get_by_test_id("register-tender").click()
            await page.get_by_test_id(f"sample-{sample}").click()
            await page.get_by_test_id("register-confirm").click()
            await expect(page.get_by_test_id("tender-method")).to_be_visible()
            said[sample] = " ".join((await page.get_by_test_id("tender-method").inner_text()).split())
    return said


@pytest.mark.skipif(not (Path("web") / "dist" / "console").is_dir(), reason="the applications are not built")
def test_every_method_is_shown_with_the_parts_it_has_and_no_others(centre: Centre) -> None:
    assert asyncio.run(_look(centre)) == METHODS
