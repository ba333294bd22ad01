"""RFC 9162 §2.1 as the text has it, recursion for recursion: the peer of the log's own proofs."""

import hashlib
from collections.abc import Sequence


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """MTH over leaf hashes (§2.1.1)."""
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """PATH(m, D_n) (§2.1.3.1)."""
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion(leaves[:split], index), tree_hash(leaves[split:])]
    return [*inclusion(leaves[split:], index - split), tree_hash(leaves[:split])]


def consistency(leaves: Sequence[bytes], size: int, *, whole: bool = True) -> list[bytes]:
    """PROOF(m, D_n), which is SUBPROOF(m, D_n, true) (§2.1.4.1)."""
    if size == len(leaves):
        return [] if whole else [tree_hash(leaves)]
    split = _split(len(leaves))
    if size <= split:
        return [*consistency(leaves[:split], size, whole=whole), tree_hash(leaves[split:])]
    return [*consistency(leaves[split:], size - split, whole=False), tree_hash(leaves[:split])]


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1
