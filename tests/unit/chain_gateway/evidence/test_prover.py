"""A proof leads from a record to the root that a checkpoint names, or is not given at all."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from chain_gateway.evidence.prover import InclusionProof, decode_proof, prove_leaf
from records import canonical
from records.canonical import Value
from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError
from records.log import merkle
from records.log.checkpoint import Checkpoint
from records.log.tiles import Tree
from tests.unit.chain_gateway.explorer import seeded
from tests.unit.journal.made_journal import log_beside

COMMITMENTS = [bytes([number]) * 32 for number in range(7)]
LEAVES = [merkle.leaf_hash(commitment) for commitment in COMMITMENTS]


def checkpoint(size: int) -> Checkpoint:
    return Checkpoint(origin="jn.tongping", size=size, root=merkle.root(LEAVES[:size]))


def tree(size: int, leaves: Sequence[bytes] = LEAVES) -> Tree:
    return Tree(size, lambda _: b"".join(leaves[:size]))


@pytest.mark.parametrize(("index", "size"), [(index, size) for size in range(1, 8) for index in range(size)])
def test_every_entry_is_proven_under_every_size_that_holds_it(index: int, size: int) -> None:
    proof = prove_leaf(tree(size), COMMITMENTS[index], index, checkpoint(size))

    assert proof.holds(merkle.root(LEAVES[:size]))
    assert decode_proof(proof.encode()) == proof


def test_a_proof_is_written_in_one_way() -> None:
    proof = prove_leaf(tree(3), COMMITMENTS[2], 2, checkpoint(3))

    assert proof.encode() == (
        b'{"commitment":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI","index":2,'
        b'"path":["KPuB5JaJfgzohvCGAjkukjm2XGWQQeUgIWPlitiY9EQ"],"size":3}'
    )


def test_the_journal_proves_its_own_entries(tmp_path: Path) -> None:
    journal = seeded.open_journal(tmp_path)
    seeded.write(journal, *seeded.BEFORE_SEALING)
    root = merkle.root(journal.leaves(5))

    entry = journal.read(3)

    proof = prove_leaf(
        log_beside(journal).tree(5), entry.commitment, 3, Checkpoint(origin="jn.tongping", size=5, root=root)
    )

    assert proof.holds(root)
    assert proof.commitment == entry.commitment


@pytest.mark.parametrize("index", [-1, 3, 2**60])
def test_an_entry_that_the_checkpoint_does_not_hold_is_not_proven(index: int) -> None:
    with pytest.raises(NotFoundError, match="record-not-in-checkpoint"):
        prove_leaf(tree(3), COMMITMENTS[0], index, checkpoint(3))


def test_a_log_that_no_longer_gives_the_root_raises_the_alarm() -> None:
    altered = [LEAVES[1], *LEAVES[1:]]

    for other in (tree(5, altered), tree(6), tree(4)):
        with pytest.raises(EvidenceMismatchError, match="log-root-differs"):
            prove_leaf(other, COMMITMENTS[2], 2, checkpoint(5))


def test_a_record_that_is_not_the_logs_raises_the_alarm() -> None:
    with pytest.raises(EvidenceMismatchError, match="log-entry-differs: index=2"):
        prove_leaf(tree(5), COMMITMENTS[3], 2, checkpoint(5))


def test_a_proof_does_not_hold_for_another_commitment_or_root() -> None:
    proof = prove_leaf(tree(5), COMMITMENTS[2], 2, checkpoint(5))
    other = InclusionProof(commitment=COMMITMENTS[3], index=2, size=5, path=proof.path)

    assert (other.holds(merkle.root(LEAVES[:5])), proof.holds(merkle.root(LEAVES[:6]))) == (False, False)


def test_texts_of_other_lengths_are_not_taken_for_hashes() -> None:
    value: dict[str, Value] = {"commitment": "A" * 43, "index": 0, "path": ["A" * 42, "A" * 44], "size": 2}

    assert decode_proof(canonical.encode(value)).path == (bytes(31), bytes(33))


GOOD: dict[str, Value] = {"commitment": "AA", "index": 0, "path": [], "size": 1}


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        {**GOOD, "more": 1},
        {**GOOD, "index": "0"},
        {**GOOD, "index": True},
        {**GOOD, "path": "AA"},
        {**GOOD, "path": ["="]},
        {**GOOD, "path": ["AA"] * 65},
    ],
)
def test_what_is_no_proof_is_refused(value: Value) -> None:
    with pytest.raises(InvalidRecordError):
        decode_proof(canonical.encode(value))
