"""The public's way in a real browser: drop a file on the explorer and learn whether it is the sealed report."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.e2e.browser import Visit, chromium, visit
from tests.e2e.evaluation import Shared, sealed_report

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]

UNKNOWN = (404, "/explorer/api/v1/documents/")
MOST_SENT = 1500
HEAD_CHARACTERS = 2 + 3 * 64
"""The hexadecimal answer to a question for a log's head: size, root, block."""
DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, {type: "application/pdf"}));
  const place = document.querySelector("[data-drop]");
  for (const kind of ["dragenter", "dragover", "drop"]) {
    place.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
  }
}"""


@asynccontextmanager
async def _explorer(shared: Shared) -> AsyncIterator[Visit]:
    async with chromium() as browser, visit(browser) as visitor:
        await visitor.page.goto(f"{shared.world.plan.host.origin}/")
        await expect(visitor.page.locator("[data-drop]")).to_be_visible()
        visitor.requests.clear()
        yield visitor


async def _drop(page: Page, name: str, data: bytes) -> Locator:
    """Drop a file as the mouse would; return the page's verdict."""
    await page.evaluate(DROP, [name, base64.b64encode(data).decode()])
    verdict = page.locator("[data-verdict][data-outcome]")
    await expect(verdict).to_be_visible()
    return verdict


def _asked(visitor: Visit, address: str) -> bool:
    return any(request.url.startswith(address) for request in visitor.requests)


def _assert_nothing_carried(visitor: Visit, data: bytes) -> None:
    """All requests of the page together are too short to contain the file, and no other connection was opened."""
    sent = sum(len(request.url) + len(request.post_data_buffer or b"") for request in visitor.requests)
    assert 0 < sent < MOST_SENT < len(data)
    assert visitor.sockets == []


async def _drop_sealed(shared: Shared, report: bytes) -> None:
    async with _explorer(shared) as visitor:
        verdict = await _drop(visitor.page, "评标报告.pdf", report)
        await expect(verdict).to_have_attribute("data-outcome", "proven")
        await expect(verdict.locator("h3")).to_have_text("核对通过")
        names = [await check.get_attribute("data-check") for check in await verdict.locator("li.pass").all()]
        assert [name for name in names if name != "chain.cosignatures"] == [
            "document.digest",
            "record.document-digest",
            "record.commitment",
            "log.inclusion",
            "chain.head",
        ]
        assert _asked(visitor, f"http://127.0.0.1:{shared.world.plan.chain_port}")
        _assert_nothing_carried(visitor, report)
        await verdict.get_by_role("link", name="查看这次评标").click()
        await expect(visitor.page.locator(".ladder li.reached").nth(2)).to_contain_text("已上链")


async def _drop_other(shared: Shared, other: bytes) -> None:
    async with _explorer(shared) as visitor:
        visitor.expected.add(UNKNOWN)
        verdict = await _drop(visitor.page, "改过的报告.pdf", other)
        await expect(verdict).to_have_attribute("data-outcome", "unknown")
        await expect(verdict.locator("h3")).to_have_text("没有查到这份文件")
        await expect(verdict.locator("li")).to_have_count(0)
        _assert_nothing_carried(visitor, other)


async def _drop_before_other_chain(shared: Shared, report: bytes) -> None:
    """The same site and file, but a chain whose log head carries another root."""

    async def lie(route: Route) -> None:
        answer = await (await route.fetch()).json()
        word = answer["result"]
        if len(word) == HEAD_CHARACTERS:
            answer["result"] = word[:66] + "0" * 64 + word[130:]
        await route.fulfill(json=answer, headers={"Access-Control-Allow-Origin": "*"})

    async with _explorer(shared) as visitor:
        await visitor.page.route(f"http://127.0.0.1:{shared.world.plan.chain_port}/**", lie)
        verdict = await _drop(visitor.page, "评标报告.pdf", report)
        await expect(verdict).to_have_attribute("data-outcome", "failed")
        await expect(verdict.locator("li").first).to_have_attribute("data-check", "chain.head")
        failed = await verdict.locator("li.fail").evaluate_all("items => items.map(item => item.dataset.check)")
        # The others cosigned the true root: once their cosignatures are on the chain, they contradict the lie as well.
        assert failed in (["chain.head"], ["chain.head", "chain.cosignatures"])


def test_the_sealed_report_is_found_and_proven_without_leaving_the_machine(shared: Shared) -> None:
    asyncio.run(_drop_sealed(shared, sealed_report(shared.sealed())))


def test_a_report_with_one_byte_changed_is_plainly_not_found(shared: Shared) -> None:
    report = bytearray(sealed_report(shared.sealed()))
    report[len(report) // 2] ^= 1
    asyncio.run(_drop_other(shared, bytes(report)))


def test_a_root_that_is_not_the_chains_proves_nothing(shared: Shared) -> None:
    asyncio.run(_drop_before_other_chain(shared, sealed_report(shared.sealed())))
