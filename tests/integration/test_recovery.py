"""A centre is destroyed and restored by the runbook: its commands are read from the page and run unchanged."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2
import pytest

from journal import Entry
from node.centre import Centre, open_centre
from node.chain.witness_loop import tiles_under
from node.config import Config
from records import facts
from records.commitment import commit
from records.errors import EvidenceMismatchError
from records.ids import Author, ProjectId
from records.log.checkpoint import Checkpoint, open_note
from records.log.merkle import leaf_hash, verify_inclusion
from records.log.tiles import Tree
from tests.integration.node.chained_centres import JN, XA, Chained, chained, eventually, keys_in

pytestmark = pytest.mark.timeout(900)
ORIGIN: Final = "jn.tongping"
RUNBOOK: Final = Path(__file__).parents[2] / "docs" / "runbook.md"
KNOWN, LOST = 5, 300
TOML: Final = """
[centre]
code = "{centre.code}"
name_zh = "{centre.name_zh}"
name_en = "{centre.name_en}"
city_zh = "{centre.city_zh}"
city_en = "{centre.city_en}"
[server]
port = {server.port}
[storage]
database = "{storage.database}"
files = "{storage.files}"
keys = "{storage.keys}"
[seal]
authority = "{seal.authority}"
[chain]
rpc = "{chain.rpc}"
chain_id = {chain.chain_id}
anchor = "{chain.anchor}"
registry = "{chain.registry}"
genesis = "{chain.genesis}"
interval_seconds = 1
[monitor]
interval_seconds = 1
[[peers]]
code = "{peer.code}"
url = "{peer.url}"
entry_key = "{peer.entry_key}"
log_key = "{peer.log_key}"
witness_key = "{peer.witness_key}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A fenced block of the page and the number of its step, 0 outside of steps."""

    step: int
    text: str


def commands(heading: str) -> list[Command]:
    """The fenced commands below a heading, in their order."""
    section = RUNBOOK.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found: list[Command] = []
    step = 0
    for match in re.finditer(r"^(\d+)\. |^ *```sh\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL):
        step = int(match[1]) if match[1] else step
        if match[2]:
            found.append(Command(step=step, text=match[2]))
    return found


def words() -> list[str]:
    """The words of the page that its reader has to replace."""
    return re.findall(r"^\| `([A-Z]+)` \|", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Jinan, from its operator's view: a folder and commands."""

    directory: Path
    config: Config

    @property
    def database(self) -> Path:
        return Path(self.config.storage.database.removeprefix("sqlite:///"))

    @property
    def own(self) -> Mapping[str, str]:
        """The own paths for the words of the page."""
        return {
            "CONFIG": str(self.directory / "tongping.toml"),
            "DATABASE": str(self.database),
            "FILES": str(self.config.storage.files),
            "BACKUP": str(self.directory / "backup"),
            "DAMAGED": str(self.directory / "damaged"),
        }

    def shell(self, command: Command, module: str = "node") -> list[str]:
        """The command of the page, with the own paths, for a shell."""
        text = re.sub(r"\b[A-Z]{5,}\b", lambda word: self.own[word[0]], command.text)
        tongping = f'tongping() {{ exec "{sys.executable}" -m {module} "$@"; }}'
        return ["bash", "-euc", f"{tongping}\n{text}"]

    def run(self, command: Command) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.shell(command), capture_output=True, text=True, timeout=300, check=False)

    def done(self, command: Command) -> str:
        """The output of a command that must succeed."""
        ended = self.run(command)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def killed(self, command: Command, step: str) -> None:
        """Run, and killed, as by kill -9, after the step of it."""
        shell = self.shell(command, f"tests.faults.dying {step}")
        ended = subprocess.run(shell, capture_output=True, text=True, timeout=300, check=False)
        assert ended.returncode == -signal.SIGKILL, ended.stdout + ended.stderr

    def tongping(self, name: str) -> subprocess.CompletedProcess[str]:
        return self.run(Command(step=0, text=f"tongping {name} --config CONFIG"))

    @contextmanager
    def up(self, command: Command) -> Iterator[None]:
        """Started as the page states, and stopped after the block."""
        with (self.directory / "up.log").open("w") as log:
            process = subprocess.Popen(self.shell(command), stdout=log, stderr=log)
            try:
                yield
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)

    def restore(self) -> None:
        """The backup replacing all present files."""
        for path in self.database.parent.glob(f"{self.database.name}*"):
            path.unlink()
        shutil.rmtree(self.config.storage.files)
        shutil.copy(self.directory / "backup" / "database", self.database)
        shutil.copytree(self.directory / "backup" / "files", self.config.storage.files)

    def destroy(self) -> None:
        """Everything that this centre ever wrote is gone, apart from keys and backup."""
        self.database.write_bytes(b"\x00" * 4096)
        shutil.rmtree(self.config.storage.files / "log")


def placed(world: Chained) -> Place:
    config = world.configs[JN]
    place = Place(directory=world.directory, config=config)
    text = TOML.format(
        centre=config.centre,
        server=config.server,
        storage=config.storage,
        seal=config.seal,
        chain=config.chain,
        peer=config.peers[0],
    )
    Path(place.own["CONFIG"]).write_text(text, encoding="utf-8")
    return place


def write(centre: Centre, count: int) -> list[Entry]:
    with centre.journal.work() as work:
        return [
            work.record(
                facts.Fact(
                    type=facts.ROOM_ENTRY_REFUSED,
                    project=ProjectId("E3701000076012345001"),
                    author=Author("system:room"),
                    body={"author": "seat:JN-1", "seq": number, "kind": "unknown", "code": "bad-signature"},
                )
            )
            for number in range(count)
        ]


