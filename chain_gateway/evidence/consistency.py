"""Proves that one checkpoint of a log extends another: how a bundle joins the anchored and the cosigned one."""

from dataclasses import dataclass
from typing import Final

from records import canonical
from records.errors import InvalidRecordError
from records.ids import b64u, unb64u
from records.log import merkle
from records.log.checkpoint import Checkpoint

MAXIMUM_PATH: Final = 65
"""A tree of 2^64 leaves is 64 levels high, and one more hash repeats the old root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyProof:
    """The log's first `second` entries begin with its first `first` (RFC 9162 §2.1.4)."""

    first: int
    second: int
    path: tuple[bytes, ...]

    def encode(self) -> bytes:
        path = [b64u(node) for node in self.path]
        return canonical.encode({"first": self.first, "second": self.second, "path": [*path]})

    def holds(self, one: Checkpoint, other: Checkpoint) -> bool:
        """Whether the larger of two checkpoints extends the smaller; they may come in either order."""
        old, new = sorted((one, other), key=lambda checkpoint: checkpoint.size)
        if (self.first, self.second) != (old.size, new.size):
            return False
        return merkle.verify_consistency(old.size, new.size, old.root, new.root, list(self.path))


def decode_consistency(data: bytes) -> ConsistencyProof:
    """Read a proof as `encode` wrote it. Raises InvalidRecordError for anything else."""
    value = canonical.decode(data)
    if not isinstance(value, dict) or value.keys() != {"first", "second", "path"}:
        raise InvalidRecordError("consistency-malformed")
    first, second, path = value["first"], value["second"], value["path"]
    if type(first) is not int or type(second) is not int or not isinstance(path, list) or len(path) > MAXIMUM_PATH:
        raise InvalidRecordError("consistency-malformed")
    return ConsistencyProof(first=first, second=second, path=tuple(unb64u(node) for node in path))
