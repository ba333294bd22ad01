"""The log under every fault of its disk: killed, cut from power, or given an error at any step of a write."""

import hashlib
import multiprocessing
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from journal import disk
from journal.tiles import TileLog
from records.errors import UnavailableError
from records.log import merkle
from records.log.checkpoint import Checkpoint, sign_note
from records.log.tiles import ENTRIES, Tile, Tree, decode_bundle, decode_hashes, parse_path, partial_tiles, tile_at
from tests.faults.journal.failing_disk import FailingDisk, Image, broken, installed, restored

DATA = [hashlib.sha256(index.to_bytes(8, "big")).digest() for index in range(263)]
LEAVES = [merkle.leaf_hash(data) for data in DATA]
OLD, GROUP, ALL = 250, 262, 263
"""The log before; after a group that fills a tile and begins the next; after one more entry."""
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
MOST_STEPS = 400


def note(size: int) -> str:
    checkpoint = Checkpoint(origin="jn.tongping", size=size, root=merkle.root(LEAVES[:size]))
    return sign_note(checkpoint, name="jn.tongping", key=KEY)


def write(log: TileLog) -> Iterator[tuple[int, int]]:
    """The acknowledged state, step by step: durable size and published size."""
    yield log.extend(OLD, DATA[OLD:GROUP]), OLD
    yield log.append(DATA[GROUP]) + 1, OLD
    log.publish(note(ALL))
    yield ALL, ALL


def assert_sound(directory: Path, size: int, published: int, *, power_cut: bool = False) -> None:
    """The acknowledged entries are there, no name holds half a tile, and continuing gives an undisturbed log.

    After a power cut a tile that neither the log nor its published checkpoint counts may be incomplete.
    """
    log = TileLog(directory)
    assert log.refresh() in (range(size, ALL + 1) if size < ALL else [ALL])
    assert log.entries(0, ALL) == DATA[: log.size]
    assert log.published >= published
    public = Tree(log.published, lambda tile: (directory / tile.path).read_bytes())
    assert public.root() == merkle.root(LEAVES[: log.published])
    assert_no_half_tile(directory, (log.size, log.published) if power_cut else None)
    assert (log.extend(OLD, DATA[OLD:]), log.append(DATA[GROUP])) == (ALL, GROUP)
    assert log.publish(note(ALL))
    assert (TileLog(directory).refresh(), log.root, log.published) == (ALL, merkle.root(LEAVES), ALL)


def assert_no_half_tile(directory: Path, sizes: tuple[int, ...] | None) -> None:
    """A reader of a name gets the whole tile, for the names that a log of one of these sizes has."""
    for path in (directory / "tile").rglob("*"):
        if path.is_dir() or path.name.endswith(".new"):
            continue
        tile = parse_path(path.relative_to(directory).as_posix())
        if sizes is not None and tile not in {tile_at(tile.level, tile.index, size) for size in sizes}:
            continue
        data = path.read_bytes()
        if tile.level == ENTRIES:
            assert decode_bundle(tile, data) == DATA[tile.index * 256 :][: tile.width]
        elif tile.level == 0:
            assert decode_hashes(tile, data) == LEAVES[tile.index * 256 :][: tile.width]


@pytest.fixture(name="_few", params=[disk._FEW, 0], ids=["few files", "many files"])
def _few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few files are synced one by one, many with their file system: both ways of writing go through every fault."""
    monkeypatch.setattr(disk, "_FEW", request.param)


@pytest.fixture(name="place")
def _place() -> Iterator[Path]:
    """In memory where possible: the effect of a power cut is known without cutting the power."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as directory:
        yield Path(directory)


@pytest.fixture(name="before")
def _before(place: Path) -> Path:
    """A published log, just before its first full tile."""
    directory = place / "before"
    log = TileLog(directory)
    log.extend(0, DATA[:OLD])
    log.publish(note(OLD))
    return directory


def killed_at(step: int, directory: Path) -> tuple[bool, tuple[int, int], list[Image]]:
    """Write in a process that dies at the step: whether it did, its acknowledgements, the rest after a power cut."""
    here, there = multiprocessing.Pipe(duplex=False)

    def doomed(says: Connection) -> None:
        acknowledged = OLD, OLD

        def left() -> list[Image]:
            return [failing.image(late=late) for late in (True, False)]

        def die() -> None:
            says.send((acknowledged, left()))
            os.kill(os.getpid(), signal.SIGKILL)

        failing = FailingDisk(directory, step, die)
        with installed(failing):
            for done in write(TileLog(directory)):
                acknowledged = done
        says.send((acknowledged, left()))

    process = multiprocessing.get_context("fork").Process(target=doomed, args=(there,))
    process.start()
    acknowledged, images = here.recv()
    process.join(30)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0, acknowledged, images


