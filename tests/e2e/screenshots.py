"""Takes the pictures in docs/images: `python -m tests.e2e.screenshots [folder]`. Real pages of a real evaluation."""

import asyncio
import base64
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import PHONE, SETTLING, Visit, chromium, photograph, visit
from tests.e2e.consortium import consortium
from tests.e2e.evaluation import FIRST_SEAT, SAMPLE, Evaluation, Shared, evaluation, sealed_report
from tests.e2e.office import open_cockpit
from tests.e2e.seat import Seat
from tests.e2e.test_public_in_browser import DROP, UNKNOWN

IMAGES = Path("docs") / "images"
MOST_BYTES = 200_000
WINDOW = (1280, 800)


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """Takes a page in Chinese and English, wide and on a phone."""

    folder: Path

    async def take(self, page: Page, name: str, size: tuple[int, int] = WINDOW) -> None:
        path = self.folder / f"{name}.png"
        await photograph(page, path, size=size)
        print(f"{path.stat().st_size:>8} {path}")

    async def wide_and_phone(self, page: Page, name: str) -> None:
        await self.take(page, f"{name}-zh-wide")
        await self.take(page, f"{name}-zh-phone", PHONE)

    async def all(self, page: Page, name: str) -> None:
        """The application's language is changed by its own button, and changed back."""
        await self.wide_and_phone(page, name)
        await page.get_by_test_id("language").click()
        await self.take(page, f"{name}-en-wide")
        await page.get_by_test_id("language").click()


@dataclass(slots=True, kw_only=True)
class Play:
    """One expert and one operator before browsers, pictures taken on the way."""

    camera: Camera
    story: Evaluation
    seat: Seat
    console: Page

    async def begin(self, code: str) -> None:
        await self.seat.page.goto(f"{self.seat.origin}/room/")
        await expect(self.seat.part("sign-in")).to_be_visible()
        await self.camera.take(self.seat.page, "sign-in-zh-wide")
        await self.seat.enrol(code)
        await self.story.robots_check_in()
        await self.seat.part(f"enter-{self.story.session}").click()
        await expect(self.seat.part("check-in")).to_be_visible()
        await self.camera.take(self.seat.page, "check-in-zh-wide")
        await self.seat.part("check-in").click()
        await expect(self.seat.part("waiting")).to_be_visible()
        await self.story.ready_for("BRIEFING")
        await self.story.enter("BRIEFING")
        await asyncio.gather(self.story.robots_undertake(), self.seat.undertake())
        await self.story.ready_for("DETAILED")

    async def score(self) -> None:
        await self.story.enter("DETAILED")
        view = await self.story.experts[0].person.get(f"/api/v1/room/{self.story.session}")
        await self.story.robots_score()
        await self.seat.score_most(view)
        await self.camera.all(self.seat.page, "room")
        await self.story.robots_lock(all_but=1)
        await expect(self.console.get_by_test_id("cockpit-XA-1")).to_have_attribute("data-locked", "true")
        await self.camera.all(self.console, "console")
        await self._cut_between_the_cities()
        await self.seat.score_all(view)
        await self.seat.part("review").click()
        await expect(self.seat.part("review-page")).to_be_visible()
        await expect(self.seat.part("line-counts")).to_contain_text("各中心均已确认")
        await expect(self.seat.part("line-XA")).to_have_attribute("data-state", "connected")
        await self.camera.take(self.seat.page, "review-zh-wide")
        await self.seat.part("lock").click()
        await expect(self.seat.part("locked")).to_have_attribute("data-acked", "true")
        await self.camera.take(self.seat.page, "locked-zh-wide")
        await self.story.robots_lock()

    async def _cut_between_the_cities(self) -> None:
        await self.story.partition(on=True)
        await expect(self.seat.part("line-XA")).not_to_have_attribute("data-state", "connected")
        await self.camera.wide_and_phone(self.seat.page, "link-cut")
        await self.story.partition(on=False)
        await expect(self.seat.part("line-XA")).to_have_attribute("data-state", "connected")

    async def sign(self) -> None:
        await self.story.tally()
        await self.story.report()
        await expect(self.seat.part("digest-check")).to_have_attribute("data-same", "true")
        await self.seat.part("report-reader").locator("canvas").first.wait_for()
        await self.camera.wide_and_phone(self.seat.page, "signing")
        await self.seat.agree()
        await self.story.sign()
        await self.seat.sign()
        await self.story.finish()
        await expect(self.seat.part("sealed")).to_be_visible()
        await self.camera.wide_and_phone(self.seat.page, "report")
        await self._turn_to_signatures()
        await expect(self.console.get_by_test_id("rung-anchored")).to_contain_text("区块")
        await self.camera.take(self.console, "console-sealed-zh-wide", (1280, 1000))

    async def _turn_to_signatures(self) -> None:
        """The sealed report at the page that carries the signatures."""
        page = self.seat.part("report-reader").locator("figure").filter(has_text="评标委员会成员确认").first
        await self.seat.page.wait_for_timeout(SETTLING)
        await page.evaluate("figure => figure.scrollIntoView()")
        await self.camera.take(self.seat.page, "report-page")


