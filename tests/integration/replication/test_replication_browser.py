"""A real Chromium at a seat: it hides its address behind mDNS, and still greets, sends, is acknowledged, comes back."""

import asyncio
import shutil

import pytest
from playwright.async_api import Page, async_playwright

from evaluation_room.replication.channel import Signal
from evaluation_room.replication.messages import Ack, Entries, Hello, Message, Ping, Pong, Venues
from evaluation_room.replication.switchboard import Switchboard
from evaluation_room.replication.wire import read, write
from records.ids import SeatId
from tests.integration.replication.replication_boards import JN, board, until
from tests.unit.evaluation_room.replication.memory_room import HOST_SEAT, SESSION, MemoryRoom, chain

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
PAGE = """
window.open_ = async () => {
  const peer = new RTCPeerConnection({ iceServers: [] });
  const channel = peer.createDataChannel("tongping");
  channel.onmessage = (event) => window.heard(event.data);
  await peer.setLocalDescription(await peer.createOffer());
  while (peer.iceGatheringState !== "complete") await new Promise((done) => setTimeout(done, 20));
  const opened = new Promise((done) => { channel.onopen = done; });
  await peer.setRemoteDescription(await window.signal(peer.localDescription.type, peer.localDescription.sdp));
  await opened;
  window.peer = peer; window.channel = channel;
};
"""

pytestmark = [
    pytest.mark.xdist_group("replication"),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium"),
]


class Browser:
    """A page that joins a seat; its received messages are collected here."""

    def __init__(self, page: Page, centre: Switchboard) -> None:
        self.page = page
        self.centre = centre
        self.heard: list[Message] = []
        self.offers: list[str] = []

    async def prepare(self) -> None:
        await self.page.expose_function("heard", lambda text: self.heard.append(read(text)))
        await self.page.expose_function("signal", self._signal)
        await self.page.evaluate(PAGE)

    async def connect(self, hello: Hello) -> None:
        await self.page.evaluate("() => window.open_()")
        await self.send(hello)

    async def send(self, message: Message) -> None:
        await self.page.evaluate("(text) => window.channel.send(text)", write(message))

    async def _signal(self, type: str, sdp: str) -> dict[str, str]:
        self.offers.append(sdp)
        answer = await self.centre.accept_seat(SESSION, SeatId("JN-1"), Signal(type, sdp))
        return {"type": answer.type, "sdp": answer.sdp}


def test_a_browser_scores_over_a_data_channel() -> None:
    async def test() -> None:
        room = MemoryRoom()
        centre = board(room, JN)
        async with async_playwright() as playwright:
            launched = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            browser = Browser(await launched.new_page(), centre)
            await browser.prepare()
            await _score(browser, room)
            await _come_back(browser, room)
            await launched.close()
        await centre.close()

    asyncio.run(test())


async def _score(browser: Browser, room: MemoryRoom) -> None:
    await browser.connect(Hello(session=SESSION, epoch=1, frontier={}, heads={}))
    assert ".local " in browser.offers[0]
    await browser.send(Entries(entries=tuple(chain(HOST_SEAT, 3))))
    await until(lambda: Ack(frontier={HOST_SEAT: 3}) in browser.heard)
    assert room.log == chain(HOST_SEAT, 3)
    await browser.send(Ping(n=5))
    await until(lambda: Pong(n=5) in browser.heard)
    assert Hello(session=SESSION, epoch=1, frontier={}, heads={}) in browser.heard
    assert Venues(links={}, confirmed={}) in browser.heard


async def _come_back(browser: Browser, room: MemoryRoom) -> None:
    """The page drops the connection silently and builds the next one."""
    browser.heard.clear()
    await browser.page.evaluate("() => window.peer.close()")
    four = chain(HOST_SEAT, 4)
    await browser.connect(
        Hello(session=SESSION, epoch=2, frontier={HOST_SEAT: 4}, heads={HOST_SEAT: four[3].entry.hash})
    )
    held = Hello(session=SESSION, epoch=2, frontier={HOST_SEAT: 3}, heads={HOST_SEAT: four[2].entry.hash})
    await until(lambda: held in browser.heard)
    await browser.send(Entries(entries=(four[3],)))
    await until(lambda: Ack(frontier={HOST_SEAT: 4}) in browser.heard)
    assert room.log == four