def is_mirrored(jinan: Centre, xian: Centre, size: int) -> bool:
    """At least this many entries are anchored, and all of them are mirrored at Xi'an and cosigned."""
    assert jinan.gateway is not None
    assert xian.gateway is not None
    head = jinan.gateway.ledger.head(ORIGIN)
    cosigned = [one.size for one in jinan.gateway.ledger.cosignatures(ORIGIN) if one.witness == XA]
    return head.size >= size and xian.gateway.witness.last_seen(ORIGIN) == head.size and cosigned == [head.size]


def lived(world: Chained, place: Place, xian: Centre) -> list[Entry]:
    """Jinan writes, is backed up, continues to write, anchors, is mirrored, and is lost."""
    with world.running(JN) as jinan:
        known = write(jinan, KNOWN)
        eventually(lambda: is_mirrored(jinan, xian, KNOWN), "what comes before the backup is anchored")
    for command in commands("Backing up"):
        place.done(command)
    with world.running(JN) as jinan:
        write(jinan, LOST)
        eventually(lambda: is_mirrored(jinan, xian, KNOWN + LOST), "what comes after the backup is anchored")
    place.destroy()
    return known


def refuse_to_anchor(place: Place) -> None:
    """The old backup alone: nothing is anchored over it, and the reason is shown."""
    centre = open_centre(place.config)
    assert centre.gateway is not None
    with pytest.raises(EvidenceMismatchError, match="log-shorter-than-head"):
        centre.gateway.anchor.anchor_now()
    centre.journal.engine.dispose()
    looked = place.tongping("check")
    assert looked.returncode == 1
    assert "✗ chain.head  log-shorter-than-head" in looked.stdout.splitlines()


def refuse_what_was_started(world: Chained, place: Place) -> None:
    """Started too early the centre writes its alarm into the journal, which then is not a prefix of the log."""
    with world.running(JN) as jinan:
        eventually(lambda: jinan.journal.find(type=facts.MONITOR_ALARM_RAISED) != [], "the alarm is written")
    ended = place.tongping("recover")
    assert (ended.returncode, ended.stderr.split()[:2]) == (1, ["tongping:", "log-forked:"])


def fetched(config: Config, path: str) -> bytes:
    response = httpx2.get(f"http://localhost:{config.server.port}{path}", trust_env=False)
    assert response.status_code == 200
    return bytes(response.content)


def shown(world: Chained) -> Checkpoint:
    """Jinan's public checkpoint."""
    note = fetched(world.configs[JN], "/log/checkpoint").decode()
    return open_note(note, [keys_in(world.directory, JN).log_verifier])


def assert_proven(world: Chained, entry: Entry, checkpoint: Checkpoint) -> None:
    """From the public data, from the record alone."""
    tree = Tree(checkpoint.size, tiles_under("/log/", lambda path: fetched(world.configs[JN], path)))
    leaf = leaf_hash(commit(entry.salt, entry.record))
    path = tree.inclusion_path(entry.index)
    assert verify_inclusion(leaf, entry.index, checkpoint.size, path, checkpoint.root)


def shows(world: Chained, size: int) -> bool:
    try:
        return shown(world).size > size
    except (httpx2.HTTPError, AssertionError):
        return False


def test_every_word_of_the_page_is_explained_and_its_commands_are_these() -> None:
    used = {
        word
        for heading in ("Backing up", "The log is shorter than its anchored head")
        for command in commands(heading)
        for word in re.findall(r"\b[A-Z]{5,}\b", command.text)
    }

    assert used == set(words())
    assert [one.step for one in commands("The log is shorter than its anchored head")] == [1, 2, 3, 4, 5, 6, 7]


def test_a_destroyed_centre_comes_back_by_the_runbook_and_anchors_on(tmp_path: Path) -> None:
    keep, back, look, recover, look_again, start, well = commands("The log is shorter than its anchored head")
    with chained(tmp_path) as world, world.running(XA) as xian:
        place = placed(world)
        known = lived(world, place, xian)
        assert xian.gateway is not None
        head = xian.gateway.ledger.head(ORIGIN)

        place.done(keep)
        place.done(back)
        refuse_to_anchor(place)
        refuse_what_was_started(world, place)
        place.restore()
        audited = place.run(look)
        assert audited.returncode == 1
        assert [line.split()[1] for line in audited.stdout.splitlines() if line.startswith("✗")] == [
            "audit.first",
            "chain.head",
        ]
        for step in ("chain_gateway.witness.mirror.Mirror extend", "journal.work.Work take_lost"):
            place.killed(recover, step)
        assert "restored, without content, from the mirror at XA, cosigned by 1" in place.done(recover)
        place.done(look_again)
        with place.up(start):
            eventually(lambda: shows(world, head.size), "the next checkpoint is taken")
            assert xian.gateway.ledger.head(ORIGIN).size >= shown(world).size
            for entry in known:
                assert_proven(world, entry, shown(world))
            eventually(lambda: (xian.gateway.witness.last_seen(ORIGIN) or 0) > head.size, "the witness goes on")  # type: ignore[union-attr] # just seen
            eventually(lambda: place.run(well).returncode == 0, "well again")
            assert xian.alarms.open() == ()
        assert place.tongping("fsck").returncode == 0
