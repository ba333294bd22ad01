"""Chromium for the end-to-end tests: a visitor's page with a passkey device, and everything that went wrong on it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, ConsoleMessage, Error, Page, Request, Response, async_playwright, expect

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
WIDE, PHONE = (1440, 900), (375, 812)
PATIENCE = 60_000.0
SETTLING = 500.0
"""For pictures alone: PDF pages are drawn anew in a window of another size."""
FIRST_FAILURE = 400
NETWORK_FAILURE = "Failed to load resource"
"""What Chromium says about a failed answer; the answers themselves are judged, by status and address."""
ONLY_ES256 = "publicKey.pubKeyCredParams is missing"
"""Chromium's advice to allow RS256, too: passkeys here are P-256, because evidence is verified with one algorithm."""
SIGNED_OUT = (401, "/api/v1/access/me")
"""How the interface says that nobody is signed in: the one failed answer that belongs to a page's way."""

expect.set_options(timeout=PATIENCE)


@dataclass(kw_only=True)
class Visit:
    """One person's page. `troubles` holds console errors, page errors and failed answers that nobody expected."""

    page: Page
    expected: set[tuple[int, str]] = field(default_factory=lambda: {SIGNED_OUT})
    troubles: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", self._on_error)
        self.page.on("response", self._on_response)
        self.page.on("request", self._on_request)
        self.page.on("websocket", lambda socket: self.sockets.append(socket.url))

    def assert_quiet(self) -> None:
        assert self.troubles == [], "\n".join(self.troubles)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith((NETWORK_FAILURE, ONLY_ES256)):
            self.troubles.append(f"{message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        self.requests.append(request)

    def _on_error(self, error: Error) -> None:
        self.troubles.append(f"page error: {error}")

    def _on_response(self, answer: Response) -> None:
        if answer.status < FIRST_FAILURE:
            return
        if not any(answer.status == status and path in answer.url for status, path in self.expected):
            self.troubles.append(f"{answer.status} {answer.request.method} {answer.url}")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visit(browser: Browser, *, size: tuple[int, int] = WIDE) -> AsyncIterator[Visit]:
    """A page of its own, with a passkey device; leaving fails when anything unexpected was reported on it."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    try:
        page = await context.new_page()
        visitor = Visit(page=page)
        visitor.listen()
        await add_passkey_device(page)
        yield visitor
        visitor.assert_quiet()
    finally:
        await context.close()


async def add_passkey_device(page: Page) -> None:
    """A platform authenticator that keeps passkeys and confirms at once, as a fingerprint reader would."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def photograph(page: Page, path: Path, *, size: tuple[int, int] = WIDE) -> None:
    """A picture of what a visitor with a window of this size sees; the window stays as it was."""
    before = page.viewport_size
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.mouse.move(size[0] / 2, 4)
    await page.wait_for_timeout(SETTLING)
    path.parent.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=path)
    if before is not None:
        await page.set_viewport_size(before)