async def evaluate(browser: Browser, shared: Shared, camera: Camera) -> Path:
    """An evaluation with pictures of room and console; its evidence."""
    people = frozenset({FIRST_SEAT})
    async with (
        visit(browser, size=WINDOW) as expert,
        visit(browser, size=WINDOW) as office,
        evaluation(shared.world, SAMPLE, people=people) as story,
    ):
        await story.prepare()
        await story.enter("CHECK_IN")
        shared.world.issue_codes()
        account = shared.world.account("JN", "JN-E1")
        office.expected.add(UNKNOWN)
        await open_cockpit(office.page, shared, story)
        seat = Seat(page=expert.page, origin=shared.world.plan.host.origin, session=story.session, pin=account.pin)
        play = Play(camera=camera, story=story, seat=seat, console=office.page)
        await play.begin(account.code)
        await play.score()
        await play.sign()
        await office_pages(office.page, story, camera)
        return story.bundle_path


async def office_pages(page: Page, story: Evaluation, camera: Camera) -> None:
    """The console's other pages."""
    await page.get_by_test_id("menu-tenders").click()
    await page.get_by_test_id(f"tender-{story.project}").get_by_role("link").first.click()
    await expect(page.get_by_test_id("open-cockpit")).to_be_visible()
    await camera.take(page, "tender-zh-wide")
    await page.get_by_test_id("menu-centre").click()
    await expect(page.get_by_test_id("peer-XA")).to_be_visible()
    await camera.take(page, "console-centre-zh-wide")


async def explore(visitor: Visit, shared: Shared, camera: Camera, bundle: Path) -> None:
    """The public pages, and the verdicts on two files."""
    page, origin = visitor.page, shared.world.plan.host.origin
    session = bundle.name.removesuffix(".evidence.zip")
    await page.goto(origin)
    await camera.wide_and_phone(page, "explorer")
    report = sealed_report(bundle)
    await judge(page, report, "proven")
    await camera.wide_and_phone(page, "verdict-proven")
    visitor.expected.add(UNKNOWN)
    await judge(page, report[:-1], "unknown")
    await camera.take(page, "verdict-unknown-zh-wide")
    await page.goto(f"{origin}/?lang=en")
    await camera.take(page, "explorer-en-wide")
    await page.goto(f"{origin}/evaluations/{session}")
    await camera.wide_and_phone(page, "evaluation")
    await page.goto(f"{origin}/evaluations/{session}?lang=en")
    await camera.take(page, "evaluation-en-wide")


async def judge(page: Page, data: bytes, outcome: str) -> None:
    await page.evaluate(DROP, ["评标报告.pdf", base64.b64encode(data).decode()])
    await expect(page.locator("[data-verdict]")).to_have_attribute("data-outcome", outcome)


async def play(shared: Shared, camera: Camera) -> None:
    async with chromium() as browser:
        bundle = await evaluate(browser, shared, camera)
        async with visit(browser, size=WINDOW) as visitor:
            await explore(visitor, shared, camera, bundle)


def main(folder: Path) -> int:
    with tempfile.TemporaryDirectory() as place, consortium(Path(place)) as world:
        asyncio.run(play(Shared(world=world), Camera(folder=folder)))
    too_big = [path.name for path in folder.glob("*.png") if path.stat().st_size > MOST_BYTES]
    if too_big:
        print(f"larger than {MOST_BYTES} bytes: {' '.join(too_big)}", file=sys.stderr)
    return len(too_big) > 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES))
