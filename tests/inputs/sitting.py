"""An expert in a real browser, kept at one stage while the tests of a module type what people really type there."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from playwright.async_api import Browser, Locator, Page, expect

from node.demo.authenticator import Json
from node.demo.world import World
from tests.e2e.browser import Visit, chromium, visit
from tests.e2e.evaluation import FIRST_SEAT, OTHER_SAMPLE, Evaluation, evaluation
from tests.e2e.seat import Seat

T = TypeVar("T")
UNKNOWN = (404, "/api/v1/documents/")
PAUSE = 5_000
"""Milliseconds by which a page's clock is advanced: longer than the pause after which a score is written by itself."""


@dataclass(slots=True, kw_only=True)
class Sitting:
    """The browser of one seat; `run` plays on in it."""

    world: World
    story: Evaluation
    browser: Browser
    stack: AsyncExitStack
    visitor: Visit
    seat: Seat
    runner: asyncio.Runner

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @property
    def page(self) -> Page:
        return self.seat.page

    @property
    def room(self) -> str:
        return f"{self.seat.origin}/room/#/{self.seat.session}"

    async def typed(self, place: Locator, text: str) -> None:
        """As a paste or an input method enters it: all at once, not limited by the keyboard."""
        await expect(place).to_be_editable()
        await place.focus()
        await place.select_text()
        await self.page.keyboard.insert_text(text)

    async def entries(self, bidder: str, item: str) -> list[Json]:
        """The own centre's entries for a cell, in order, without the place."""
        chain = await self.page.evaluate(
            "async (path) => (await fetch(path, { cache: 'no-store' })).json()",
            f"/api/v1/room/{self.seat.session}/chain",
        )
        bodies = [one["entry"]["body"] for one in chain["entries"]]
        mine = [body for body in bodies if (body.get("bidder"), body.get("item")) == (bidder, item)]
        return [{name: value for name, value in body.items() if name not in {"bidder", "item"}} for body in mine]

    async def saved(self) -> None:
        """Everything typed is with the own centre."""
        await expect(self.seat.part("saved")).to_have_attribute("data-saved", "true")

    async def return_at_once(self) -> None:
        """The page is closed at exactly that moment, and the room opened again in the same browser."""
        context = self.page.context
        await self.page.close()
        self.seat.page = self.visitor.page = await context.new_page()
        self.visitor.listen()
        await self.page.goto(self.room)

    async def compose(self, text: str) -> None:
        """The text an input method has composed so far, underlined and not yet committed."""
        session = await self.page.context.new_cdp_session(self.page)
        length = len(text)
        await session.send("Input.imeSetComposition", {"text": text, "selectionStart": length, "selectionEnd": length})
        await session.detach()


@contextmanager
def sitting(
    world: World, begin: Callable[[Sitting, str], Coroutine[Any, Any, None]], *, sample: str = OTHER_SAMPLE
) -> Iterator[Sitting]:
    """Robots play all but the first seat; `begin` brings it to its stage, with the seat's code."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def come() -> Sitting:
            browser = await stack.enter_async_context(chromium())
            story = await stack.enter_async_context(
                evaluation(world, sample, people=frozenset({FIRST_SEAT})),
            )
            visitor = await stack.enter_async_context(visit(browser))
            visitor.expected.add(UNKNOWN)
            await story.prepare()
            world.issue_codes()
            account = world.account("JN", "JN-E1")
            seat = Seat(page=visitor.page, origin=world.plan.host.origin, session=story.session, pin=account.pin)
            came = Sitting(
                world=world, story=story, browser=browser, stack=stack, visitor=visitor, seat=seat, runner=runner
            )
            await begin(came, account.code)
            return came

        try:
            yield runner.run(come())
        finally:
            runner.run(stack.aclose())


def full_width(text: str) -> str:
    """In the form in which an input method for Chinese leaves figures and letters."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
