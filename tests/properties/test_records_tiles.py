"""Over trees of random sizes: tiles give the same roots and proofs as the list of leaves, and names come back."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.errors import InvalidRecordError
from records.log import merkle
from records.log.tiles import ENTRIES, WIDTH, Tile, Tree, decode_bundle, encode_bundle, parse_path, tiles_of

CALM = settings(deadline=None)  # a slow machine is not a fault
MOST = 70_000
LEAVES = [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(MOST)]
FULL = [merkle.root(LEAVES[at : at + WIDTH]) for at in range(0, MOST - WIDTH + 1, WIDTH)]
FULLER = [merkle.root(FULL[at : at + WIDTH]) for at in range(0, len(FULL) - WIDTH + 1, WIDTH)]
SIZES = st.one_of(st.integers(1, 1100), st.integers(WIDTH**2 - 300, WIDTH**2 + 300))


def tree_of(size: int) -> Tree:
    def read(tile: Tile) -> bytes:
        hashes = (LEAVES[:size], FULL[: size // WIDTH], FULLER[: size // WIDTH**2])[tile.level]
        return b"".join(hashes[tile.index * WIDTH :][: tile.width])

    return Tree(size, read)


@CALM
@given(SIZES, st.data())
def test_tiles_give_the_roots_and_proofs_of_the_leaves(size: int, data: st.DataObject) -> None:
    tree = tree_of(size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))

    assert tree.root() == merkle.root(LEAVES[:size])
    assert tree.leaf(index) == LEAVES[index]
    assert tree.inclusion_path(index) == merkle.inclusion_path(LEAVES[:size], index)
    assert tree.consistency_path(old) == merkle.consistency_path(LEAVES[:size], old)


@CALM
@given(st.integers(0, 2000), st.integers(0, 2000))
def test_every_tile_of_the_larger_tree_is_old_or_named_as_new(one: int, other: int) -> None:
    since, size = sorted((one, other))
    before, after = set(tiles_of(since)), set(tiles_of(size))
    new = list(tiles_of(size, since))

    assert len(new) == len(set(new))
    assert after - before <= set(new) <= after


@CALM
@given(st.integers(ENTRIES, 7), st.integers(0, 2**64), st.integers(1, WIDTH))
def test_a_name_comes_back_from_its_path(level: int, index: int, width: int) -> None:
    tile = Tile(level, index % (1 << 64 - 8 * (max(level, 0) + 1)), width)
    assert parse_path(tile.path) == tile


@CALM
@given(st.one_of(st.text(), st.from_regex(r"tile/(entries|\d+)/(x\d+/)*\d+(\.p/\d+)?", fullmatch=True)))
def test_a_path_has_one_spelling_or_is_refused(text: str) -> None:
    found = text
    with contextlib.suppress(InvalidRecordError):
        found = parse_path(text).path

    assert found == text


@CALM
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=WIDTH), st.data())
def test_a_bundle_is_read_whole_or_not_at_all(entries: list[bytes], data: st.DataObject) -> None:
    tile, encoded = Tile(ENTRIES, 0, len(entries)), encode_bundle(entries)
    assert decode_bundle(tile, encoded) == entries
    cut = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(InvalidRecordError) as caught:
        decode_bundle(tile, encoded[:cut])
    assert caught.value.code == "tile-bundle"
