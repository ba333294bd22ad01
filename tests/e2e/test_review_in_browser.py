"""The preliminary review in real browsers: a member marks, asks, votes and locks; the operator carries."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from node.demo.authenticator import Json
from node.demo.expert import Expert
from records import canonical
from records.ids import digest
from tests.alteration import altered
from tests.e2e.browser import chromium, visit
from tests.e2e.consortium import consortium
from tests.e2e.evaluation import FIRST_SEAT, OTHER_SAMPLE, Evaluation, Shared, evaluation
from tests.e2e.office import Look, go_to_cockpit, no_look
from tests.e2e.seat import Seat
from tests.e2e.test_public_in_browser import UNKNOWN

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("browser")]

TENDER = f"{OTHER_SAMPLE}/tender.json"
STAGES = ["READING", "PRELIM_QUAL", "PRELIM_DONE"]
ITEMS = [
    {
        "id": "Q1", "stage": "PRELIM_QUAL", "name_zh": "营业执照", "name_en": "Business licence",
        "clause": "第三章 2.1.2(1)", "ground": "F51-3",
    },
    {
        "id": "Q2", "stage": "PRELIM_QUAL", "name_zh": "安全生产许可证", "name_en": "Work safety permit",
        "clause": "第三章 2.1.2(2)", "ground": "F51-3",
    },
]  # fmt: skip
OUT, FAILING, REASON = "B3", "Q2", "安全生产许可证已过有效期(示例)"


def reviewed(tender: Json) -> None:
    """With a review of qualification."""
    tender["stages"][3:3] = STAGES
    tender["review"] = {"items": ITEMS}


@pytest.fixture(name="shared", scope="module")
def shared_with_review(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    root = tmp_path_factory.mktemp("review")
    with consortium(root, samples=altered(root / "samples", TENDER, reviewed)) as world:
        yield Shared(world=world)


# --- robots --------------------------------------------------------------------------------------------------------


async def _read(robot: Expert) -> None:
    await robot.room.submit("reading-finished", {}, stage="READING")


async def _review(robot: Expert) -> None:
    """Mark everything as the tender file has it, one item of one bid failing, and lock."""
    stage, marks = "PRELIM_QUAL", list[Json]()
    view = await robot.person.get(f"/api/v1/room/{robot.session}")
    for bidder in view["bidders"]:
        for item in ITEMS:
            fails = (bidder["id"], item["id"]) == (OUT, FAILING)
            mark: Json = {"bidder": bidder["id"], "item": item["id"], "passed": not fails}
            marks.append(mark | ({"reason": REASON} if fails else {}))
            await robot.room.submit("review-marked", marks[-1], stage=stage)
    marks.sort(key=lambda mark: (mark["bidder"], mark["item"]))
    value = canonical.encode({"marks": marks, "stage": stage})
    await robot.room.submit("review-locked", {"stage": stage, "table_digest": digest(value)}, stage=stage)


async def _everybody(story: Evaluation, kind: str, body: Json, stage: str) -> None:
    await asyncio.gather(*(robot.room.submit(kind, body, stage=stage) for robot in story.experts))


# --- people --------------------------------------------------------------------------------------------------------


async def _ask_and_read(story: Evaluation, seat: Seat, operator: Page, look: Look) -> None:
    """A question goes from the member over the operator to the bidder and back, and everybody accepts the answer."""
    await seat.part("ask").click()
    await seat.part("form-place").fill("技术标 第2页")
    await seat.part("form-question").fill("工期起算日的表述前后不一致，请说明。")
    await look(seat.page, "room-ask")
    await seat.part("form-send").click()
    await expect(seat.part("question")).to_have_attribute("data-state", "DRAFT")
    for step in ("send", "deliver", "answer"):
        await operator.get_by_test_id(f"relay-{step}").click()
        if step == "answer":
            await operator.get_by_test_id("relay-text").fill("自开工令次日起算(示例)。")
            await look(operator, "console-answer")
        await operator.get_by_test_id("relay-confirm").click()
        await expect(operator.get_by_test_id("relay-confirm")).to_have_count(0)
    await seat.part("accept").click()
    await seat.part("form-send").click()
    await _everybody(story, "answer-judged", {"clarification": f"{FIRST_SEAT}.Q1", "accepted": True}, "READING")
    await expect(operator.get_by_test_id("relay")).to_have_attribute("data-state", "ACCEPTED")
    await look(seat.page, "room-reading")
    await asyncio.gather(*(_read(robot) for robot in story.experts))
    await seat.part("finish-reading").click()


async def _correct(operator: Page, look: Look) -> None:
    """The amount in words of the first bid differs from its figures; the bidder confirms."""
    await operator.get_by_test_id("correct").click()
    await operator.get_by_test_id("correct-words").fill("叁佰壹拾万元整")
    await look(operator, "console-correct")
    await operator.get_by_test_id("relay-confirm").click()
    await operator.get_by_test_id("correction-answer").click()
    await operator.get_by_test_id("relay-text").fill("我方确认修正(示例)。")
    await operator.get_by_test_id("relay-confirm").click()
    await expect(operator.get_by_test_id("correction")).to_have_attribute("data-confirmed", "true")


async def _mark_and_lock(story: Evaluation, seat: Seat, look: Look) -> None:
    """By keyboard alone, without a wait between keys: 1 passes and goes on; the failing item asks for its reason."""
    await asyncio.gather(*(_review(robot) for robot in story.experts))
    bidders = [one["id"] for one in (await story.experts[0].person.get(f"/api/v1/room/{story.session}"))["bidders"]]
    for bidder in bidders:
        await seat.part(f"mark-{bidder}-Q1").focus()
        await seat.page.keyboard.press("1")
        await seat.page.keyboard.press("0" if bidder == OUT else "1")
    for bidder in bidders:
        await expect(seat.part(f"mark-{bidder}-Q1")).to_have_attribute("data-state", "pass")
        state = "wrong" if bidder == OUT else "pass"
        await expect(seat.part(f"mark-{bidder}-Q2")).to_have_attribute("data-state", state)
    await expect(seat.part("check-review")).to_be_disabled()
    await expect(seat.part("conclusions")).to_have_count(0)
    await expect(seat.part("motion")).to_have_count(0)
    await seat.part("fail-reason").fill(REASON)
    await look(seat.page, "room-review")
    await seat.part("fail-confirm").click()
    await expect(seat.part("review-progress")).to_have_attribute("data-done", "6")
    await seat.part("check-review").click()
    await look(seat.page, "room-check")
    await seat.part("lock-review").click()
    await expect(seat.part("review-locked")).to_be_visible()
    await expect(seat.part("conclusions")).to_have_attribute("data-failed", "1")


async def _sees_motion(robot: Expert, motion: str) -> bool:
    return any(one["id"] == motion for one in (await robot.look())["review"]["rejections"])


async def _vote(story: Evaluation, seat: Seat, operator: Page, look: Look) -> None:
    """The failing bid is rejected by all, and then two bids are left, which compete."""
    motion = f"PRELIM_QUAL.{OUT}.F51-3"
    await expect(seat.part("motion")).to_have_attribute("data-id", motion)
    await seat.part("vote-uphold").click()
    await look(seat.page, "room-vote")
    await seat.part("form-send").click()
    await look(operator, "console-votes")
    for robot in story.experts:
        await story.until("the motion at every seat", _sees_motion, robot, motion)
    await _everybody(story, "rejection-voted", {"rejection": motion, "upheld": True}, "PRELIM_QUAL")
    await expect(seat.part("motion")).to_have_attribute("data-state", "UPHELD")
    await story.ready_for("PRELIM_DONE")
    await story.enter("PRELIM_DONE")
    await expect(seat.part("competition")).to_be_visible()
    await look(seat.page, "room-done")
    await seat.part("competes").click()
    await seat.part("form-reason").fill("两家报价和方案均有差异(示例)")
    await seat.part("form-send").click()
    body = {"valid": 2, "competitive": True, "reason": "仍有竞争(示例)"}
    await _everybody(story, "competition-voted", body, "PRELIM_DONE")
    await story.ready_for("DETAILED")
    await look(operator, "console-done")
    await story.enter("DETAILED")


async def _score_and_sign(story: Evaluation, seat: Seat) -> None:
    """The two bids that are left are scored; report, seal and evidence hold what the review decided."""
    view = await story.experts[0].person.get(f"/api/v1/room/{story.session}")
    view["bidders"] = [one for one in view["bidders"] if one["id"] in view["review"]["valid"]]
    await asyncio.gather(story.robots_score(), seat.score_all(view))
    await seat.lock()
    await story.robots_lock()
    await story.tally()
    await story.report()
    await seat.agree()
    await story.sign()
    await seat.sign()
    await story.finish()
    await expect(seat.part("sealed")).to_be_visible()


async def review(shared: Shared, look: Look = no_look) -> None:
    people = frozenset({FIRST_SEAT})
    async with (
        chromium() as browser,
        visit(browser) as operating,
        visit(browser) as sitting,
        evaluation(shared.world, OTHER_SAMPLE, people=people) as story,
    ):
        sitting.expected.add(UNKNOWN)
        operating.expected.add(UNKNOWN)
        await story.prepare()
        shared.world.issue_codes()
        pin = shared.world.account("JN", "JN-E1").pin
        seat = Seat(page=sitting.page, origin=shared.world.plan.host.origin, session=story.session, pin=pin)
        operator = operating.page
        await go_to_cockpit(operator, shared, story)
        await expect(operator.get_by_test_id("review-card")).to_be_visible()
        await seat.begin(story, shared.world.account("JN", "JN-E1").code, "READING")
        await _ask_and_read(story, seat, operator, look)
        await _correct(operator, look)
        await story.ready_for("PRELIM_QUAL")
        await story.enter("PRELIM_QUAL")
        await _mark_and_lock(story, seat, look)
        await _vote(story, seat, operator, look)
        await expect(seat.cell("B1", "T1")).to_be_editable()
        await expect(seat.cell(OUT, "T1")).to_have_count(0)
        await seat.part("open-matters").click()
        await expect(seat.part("motion")).to_have_attribute("data-state", "UPHELD")
        await look(seat.page, "room-matters")
        await seat.page.keyboard.press("Escape")
        await _score_and_sign(story, seat)
        await look(operator, "console-sealed")


def test_a_review_from_the_first_question_to_the_bids_that_are_left(shared: Shared) -> None:
    asyncio.run(review(shared))