@pytest.mark.usefixtures("_few")
def test_a_kill_or_a_power_cut_at_any_step_loses_nothing_that_was_acknowledged(before: Path, place: Path) -> None:
    seen = set()
    for step in range(MOST_STEPS):
        directory = place / f"{step}"
        shutil.copytree(before, directory)
        died, acknowledged, images = killed_at(step, directory)
        seen.add(acknowledged)
        assert_sound(directory, *acknowledged)
        for number, image in enumerate(images):
            cut = restored(image, place / f"{step}-cut-{number}")
            assert_sound(cut, *acknowledged, power_cut=True)
        if not died:
            break
    assert not died
    assert seen == {(OLD, OLD), (GROUP, OLD), (ALL, OLD), (ALL, ALL)}


@pytest.mark.usefixtures("_few")
@pytest.mark.parametrize("after", [False, True], ids=["lost", "done but reported lost"])
def test_every_step_that_fails_is_reported_and_the_repetition_mends_it(
    before: Path, place: Path, *, after: bool
) -> None:
    for step in range(MOST_STEPS):
        directory = place / f"{step}"
        shutil.copytree(before, directory)
        failing = FailingDisk(directory, step, broken, after=after)
        log = TileLog(directory)
        with installed(failing):
            size, published, failed = written(log)
        assert_sound(directory, size, published)
        assert_goes_on(log)
        if failing.steps <= step:
            break
        assert failed <= 1
    assert failing.steps <= step


def written(log: TileLog) -> tuple[int, int, int]:
    """Write, repeating what failed; return what was acknowledged in the end, and the number of failures."""
    failed = 0
    acknowledged = OLD, OLD
    while True:
        try:
            for acknowledged in write(log):  # noqa: B007 - the last one counts
                pass
        except UnavailableError as error:
            assert error.code == "log-disk"  # noqa: PT017 - it fails at one step only
            failed += 1
        else:
            return (*acknowledged, failed)


def assert_goes_on(log: TileLog) -> None:
    """The same object, after an error and after others wrote, still knows its position."""
    assert log.append(DATA[OLD]) == OLD
    assert (log.size, log.root) == (ALL, merkle.root(LEAVES))
    assert {tile.path for tile in partial_tiles(OLD)} <= {
        path.relative_to(log.directory).as_posix() for path in log.directory.rglob("*")
    }


@pytest.mark.parametrize("torn", [False, True], ids=["whole", "torn by a power cut"])
def test_a_tile_that_nobody_was_told_of_does_not_stand_in_for_what_came_instead(before: Path, *, torn: bool) -> None:
    """A group dies just before the point of no return; other entries come, and do not fill the tile."""
    state = (before / "state").read_bytes()
    TileLog(before).extend(OLD, DATA[OLD:GROUP])
    (before / "state").write_bytes(state)
    if torn:
        (before / "tile/0/000").write_bytes(b"")

    log = TileLog(before)
    log.refresh()
    assert b"".join(LEAVES[:OLD]) == TileLog(before).shown(Tile(0, 0, OLD))
    others = [b"another", b"and one more"]
    assert log.extend(OLD, others) == OLD + len(others)
    leaves = [*LEAVES[:OLD], *map(merkle.leaf_hash, others)]
    for reader in (log, TileLog(before)):
        assert reader.entries(0, OLD + len(others)) == [*DATA[:OLD], *others]
        assert reader.tree().root() == reader.root == merkle.root(leaves)
        assert reader.tree(OLD).root() == merkle.root(LEAVES[:OLD])
    checkpoint = Checkpoint(origin="jn.tongping", size=OLD + len(others), root=merkle.root(leaves))
    assert log.publish(sign_note(checkpoint, name="jn.tongping", key=KEY))
    assert b"".join(leaves) == TileLog(before).shown(Tile(0, 0, OLD + len(others)))


def test_after_an_append_that_failed_other_entries_may_come(before: Path) -> None:
    """The same object continues: what it wrote under a name and could not count is not read."""
    log = TileLog(before)
    log.refresh()
    failing = FailingDisk(before, MOST_STEPS, broken)
    with installed(failing), pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "_FEW", 0)
        patch.setattr(disk, "sync_file_system", lambda _folder: broken())
        with pytest.raises(UnavailableError, match="log-disk"):
            log.extend(OLD, DATA[OLD:GROUP])
    assert (before / "tile/0/000").exists()

    assert log.append(b"another") == OLD
    assert log.tree().root() == merkle.root([*LEAVES[:OLD], merkle.leaf_hash(b"another")])
    assert not (before / "tile/0/000").exists()
