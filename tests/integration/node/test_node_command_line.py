"""The command line in use: exit codes, one clear line for every failure, a centre that starts and ends."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from tests.integration.node.node_centres import free_port

CONFIG = """
[centre]
code = "JN"
name_zh = "济南公共资源交易中心"
name_en = "Jinan"
city_zh = "济南"
city_en = "Jinan"

[server]
port = {port}

[storage]
database = "jn.sqlite3"
files = "files"
keys = "keys"
"""


def written(directory: Path, port: int) -> Path:
    path = directory / "centre.toml"
    path.write_text(CONFIG.format(port=port), encoding="utf-8")
    return path


def tongping(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "node", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


def test_a_broken_configuration_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "centre.toml"
    path.write_text("[centre", encoding="utf-8")

    ended = tongping("up", "--config", str(path))

    assert ended.returncode == 2
    assert ended.stderr.startswith("tongping: config-unreadable")
    assert "Traceback" not in ended.stderr


def test_a_port_in_use_is_said_in_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = tongping("up", "--config", str(written(tmp_path, taken.getsockname()[1])))

    assert ended.returncode == 2
    assert last_line(ended.stderr).startswith("tongping: port-in-use")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["centre.toml"]


def test_a_centre_starts_answers_enrols_and_ends(tmp_path: Path) -> None:
    port = free_port()
    path = written(tmp_path, port)
    process = subprocess.Popen(
        [sys.executable, "-m", "node", "up", "--config", str(path)], stderr=subprocess.PIPE, text=True
    )
    try:
        assert answered(f"http://localhost:{port}/api/v1/access/me", process)
        enrolled = tongping(
            "enrol", "--config", str(path), "--person", "op-1", "--name", "示例操作员", "--role", "operator"
        )
        checked = tongping("check", "--config", str(path))
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)

    assert (enrolled.returncode, enrolled.stdout[:5]) == (0, "code ")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "✓ journal" in checked.stdout
    assert "示例操作员" not in errors


def answered(url: str, process: subprocess.Popen[str]) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return httpx2.get(url, trust_env=False).status_code == 401
        except httpx2.HTTPError:
            time.sleep(0.1)
    return False


def test_an_expert_is_handed_a_pin_once(tmp_path: Path) -> None:
    path = written(tmp_path, free_port())
    asked = ["enrol", "--config", str(path), "--person", "JN-E1", "--name", "示例专家", "--role", "expert"]

    first, second = tongping(*asked), tongping(*asked)

    assert [line.split()[0] for line in first.stdout.splitlines()] == ["code", "pin"]
    assert [line.split()[0] for line in second.stdout.splitlines()] == ["code"]


def test_what_a_centre_keeps_is_for_its_own_user_alone(tmp_path: Path) -> None:
    path = written(tmp_path, free_port())
    asked = ["enrol", "--config", str(path), "--person", "JN-E1", "--name", "示例专家", "--role", "expert"]

    assert tongping(*asked).returncode == 0

    kept = [one for one in tmp_path.rglob("*") if one != path]
    assert "jn.sqlite3" in {one.name for one in kept}
    assert [one.name for one in kept if one.stat().st_mode & 0o077] == []


@pytest.mark.parametrize(
    "arguments", [["verify", "none.evidence.zip"], ["check", "--config", "none.toml"], ["nothing"]]
)
def test_what_cannot_run_exits_with_two(arguments: list[str]) -> None:
    assert tongping(*arguments).returncode == 2


def test_a_peer_that_does_not_answer_is_a_fault_that_check_finds(tmp_path: Path) -> None:
    path = written(tmp_path, free_port())
    key = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
    peer = f'\n[[peers]]\ncode = "XA"\nurl = "http://localhost:{free_port()}"\nentry_key = "{key}"\n'
    path.write_text(path.read_text(encoding="utf-8") + peer, encoding="utf-8")
    asked = ["enrol", "--config", str(path), "--person", "JN-E1", "--name", "示例专家", "--role", "expert"]
    assert tongping(*asked).returncode == 0

    checked = tongping("check", "--config", str(path))

    assert checked.returncode == 1
    assert "✗ peer.XA  peer-unreachable" in checked.stdout
