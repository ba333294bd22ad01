"""Committee work in real browsers: a recused member is replaced, a lead elected, clues looked at, a slip corrected."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from node.demo import member
from node.demo.authenticator import Json
from node.demo.expert import Expert
from records.ids import SeatId
from tests.alteration import altered
from tests.e2e.browser import chromium, visit
from tests.e2e.consortium import consortium
from tests.e2e.evaluation import FIRST_SEAT, OTHER_SAMPLE, Evaluation, Shared, evaluation
from tests.e2e.office import Look, no_look, open_cockpit
from tests.e2e.seat import Seat
from tests.e2e.test_public_in_browser import UNKNOWN

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("browser")]

SLIP = ("B2", "S1")
RECUSED, SUBSTITUTE = "JN-3", "JN-E4"
FAULT = "A09 B2 S1"


def checked(tender: Json) -> None:
    """With an election, a score check and an objective item."""
    stages = tender["stages"]
    stages.insert(stages.index("DETAILED"), "ELECTING")
    stages.insert(stages.index("AGGREGATED"), "SCORE_CHECK")
    tender["items"][2]["objective"] = True


@pytest.fixture(name="shared", scope="module")
def shared_with_check(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    root = tmp_path_factory.mktemp("check")
    with consortium(root, samples=altered(root / "samples", f"{OTHER_SAMPLE}/tender.json", checked)) as world:
        yield Shared(world=world)


async def _to_the_election(shared: Shared, story: Evaluation, seat: Seat, console: Page, look: Look) -> None:
    await seat.sit_down(story, shared.world.account("JN", "JN-E1").code)
    recused = next(robot for robot in story.experts if robot.seat == RECUSED)
    story.experts.remove(recused)
    await recused.room.submit(
        "undertaking-signed", {"recusal": True, "reason": "曾任投标人顾问(示例)"}, stage="BRIEFING"
    )
    await asyncio.gather(story.robots_undertake(), seat.undertake())
    await _replace(shared, story, console, look)
    await recused.leave()
    await story.ready_for("ELECTING")
    await story.enter("ELECTING")


async def _replace(shared: Shared, story: Evaluation, console: Page, look: Look) -> None:
    """The operator names another expert to the recused member's seat, who checks in there and undertakes."""
    await expect(console.get_by_test_id("replacement")).to_be_visible()
    await expect(console.get_by_test_id("cockpit")).to_contain_text("申请回避，待更换")
    await console.get_by_test_id("ask-replacement").click()
    await expect(console.get_by_test_id("replaced-seat")).to_have_value(RECUSED)
    await console.get_by_test_id("replaced-by").select_option(SUBSTITUTE)
    await console.get_by_test_id("replaced-reason").fill("申请回避(示例)")
    await look(console, "replacement")
    await console.get_by_test_id("replacement-confirm").click()
    await expect(console.get_by_test_id(f"cockpit-{RECUSED}")).to_contain_text("未签到")
    account = shared.world.account("JN", SUBSTITUTE)
    origin = shared.world.plan.host.origin
    substitute = await Expert.arrive(
        origin, code=account.code, session=story.session, seat=SeatId(RECUSED), pin=account.pin
    )
    await substitute.check_in()
    await substitute.undertake()
    story.experts.insert(0, substitute)


async def _elect(story: Evaluation, seat: Seat, look: Look) -> None:
    await expect(seat.part("election")).to_have_attribute("data-round", "1")
    await seat.part(f"candidate-{FIRST_SEAT}").check()
    await look(seat.page, "election")
    await seat.part("cast-ballot").click()
    await expect(seat.part("ballot-cast")).to_be_visible()
    await story.everybody(member.vote_for(robot, FIRST_SEAT) for robot in story.experts)
    await expect(seat.part("lead")).to_have_attribute("data-seat", FIRST_SEAT)
    await look(seat.page, "elected")
    await story.ready_for("DETAILED")


