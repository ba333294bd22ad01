"""A mirror holds entries that lead to a signed root, and nothing else, whatever the other centre serves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chain_gateway.witness import mirror as module
from chain_gateway.witness.mirror import Mirror, ReadTile
from journal import disk as module_disk
from journal.tiles import TileLog
from records.errors import EvidenceMismatchError, NotFoundError, TongpingError, UnavailableError
from records.log import merkle
from records.log.checkpoint import Checkpoint
from records.log.merkle import leaf_hash
from records.log.tiles import ENTRIES, Tile, encode_bundle

ORIGIN = "xa.tongping"
ENTRY = [leaf_hash(place.to_bytes(2)) for place in range(700)]
LEAVES = [leaf_hash(entry) for entry in ENTRY]


@pytest.fixture(name="served", scope="module")
def _served(tmp_path_factory: pytest.TempPathFactory) -> TileLog:
    """The other centre's log: 700 entries."""
    log = TileLog(tmp_path_factory.mktemp("served"))
    log.extend(0, ENTRY)
    return log


@pytest.fixture(name="mirror")
def _mirror(tmp_path: Path) -> Mirror:
    return Mirror(tmp_path / "mirror", ORIGIN)


def checkpoint(size: int) -> Checkpoint:
    return Checkpoint(origin=ORIGIN, size=size, root=merkle.root(LEAVES[:size]))


def held(mirror: Mirror) -> list[bytes]:
    return mirror.log.entries(0, mirror.log.refresh())


def changed(read: ReadTile, where: Tile, change: Callable[[bytes], bytes]) -> ReadTile:
    """The same tiles, one of them changed."""
    return lambda tile: change(read(tile)) if tile == where else read(tile)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513, 700])
def test_a_mirror_holds_every_entry_under_the_checkpoint(served: TileLog, mirror: Mirror, size: int) -> None:
    mirror.extend(checkpoint(size), served.read)

    assert held(mirror) == ENTRY[:size]
    assert mirror.root(size) == checkpoint(size).root


@pytest.mark.parametrize("steps", [(1, 2, 3), (255, 256, 700), (100, 300, 301), (700, 700), (256, 512)])
def test_a_mirror_grows_from_where_it_stands(served: TileLog, mirror: Mirror, steps: tuple[int, ...]) -> None:
    for size in steps:
        mirror.extend(checkpoint(size), served.read)

    assert held(mirror) == ENTRY[: steps[-1]]


def test_only_what_is_missing_is_fetched(served: TileLog, mirror: Mirror) -> None:
    mirror.extend(checkpoint(512), served.read)
    asked: list[Tile] = []

    def counting(tile: Tile) -> bytes:
        asked.append(tile)
        return served.read(tile)

    mirror.extend(checkpoint(700), counting)

    assert [tile for tile in asked if tile.level == ENTRIES] == [Tile(ENTRIES, 2, 188)]


