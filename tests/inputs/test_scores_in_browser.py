"""A score is what the person sees: pasted, composed, in full width, and typed into a page that closes at once."""

import json
from collections.abc import Iterator

import pytest
from playwright.async_api import Route, expect

from tests.e2e.consortium import consortium
from tests.inputs.sitting import PAUSE, Sitting, full_width, sitting

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]

LONG = "字" * 4003
OHM, OMEGA = "接地电阻不大于 4 \u2126", "接地电阻不大于 4 \u03a9"


async def _score(came: Sitting, code: str) -> None:
    """At the detailed review. The page's clock runs normally until a test advances it."""
    await came.page.clock.install()
    await came.seat.begin(came.story, code, "DETAILED")
    await came.story.robots_score()
    await expect(came.seat.cell("B1", "T1")).to_be_editable()


@pytest.fixture(name="came", scope="module")
def _came(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sitting]:
    with consortium(tmp_path_factory.mktemp("scores")) as world, sitting(world, _score) as came:
        yield came


def test_a_button_that_cannot_be_pressed_says_why_beside_it(came: Sitting) -> None:
    async def play() -> None:
        review = came.seat.part("review")
        await expect(review).to_be_disabled()
        await expect(review).to_have_accessible_description("还有 9 项未评")
        await came.typed(came.seat.cell("B1", "T1"), "x")
        await expect(review).to_have_accessible_description("1 处未保存")
        await came.page.keyboard.press("Escape")
        await came.seat.part("abstain").click()
        await expect(came.seat.part("abstain-confirm")).to_have_accessible_description("请填写：弃权理由")
        await came.page.keyboard.press("Escape")
        await expect(came.seat.part("abstain-confirm")).to_be_hidden()

    came.run(play())


@pytest.mark.parametrize(
    ("item", "pasted", "points"),
    [("T1", "       10", 1000), ("T2", "\u200b 8.5\u00a0", 850), ("S1", "７．５　", 750)],
    ids=["seven spaces and 10", "unseen marks of a word processor", "full width"],
)
def test_a_pasted_score_is_saved_as_it_is_seen(came: Sitting, item: str, pasted: str, points: int) -> None:
    async def play() -> None:
        cell = came.seat.cell("B1", item)
        await came.typed(cell, pasted)
        await cell.blur()
        await expect(cell).to_have_value(f"{points / 100:g}")
        await expect(cell).to_have_attribute("data-state", "saved")
        assert await came.entries("B1", item) == [{"points": points}]

    came.run(play())


def test_nothing_is_saved_while_an_input_method_is_still_composing(came: Sitting) -> None:
    async def play() -> None:
        cell = came.seat.cell("B2", "T1")
        await cell.focus()
        await came.compose("１")
        await came.page.clock.fast_forward(PAUSE)
        await came.compose("１０")
        await came.page.clock.fast_forward(PAUSE)
        await came.page.keyboard.insert_text("１０")
        await came.page.keyboard.press("Enter")
        await expect(cell).to_have_value("10")
        await expect(cell).to_have_attribute("data-state", "saved")
        assert await came.entries("B2", "T1") == [{"points": 1000}]

    came.run(play())


def test_what_is_being_composed_stays_on_the_page_when_news_come_from_the_centre(came: Sitting) -> None:
    async def play() -> None:
        first, second = came.seat.cell("B2", "T2"), came.seat.cell("B2", "S1")
        await came.typed(first, "5")
        await came.page.keyboard.press("Enter")
        await expect(second).to_be_focused()
        await came.compose("９")
        await expect(first).to_have_attribute("data-state", "saved")
        await expect(second).to_have_value("９")
        await came.page.keyboard.insert_text("９")
        await second.blur()
        await expect(second).to_have_value("9")

    came.run(play())


def test_a_changed_cell_is_there_after_the_page_closed_at_once(came: Sitting) -> None:
    async def play() -> None:
        await came.typed(came.seat.cell("B3", "T1"), "6.5")
        await came.return_at_once()
        await expect(came.seat.cell("B3", "T1")).to_have_value("6.5")
        await expect(came.seat.cell("B3", "T1")).to_have_attribute("data-state", "saved")
        assert await came.entries("B3", "T1") == [{"points": 650}]

    came.run(play())


def test_a_reason_is_there_after_the_page_was_left_at_once(came: Sitting) -> None:
    async def play() -> None:
        await came.typed(came.seat.cell("B3", "T2"), "6")
        await came.typed(came.seat.part("reason"), "措施具体")
        await came.page.goto("about:blank")
        await came.page.goto(came.room)
        await came.seat.cell("B3", "T2").focus()
        await expect(came.seat.part("reason")).to_have_value("措施具体")
        await came.saved()
        assert (await came.entries("B3", "T2"))[-1] == {"points": 600, "reason": "措施具体"}

    came.run(play())


