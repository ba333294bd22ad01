"""The preliminary review as people type it: reasons, marks of a page that closes at once, motions, sums of money."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, Route, expect

from node.demo.authenticator import Json
from tests.alteration import altered
from tests.e2e.browser import visit
from tests.e2e.consortium import consortium
from tests.e2e.evaluation import Shared
from tests.e2e.office import go_to_cockpit
from tests.inputs.sitting import UNKNOWN, Sitting, sitting

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]

SAMPLE = "jinan-lighting"
ITEMS = [
    {
        "id": name, "stage": "PRELIM_QUAL", "name_zh": f"资格条件 {name}", "name_en": f"Qualification {name}",
        "clause": "第三章 2.1.2(1)", "ground": "F51-3",
    }
    for name in ("Q1", "Q2", "Q3")
]  # fmt: skip
NO_SUM = (422, "/review")
LONG = "字" * 4001
OHM, OMEGA = "接地电阻 10 \u2126 不符", "接地电阻 10 \u03a9 不符"


def reviewed(tender: Json) -> None:
    """With a review of qualification."""
    tender["stages"][3:3] = ["READING", "PRELIM_QUAL", "PRELIM_DONE"]
    tender["review"] = {"items": ITEMS}


async def _read_and_mark(came: Sitting, code: str) -> None:
    await came.seat.begin(came.story, code, "READING")
    await asyncio.gather(
        *(robot.room.submit("reading-finished", {}, stage="READING") for robot in came.story.experts),
        came.seat.part("finish-reading").click(),
    )
    await came.story.ready_for("PRELIM_QUAL")
    await came.story.enter("PRELIM_QUAL")
    await expect(came.seat.part("mark-B1-Q1")).to_be_visible()


@pytest.fixture(name="came", scope="module")
def _came(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sitting]:
    root = tmp_path_factory.mktemp("reviews")
    samples = altered(root / "samples", f"{SAMPLE}/tender.json", reviewed)
    with consortium(root, samples=samples) as world, sitting(world, _read_and_mark, sample=SAMPLE) as came:
        yield came


@pytest.fixture(name="operator", scope="module")
def _operator(came: Sitting) -> Page:
    async def come() -> Page:
        visitor = await came.stack.enter_async_context(visit(came.browser))
        visitor.expected |= {UNKNOWN, NO_SUM}
        await go_to_cockpit(visitor.page, Shared(world=came.world), came.story)
        return visitor.page

    return came.run(come())


async def _mark(came: Sitting, bidder: str, item: str, key: str) -> None:
    mark = came.seat.part(f"mark-{bidder}-{item}")
    await expect(mark).to_be_enabled()
    await mark.press(key)


def test_a_mark_is_there_after_the_page_closed_at_once(came: Sitting) -> None:
    async def play() -> None:
        await _mark(came, "B1", "Q1", "1")
        await came.return_at_once()
        await expect(came.seat.part("mark-B1-Q1")).to_have_attribute("data-state", "pass")
        assert await came.entries("B1", "Q1") == [{"passed": True}]

    came.run(play())


def test_the_reason_of_a_failure_is_there_after_the_page_closed_at_once(came: Sitting) -> None:
    async def play() -> None:
        await _mark(came, "B2", "Q2", "0")
        await came.typed(came.seat.part("fail-reason"), "许可证已过有效期")
        await came.return_at_once()
        await expect(came.seat.part("mark-B2-Q2")).to_have_attribute("data-state", "wrong")
        await came.seat.part("mark-B2-Q2").focus()
        await expect(came.seat.part("fail-reason")).to_have_value("许可证已过有效期")
        await came.seat.part("fail-confirm").click()
        await expect(came.seat.part("mark-B2-Q2")).to_have_attribute("data-state", "fail")

    came.run(play())


def test_a_reason_with_the_ohm_sign_is_kept_and_one_too_long_is_told(came: Sitting) -> None:
    async def play() -> None:
        await _mark(came, "B3", "Q1", "0")
        await expect(came.seat.part("fail-confirm")).to_have_accessible_description("请填写：不通过的理由")
        await came.typed(came.seat.part("fail-reason"), LONG)
        await expect(came.seat.part("text-fault")).to_have_text("最多 4000 字，已超出 1 字")
        await expect(came.seat.part("fail-confirm")).to_have_accessible_description("最多 4000 字，已超出 1 字")
        await came.typed(came.seat.part("fail-reason"), OHM)
        await came.seat.part("fail-confirm").click()
        await expect(came.seat.part("mark-B3-Q1")).to_have_attribute("data-state", "fail")
        assert await came.entries("B3", "Q1") == [{"passed": False, "reason": OMEGA}]

    came.run(play())


async def _more_than_the_centre_knows(route: Route) -> None:
    """The page gets an item and a ground that the tender file does not have: the centre refuses them."""
    answer = await route.fetch()
    view = await answer.json()
    view["review"]["items"].append({**ITEMS[0], "id": "Q9"})
    view["review"]["grounds"].append({"code": "X9", "name_zh": "自拟", "name_en": "Own", "clause": "9.9"})
    await route.fulfill(response=answer, body=json.dumps(view))


def test_what_the_own_centre_refuses_is_told_at_the_mark_and_in_the_motion(came: Sitting) -> None:
    async def play() -> None:
        pattern = f"**/api/v1/room/{came.seat.session}"
        await came.page.route(pattern, _more_than_the_centre_knows)
        await came.page.reload()
        await _mark(came, "B1", "Q9", "1")
        await expect(came.seat.part("mark-B1-Q9")).to_have_attribute("data-state", "refused")
        await came.seat.part("mark-B1-Q9").focus()
        await expect(came.seat.part("mark-fault")).to_contain_text("未保存：")
        await came.seat.part("raise").click()
        await came.seat.part("form-ground").select_option("X9")
        await came.typed(came.seat.part("form-evidence"), "依据不在评审标准内")
        await came.seat.part("form-send").click()
        problem = came.page.get_by_role("dialog").get_by_test_id("problem")
        await expect(problem).to_be_visible()
        await expect(problem).not_to_contain_text("{")
        await came.page.keyboard.press("Escape")
        await came.page.unroute(pattern)
        await came.page.reload()
        await expect(came.seat.part("mark-B1-Q1")).to_have_attribute("data-state", "pass")

    came.run(play())


def test_a_correction_of_a_hundred_thousand_yuan_and_more_is_recorded(came: Sitting, operator: Page) -> None:
    async def play() -> None:
        await operator.get_by_test_id("correct").click()
        confirm = operator.get_by_test_id("relay-confirm")
        await expect(confirm).to_have_accessible_description("请填写大写金额或者至少一项清单")
        await operator.get_by_test_id("add-line").click()
        await operator.get_by_test_id("line-0-name").fill("LED 灯具")
        for figure, text in [("unit", "１００，０００"), ("quantity", "1 200"), ("total", "120,000,000.001")]:
            await operator.get_by_test_id(f"line-0-{figure}").focus()
            await operator.keyboard.insert_text(text)
        await expect(confirm).to_have_accessible_description("清单第 1 项 · 所报合价（元）：金额最多精确到分")
        await operator.get_by_test_id("line-0-quantity").fill("3")
        await operator.get_by_test_id("line-0-total").fill("310,000.00元")
        await expect(operator.get_by_test_id("line-0")).to_contain_text("读作 100,000.00 元")
        await expect(operator.get_by_test_id("line-0")).to_contain_text("读作 310,000.00 元")
        await confirm.click()
        await expect(confirm).to_have_count(0)
        await expect(operator.get_by_test_id("correction")).to_contain_text("31.00 → 30.00")

    came.run(play())


def test_a_correction_that_the_centre_refuses_says_so_beside_the_button(came: Sitting, operator: Page) -> None:
    async def play() -> None:
        await operator.get_by_test_id("correct").click()
        await operator.get_by_test_id("correct-bidder").select_option("B2")
        await operator.get_by_test_id("correct-words").fill("不是金额")
        await operator.get_by_test_id("relay-confirm").click()
        await expect(operator.get_by_role("dialog").get_by_test_id("problem")).to_be_visible()

    came.run(play())
