"""The log on disk: durable appends, one place for one entry, tiles for every published size, and nothing else shown."""

import hashlib
import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from journal.tiles import TileLog
from records.errors import ConflictError, EvidenceMismatchError, InvalidRecordError, NotFoundError, TongpingError
from records.log import merkle
from records.log.checkpoint import Checkpoint, open_note, sign_note, verifier_key
from records.log.tiles import ENTRIES, Tile, Tree, partial_tiles, tiles_of

PUBLISHED = Path(__file__).parents[2] / "vectors" / "published" / "tlog"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
DATA = [hashlib.sha256(index.to_bytes(8, "big")).digest() for index in range(70_000)]
LEAVES = [merkle.leaf_hash(data) for data in DATA]


def note(size: int, root: bytes | None = None) -> str:
    checkpoint = Checkpoint(origin="jn.tongping", size=size, root=root or merkle.root(LEAVES[:size]))
    return sign_note(checkpoint, name="jn.tongping", key=KEY)


def refused(family: type[TongpingError], code: str, call: Callable[[], object]) -> None:
    with pytest.raises(family) as caught:
        call()
    assert caught.value.code == code


def files(log: TileLog) -> set[str]:
    return {path.relative_to(log.directory).as_posix() for path in log.directory.rglob("*") if path.is_file()}


def test_an_entry_keeps_the_index_it_was_given(tmp_path: Path) -> None:
    log = TileLog(tmp_path / "log")

    assert [log.append(data) for data in DATA[:5]] == [0, 1, 2, 3, 4]
    assert [log.append(data) for data in DATA[2:6]] == [2, 3, 4, 5]
    assert (log.size, log.root) == (6, merkle.root(LEAVES[:6]))


def test_the_indexes_are_made_again_from_the_tiles_alone(tmp_path: Path) -> None:
    TileLog(tmp_path).extend(0, DATA[:600])

    log = TileLog(tmp_path)

    assert [log.append(data) for data in (DATA[599], DATA[0], DATA[256], DATA[600])] == [599, 0, 256, 600]
    assert [log.index(data) for data in (DATA[600], DATA[299], DATA[601])] == [600, 299, None]


@pytest.mark.parametrize("step", [1, 7, 255, 256, 257, 700])
def test_however_it_was_appended_the_log_is_the_same(tmp_path: Path, step: int) -> None:
    log, end = TileLog(tmp_path), 700 if step > 1 else 20
    for start in range(0, end, step):
        assert log.extend(start, DATA[:end][start : start + step]) == min(start + step, end)
    reopened = TileLog(tmp_path)

    assert reopened.refresh() == end
    assert (reopened.root, reopened.entries(0, end)) == (merkle.root(LEAVES[:end]), DATA[:end])
    assert {tile.path for tile in tiles_of(end)} | {"state", "lock"} == files(reopened)


def test_a_large_log_proves_with_few_reads(tmp_path: Path) -> None:
    log = TileLog(tmp_path)
    log.extend(0, DATA)
    tree = TileLog(tmp_path).tree()

    assert tree.root() == merkle.root(LEAVES)
    assert merkle.verify_inclusion(LEAVES[65_600], 65_600, 70_000, tree.inclusion_path(65_600), tree.root())
    assert tree.consistency_path(1_000) == merkle.consistency_path(LEAVES, 1_000)


def test_what_stands_there_is_compared_and_never_replaced(tmp_path: Path) -> None:
    log = TileLog(tmp_path)
    log.extend(0, DATA[:300])

    assert log.extend(0, DATA[:300]) == 300
    assert log.extend(299, DATA[299:302]) == 302
    refused(EvidenceMismatchError, "log-entry-differs", lambda: log.extend(1, DATA[:2]))
    refused(EvidenceMismatchError, "log-entry-differs", lambda: log.extend(301, [DATA[0], DATA[303]]))
    refused(ConflictError, "log-gap", lambda: log.extend(303, DATA[303:304]))
    assert (TileLog(tmp_path).refresh(), log.root) == (302, merkle.root(LEAVES[:302]))


def test_an_entry_too_long_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    log = TileLog(tmp_path)

    refused(InvalidRecordError, "tile-entry-long", lambda: log.extend(0, [DATA[0], bytes(2**16)]))
    refused(InvalidRecordError, "tile-entry-long", lambda: log.append(bytes(2**16)))
    assert (files(log), log.append(bytes(2**16 - 1))) == (set(), 0)


def test_many_callers_share_their_commits_and_each_gets_its_own_index(tmp_path: Path) -> None:
    log, found = TileLog(tmp_path), dict[bytes, int]()

    def call(caller: int) -> None:
        for data in DATA[caller * 10 : caller * 10 + 10]:
            found[data] = log.append(data)
            log.append(DATA[caller])  # which another caller brings, too

    threads = [threading.Thread(target=call, args=(caller,)) for caller in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found.values()) == list(range(400))
    assert TileLog(tmp_path).entries(0, 400) == sorted(found, key=lambda data: found[data])


