"""Tiles: their names, their bytes and the proofs from them, against the golden vectors and a published log."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from records.errors import EvidenceMismatchError, InvalidRecordError
from records.log import merkle
from records.log.checkpoint import open_note
from records.log.tiles import (
    ENTRIES,
    WIDTH,
    Tile,
    Tree,
    decode_bundle,
    decode_hashes,
    encode_bundle,
    inner_rows,
    parse_path,
    tile_at,
    tiles_of,
)

VECTORS = Path(__file__).parents[3] / "vectors"
GOLDEN: dict[str, Any] = json.loads((VECTORS / "tiles.json").read_text("utf-8"))  # Any: lists of several shapes
PUBLISHED = VECTORS / "published" / "tlog"
DATA = [hashlib.sha256(index.to_bytes(8, "big")).digest() for index in range(70_000)]
LEAVES = [merkle.leaf_hash(data) for data in DATA]


def made(size: int) -> dict[Tile, bytes]:
    """The tiles of the golden entries, level by level, each hash from the full tile below it."""
    tiles: dict[Tile, bytes] = {}
    hashes = LEAVES[:size]
    for tile in tiles_of(size):
        if tile.level == ENTRIES:
            tiles[tile] = encode_bundle(DATA[tile.index * WIDTH :][: tile.width])
            continue
        if tile.level and tile.index == 0:
            hashes = [
                inner_rows(hashes[at : at + WIDTH])[-1][0] for at in range(0, len(hashes) // WIDTH * WIDTH, WIDTH)
            ]
        tiles[tile] = b"".join(hashes[tile.index * WIDTH :][: tile.width])
    return tiles


MADE = {tree["size"]: made(tree["size"]) for tree in GOLDEN["trees"]}


def refused(code: str, call: Callable[[], object]) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        call()
    assert caught.value.code == code


@pytest.mark.parametrize("case", GOLDEN["paths"], ids=lambda case: case["path"])
def test_a_tile_and_its_path_name_each_other(case: dict[str, Any]) -> None:
    level = ENTRIES if case["level"] == "entries" else int(case["level"])
    tile = Tile(level, int(case["index"]), case["width"])

    assert tile.path == case["path"]
    assert parse_path(case["path"]) == tile


@pytest.mark.parametrize(
    ("code", "path"), [(code, path) for code, paths in GOLDEN["bad_paths"].items() for path in paths], ids=repr
)
def test_what_is_no_path_of_a_tile_is_refused_with_its_code(code: str, path: str) -> None:
    refused(code, lambda: parse_path(path))


@pytest.mark.parametrize("number", [-1, 2**56, 2**63 - 1, 2**63, 2**64 - 1, 2**64])
def test_a_tile_beyond_the_largest_tree_has_no_name(number: int) -> None:
    refused("tile-path-index", lambda: Tile(0, number))
    refused("tile-path-index", lambda: Tile(ENTRIES, number))
    refused("tile-path-level", lambda: Tile(64 if number >= 0 else -2, 0))
    refused("tile-path-width", lambda: Tile(0, 0, 257 if number >= 0 else 0))


@pytest.mark.parametrize("case", GOLDEN["bundles"], ids=lambda case: case["bytes"][:8])
def test_a_bundle_holds_its_entries(case: dict[str, Any]) -> None:
    entries = [bytes.fromhex(entry) for entry in case["entries"]]

    assert encode_bundle(entries).hex() == case["bytes"]
    assert decode_bundle(Tile(ENTRIES, 0, len(entries)), bytes.fromhex(case["bytes"])) == entries


@pytest.mark.parametrize("case", GOLDEN["bad_bundles"], ids=lambda case: case["what"])
def test_a_bundle_cut_or_too_long_is_refused(case: dict[str, Any]) -> None:
    refused("tile-bundle", lambda: decode_bundle(Tile(ENTRIES, 0, case["width"]), bytes.fromhex(case["bytes"])))


def test_an_entry_has_at_most_65535_bytes() -> None:
    longest = bytes(2**16 - 1)

    assert decode_bundle(Tile(ENTRIES, 0, 1), encode_bundle([longest])) == [longest]
    refused("tile-entry-long", lambda: encode_bundle([b"short", longest + b"\x00"]))


@pytest.mark.parametrize("tree", GOLDEN["trees"], ids=lambda tree: f"{tree['size']}")
def test_a_tree_has_the_golden_tiles(tree: dict[str, Any]) -> None:
    tiles = {tile.path: hashlib.sha256(data).hexdigest() for tile, data in MADE[tree["size"]].items()}
    lines = "".join(f"{path} {tiles[path]}\n" for path in sorted(tiles))

    assert len(tiles) == tree["tiles"]
    assert {path: digest for path, digest in tiles.items() if ".p/" in path} == tree["partial"]
    assert hashlib.sha256(lines.encode()).hexdigest() == tree["tiles_digest"]


@pytest.mark.parametrize("golden", GOLDEN["trees"], ids=lambda tree: f"{tree['size']}")
def test_roots_and_proofs_from_tiles_are_the_golden_ones(golden: dict[str, Any]) -> None:
    tree = Tree(golden["size"], MADE[golden["size"]].__getitem__)

    assert tree.root().hex() == golden["root"]
    for case in golden["inclusion"]:
        assert tree.leaf(case["index"]) == LEAVES[case["index"]]
        assert [node.hex() for node in tree.inclusion_path(case["index"])] == case["path"]
    for case in golden["consistency"]:
        assert [node.hex() for node in tree.consistency_path(case["old"])] == case["path"]
    assert tree.consistency_path(0) == tree.consistency_path(golden["size"]) == []


def test_a_proof_reads_few_tiles_and_reads_them_once() -> None:
    read: list[Tile] = []

    def reader(tile: Tile) -> bytes:
        read.append(tile)
        return MADE[70_000][tile]

    tree = Tree(70_000, reader)
    for _ in range(3):
        tree.inclusion_path(300)
        tree.consistency_path(257)

    assert sorted(read) == [Tile(0, 1), Tile(0, 273, 112), Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]


def test_the_tiles_that_came_since_are_named() -> None:
    assert list(tiles_of(0)) == list(tiles_of(70_000, 70_000)) == []
    assert set(tiles_of(513, 300)) == {
        Tile(ENTRIES, 1),
        Tile(ENTRIES, 2, 1),
        Tile(0, 1),
        Tile(0, 2, 1),
        Tile(1, 0, 2),
    }
    assert tile_at(0, 2, 513) == Tile(0, 2, 1)
    assert tile_at(0, 3, 513) is tile_at(2, 0, 513) is None
    assert next(iter(tiles_of(2**64 - 1, 2**64 - 2))) == Tile(ENTRIES, 2**56 - 1, 255)
    refused("size-out-of-range", lambda: list(tiles_of(2**64, 2**64 - 1)))
    refused("size-out-of-range", lambda: list(tiles_of(1, 2)))


@pytest.mark.parametrize("number", [-1, 513, 2**63, 2**64 - 1])
def test_a_tree_proves_nothing_outside_itself(number: int) -> None:
    tree = Tree(513, MADE[513].__getitem__)

    refused("leaf-out-of-range", lambda: tree.leaf(number))
    refused("leaf-out-of-range", lambda: tree.inclusion_path(number))
    refused("size-out-of-range", lambda: tree.consistency_path(number if number < 0 else number + 1))
    refused("size-out-of-range", lambda: Tree(2**64, MADE[513].__getitem__))


@pytest.mark.parametrize("length", [0, 1, 31, WIDTH * 32 - 1, WIDTH * 32 + 1, WIDTH * 32 + 32])
def test_a_tile_of_wrong_length_is_refused(length: int) -> None:
    data = bytes(length)

    refused("tile-size", lambda: decode_hashes(Tile(0, 0), data))
    refused("tile-size", lambda: Tree(513, {**MADE[513], Tile(0, 0): data}.__getitem__).inclusion_path(0))
    refused("tile-size", lambda: Tree(513, {**MADE[513], Tile(1, 0, 2): data}.__getitem__).root())


@pytest.mark.parametrize("at", [0, 31, 32, 4096, WIDTH * 32 - 1])
def test_an_altered_full_tile_proves_nothing(at: int) -> None:
    data = bytearray(MADE[513][Tile(0, 1)])
    data[at] ^= 1
    tree = Tree(513, {**MADE[513], Tile(0, 1): bytes(data)}.__getitem__)

    for call in (tree.leaf, tree.inclusion_path):
        with pytest.raises(EvidenceMismatchError) as caught:
            call(300)
        assert (caught.value.code, caught.value.values) == ("tile-altered", {"path": "tile/0/001"})


def test_an_altered_partial_tile_gives_another_root() -> None:
    for tile in (Tile(0, 2, 1), Tile(1, 0, 2)):
        data = bytearray(MADE[513][tile])
        data[0] ^= 1
        assert Tree(513, {**MADE[513], tile: bytes(data)}.__getitem__).root() != Tree(513, MADE[513].__getitem__).root()


@pytest.mark.parametrize("size", range(16))
def test_the_published_log_verifies_and_each_size_extends_the_ones_before(size: int) -> None:
    key = json.loads((PUBLISHED / "vkey.json").read_text("utf-8"))["vkey"]
    notes = [open_note((PUBLISHED / f"checkpoint.{old}").read_text("utf-8"), [key]) for old in range(size + 1)]
    tree = Tree(size, lambda tile: (PUBLISHED / tile.path).read_bytes())

    assert (tree.size, tree.root()) == (notes[size].size, notes[size].root)
    for old in range(size + 1):
        path = tree.consistency_path(old)
        assert merkle.verify_consistency(old, size, notes[old].root, notes[size].root, path)


def test_the_entries_of_the_published_log_are_its_leaves() -> None:
    entries = json.loads((PUBLISHED / "vkey.json").read_text("utf-8"))["entries"]
    bundle = Tile(ENTRIES, 0, len(entries))
    tree = Tree(len(entries), lambda tile: (PUBLISHED / tile.path).read_bytes())

    found = decode_bundle(bundle, (PUBLISHED / bundle.path).read_bytes())

    assert [entry.decode() for entry in found] == entries
    assert [merkle.leaf_hash(entry) for entry in found] == [tree.leaf(index) for index in range(len(entries))]
