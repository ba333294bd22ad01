"""The whole demo as a user starts it: two cities, a chain, one evaluation, its evidence verified; no peer."""

import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.measure import ROUNDS, Bench, Figure, Goal
from records.errors import UnavailableError

PORTS = 3
"""The ports of the chain and of the two cities."""
LONGEST_SECONDS = 300
_PROGRAM = (
    "import sys; from pathlib import Path; from node.demo.play import demo; "
    "demo(stay=False, root=Path(sys.argv[1]), chain_port=int(sys.argv[2]), first_port=int(sys.argv[2]) + 1)"
)
"""`tongping demo --exit` in its own directory and on its own ports, so that a running demo is not disturbed."""


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    seconds = []
    for number in range(ROUNDS):
        say(f"round {number + 1} of {ROUNDS}")
        with tempfile.TemporaryDirectory() as directory:
            seconds.append(_played(Path(directory), say))
    goal = Goal(floor=60, goal=20, at_most=True)
    ours = statistics.median(seconds)
    return [Figure(bench="start", case="`tongping demo --exit`", unit="s", ours=ours, goal=goal, rounds=len(seconds))]


def _played(root: Path, say: Callable[[str], None]) -> float:
    """Seconds of one demo, including the start of Python and the end of all processes."""
    command = [sys.executable, "-c", _PROGRAM, str(root), str(_free_ports())]
    started = time.perf_counter()
    played = subprocess.run(  # noqa: S603 - the command is ours
        command, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
    )
    seconds = time.perf_counter() - started
    if played.returncode != 0 or "evidence verified" not in played.stdout:
        say("\n".join([*played.stdout.splitlines()[-3:], *played.stderr.splitlines()[-5:]]))
        raise UnavailableError("demo-failed", status=played.returncode)
    return seconds


def _free_ports() -> int:
    """The first of this number of consecutive free ports."""
    for first in range(18300, 18800, PORTS):
        with socket.socket() as chain, socket.socket() as host, socket.socket() as guest:
            try:
                for place, probe in enumerate((chain, host, guest)):
                    probe.bind(("127.0.0.1", first + place))
            except OSError:
                continue
            return first
    raise UnavailableError("port-in-use", port=18300)


BENCH = Bench(
    name="start",
    question="How long from nothing to verified evidence?",
    ours="`tongping demo --exit` as a whole: keys, two centres, a chain, one evaluation, the sealed report, its proof",
    peer="none",
    not_shown=(
        "the first installation (packages, browser build), which happens once",
        "the demo plays people at the speed of programs, with a cut of the line of several seconds in the middle",
    ),
    run=run,
)