def test_text_that_is_no_score_is_still_there_after_the_page_closed_and_is_not_saved(came: Sitting) -> None:
    async def play() -> None:
        await came.typed(came.seat.cell("B3", "S1"), "七分")
        await came.return_at_once()
        await expect(came.seat.cell("B3", "S1")).to_have_value("七分")
        await expect(came.seat.cell("B3", "S1")).to_have_attribute("data-state", "wrong")
        await expect(came.seat.part("saved")).to_have_attribute("data-saved", "false")
        assert await came.entries("B3", "S1") == []
        await came.typed(came.seat.cell("B3", "S1"), "7")
        await came.saved()

    came.run(play())


def test_a_reason_with_the_ohm_sign_is_kept_as_the_letter_it_is(came: Sitting) -> None:
    async def play() -> None:
        await came.typed(came.seat.cell("B1", "T1"), "9")
        await came.typed(came.seat.part("reason"), OHM)
        await came.seat.part("reason").blur()
        await came.saved()
        assert (await came.entries("B1", "T1"))[-1] == {"points": 900, "reason": OMEGA}

    came.run(play())


def test_a_reason_that_is_too_long_is_told_in_words_and_never_cut(came: Sitting) -> None:
    async def play() -> None:
        await came.typed(came.seat.cell("B2", "T1"), "9")
        await came.saved()
        reason = came.seat.part("reason")
        await came.typed(reason, LONG)
        await expect(reason).to_have_value(LONG)
        await expect(came.seat.part("text-fault")).to_have_text("最多 4000 字，已超出 3 字")
        await expect(came.seat.cell("B2", "T1")).to_have_attribute("data-state", "wrong")
        await expect(came.seat.part("saved")).to_have_attribute("data-saved", "false")
        await came.typed(reason, LONG[:4000])
        await reason.blur()
        await came.saved()
        assert (await came.entries("B2", "T1"))[-1] == {"points": 900, "reason": LONG[:4000]}

    came.run(play())


async def _wider_range(route: Route) -> None:
    """The page is told that T1 goes up to 90 points: the centre refuses more than its own maximum."""
    answer = await route.fetch()
    view = await answer.json()
    for item in view["items"]:
        if item["id"] == "T1":
            item["maximum"] = 9000
    await route.fulfill(response=answer, body=json.dumps(view))


def test_what_the_own_centre_refuses_is_told_at_the_cell_and_the_next_cell_is_saved(came: Sitting) -> None:
    async def play() -> None:
        pattern = f"**/api/v1/room/{came.seat.session}"
        await came.page.route(pattern, _wider_range)
        await came.page.reload()
        refused, next_one = came.seat.cell("B3", "T1"), came.seat.cell("B3", "T2")
        await came.typed(refused, "85")
        await came.page.keyboard.press("Enter")
        await came.page.keyboard.insert_text("5.5")
        await came.page.keyboard.press("Enter")
        await expect(refused).to_have_attribute("data-state", "refused")
        await expect(refused).to_have_value("85")
        await expect(next_one).to_have_attribute("data-state", "saved")
        await refused.focus()
        await expect(came.seat.part("cell-fault")).to_contain_text("未保存：")
        await expect(came.seat.part("saved")).to_have_attribute("data-saved", "false")
        await came.page.unroute(pattern)
        await came.page.keyboard.insert_text("7")
        await came.page.keyboard.press("Enter")
        await expect(refused).to_have_attribute("data-state", "saved")
        await came.saved()
        assert (await came.entries("B3", "T1"))[-1] == {"points": 700}
        assert (await came.entries("B3", "T2"))[-1] == {"points": 550, "reason": "措施具体"}

    came.run(play())


def test_the_sheet_with_all_that_was_typed_can_be_reviewed(came: Sitting) -> None:
    async def play() -> None:
        view = await came.story.experts[0].person.get(f"/api/v1/room/{came.story.session}")
        for bidder in view["bidders"]:
            for item in view["items"]:
                cell = came.seat.cell(bidder["id"], item["id"])
                if await cell.get_attribute("data-state") == "empty":
                    await came.typed(cell, full_width("4"))
        await came.page.keyboard.press("Enter")
        await came.saved()
        await came.seat.part("review").click()
        await expect(came.seat.part("review-page")).to_contain_text(OMEGA)

    came.run(play())