def test_what_one_caller_brings_wrongly_does_not_harm_the_others(tmp_path: Path) -> None:
    log, failed, indexes = TileLog(tmp_path), list[str](), list[int]()
    log.extend(0, DATA[:10])

    def bring(number: int) -> None:
        try:
            indexes.append(log.append(DATA[10 + number]) if number % 2 else log.extend(5, [DATA[0]]))
        except EvidenceMismatchError as error:
            failed.append(error.code)

    threads = [threading.Thread(target=bring, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(indexes), failed) == (list(range(10, 20)), ["log-entry-differs"] * 10)


def test_two_that_write_the_same_directory_do_not_lose_each_others_entries(tmp_path: Path) -> None:
    one, other = TileLog(tmp_path), TileLog(tmp_path)

    indexes = [log.append(data) for data in DATA[:40] for log in (one, other)]

    assert indexes == [index for index in range(40) for _ in range(2)]
    assert (one.refresh(), one.root) == (40, merkle.root(LEAVES[:40]))


def test_a_published_size_has_its_tiles_under_their_own_names_for_good(tmp_path: Path) -> None:
    log = TileLog(tmp_path)
    log.extend(0, DATA[:300])
    assert log.publish(note(270))
    for size in (280, 290, 511, 520):
        log.extend(log.size, DATA[log.size : size])

    assert log.checkpoint() == note(270)
    assert {tile.path for tile in [*partial_tiles(270), *partial_tiles(520)]} <= files(log)
    gone = {tile.path for tile in partial_tiles(511) if tile not in partial_tiles(270)}
    assert len(gone) == 2
    assert not gone & files(log)
    tree = Tree(270, lambda tile: (tmp_path / tile.path).read_bytes())
    assert tree.root() == merkle.root(LEAVES[:270])


def test_the_public_checkpoint_never_goes_back_and_may_gain_signatures(tmp_path: Path) -> None:
    log = TileLog(tmp_path)
    refused(NotFoundError, "nothing-published", log.checkpoint)
    log.extend(0, DATA[:30])
    more = note(20) + note(20).splitlines(keepends=True)[-1]

    assert [log.publish(text) for text in (note(10), note(20), more, note(19))] == [True, True, True, False]
    assert log.checkpoint() == more
    assert open_note(more, [verifier_key("jn.tongping", KEY.public_key())]).size == 20


def test_nothing_is_published_that_the_tiles_do_not_hold(tmp_path: Path) -> None:
    log = TileLog(tmp_path)
    log.extend(0, DATA[:30])

    refused(NotFoundError, "size-unknown", lambda: log.publish(note(31)))
    refused(EvidenceMismatchError, "checkpoint-not-ours", lambda: log.publish(note(30, root=bytes(32))))
    refused(InvalidRecordError, "malformed-note", lambda: log.publish("30\n"))
    refused(NotFoundError, "nothing-published", log.checkpoint)


def test_a_partial_tile_is_read_from_a_wider_one_at_its_place(tmp_path: Path) -> None:
    log = TileLog(tmp_path)
    log.extend(0, DATA[:300])

    assert log.read(Tile(0, 0, 3)) == b"".join(LEAVES[:3])
    assert log.read(Tile(0, 1, 10)) == b"".join(LEAVES[256:266])
    assert log.read(Tile(ENTRIES, 1, 1)) == b"\x00\x20" + DATA[256]
    refused(NotFoundError, "tile-unknown", lambda: log.read(Tile(0, 1, 45)))
    refused(NotFoundError, "tile-unknown", lambda: log.read(Tile(0, 1)))
    refused(NotFoundError, "size-unknown", lambda: log.tree(301))


@pytest.mark.parametrize("damage", ["longer", "altered"])
@pytest.mark.parametrize("tile", [Tile(0, 1, 44), Tile(ENTRIES, 1, 44), Tile(1, 0, 1)], ids=lambda tile: tile.path)
def test_a_damaged_edge_is_noticed_before_anything_is_built_on_it(tmp_path: Path, tile: Tile, damage: str) -> None:
    TileLog(tmp_path).extend(0, DATA[:300])
    path = tmp_path / tile.path
    data = path.read_bytes()
    path.write_bytes({"longer": data + b"\x00", "altered": b"\x00\x21" + data[2:]}[damage])
    log = TileLog(tmp_path)

    for call in (log.refresh, lambda: log.append(DATA[300]), lambda: log.extend(300, DATA[300:301])):
        with pytest.raises(TongpingError) as caught:
            call()
        assert (caught.value.code, caught.value.values) == ("tile-altered", {"path": tile.path})
    assert not (tmp_path / Tile(0, 1, 45).path).exists()


@pytest.mark.parametrize("damage", ["cut", "empty", "missing"])
@pytest.mark.parametrize("tile", [Tile(0, 1, 44), Tile(ENTRIES, 1, 44), Tile(1, 0, 1)], ids=lambda tile: tile.path)
def test_a_partial_tile_that_a_power_cut_took_is_written_again(tmp_path: Path, tile: Tile, damage: str) -> None:
    TileLog(tmp_path).extend(0, DATA[:300])
    path = tmp_path / tile.path
    data = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(data[:-1] if damage == "cut" else b"")

    assert TileLog(tmp_path).refresh() == 300
    assert path.read_bytes() == data


@pytest.mark.parametrize("state", [b"", b"300", b"-1\n" + b"0" * 64 + b"\n", b"9" * 30 + b"\n" + b"0" * 64 + b"\n"])
def test_a_state_that_says_something_else_is_noticed(tmp_path: Path, state: bytes) -> None:
    TileLog(tmp_path).extend(0, DATA[:300])
    kept = (tmp_path / "state").read_bytes()
    (tmp_path / "state").write_bytes(state or kept[:4] + b"0" * 64 + kept[68:])

    with pytest.raises(EvidenceMismatchError) as caught:
        TileLog(tmp_path).refresh()
    assert caught.value.code == ("log-state-malformed" if state else "log-root-differs")


@pytest.mark.parametrize("size", [256, 300])
@pytest.mark.parametrize("change", [1, -1, -40])
def test_a_state_cut_or_too_long_is_refused(tmp_path: Path, size: int, change: int) -> None:
    TileLog(tmp_path).extend(0, DATA[:size])
    kept = (tmp_path / "state").read_bytes()
    (tmp_path / "state").write_bytes(kept + b"\x00" if change > 0 else kept[:change])

    with pytest.raises(TongpingError) as caught:
        TileLog(tmp_path).refresh()
    assert caught.value.code in {"tile-size", "tile-bundle", "log-state-malformed"}


def test_an_altered_full_tile_proves_nothing(tmp_path: Path) -> None:
    TileLog(tmp_path).extend(0, DATA[:600])
    path = tmp_path / Tile(0, 0).path
    path.write_bytes(bytes(1) + path.read_bytes()[1:])
    log = TileLog(tmp_path)

    refused(EvidenceMismatchError, "tile-altered", lambda: log.tree(600).inclusion_path(3))
    refused(EvidenceMismatchError, "tile-altered", lambda: log.entries(0, 1))
    assert log.tree(600).inclusion_path(300) == merkle.inclusion_path(LEAVES[:600], 300)


def test_an_altered_bundle_is_named(tmp_path: Path) -> None:
    TileLog(tmp_path).extend(0, DATA[:600])
    path = tmp_path / Tile(ENTRIES, 1).path
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))

    with pytest.raises(EvidenceMismatchError) as caught:
        TileLog(tmp_path).entries(500, 20)
    assert (caught.value.code, caught.value.values) == ("tile-altered", {"path": "tile/entries/001"})


