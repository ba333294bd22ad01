"""The Merkle tree against RFC 6962's reference, a published log and the golden vectors."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from records.errors import InvalidRecordError
from records.log import merkle

VECTORS = Path(__file__).parents[3] / "vectors"
PUBLISHED = VECTORS / "published"
GOLDEN: dict[str, Any] = json.loads((VECTORS / "merkle.json").read_text("utf-8"))  # Any: lists of several shapes
LEAVES = [bytes.fromhex(leaf["hash"]) for leaf in GOLDEN["leaves"]]
H = bytes(range(32))


def inclusion(case: dict[str, Any]) -> bool:
    return merkle.verify_inclusion(
        bytes.fromhex(case["leaf"]),
        int(case["index"]),
        int(case["size"]),
        [bytes.fromhex(item) for item in case["path"]],
        bytes.fromhex(case["root"]),
    )


def consistency(case: dict[str, Any]) -> bool:
    return merkle.verify_consistency(
        int(case["size1"]),
        int(case["size2"]),
        bytes.fromhex(case["root1"]),
        bytes.fromhex(case["root2"]),
        [bytes.fromhex(item) for item in case["path"]],
    )


def test_roots_of_the_reference_tree_are_the_published_ones() -> None:
    reference = json.loads((PUBLISHED / "rfc6962" / "rfc6962-reference.json").read_text("utf-8"))
    leaves = [merkle.leaf_hash(bytes.fromhex(data)) for data in reference["leaf_inputs_hex"]]
    assert [merkle.root(leaves[:size]).hex() for size in range(9)] == reference["root_hex_by_size"]


def test_leaves_of_a_published_log_are_hashed_as_published() -> None:
    log = json.loads((PUBLISHED / "tlog" / "vkey.json").read_text("utf-8"))
    leaves = [merkle.leaf_hash(entry.encode()) for entry in log["entries"]]
    assert b"".join(leaves) == (PUBLISHED / "tlog" / "tile" / "0" / "000.p" / "15").read_bytes()


def test_leaf_hashes_and_roots_are_the_golden_ones() -> None:
    assert [merkle.leaf_hash(bytes.fromhex(leaf["data"])) for leaf in GOLDEN["leaves"]] == LEAVES
    assert [merkle.root(LEAVES[:size]).hex() for size in range(len(LEAVES) + 1)] == GOLDEN["roots"]


@pytest.mark.parametrize("case", GOLDEN["inclusion"], ids=lambda case: f"{case['index']}-of-{case['size']}")
def test_golden_inclusion_paths_are_built_and_verified(case: dict[str, Any]) -> None:
    assert inclusion(case)
    if int(case["size"]) <= len(LEAVES):
        path = merkle.inclusion_path(LEAVES[: int(case["size"])], int(case["index"]))
        assert [item.hex() for item in path] == case["path"]


@pytest.mark.parametrize("case", GOLDEN["consistency"], ids=lambda case: f"{case['size1']}-to-{case['size2']}")
def test_golden_consistency_paths_are_built_and_verified(case: dict[str, Any]) -> None:
    assert consistency(case)
    if int(case["size2"]) <= len(LEAVES):
        path = merkle.consistency_path(LEAVES[: int(case["size2"])], int(case["size1"]))
        assert [item.hex() for item in path] == case["path"]


@pytest.mark.parametrize("case", GOLDEN["refuses_inclusion"], ids=lambda case: case["name"])
def test_an_inclusion_proof_that_does_not_hold_is_false(case: dict[str, Any]) -> None:
    assert inclusion(case) is False


@pytest.mark.parametrize("case", GOLDEN["refuses_consistency"], ids=lambda case: case["name"])
def test_a_consistency_proof_that_does_not_hold_is_false(case: dict[str, Any]) -> None:
    assert consistency(case) is False


@pytest.mark.parametrize("junk", [None, 7, 1.0, "x", True, b"", [], {}, object(), 2**64, -1, [None], [b"x"], iter(())])
def test_verifiers_answer_false_to_junk_in_any_place(junk: Any) -> None:
    good: list[Any] = [LEAVES[0], 0, 2, [LEAVES[1]], merkle.root(LEAVES[:2])]
    for place in range(5):
        tried = [*good[:place], junk, *good[place + 1 :]]
        assert merkle.verify_inclusion(*tried) is False
    good = [1, 2, LEAVES[0], merkle.root(LEAVES[:2]), [LEAVES[1]]]
    for place in range(5):
        tried = [*good[:place], junk, *good[place + 1 :]]
        assert merkle.verify_consistency(*tried) is False


def test_true_is_not_an_index() -> None:
    assert merkle.verify_inclusion(LEAVES[1], 1, 2, [LEAVES[0]], merkle.root(LEAVES[:2])) is True
    assert merkle.verify_inclusion(LEAVES[1], bool(LEAVES), 2, [LEAVES[0]], merkle.root(LEAVES[:2])) is False


def test_a_path_of_a_million_hashes_is_false_at_once() -> None:
    assert merkle.verify_inclusion(H, 0, 2, [H] * 1_000_000, H) is False
    assert merkle.verify_consistency(1, 2, H, H, [H] * 1_000_000) is False


def test_a_leaf_is_never_a_node() -> None:
    """Without the two first bytes a node's hash could be shown as a leaf's."""
    assert merkle.leaf_hash(LEAVES[0] + LEAVES[1]) != merkle.node_hash(LEAVES[0], LEAVES[1])


def test_an_odd_last_leaf_is_not_doubled() -> None:
    assert merkle.root(LEAVES[:3]) != merkle.root([*LEAVES[:3], LEAVES[2]])


@pytest.mark.parametrize(("size", "index"), [(0, 0), (1, 1), (5, 5), (5, -1), (5, 2**70)])
def test_no_path_is_built_for_a_leaf_that_is_not_there(size: int, index: int) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        merkle.inclusion_path(LEAVES[:size], index)
    assert caught.value.code == "leaf-out-of-range"


@pytest.mark.parametrize("size", [-1, 6, 2**70])
def test_no_consistency_is_built_from_a_size_that_never_was(size: int) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        merkle.consistency_path(LEAVES[:5], size)
    assert caught.value.code == "size-out-of-range"


def test_a_hundred_thousand_leaves_take_no_time_to_speak_of() -> None:
    leaves = [number.to_bytes(32, "big") for number in range(100_000)]
    before = time.process_time()
    root = merkle.root(leaves)
    path = merkle.inclusion_path(leaves, 77_777)
    proof = merkle.consistency_path(leaves, 65_537)
    assert time.process_time() - before < 2
    assert merkle.verify_inclusion(leaves[77_777], 77_777, 100_000, path, root)
    assert merkle.verify_consistency(65_537, 100_000, merkle.root(leaves[:65_537]), root, proof)
