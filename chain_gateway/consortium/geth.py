"""Signers of a Clique chain on this machine: our own geth processes, each in its own group, stopped by their ids."""

import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from chain_gateway.consortium import clique
from chain_gateway.consortium.members import RPC_HOST, Member, Members
from records.errors import UnavailableError
from records.ids import CentreCode

PROGRAM_VARIABLE: Final = "TONGPING_GETH"
"""Environment variable for another geth than the one built into the cache."""
START_SECONDS: Final = 60.0
STANDSTILL_SECONDS: Final = 15.0
"""Seconds without a block after which signers count as stalled: many times the longest period of ours."""
_STOP_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.1
_QUIET_LOOKS: Final = 10
"""Looks in a row that must find no peer before the signers count as separated."""
_BY_HAND: Final = (*clique.APIS, "admin", "debug", "miner")
"""Interfaces that are only open on a signer of ours on this machine: they can change its head and its peers."""


def cached_program() -> Path:
    """The folder of the geth build, shared with later checkouts."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "tongping" / f"geth-{clique.VERSION}" / "geth"


def program() -> Path:
    """The geth to run; UnavailableError("geth-missing") names the place searched."""
    named = os.environ.get(PROGRAM_VARIABLE)
    found = Path(named) if named else cached_program()
    if not os.access(found, os.X_OK):
        raise UnavailableError("geth-missing", path=str(found))
    return found


@dataclass(slots=True, kw_only=True)
class Signer:
    """One signer, in the folder that `tongping consortium init` made for it."""

    members: Members
    member: Member
    folder: Path
    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id, which is also its process group's id; None when it is not running."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start the process; `await_answer` waits until it answers. UnavailableError: "geth-missing", "geth-died"."""
        arguments = clique.arguments(self.members, self.member, apis=_BY_HAND)
        geth = program()
        with (self.folder / "geth.log").open("ab") as log:
            if not (self.folder / "data" / "geth" / "chaindata").is_dir():
                made = subprocess.run(  # noqa: S603 - the command is ours
                    [geth, *clique.init_arguments()], cwd=self.folder, stdout=log, stderr=log, check=False
                )
                if made.returncode:
                    raise UnavailableError("geth-died", centre=self.member.code, status=made.returncode)
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                [geth, *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def seal(self) -> None:
        """Begin to seal blocks."""
        self.ask("miner_start")

    def await_answer(self) -> None:
        """UnavailableError: "port-in-use", "geth-died" (its last output is in geth.log), "geth-silent"."""
        _until(self._answers, UnavailableError("geth-silent", centre=self.member.code, seconds=int(START_SECONDS)))

    def check(self) -> None:
        """UnavailableError when it has ended by itself."""
        if self._process is None or self._process.poll() is not None:
            raise self._died()

    def stop(self) -> None:
        """Stop it and wait, so that it saves its chain; kill it when it does not end in time."""
        self._end(signal.SIGTERM, _STOP_SECONDS)

    def kill(self) -> None:
        """SIGKILL: the same end as in a power cut."""
        self._end(signal.SIGKILL, _STOP_SECONDS)

    def ask(self, method: str, *params: object) -> Any:  # Any: the engine's JSON answer
        """One JSON-RPC request; UnavailableError("chain-unreachable" | "chain-refused")."""
        connection = http.client.HTTPConnection(RPC_HOST, self.member.rpc_port, timeout=10)
        try:
            question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
            connection.request("POST", "/", json.dumps(question), {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise UnavailableError("chain-unreachable") from error
        finally:
            connection.close()
        if "error" in answer:
            raise UnavailableError("chain-refused", rpc_code=str(answer["error"].get("code", "")))
        return answer.get("result")

    @property
    def rpc(self) -> str:
        return self.member.rpc

    @property
    def height(self) -> int:
        return int(self.ask("eth_blockNumber"), 16)

    def hash_at(self, block: str) -> str:
        """The hash of a block: a number as 0x…, or "latest"."""
        found = self.ask("eth_getBlockByNumber", block, False)  # noqa: FBT003 - positional in JSON
        return str(found["hash"])

    def _answers(self) -> bool:
        self.check()
        try:
            return int(self.ask("eth_chainId"), 16) == self.members.chain_id
        except UnavailableError:
            return False

    def _end(self, number: signal.Signals, seconds: float) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _signal_group(process, number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            _signal_group(process, signal.SIGKILL)
            process.wait()

    def _died(self) -> UnavailableError:
        try:
            last_words = (self.folder / "geth.log").read_text(encoding="utf-8", errors="replace")[-4000:]
        except OSError:
            last_words = ""
        if "address already in use" in last_words:
            return UnavailableError("port-in-use", centre=self.member.code)
        status = self._process.returncode if self._process is not None else 0
        return UnavailableError("geth-died", centre=self.member.code, status=status)


@dataclass(slots=True, kw_only=True)
class Signers:
    """All signers of a consortium on this machine. `with Signers(…) as chain:` leaves nothing behind."""

    members: Members
    directory: Path
    """The folder `geth` written by `tongping consortium init`."""
    signers: Mapping[CentreCode, Signer] = field(init=False)

    def __post_init__(self) -> None:
        self.signers = {
            member.code: Signer(members=self.members, member=member, folder=self.directory / member.folder)
            for member in self.members.members
        }

    def start(self) -> None:
        """Start all, and return when every signer has the others as peers and blocks arrive.

        The first blocks of a chain are due before anybody can seal them, so out of turn they are sealed as early as in
        turn, and branches may stall at once. Only two rounds of blocks count as a running chain.
        """
        try:
            self.begin(*self.signers)
            self.await_blocks(2 * len(self.signers))
        except BaseException:
            self.stop()
            raise

    def begin(self, *codes: CentreCode) -> None:
        """Start these signers, for the first time or again, connect them, let them seal; return when blocks arrive."""
        for code in codes:
            self.signers[code].start()
        for code in codes:
            self.signers[code].await_answer()
        self.join()
        for code in codes:
            self.signers[code].seal()
        self.await_blocks()

    def await_blocks(self, more: int = 1) -> None:
        """Return when every running signer has this number of further blocks; stalled signers are brought together.

        After two halves sealed apart, or while two of four were down, two branches may weigh the same, and on each
        branch its signers have sealed too recently to seal again: then nobody can, ever.
        """
        heights = [signer.height for signer in self.running]
        wanted = max(heights) + more
        seconds = START_SECONDS + more * self.members.period_seconds
        started = moved = time.monotonic()
        while min(heights) < wanted:
            if time.monotonic() - started > seconds:
                raise UnavailableError("signers-stand-still", seconds=int(seconds))
            if time.monotonic() - moved > STANDSTILL_SECONDS:
                self.reconcile()
                moved = time.monotonic()
            time.sleep(_POLL_SECONDS)
            before, heights = heights, [signer.height for signer in self.running]
            if heights != before:
                moved = time.monotonic()

    def reconcile(self) -> None:
        """Bring all running signers onto the branch of the first one.

        Those of another branch go back to the last common block. Only a new connection tells them that the other branch
        is longer, and while sealing they would extend their own again: so all stop, disconnect, and join before they
        continue.
        """
        first, *others = self.running
        for signer in self.running:
            signer.ask("miner_stop")
        self.part()
        for signer in others:
            if signer.hash_at("latest") != first.hash_at("latest"):
                signer.ask("debug_setHead", hex(_fork(first, signer)))
        self.join()
        _until(
            lambda: len({signer.hash_at("latest") for signer in self.running}) == 1,
            UnavailableError("signers-apart", seconds=int(START_SECONDS)),
        )
        for signer in self.running:
            signer.seal()

    def join(self) -> None:
        """Connect every signer with every other now, rather than at its next attempt."""
        for signer, other in permutations(self.running, 2):
            signer.ask("admin_addPeer", other.member.enode)
        wanted = len(self.running) - 1
        _until(
            lambda: min(self._peer_counts()) >= wanted,
            UnavailableError("signers-apart", seconds=int(START_SECONDS)),
        )

    def part(self) -> None:
        """Cut every connection between the running signers; none comes back before `join`."""
        quiet = 0

        def parted() -> bool:
            # A dial under way when its peer was removed still connects: remove until it stays quiet.
            nonlocal quiet
            for signer, other in permutations(self.running, 2):
                signer.ask("admin_removePeer", other.member.enode)
            quiet = quiet + 1 if self._peer_counts() == {0} else 0
            return quiet >= _QUIET_LOOKS

        _until(
            parted,
            UnavailableError("signers-together", seconds=int(START_SECONDS)),
        )

    def _peer_counts(self) -> set[int]:
        return {int(signer.ask("net_peerCount"), 16) for signer in self.running}

    def await_height(self, height: int, among: Sequence[CentreCode] | None = None) -> None:
        """Wait until these signers, or all running ones, have this number of blocks."""
        waited = [signer for signer in self.running if among is None or signer.member.code in among]
        _until(
            lambda: all(signer.height >= height for signer in waited),
            UnavailableError("signers-stand-still", seconds=int(START_SECONDS)),
        )

    @property
    def running(self) -> list[Signer]:
        return [signer for signer in self.signers.values() if signer.pid is not None]

    def stop(self) -> None:
        for signer in self.signers.values():
            signer.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def _fork(one: Signer, other: Signer) -> int:
    """The last block that both have."""
    height = min(one.height, other.height)
    while one.hash_at(hex(height)) != other.hash_at(hex(height)):
        height -= 1
    return height


def _until(condition: Callable[[], bool], failure: UnavailableError) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise failure
        time.sleep(_POLL_SECONDS)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
