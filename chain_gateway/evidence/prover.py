"""Proves that a record is in the log: the path from its leaf to the root that a checkpoint names."""

from dataclasses import dataclass
from typing import Final

from records import canonical
from records.canonical import Value
from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError
from records.ids import b64u, unb64u
from records.log import merkle
from records.log.checkpoint import Checkpoint
from records.log.tiles import Tree

MAXIMUM_PATH: Final = 64
"""A tree of 2^64 leaves is 64 levels high."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """A commitment is entry `index` of a log, under the root of its first `size` entries (RFC 9162 §2.1.3)."""

    commitment: bytes
    index: int
    size: int
    path: tuple[bytes, ...]

    def value(self) -> dict[str, Value]:
        return {
            "commitment": b64u(self.commitment),
            "index": self.index,
            "size": self.size,
            "path": [b64u(node) for node in self.path],
        }

    def encode(self) -> bytes:
        return canonical.encode(self.value())

    def holds(self, root: bytes) -> bool:
        """Whether the commitment, hashed up this path, gives the root."""
        leaf = merkle.leaf_hash(self.commitment)
        return merkle.verify_inclusion(leaf, self.index, self.size, list(self.path), root)


def decode_proof(data: bytes) -> InclusionProof:
    """Read a proof as `encode` wrote it. Raises InvalidRecordError for anything else."""
    value = canonical.decode(data)
    if not isinstance(value, dict) or value.keys() != {"commitment", "index", "size", "path"}:
        raise InvalidRecordError("proof-malformed")
    index, size, path = value["index"], value["size"], value["path"]
    if type(index) is not int or type(size) is not int or not isinstance(path, list) or len(path) > MAXIMUM_PATH:
        raise InvalidRecordError("proof-malformed")
    nodes = tuple(unb64u(node) for node in path)
    return InclusionProof(commitment=unb64u(value["commitment"]), index=index, size=size, path=nodes)


def prove_leaf(tree: Tree, commitment: bytes, index: int, checkpoint: Checkpoint) -> InclusionProof:
    """Prove that a commitment is entry `index` of the log that a checkpoint describes, given the log's tree.

    Raises NotFoundError("record-not-in-checkpoint") when the checkpoint is older than the record, and
    EvidenceMismatchError when the log no longer gives the root that the checkpoint names ("log-root-differs"), when
    another entry is at `index` ("log-entry-differs") or when its tiles were altered.
    """
    if not 0 <= index < checkpoint.size:
        raise NotFoundError("record-not-in-checkpoint", index=index, size=checkpoint.size)
    if tree.size != checkpoint.size or tree.root() != checkpoint.root:
        raise EvidenceMismatchError("log-root-differs", size=checkpoint.size, origin=checkpoint.origin)
    if tree.leaf(index) != merkle.leaf_hash(commitment):
        raise EvidenceMismatchError("log-entry-differs", index=index)
    path = tuple(tree.inclusion_path(index))
    return InclusionProof(commitment=commitment, index=index, size=checkpoint.size, path=path)
