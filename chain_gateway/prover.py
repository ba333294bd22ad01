"""Proves that a record stands in the log: the path from its leaf to the root that a checkpoint names."""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from dataclasses import dataclass
from typing import Final

from records import canonical, merkle
from records.canonical import Value
from records.checkpoint import Checkpoint
from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError
from records.ids import b64u, unb64u
from records.merkle import HASH_SIZE
from records.tiles import Tree

MAXIMUM_PATH: Final = 64
"""A tree of 2^64 leaves is 64 levels high."""

_NUMBER: Final = rb"(0|[1-9][0-9]{0,14})"
_USUAL: Final = re.compile(
    rb'\{"commitment":("[^"]{43}"),"index":%b,"path":\[([^\]]*)\],"size":%b\}' % (_NUMBER, _NUMBER)
)
"""A proof as `encode` writes it, but for the texts in it."""
_STANDARD: Final = bytes.maketrans(b"-_+/", b"+/==")
_EACH: Final = 46
"""Characters from one text of a list of hashes to the next: 43, two quotes, a comma."""
_SPELT: Final = 33
"""Bytes behind 44 characters of base64: a hash, and a zero when the last of them is A and no bit is astray."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """That a commitment is entry `index` of a log and stands under the root of its first `size` (RFC 9162 §2.1.3)."""

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
        """Say whether the commitment, taken up this path, gives the root."""
        leaf = merkle.leaf_hash(self.commitment)
        return merkle.verify_inclusion(leaf, self.index, self.size, list(self.path), root)

    def leads(self, shown: merkle.Shown) -> bool:
        """The same for one of many proofs under a root."""
        return self.size == shown.size and shown.holds(merkle.leaf_hash(self.commitment), self.index, self.path)


def decode_proof(data: bytes) -> InclusionProof:
    """Read a proof as `encode` wrote it. Raises InvalidRecordError for anything else."""
    usual = _USUAL.fullmatch(data)
    hashes = usual and _hashes(b"%b,%b" % (usual[1], usual[3]) if usual[3] else usual[1])
    if usual is None or hashes is None:
        return _decode_unusual(data)
    nodes = tuple([hashes[at : at + HASH_SIZE] for at in range(_SPELT, len(hashes), _SPELT)])
    return InclusionProof(commitment=hashes[:HASH_SIZE], index=int(usual[2]), size=int(usual[4]), path=nodes)


def _hashes(texts: bytes) -> bytes | None:
    """The hashes of a canonical list of texts, a zero behind each; None unless each is 32 bytes in base64url.

    All texts are decoded as one: an A stands in place of what lies between two of them. That it was spelt in the only
    way is known by writing it again.
    """
    number = (len(texts) + 1) // _EACH
    between = (texts[::_EACH], texts[_EACH - 2 :: _EACH], texts[_EACH - 1 :: _EACH])
    if len(texts) + 1 != number * _EACH or between != (b'"' * number, b'"' * number, b"," * (number - 1)):
        return None
    spelt = texts[1:-1].replace(b'","', b"A").translate(_STANDARD) + b"A"
    try:
        hashes = a2b_base64(spelt)
    except Base64Error:
        return None
    good = number <= MAXIMUM_PATH + 1 and b2a_base64(hashes, newline=False) == spelt
    return hashes if good and hashes[HASH_SIZE::_SPELT] == bytes(number) else None


def _decode_unusual(data: bytes) -> InclusionProof:
    """A proof of any numbers and lengths, or what is wrong with it."""
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
    something else stands at `index` ("log-entry-differs") or when its tiles were altered.
    """
    if not 0 <= index < checkpoint.size:
        raise NotFoundError("record-not-in-checkpoint", index=index, size=checkpoint.size)
    if tree.size != checkpoint.size or tree.root() != checkpoint.root:
        raise EvidenceMismatchError("log-root-differs", size=checkpoint.size, origin=checkpoint.origin)
    if tree.leaf(index) != merkle.leaf_hash(commitment):
        raise EvidenceMismatchError("log-entry-differs", index=index)
    path = tuple(tree.inclusion_path(index))
    return InclusionProof(commitment=commitment, index=index, size=checkpoint.size, path=path)
