"""The embedded chain's process: it starts, keeps everything, ends with its owner, and says clearly why it cannot."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chain_gateway.ledger import javascript
from chain_gateway.ledger.engines import GANACHE
from chain_gateway.ledger.ganache import BALANCE_WEI, CHAIN_ID, HOST, Ganache
from chain_gateway.ledger.ledger import Ledger
from records.errors import UnavailableError
from records.log import merkle
from tests.integration.ledger.consortium import CHAIN_KEYS, JN, ask, founded, founder, free_port, ganache

LEAVES = [merkle.leaf_hash(bytes([place])) for place in range(9)]
OWNER = """
import sys, time
from pathlib import Path
from chain_gateway.ledger.ganache import Ganache
chain = Ganache(directory=Path(sys.argv[1]), port=int(sys.argv[2]))
chain.start()
print(chain.pid, flush=True)
time.sleep(60)
"""


def gone(pid: int, seconds: float = 15) -> bool:
    """Whether the process ends; a zombie that waits for its reaper has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def anchor(ledger: Ledger, old: int, new: int) -> None:
    proof = merkle.consistency_path(LEAVES[:new], old)
    ledger.anchor("jn.tongping", old, new, merkle.root(LEAVES[:new]), proof)


def test_it_answers_on_its_chain_and_its_accounts_have_money(tmp_path: Path) -> None:
    with ganache(tmp_path) as chain:
        assert ask(chain, "eth_chainId") == hex(CHAIN_ID)
        assert ask(chain, "eth_getBalance", founder(JN).log_account, "latest") == hex(BALANCE_WEI)


def test_no_key_of_a_centre_is_given_to_it(tmp_path: Path) -> None:
    with ganache(tmp_path) as chain:
        arguments = Path(f"/proc/{chain.pid}/cmdline").read_bytes() + Path(f"/proc/{chain.pid}/environ").read_bytes()
        assert ask(chain, "eth_accounts") == []
    log = (tmp_path / "ganache.log").read_bytes()
    assert not [code for code, key in CHAIN_KEYS.items() if key.hex().encode() in arguments + log]


def test_it_leaves_no_process_behind(tmp_path: Path) -> None:
    chain = ganache(tmp_path)
    chain.start()
    pid = chain.pid
    chain.stop()
    chain.stop()
    assert chain.pid is None
    assert pid is not None
    assert gone(pid, seconds=0.1)


def test_it_ends_with_an_owner_that_was_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path), str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=javascript.ROOT) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        owner.kill()
    assert gone(pid)


def test_it_keeps_everything_after_a_kill(tmp_path: Path) -> None:
    chain = ganache(tmp_path)
    chain.start()
    try:
        world = founded(chain)
        anchor(world.ledger(JN), 0, 4)
        assert chain.pid is not None
        os.kill(chain.pid, signal.SIGKILL)
        with pytest.raises(UnavailableError, match="chain-unreachable"):
            anchor(world.ledger(JN), 4, 9)
        chain.stop()
        chain.start()
        ledger = world.ledger(JN)
        assert ledger.head("jn.tongping").size == 4
        anchor(ledger, 4, 9)
        assert ledger.head("jn.tongping").root == merkle.root(LEAVES)
    finally:
        chain.stop()


def test_one_that_was_killed_is_said_to_be_dead(tmp_path: Path) -> None:
    chain = ganache(tmp_path)
    chain.start()
    try:
        chain.check()
        assert chain.pid is not None
        os.kill(chain.pid, signal.SIGKILL)
        assert chain._process is not None
        chain._process.wait(10)
        with pytest.raises(UnavailableError, match=f"ganache-died: status=-{signal.SIGKILL.value}"):
            chain.check()
    finally:
        chain.stop()


def test_one_that_never_was_started_is_dead_too(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="ganache-died"):
        ganache(tmp_path).check()


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        chain = Ganache(directory=tmp_path, port=port)
        with pytest.raises(UnavailableError, match=f"port-in-use: port={port}"):
            chain.start()
        assert chain.pid is None


def test_a_port_taken_in_the_last_moment_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chain_gateway.ledger.ganache._taken", lambda _: False)
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UnavailableError, match=f"port-in-use: port={port}"):
            Ganache(directory=tmp_path, port=port).start()


def test_a_missing_ganache_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(javascript, "ROOT", tmp_path)
    with pytest.raises(UnavailableError, match="ganache-missing"):
        ganache(tmp_path / "chain").start()


def test_one_that_cannot_write_its_blocks_has_died(tmp_path: Path) -> None:
    (tmp_path / "blocks").write_text("a file where a folder must be", encoding="utf-8")
    chain = ganache(tmp_path)
    with pytest.raises(UnavailableError, match="ganache-died"):
        chain.start()
    assert chain.pid is None


def test_a_chain_lost_in_the_middle_is_unreachable(tmp_path: Path) -> None:
    with ganache(tmp_path) as chain:
        world = founded(chain)
    with pytest.raises(UnavailableError, match="chain-unreachable"):
        world.ledger(JN).head("jn.tongping")
    with pytest.raises(UnavailableError, match="chain-unreachable"):
        Ledger.deploy(chain.rpc, chain_id=CHAIN_ID, account_key=CHAIN_KEYS[JN], engine=GANACHE, founding=())
