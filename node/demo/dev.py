"""`make dev`: two centres that start again when their code changes, and Vite before each, which reloads the pages.

    python -m node.demo.dev [--port N] [--root DIR] [--no-tab]

Everything is new at each start, in var/dev. Ctrl-C ends every process that was started here, by its id.
"""

import argparse
import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from watchfiles import PythonFilter, watch

from chain_gateway.ledger.javascript import ROOT, node_binary
from node.demo.plan import City, Plan, plan
from node.demo.play import UNPLAYED, introduce
from node.demo.story import Story
from node.demo.world import START_SECONDS, World
from node.terminal import say, say_lines
from records.errors import UnavailableError

FOLDER = Path("var") / "dev"
FIRST_PORT = 8310
"""The chain's; the nodes' and the pages' follow."""
SOURCES = ("records", "journal", "evaluation_room", "signing", "chain_gateway", "node")
TEMPLATES = (".html", ".typ", ".json", ".css", ".js")


def arranged(root: Path, first_port: int) -> Plan:
    """The demo's cities on ports of their own; browsers reach each of them through its Vite."""
    cities = plan(root, chain_port=first_port, first_port=first_port + 1)
    host, *guests = (replace(city, pages_port=first_port + 3 + at) for at, city in enumerate(cities.running))
    return replace(cities, host=host, guests=tuple(guests))


def develop(root: Path, first_port: int, *, ended: threading.Event, opens: Callable[[str], object]) -> None:
    """Run until `ended`. UnavailableError as World and Story say."""
    world = World(plan=arranged(root, first_port))
    with ExitStack() as stack:
        say("· a chain and two centres are starting")
        stack.enter_context(world)
        for city in world.plan.running:
            stack.enter_context(pages(city))
        asyncio.run(_open_session(world))
        introduce(world)
        say_lines(f"\nSources are watched. Ctrl-C ends everything. 按 Ctrl+C 结束。\n{world.plan.host.origin}/console/")
        opens(f"{world.plan.host.origin}/console/")
        watched = [ROOT / name for name in SOURCES]
        for changes in watch(*watched, watch_filter=PythonFilter(extra_extensions=TEMPLATES), stop_event=ended):
            say(f"· changed: {', '.join(sorted({Path(path).name for _, path in changes}))}")
            _begin_again(world)


def _begin_again(world: World) -> None:
    """Start both centres anew; one that does not start is left until the next change."""
    for city in world.plan.running:
        world.end(city)
    for city in world.plan.running:
        world.launch(city)
    for city in world.plan.running:
        try:
            world.await_answer(city)
        except UnavailableError as error:
            say(f"  {city.city_en}: {error}", error=True)
        else:
            say(f"  {city.city_en} answers again")


async def _open_session(world: World) -> None:
    """An evaluation, prepared up to its session and left to the developer."""
    story = Story(world=world, sample=UNPLAYED, progress=lambda _name, _outcome: None)
    try:
        await story.prepare()
    finally:
        await story.leave()
    world.issue_codes()


@contextmanager
def pages(city: City) -> Iterator[None]:
    """Vite for one centre: the pages from their sources, everything else from its node."""
    vite = ROOT / "node_modules" / "vite" / "bin" / "vite.js"
    command = [str(node_binary()), str(vite), str(ROOT / "web"), "--host", "localhost"]
    options = ["--port", str(city.pages_port), "--strictPort", "--logLevel", "warn", "--clearScreen", "false"]
    process = subprocess.Popen(  # noqa: S603 - the command is ours
        [*command, *options],
        env={**os.environ, "TONGPING_NODE": city.url},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _await_pages(process, city.pages_port)
        yield
    finally:
        process.terminate()
        process.wait()


def _await_pages(process: subprocess.Popen[bytes], port: int) -> None:
    """Until Vite answers. UnavailableError("start-failed") when it ended, or never does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("localhost", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise UnavailableError("start-failed", part="vite", port=port)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make dev")
    parser.add_argument("--port", type=int, default=FIRST_PORT, help="the first of five ports")
    parser.add_argument("--root", type=Path, default=FOLDER, help="a folder that is emptied at each start")
    parser.add_argument("--no-tab", action="store_true", help="open no browser tab")
    asked = parser.parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _end(ended))
    try:
        develop(asked.root, asked.port, ended=ended, opens=(lambda _: None) if asked.no_tab else webbrowser.open)
    except KeyboardInterrupt:
        pass
    except UnavailableError as error:
        say(f"tongping: {error}", error=True)
        return 2
    return 0


def _end(ended: threading.Event) -> None:
    """The first time wherever the program stands; while it ends, another Ctrl-C changes nothing."""
    if not ended.is_set():
        ended.set()
        raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
