"""A log that grows in steps of any size is the log of all its entries, and its edge is enough to continue."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.errors import InvalidRecordError
from records.log import merkle
from records.log.tile_growth import Edge, decode_edge, encode_edge, grow, read_edge
from records.log.tiles import Tile, Tree, partial_tiles, tiles_of
from tests.examples import share

CALM = settings(deadline=None, max_examples=share(40))  # a slow machine is not a fault
DATA = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(1_600)]
LEAVES = [merkle.leaf_hash(data) for data in DATA]
STEPS = st.lists(
    st.one_of(st.integers(0, 5), st.integers(60, 70), st.integers(250, 260), st.integers(500, 520)), max_size=4
)


@CALM
@given(STEPS)
def test_a_log_grown_in_steps_is_the_log_of_all_its_entries(steps: list[int]) -> None:
    edge, tiles = Edge(), dict[Tile, bytes]()
    for step in steps:
        end = min(edge.size + step, len(DATA))
        edge, more = grow(edge, DATA[edge.size : end], LEAVES[edge.size : end])
        tiles |= more

        assert edge.root == merkle.root(LEAVES[: edge.size])
        assert set(tiles_of(edge.size)) <= set(tiles)
        assert Tree(edge.size, tiles.__getitem__).root() == edge.root
        assert read_edge(edge.size, tiles.__getitem__) == decode_edge(edge.size, encode_edge(edge)) == edge
        assert [edge.read(tile) for tile in partial_tiles(edge.size)] == [
            tiles[tile] for tile in partial_tiles(edge.size)
        ]


@CALM
@given(st.integers(1, len(DATA)), st.data())
def test_an_edge_cut_or_too_long_is_refused(size: int, data: st.DataObject) -> None:
    edge, _ = grow(Edge(), DATA[:size], LEAVES[:size])
    encoded = encode_edge(edge)
    cut = data.draw(st.integers(0, len(encoded) - 1)) if encoded else 0

    for wrong in {encoded + b"\x00", encoded[:cut]} - {encoded}:
        with pytest.raises(InvalidRecordError):
            decode_edge(size, wrong)
