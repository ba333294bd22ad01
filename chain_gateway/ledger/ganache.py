"""The embedded chain: one pinned ganache, started and stopped by its process id, its blocks kept on disk."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from chain_gateway.ledger.javascript import node_binary, package
from records.errors import UnavailableError

HOST = "127.0.0.1"
CHAIN_ID = 1337
BALANCE_WEI = 10**21
_START_SECONDS = 30.0
_STOP_SECONDS = 3.0  # after this it is killed: every confirmed block is on disk already
_POLL_SECONDS = 0.05
# Ganache ends with the pipe to its owner, so a killed owner leaves no chain behind.
_END_WITH_OWNER = (
    "data:text/javascript,process.stdin.on('end',()=>{process.kill(process.pid,'SIGTERM');setTimeout(process.exit,1000)})"
    ".on('error',()=>{}).resume().unref()"
)


class Ganache:
    """A ganache of our own. `with Ganache(…) as chain: chain.rpc`, or `start` and `stop`.

    `accounts` are addresses that receive a balance for gas; their keys stay where they are.
    """

    def __init__(self, *, directory: Path, port: int, accounts: Sequence[str] = (), chain_id: int = CHAIN_ID) -> None:
        self.rpc = f"http://{HOST}:{port}"
        self.chain_id = chain_id
        self._port = port
        self._directory = directory
        self._accounts = accounts
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id, which is also its process group's id; None when it is not running."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start, and return once it answers and the accounts are funded.

        UnavailableError: "ganache-missing", "port-in-use", "ganache-died" (its last output is in ganache.log).
        """
        command = self._command()
        if _taken(self._port):
            raise UnavailableError("port-in-use", port=self._port)
        self._directory.mkdir(parents=True, exist_ok=True)
        with (self._directory / "ganache.log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        try:
            self._await()
            self._fund()
        except BaseException:
            self.stop()
            raise

    def check(self) -> None:
        """UnavailableError("ganache-died") when the process has ended by itself."""
        if self._process is None or self._process.poll() is not None:
            raise self._died()

    def stop(self) -> None:
        """Stop it and wait; kill it when it does not end in time. Stopping twice does nothing."""
        process, self._process = self._process, None
        if process is None:
            return
        _signal_group(process, signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            _signal_group(process, signal.SIGKILL)
            process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _command(self) -> list[str]:
        options = {
            "database.dbPath": self._directory / "blocks",
            "chain.chainId": self.chain_id,
            "chain.networkId": self.chain_id,
            "chain.hardfork": "london",
            "server.host": HOST,
            "server.port": self._port,
            "wallet.totalAccounts": 0,  # keys stay with the centres
        }
        program = package("ganache", "dist/node/cli.js")
        flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        return [str(node_binary()), "--import", _END_WITH_OWNER, str(program), *flags, "--logging.quiet"]

    def _await(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            self.check()
            try:
                found = self._ask("eth_chainId")
            except OSError:
                time.sleep(_POLL_SECONDS)
                continue
            if found != hex(self.chain_id):
                raise UnavailableError("port-in-use", port=self._port)
            return
        raise UnavailableError("ganache-silent", seconds=int(_START_SECONDS))

    def _fund(self) -> None:
        for address in self._accounts:
            if int(str(self._ask("eth_getBalance", address, "latest")), 16) < BALANCE_WEI // 2:
                self._ask("evm_setAccountBalance", address, hex(BALANCE_WEI))

    def _ask(self, method: str, *params: str) -> object:
        """One JSON-RPC request; OSError while nothing answers."""
        connection = http.client.HTTPConnection(HOST, self._port, timeout=5)
        try:
            question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
            connection.request("POST", "/", json.dumps(question), {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
        except (http.client.HTTPException, ValueError) as error:
            raise UnavailableError("port-in-use", port=self._port) from error
        finally:
            connection.close()
        return answer.get("result")

    def _died(self) -> UnavailableError:
        try:
            last_words = (self._directory / "ganache.log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            last_words = ""
        if "EADDRINUSE" in last_words:
            return UnavailableError("port-in-use", port=self._port)
        status = self._process.returncode if self._process is not None else 0
        return UnavailableError("ganache-died", status=status)


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
