"""`make dev`: the pages from their sources before each node, a session to go on with, one Ctrl-C for all."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2

from tests.integration.ledger.consortium import free_port


def five_ports() -> int:
    """The first of five neighbouring free ports."""
    while True:
        first = free_port()
        probes = [socket.socket() for _ in range(5)]
        try:
            for at, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + at))
        except (OSError, OverflowError):
            continue
        else:
            return first
        finally:
            for probe in probes:
                probe.close()


def test_one_command_starts_the_centres_with_their_pages_and_ends_them_all(tmp_path: Path) -> None:
    first = five_ports()
    command = [sys.executable, "-m", "node.demo.dev", "--no-tab", "--port", str(first), "--root", str(tmp_path / "dev")]
    told = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            told.append(line)
            if line.startswith("Sources are watched"):
                break
        host, guest = (f"http://localhost:{first + at}" for at in (3, 4))
        console = httpx2.get(f"{host}/console/").text
        room = httpx2.get(f"{guest}/room/main.ts").text
        answered = httpx2.get(f"{host}/api/v1/access/me").status_code
        process.send_signal(signal.SIGINT)

    assert process.returncode == 0
    assert "/@vite/client" in console
    assert "createApp" in room
    assert answered == 401
    assert len(re.findall(r"sign-in code", "".join(told))) == 11
    assert [at for at in range(5) if _answers(first + at)] == []


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
