"""An expert in a real browser: a person's acts on the room's pages, one method each."""

import asyncio
from dataclasses import dataclass
from itertools import product

from playwright.async_api import Locator, Page, expect

from node.demo.authenticator import Json
from records.ids import SessionId
from tests.e2e.evaluation import Evaluation

SHARE = 80
ABSTAINED_BECAUSE = "该项与本人专业不符(示例)"


@dataclass(slots=True, kw_only=True)
class Seat:
    """One expert's browser. Nothing here waits for a time: every act ends in the state it leads to."""

    page: Page
    origin: str
    session: SessionId
    pin: str

    def part(self, name: str) -> Locator:
        return self.page.get_by_test_id(name)

    async def enrol(self, code: str) -> None:
        await self.page.goto(f"{self.origin}/room/")
        await self.part("enrolment-code").fill(code)
        await self.part("enrol").click()
        await expect(self.part(f"enter-{self.session}")).to_be_visible()

    async def sign_out_and_in(self) -> None:
        await self.part("sign-out").click()
        await self.part("sign-in").click()
        await expect(self.part(f"enter-{self.session}")).to_be_visible()

    async def check_in(self) -> None:
        await self.part(f"enter-{self.session}").click()
        await self.part("check-in").click()
        await expect(self.part("waiting")).to_be_visible()

    async def sit_down(self, story: Evaluation, code: str) -> None:
        """Sign in with the code, and check in with everybody else: the session is at the briefing."""
        await self.enrol(code)
        await story.enter("CHECK_IN")
        await asyncio.gather(story.robots_check_in(), self.check_in())
        await story.ready_for("BRIEFING")
        await story.enter("BRIEFING")

    async def begin(self, story: Evaluation, code: str, stage: str) -> None:
        """From the sign-in to this stage, which follows the briefing."""
        await self.sit_down(story, code)
        await asyncio.gather(story.robots_undertake(), self.undertake())
        await story.ready_for(stage)
        await story.enter(stage)

    async def undertake(self) -> None:
        await self.part("undertaking-read").check()
        await self.part("undertaking-sign").click()
        await expect(self.part("waiting")).to_be_visible()

    async def see_page(self, number: int) -> None:
        """Turn the active bidder's file to a page and see it drawn."""
        await expect(self.part("documents").locator("canvas")).to_be_visible()
        while await self.part("page-number").input_value() != str(number):
            await self.part("page-next").click()
        await expect(self.part("documents").locator("figcaption")).not_to_be_empty()

    def cell(self, bidder: str, item: str) -> Locator:
        return self.part(f"cell-{bidder}-{item}")

    async def score_all(self, view: Json) -> None:
        """Every cell by keyboard alone: a figure and Enter; the last but one is 0, the last is abstained from."""
        places = list(product(view["bidders"], view["items"]))
        first, *_others, last = places
        await self.cell(first[0]["id"], first[1]["id"]).focus()
        for bidder, item in places[:-2]:
            await expect(self.cell(bidder["id"], item["id"])).to_be_focused()
            await self.page.keyboard.type(figure(item))
            await self.page.keyboard.press("Enter")
        await self.page.keyboard.type("0")
        await self.page.keyboard.press("Enter")
        await expect(self.cell(last[0]["id"], last[1]["id"])).to_be_focused()
        await self.abstain()

    async def score_most(self, view: Json) -> None:
        """Until every kind of cell is on the form: saved, 0, abstained, typed but not yet written, empty."""
        bidders, items = view["bidders"], view["items"]
        for bidder, item in product(bidders[:3], items):
            await self.cell(bidder["id"], item["id"]).fill(figure(item))
        await self.cell(bidders[3]["id"], items[0]["id"]).fill("0")
        await self.see_page(3)
        await self.cell(bidders[3]["id"], items[1]["id"]).focus()
        await self.abstain()
        await expect(self.cell(bidders[3]["id"], items[1]["id"])).to_have_attribute("data-state", "abstained")
        await expect(self.part("saved")).to_have_attribute("data-saved", "true")
        await self.cell(bidders[3]["id"], items[2]["id"]).fill("6.5")

    async def abstain(self) -> None:
        await self.page.keyboard.press("-")
        await self.part("abstain-reason").fill(ABSTAINED_BECAUSE)
        await self.part("abstain-confirm").click()

    async def lock(self) -> None:
        await self.part("review").click()
        await expect(self.part("review-page")).to_be_visible()
        await self.part("lock").click()
        await expect(self.part("locked")).to_have_attribute("data-acked", "true")

    async def agree(self) -> None:
        await self.part("code-compared").check()
        await self.part("decision-agree").check()
        await self.part("consent").click()
        await expect(self.part("consented")).to_have_attribute("data-decision", "agree")

    async def refuse_pin(self) -> None:
        """A wrong PIN is refused with a message and signs nothing."""
        await self.part("pin").fill(f"{(int(self.pin) + 1) % 10 ** len(self.pin):0{len(self.pin)}}")
        await self.part("sign").click()
        await expect(self.part("problem")).to_contain_text("口令")
        await expect(self.part("signed")).to_have_count(0)

    async def sign(self) -> None:
        await self.part("pin").fill(self.pin)
        await self.part("sign").click()
        await expect(self.part("signed")).to_be_visible()
        await expect(self.part("receipt")).to_be_visible()


def figure(item: Json) -> str:
    """Four fifths of the item's range, down to its step, as a person types it."""
    steps = (item["maximum"] - item["minimum"]) * SHARE // 100 // item["step"]
    points = item["minimum"] + steps * item["step"]
    return f"{points // 100}.{points % 100:02}".rstrip("0").rstrip(".")
