"""Four operators run their start.sh at the same moment: one chain results."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from chain_gateway.consortium.files import START_SCRIPT
from chain_gateway.consortium.geth import STANDSTILL_SECONDS, START_SECONDS, Signer, program
from chain_gateway.consortium.members import Members
from records.errors import UnavailableError
from tests.consortium.chains import four_members, say

MOST_FOUNDINGS = 3
pytestmark = pytest.mark.timeout(600, method="signal")  # a thread's way out would leave signers behind


@contextmanager
def started(folder: Path) -> Iterator[None]:
    """Started in the operator's way; stopped with all its processes."""
    path = f"{program().parent}:{os.environ['PATH']}"
    with (folder / "geth.log").open("w") as log:
        process = subprocess.Popen(
            [folder / START_SCRIPT], env={**os.environ, "PATH": path}, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(START_SECONDS)


def height(signer: Signer) -> int:
    """0 as long as it does not answer."""
    try:
        return signer.height
    except UnavailableError:
        return 0


def reached(signers: Sequence[Signer], blocks: int, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while min(map(height, signers)) < blocks:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def comes_up(members: Members, directory: Path) -> bool:
    """Whether blocks come of it; a new chain may stand still in its first ones (Clique), on two branches."""
    folders = [directory / member.folder for member in members.members]
    signers = [Signer(members=members, member=one, folder=at) for one, at in zip(members.members, folders, strict=True)]
    with ExitStack() as running:
        for folder in folders:
            running.enter_context(started(folder))
        if not reached(signers, 1, seconds=START_SECONDS):
            return False
        if not reached(signers, 2 * len(signers), seconds=STANDSTILL_SECONDS + START_SECONDS / 2):
            return False
        assert len({one.hash_at("0x1") for one in signers}) == 1
    return True


def begin_again(members: Members, directory: Path) -> None:
    """The instructions in deploy/consortium/README.md for a new chain that stalls."""
    for member in members.members:
        shutil.rmtree(directory / member.folder / "data")


def test_signers_that_are_started_together_seal_one_chain(tmp_path: Path) -> None:
    members, directory = four_members(tmp_path), tmp_path / "geth"
    foundings = 1
    while not comes_up(members, directory):
        assert foundings < MOST_FOUNDINGS
        begin_again(members, directory)
        foundings += 1
    say(f"four start.sh at once: one chain, {foundings} founding(s)")
