"""The operator names experts to the own seats: how they were decided on, and why one whose file lacks something."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from node.demo.authenticator import Json
from tests.alteration import altered
from tests.e2e.browser import chromium, visit
from tests.e2e.consortium import consortium
from tests.e2e.evaluation import OTHER_SAMPLE, Evaluation, Shared, evaluation
from tests.e2e.office import Look, no_look, sign_in

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]
APPROVAL = "示例发改〔2026〕7号"
WHY = "本行业十五年，专业水平经评审认定"


def young(experts: list[Json]) -> None:
    """The third one of the catalogue has five years of practice."""
    experts[2] |= {"practice_years": 5, "senior_title": True}


@pytest.fixture(name="shared", scope="module")
def shared_with_a_young_expert(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    root = tmp_path_factory.mktemp("seats")
    with consortium(root, samples=altered(root / "samples", "experts-jn.json", young)) as world:
        yield Shared(world=world)


async def named(page: Page, look: Look) -> None:
    """Three experts, one of them young, named for a special tender."""
    for number in (1, 2, 3):
        await page.get_by_test_id(f"seat-expert-{number}").select_option(f"JN-E{number}")
    await expect(page.get_by_test_id("lack-practice")).to_contain_text("从业不满八年")
    save = page.get_by_test_id("seats-save")
    await expect(save).to_be_disabled()
    await page.get_by_test_id("lack-reason-JN-E3").fill(WHY)
    await expect(save).to_be_enabled()
    await page.get_by_test_id("selection-how").select_option("named")
    await expect(save).to_be_disabled()
    await page.get_by_test_id("selection-special").select_option("specialised")
    await page.get_by_test_id("selection-approval").fill(APPROVAL)
    await look(page, "seats-named")
    await save.click()
    await expect(page.get_by_test_id("seats-saved")).to_be_visible()


async def seats_and_back(shared: Shared, look: Look = no_look) -> None:
    async with chromium() as browser, visit(browser) as visitor, evaluation(shared.world, OTHER_SAMPLE) as story:
        await begun(story)
        shared.world.issue_codes()
        page = visitor.page
        await page.goto(f"{shared.world.plan.host.origin}/console/#/seats/{story.project}")
        await sign_in(page, shared)
        await named(page, look)

        (*_, third) = (await story.host.get(f"/api/v1/projects/{story.project}/seats"))["assignments"]
        assert (third["expert"], third["reason"]) == ("JN-E3", WHY)
        assert third["selection"] == {"how": "named", "special": "specialised", "approval": APPROVAL}
        await page.reload()
        await expect(page.get_by_test_id("seat-expert-3")).to_have_value("JN-E3")
        await expect(page.get_by_test_id("lack-reason-JN-E3")).to_have_value(WHY)
        await expect(page.get_by_test_id("selection-how")).to_have_value("named")
        await expect(page.get_by_test_id("selection-approval")).to_have_value(APPROVAL)

        await page.goto(f"{shared.world.plan.host.origin}/console/#/tenders/{story.project}")
        await expect(page.get_by_test_id("named-JN-1")).to_contain_text(f"直接确定（特殊招标项目） · {APPROVAL}")
        await expect(page.get_by_test_id("named-JN-3")).to_contain_text(f"理由：{WHY}")
        await look(page, "tender-seats-named")


async def begun(story: Evaluation) -> None:
    """The tender is there, and nobody is seated."""
    await story.sign_in()
    await story.register()


def test_an_operator_says_how_experts_were_decided_on_and_why_one_who_lacks_something(shared: Shared) -> None:
    asyncio.run(seats_and_back(shared))