async def _more_time(story: Evaluation, seat: Seat, console: Page, look: Look) -> None:
    """Two of five lack time, which is more than a third: the operator records that the tenderer extends it."""
    await seat.part("time-short").click()
    await seat.part("time-reason").fill("图纸较多(示例)")
    await look(seat.page, "time-short")
    await seat.part("time-send").click()
    await expect(seat.part("time-asked")).to_be_visible()
    await expect(console.get_by_test_id("extend-time")).to_have_count(0)
    await story.experts[-1].room.submit("time-short", {"after": 0, "reason": "图纸较多(示例)"}, stage="DETAILED")
    await console.get_by_test_id("extend-time").click()
    await console.get_by_test_id("extend-until").fill("2030-01-01T18:00")
    await console.get_by_test_id("extend-reason").fill("招标人同意延长(示例)")
    await look(console, "extend-time")
    await console.get_by_test_id("extend-confirm").click()
    await expect(console.get_by_test_id("time-card")).to_have_attribute("data-due", "false")
    await expect(seat.part("time-extended")).to_contain_text("招标人同意延长")


async def _score(story: Evaluation, seat: Seat) -> None:
    """Everybody marks; one robot errs on the objective item, and the member in the browser marks like the others."""
    for robot in story.experts:
        await robot.look()
    story.experts[-1].slip = SLIP
    view, example = story.experts[0].view, story.experts[0]
    for bidder in view["bidders"]:
        for item in view["items"]:
            points = example.points(bidder["id"], item)
            await seat.cell(bidder["id"], item["id"]).fill(f"{points // 100}.{points % 100:02}")
    await expect(seat.part("saved")).to_have_attribute("data-saved", "true")
    await story.robots_score()
    await seat.lock()
    await story.robots_lock()


async def _check(story: Evaluation, seat: Seat, console: Page, look: Look) -> None:
    """The lead looks at every clue; the fault is shown to all and corrected by its author."""
    fault = seat.part(f"flag-{FAULT}")
    await expect(fault).to_contain_text("客观分不一致")
    await expect(console.get_by_test_id("score-check-card")).to_contain_text("客观分不一致")
    await look(seat.page, "score-check")
    await look(console, "score-check-console")
    while await (clue := seat.page.locator("[data-testid^='acknowledge-']").first).count():
        name = await clue.get_attribute("data-testid")
        await clue.click()
        await seat.part("stands").check()
        await seat.part("check-reason").fill("各成员独立判断，予以保留(示例)")
        await seat.part("check-record").click()
        await expect(seat.part(str(name))).to_have_count(0)
    await member.settle_flags(story.experts[-1])
    await story.until("the tally", story.stage_is, "AGGREGATED", "REPORT_DRAFT", "SIGNING")


async def _go_through(shared: Shared, look: Look) -> None:
    people = frozenset({FIRST_SEAT})
    async with (
        chromium() as browser,
        visit(browser) as expert,
        visit(browser) as office,
        evaluation(shared.world, OTHER_SAMPLE, people=people) as story,
    ):
        office.expected.add(UNKNOWN)
        await story.prepare()
        shared.world.issue_codes()
        account = shared.world.account("JN", "JN-E1")
        seat = Seat(page=expert.page, origin=shared.world.plan.host.origin, session=story.session, pin=account.pin)
        console = office.page
        await open_cockpit(console, shared, story)
        await _to_the_election(shared, story, seat, console, look)
        await _elect(story, seat, look)
        await expect(console.get_by_test_id("election-card")).to_contain_text("组长")
        await story.enter("DETAILED")
        await _more_time(story, seat, console, look)
        await _score(story, seat)
        await _check(story, seat, console, look)
        await console.get_by_test_id("show-tally").click()
        await expect(console.get_by_test_id("trace")).to_contain_text("section.technical.B1")
        await look(console, "tally-console")
        await story.report()
        await expect(seat.part("digest-check")).to_have_attribute("data-same", "true")
        await seat.agree()
        await story.sign()
        await seat.sign()
        await story.finish()


def test_a_member_is_elected_and_leads_the_score_check(shared: Shared) -> None:
    asyncio.run(_go_through(shared, no_look))
