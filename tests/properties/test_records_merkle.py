"""Over trees of random sizes: every path proves what it should, and nothing else; verifiers never raise."""

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from records.log import merkle

CALM = settings(deadline=None)  # a slow machine is not a fault
LEAVES = [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(700)]
SIZES = st.integers(1, len(LEAVES))
HASHES = st.binary(min_size=32, max_size=32)
JUNK: st.SearchStrategy[Any] = st.one_of(  # Any: whatever somebody sends
    st.none(), st.integers(), st.floats(), st.text(), st.binary(), HASHES, st.lists(st.one_of(HASHES, st.binary()))
)


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1 word for word."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(root_by_definition(leaves[:split]), root_by_definition(leaves[split:]))


@CALM
@given(st.integers(0, len(LEAVES)))
def test_the_root_is_that_of_the_definition(size: int) -> None:
    assert merkle.root(LEAVES[:size]) == root_by_definition(LEAVES[:size])


@CALM
@given(SIZES, st.data())
def test_every_leaf_is_proven_at_its_own_index_only(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    root, path = merkle.root(LEAVES[:size]), merkle.inclusion_path(LEAVES[:size], index)
    assert merkle.verify_inclusion(LEAVES[index], index, size, path, root)
    other = data.draw(st.integers(0, size + 2))
    assert merkle.verify_inclusion(LEAVES[index], other, size, path, root) is (other == index)
    assert not merkle.verify_inclusion(LEAVES[(index + 1) % len(LEAVES)], index, size, path, root)


@CALM
@given(SIZES, st.data())
def test_a_changed_inclusion_path_proves_nothing(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    root, path = merkle.root(LEAVES[:size]), merkle.inclusion_path(LEAVES[:size], index)
    assume(path)
    place = data.draw(st.integers(0, len(path) - 1))
    changed = [*path[:place], data.draw(HASHES), *path[place + 1 :]]
    assume(changed != path)
    for wrong in (changed, path[:place] + path[place + 1 :], [*path, path[place]]):
        assert not merkle.verify_inclusion(LEAVES[index], index, size, wrong, root)


@CALM
@given(SIZES, st.data())
def test_every_prefix_is_consistent_and_no_other_tree_is(size2: int, data: st.DataObject) -> None:
    size1 = data.draw(st.integers(0, size2))
    root1, root2 = merkle.root(LEAVES[:size1]), merkle.root(LEAVES[:size2])
    path = merkle.consistency_path(LEAVES[:size2], size1)
    assert merkle.verify_consistency(size1, size2, root1, root2, path)
    forged = [*LEAVES[:size2]]
    forged[data.draw(st.integers(0, size2 - 1))] = merkle.leaf_hash(b"forged")
    assert not merkle.verify_consistency(size1, size2, root1, merkle.root(forged), path) or size1 == 0
    if size1:
        assert not merkle.verify_consistency(size1, size2, merkle.root(forged), root2, path)


@CALM
@given(SIZES, st.data())
def test_a_forged_log_cannot_prove_that_it_extends_the_old_one(size2: int, data: st.DataObject) -> None:
    size1 = data.draw(st.integers(1, size2))
    forged = [*LEAVES[:size2]]
    forged[data.draw(st.integers(0, size1 - 1))] = merkle.leaf_hash(b"forged")
    path = merkle.consistency_path(forged, size1)
    assert not merkle.verify_consistency(size1, size2, merkle.root(LEAVES[:size1]), merkle.root(forged), path)


@CALM
@given(SIZES, st.data())
def test_a_changed_consistency_path_proves_nothing(size2: int, data: st.DataObject) -> None:
    size1 = data.draw(st.integers(1, size2))
    root1, root2 = merkle.root(LEAVES[:size1]), merkle.root(LEAVES[:size2])
    path = merkle.consistency_path(LEAVES[:size2], size1)
    extra = data.draw(HASHES)
    assert not merkle.verify_consistency(size1, size2, root1, root2, [*path, extra])
    assume(path)
    place = data.draw(st.integers(0, len(path) - 1))
    assume(extra != path[place])
    for wrong in ([*path[:place], extra, *path[place + 1 :]], path[:place] + path[place + 1 :]):
        assert not merkle.verify_consistency(size1, size2, root1, root2, wrong)


@CALM
@given(JUNK, JUNK, JUNK, JUNK, JUNK)
def test_verifiers_never_raise(one: Any, two: Any, three: Any, four: Any, five: Any) -> None:
    assert merkle.verify_inclusion(one, two, three, four, five) in {True, False}
    assert merkle.verify_consistency(one, two, three, four, five) in {True, False}


@CALM
@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.lists(HASHES, max_size=70), HASHES, HASHES)
def test_random_proofs_of_any_size_are_false(one: int, two: int, path: list[bytes], old: bytes, new: bytes) -> None:
    assume(old != new)
    small, large = sorted((one, two))
    assert merkle.verify_inclusion(old, small, large, path, new) is False
    assert merkle.verify_consistency(small, large, old, new, path) is False