def test_the_published_log_is_read_and_extended_and_its_checkpoints_stay_prefixes(tmp_path: Path) -> None:
    shutil.copytree(PUBLISHED, tmp_path / "log")
    key = json.loads((PUBLISHED / "vkey.json").read_text("utf-8"))["vkey"]
    old = [open_note((PUBLISHED / f"checkpoint.{size}").read_text("utf-8"), [key]) for size in range(16)]
    log = TileLog(tmp_path / "log")

    assert [entry.decode() for entry in log.entries(0, 3)] == ["one", "two", "three"]
    assert [log.append(data) for data in (b"sixteen", b"one", b"seventeen")] == [15, 0, 16]
    assert log.extend(17, DATA[:300]) == 317
    tree = TileLog(tmp_path / "log").tree()
    for checkpoint in old:
        path = tree.consistency_path(checkpoint.size)
        assert merkle.verify_consistency(checkpoint.size, 317, checkpoint.root, tree.root(), path)
        assert log.tree(checkpoint.size).root() == checkpoint.root


def test_many_appends_of_one_caller_share_a_commit_and_each_has_its_own_answer(tmp_path: Path) -> None:
    log = TileLog(tmp_path / "log")
    entries = [bytes([place]) * 32 for place in range(40)]

    answers = [log.submit(entry) for entry in (*entries, entries[7])]

    assert log.size == 0
    assert [answer() for answer in answers] == [*range(40), 7]
    assert TileLog(tmp_path / "log").refresh() == 40


def test_an_append_that_nobody_waits_for_holds_up_nobody(tmp_path: Path) -> None:
    log = TileLog(tmp_path / "log")
    log.submit(b"left alone")
    found: list[int] = []

    def call(name: int) -> None:
        found.extend(log.submit(f"{name} {place}".encode())() for place in range(20))

    threads = [threading.Thread(target=call, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(found) == list(range(1, 161))
    assert log.index(b"left alone") == 0
