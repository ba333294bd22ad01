"""An expert's whole way in a real browser, from the one-time code to the receipt, while robots play the other four."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.e2e.browser import chromium, visit
from tests.e2e.consortium import entries_in_journal
from tests.e2e.evaluation import FIRST_SEAT, SAMPLE, Evaluation, Shared, evaluation
from tests.e2e.seat import ABSTAINED_BECAUSE, Seat, figure

WRONG_PIN = (403, "/signature")
pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]


async def _come(story: Evaluation, seat: Seat, code: str) -> None:
    await seat.enrol(code)
    await seat.sign_out_and_in()
    await asyncio.gather(story.robots_check_in(), seat.check_in())
    await expect(seat.part(f"seat-{FIRST_SEAT}")).to_contain_text("在席")
    await story.ready_for("BRIEFING")


async def _brief(story: Evaluation, seat: Seat) -> None:
    await story.enter("BRIEFING")
    await asyncio.gather(story.robots_undertake(), seat.undertake())
    await story.ready_for("DETAILED")


async def _refused_scores_say_why(seat: Seat) -> None:
    """Construction plan: 0–10 points in steps of 0.5."""
    cell = seat.cell("B1", "T1")
    await expect(cell).to_have_attribute("data-state", "empty")
    for typed, sentence in [
        ("10.5", "应在 0–10 分之间"),
        ("7.3", "应为 0.5 分的整数倍"),
        ("x", "请输入数字，最多两位小数"),
    ]:
        await cell.fill(typed)
        await expect(seat.part("cell-fault")).to_have_text(sentence)
        await expect(cell).to_have_attribute("data-state", "wrong")
        await expect(seat.part("review")).to_be_disabled()
    await seat.page.keyboard.press("Escape")
    await expect(cell).to_have_attribute("data-state", "empty")


async def _score(story: Evaluation, seat: Seat) -> None:
    await story.enter("DETAILED")
    view = await story.experts[0].person.get(f"/api/v1/room/{story.session}")
    await seat.see_page(2)
    await _refused_scores_say_why(seat)
    await asyncio.gather(story.robots_score(), seat.score_all(view))
    await _sheet_is_kept(seat, view)
    await story.robots_lock(all_but=1)
    await expect(seat.part("seat-JN-2").locator(".lock")).to_have_count(0)  # nothing about others before the own lock
    await seat.lock()
    await _sheet_is_closed(seat)
    await story.robots_lock()


async def _sheet_is_kept(seat: Seat, view: dict[str, list[dict[str, str]]]) -> None:
    """Every entry is acknowledged, the five kinds of cells look different, and a reload shows the same sheet."""
    done = seat.part("progress")
    await expect(seat.part("saved")).to_have_attribute("data-saved", "true")
    await seat.page.reload()
    await expect(done).to_have_attribute("data-done", str(len(view["bidders"]) * len(view["items"])))
    await expect(seat.cell("B1", "T1")).to_have_attribute("data-state", "saved")
    await expect(seat.cell("B1", "T1")).to_have_value(figure(view["items"][0]))
    await expect(seat.cell("B5", "S1")).to_have_attribute("data-state", "zero")
    await expect(seat.cell("B5", "S2")).to_have_attribute("data-state", "abstained")


async def _sheet_is_closed(seat: Seat) -> None:
    """After the lock the form says why it takes no more, and now shows who else has locked."""
    await expect(seat.part("locked")).to_contain_text("锁定后任何人都不能更改")
    await expect(seat.part("score-grid").locator("input")).to_have_count(35)
    await expect(seat.part("score-grid").locator("input:not([readonly])")).to_have_count(0)
    await expect(seat.part("review")).to_have_count(0)
    await expect(seat.part("seat-JN-2").locator(".lock")).to_have_text("已锁定评分")


async def _sign(story: Evaluation, seat: Seat) -> None:
    await story.tally()
    await story.report()
    shown = await story.host.get(f"/api/v1/sessions/{story.session}")
    code = shown["report"]["report_digest"].removeprefix("sha256:")[:16].upper()
    await expect(seat.part("short-code")).to_have_text("-".join(code[n : n + 4] for n in range(0, 16, 4)))
    await expect(seat.part("digest-check")).to_have_attribute("data-same", "true")
    await seat.agree()
    await story.sign()
    await seat.refuse_pin()
    await seat.sign()
    await story.finish()
    await expect(seat.part("sealed")).to_be_visible()


async def _play(shared: Shared) -> Evaluation:
    people = frozenset({FIRST_SEAT})
    async with (
        chromium() as browser,
        visit(browser) as visitor,
        evaluation(shared.world, SAMPLE, people=people) as story,
    ):
        visitor.expected.add(WRONG_PIN)
        await story.prepare()
        await story.enter("CHECK_IN")
        account = shared.world.account("JN", "JN-E1")
        seat = Seat(page=visitor.page, origin=shared.world.plan.host.origin, session=story.session, pin=account.pin)
        await _come(story, seat, account.code)
        await _brief(story, seat)
        await _score(story, seat)
        await _sign(story, seat)
        shared.bundle = story.bundle_path
    return story


def test_an_expert_goes_the_whole_way_in_a_browser(shared: Shared) -> None:
    story = asyncio.run(_play(shared))

    for city in shared.world.plan.running:
        entries = entries_in_journal(shared.world, city, story.session)
        mine = [signed.entry for signed in entries if signed.entry.author == f"seat:{FIRST_SEAT}"]
        kinds = [entry.kind for entry in mine]
        assert kinds == ["undertaking-signed", *["score-entered"] * 35, "sheet-locked", "report-consented"]
        assert [entry.seq for entry in mine] == list(range(1, len(mine) + 1))
        assert mine[-3].body == {"bidder": "B5", "item": "S2", "abstained": True, "reason": ABSTAINED_BECAUSE}
        assert mine[-4].body == {"bidder": "B5", "item": "S1", "points": 0}
