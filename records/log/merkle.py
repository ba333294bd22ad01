"""The Merkle tree of RFC 9162 (the same hashes as RFC 6962), over SHA-256.

Leaves and nodes are hashed with different first bytes (0x00, 0x01), and an odd last node moves up unchanged, so no two
lists of leaves share a root. Roots and paths are built from trusted lists; the verifiers accept any input and return
True or False, never an exception.
"""

import hashlib
from collections.abc import Sequence

from records.errors import InvalidRecordError

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
MAX_SIZE = 2**64 - 1


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf's data: SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def leaf_hashes(entries: Sequence[bytes]) -> list[bytes]:
    """The leaf hashes of many entries."""
    sha256 = hashlib.sha256
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two children: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; of none, the hash of nothing."""
    if not leaf_hashes:
        return EMPTY_ROOT
    level = leaf_hashes
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def inclusion_path(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The siblings from leaf `index` (from 0) up to the root."""
    if not 0 <= index < len(leaf_hashes):
        raise InvalidRecordError("leaf-out-of-range", index=index, size=len(leaf_hashes))
    path: list[bytes] = []
    level = leaf_hashes
    while len(level) > 1:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        level, index = _level_above(level), index // 2
    return path


def consistency_path(leaf_hashes: Sequence[bytes], size1: int) -> list[bytes]:
    """The proof that the first `size1` leaves are a prefix of all of them. Empty for none and for all."""
    if not 0 <= size1 <= len(leaf_hashes):
        raise InvalidRecordError("size-out-of-range", index=size1, size=len(leaf_hashes))
    path: list[bytes] = []
    whole = True  # whether the old tree is exactly the present subtree, whose hash the verifier then knows
    leaves = leaf_hashes
    while 0 < size1 < len(leaves):
        split = _largest_power_below(len(leaves))
        left, right = leaves[:split], leaves[split:]
        if size1 <= split:
            path.append(root(right))
            leaves = left
        else:
            path.append(root(left))
            leaves, size1, whole = right, size1 - split, False
    if not whole:
        path.append(root(leaves))
    return path[::-1]


def verify_inclusion(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf is at `index` of the tree of `size` leaves with this root (RFC 9162 §2.1.3.2)."""
    if not (_is_size(index) and _is_size(size) and index < size and _are_hashes(leaf_hash, root, path)):
        return False
    first, last, found, sha256 = index, size - 1, leaf_hash, hashlib.sha256
    for sibling in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            found = sha256(b"\x01" + sibling + found).digest()
            first, last = _past_left_edge(first, last)
        else:
            found = sha256(b"\x01" + found + sibling).digest()
        first, last = first >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree (size2, root2) extends (size1, root1) (RFC 9162 §2.1.4.2). All extend the empty tree."""
    if not (_is_size(size1) and _is_size(size2) and size1 <= size2 and _are_hashes(root1, root2, path)):
        return False
    if size1 == size2:
        return not path and root1 == root2 and (size1 > 0 or root1 == EMPTY_ROOT)
    if size1 == 0:
        return not path and root1 == EMPTY_ROOT
    hashes = list(path) if size1 & (size1 - 1) else [root1, *path]
    return bool(hashes) and _climbs(size1 - 1, size2 - 1, hashes) == (root1, root2)


def _climbs(first: int, last: int, hashes: list[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots computed from the path; None when the path is too long or too short."""
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return None
        if first & 1 or first == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            first, last = _past_left_edge(first, last)
        else:
            new = node_hash(new, sibling)
        first, last = first >> 1, last >> 1
    return (old, new) if last == 0 else None


def _past_left_edge(first: int, last: int) -> tuple[int, int]:
    """Skip the levels on which the rightmost node has no sibling."""
    while first and not first & 1:
        first, last = first >> 1, last >> 1
    return first, last


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    sha256 = hashlib.sha256
    above = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
    if len(level) & 1:
        above.append(level[-1])
    return above


def _largest_power_below(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _is_size(number: object) -> bool:
    return type(number) is int and 0 <= number <= MAX_SIZE


def _are_hashes(one: object, other: object, path: object) -> bool:
    return isinstance(path, list | tuple) and all(map(_is_hash, (one, other, *path)))


def _is_hash(item: object) -> bool:
    return isinstance(item, bytes) and len(item) == HASH_SIZE
