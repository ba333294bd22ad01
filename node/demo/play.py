"""`tongping demo`: starts two cities and a chain, plays an evaluation, reports its steps, and stays up for people."""

import asyncio
import json
import signal
import threading
import time
from pathlib import Path
from types import FrameType

from node.demo.authenticator import Json
from node.demo.plan import CHAIN_PORT, FIRST_PORT, Plan, plan
from node.demo.story import Story
from node.demo.world import World
from node.terminal import say, say_lines
from records.errors import UnavailableError

ROOT = Path("var") / "demo"
PLAYED = "jinan-10kv"
"""The sample that is played by default."""
UNPLAYED = "jinan-lighting"


def demo(
    *, stay: bool, sample: str = PLAYED, root: Path = ROOT, chain_port: int = CHAIN_PORT, first_port: int = FIRST_PORT
) -> None:
    """Play the sample evaluation; with `stay` keep running until interrupted. All files are in `root` afterwards."""
    where = plan(root, chain_port=chain_port, first_port=first_port)
    started = time.monotonic()
    with _ended_by_signals(), World(plan=where) as world:
        _say("world", f"联盟链与两个中心已启动({time.monotonic() - started:.1f} 秒)")
        summary = asyncio.run(_play(world, sample))
        _write(where, summary)
        if stay:
            asyncio.run(_open_second(world))
            introduce(world)
            say_lines("\n第二个项目已建好会话，等待您亲手评审。按 Ctrl+C 结束。 Press Ctrl+C to end.\n")
        say(f"evidence verified: {summary['bundle']}")
        if stay:
            _wait(world)


async def _play(world: World, sample: str) -> Json:
    return await Story(world=world, sample=sample, progress=_say).play()


async def _open_second(world: World) -> None:
    """A second evaluation, prepared up to its session and left to the user."""
    world.issue_codes()
    story = Story(world=world, sample=UNPLAYED, progress=lambda _name, _outcome: None)
    try:
        await story.prepare()
    finally:
        await story.leave()
    world.issue_codes()


def _say(name: str, outcome: str) -> None:
    say(f"· {name:<11} {outcome}")


def _write(where: Plan, summary: Json) -> None:
    path = where.root / "summary.json"
    path.write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def introduce(world: World) -> None:
    """Addresses and sign-in codes for the user."""
    say("")
    for city in world.plan.running:
        say(f"{city.city_zh} {city.city_en}")
        say(f"  公众浏览器 explorer  {city.origin}/")
        say(f"  控制台     console   {city.origin}/console/")
        say(f"  评标室     room      {city.origin}/room/")
        for account in [one for one in world.accounts if one.centre == city.code]:
            pin = f"  签名口令 PIN {account.pin}" if account.pin else ""
            say(f"    {account.role.value:<11}登记码 sign-in code {account.code}{pin}  {account.name}")


def _wait(world: World) -> None:
    while True:
        time.sleep(1.0)
        world.check()


class _ended_by_signals:  # noqa: N801 - reads as a phrase where it is used
    """SIGTERM ends the demo as Ctrl+C does, so that nothing is left behind."""

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._interrupt)

    def __exit__(self, *_: object) -> None:
        return

    @staticmethod
    def _interrupt(_number: int, _frame: FrameType | None) -> None:
        raise UnavailableError("demo-ended")