def test_a_mirror_that_has_far_to_go_keeps_what_it_has_verified(
    served: TileLog, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STEP", 256)

    def falls_silent(tile: Tile) -> bytes:
        if tile == Tile(ENTRIES, 2, 188):
            raise UnavailableError("peer-too-slow")
        return served.read(tile)

    with pytest.raises(UnavailableError, match="peer-too-slow"):
        mirror.extend(checkpoint(700), falls_silent)
    assert held(mirror) == ENTRY[:512]

    mirror.extend(checkpoint(700), served.read)
    assert held(mirror) == ENTRY


FULL, PARTIAL, HASHES, EDGE, ABOVE = (
    Tile(ENTRIES, 0),
    Tile(ENTRIES, 2, 188),
    Tile(0, 1),
    Tile(0, 2, 188),
    Tile(1, 0, 2),
)


def flip(place: int) -> Callable[[bytes], bytes]:
    """One bit of one byte changed."""
    return lambda data: data[:place] + bytes([data[place] ^ 1]) + data[place:][1:]


BENT: dict[str, tuple[Tile, Callable[[bytes], bytes], str]] = {
    "a bit of an entry": (FULL, flip(5), "tile-altered"),
    "a bit of the last entry": (PARTIAL, flip(34 * 188 - 1), "tile-altered"),
    "two entries in another order": (FULL, lambda data: data[34:68] + data[:34] + data[68:], "tile-altered"),
    "a bundle cut": (FULL, lambda data: data[:-1], "tile-bundle"),
    "a bundle emptied": (FULL, lambda _: b"", "tile-bundle"),
    "an entry too many": (FULL, lambda data: data + data[:34], "tile-bundle"),
    "an entry longer": (FULL, lambda _: encode_bundle([b"x" * 33] * 256), "tile-entry-size"),
    "a bit of a hash": (HASHES, flip(0), "tile-altered"),
    "a bit at the edge": (EDGE, flip(32 * 188 - 1), "tiles-differ"),
    "a bit above": (ABOVE, flip(0), "tiles-differ"),
    "hashes cut": (HASHES, lambda data: data[:-32], "tile-size"),
    "hashes endless": (HASHES, lambda data: data * 100, "tile-size"),
}


@pytest.mark.parametrize("bent", BENT.values(), ids=BENT.keys())
def test_nothing_altered_is_ever_written_down(
    served: TileLog, mirror: Mirror, bent: tuple[Tile, Callable[[bytes], bytes], str]
) -> None:
    where, change, code = bent

    with pytest.raises(TongpingError, match=code):
        mirror.extend(checkpoint(700), changed(served.read, where, change))

    assert held(mirror) == []
    mirror.extend(checkpoint(700), served.read)
    assert held(mirror) == ENTRY


def test_tiles_of_another_history_are_refused(served: TileLog, mirror: Mirror, tmp_path: Path) -> None:
    mirror.extend(checkpoint(300), served.read)
    other = TileLog(tmp_path / "other")
    other.extend(0, [*ENTRY[:299], leaf_hash(b"rewritten"), *ENTRY[300:]])
    forked = Checkpoint(origin=ORIGIN, size=700, root=other.root)

    with pytest.raises(EvidenceMismatchError, match="mirror-altered"):
        mirror.extend(forked, other.read)

    assert held(mirror) == ENTRY[:300]


@pytest.mark.parametrize("size", [2**53 - 1, 2**63, 2**64 - 1])
def test_a_size_that_no_tile_can_show_is_given_up_at_once(served: TileLog, mirror: Mirror, size: int) -> None:
    asked: list[Tile] = []

    def counting(tile: Tile) -> bytes:
        asked.append(tile)
        return served.read(tile)

    with pytest.raises(NotFoundError, match="tile-unknown"):
        mirror.extend(Checkpoint(origin=ORIGIN, size=size, root=b"\x01" * 32), counting)

    assert len(asked) <= 8
    assert mirror.log.refresh() == 0


def test_a_mirror_that_somebody_altered_says_so(served: TileLog, mirror: Mirror) -> None:
    mirror.extend(checkpoint(300), served.read)
    tile = mirror.log.directory / Tile(0, 1, 44).path
    tile.write_bytes(bytes(len(tile.read_bytes())))

    with pytest.raises(EvidenceMismatchError, match="mirror-altered"):
        Mirror(mirror.log.directory, ORIGIN).extend(checkpoint(700), served.read)


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, nth: int, *, done: bool) -> Iterator[list[int]]:
    """Let the nth file that is written fail: before it has its name, or after it has it and is reported lost."""
    original = module_disk._finish
    written: list[int] = []

    def faulty(path: Path) -> None:
        written.append(1)
        if done or len(written) != nth:
            original(path)
        if len(written) == nth:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(module_disk, "_finish", faulty)
        yield written


@pytest.mark.parametrize("done", [False, True], ids=["lost", "done but reported lost"])
@pytest.mark.parametrize("nth", range(1, 7))
def test_a_file_that_cannot_be_written_is_made_up_for(
    served: TileLog, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, nth: int, *, done: bool
) -> None:
    mirror.extend(checkpoint(200), served.read)
    with failing(monkeypatch, nth, done=done) as written, pytest.raises(UnavailableError, match="log-disk"):
        mirror.extend(checkpoint(700), served.read)
    assert len(written) >= nth
    assert held(mirror) in (ENTRY[:200], ENTRY)

    mirror.extend(checkpoint(700), served.read)

    assert held(mirror) == held(Mirror(mirror.log.directory, ORIGIN)) == ENTRY
