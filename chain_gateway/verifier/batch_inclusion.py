"""The paths of many inclusion proofs under one root, climbed together, level by level.

A path stays as it is spelt in its proof: base64url of 32-byte hashes with `","` between them. A hash is read when it is
needed. Two proofs that meet claim the same pair of nodes and the same way on, or are not both true; they go on as one.
"""

from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from records.merkle import HASH_SIZE

BETWEEN: Final = b'","'
_SPELT: Final = 43
"""Characters of a hash in base64url."""
_STEP: Final = _SPELT + len(BETWEEN)
_STANDARD: Final = bytes.maketrans(b"-_+/", b"+/==")
_URL: Final = bytes.maketrans(b"+/", b"-_")


def spell(hashes: Sequence[bytes]) -> bytes:
    """Spell hashes in base64url as one text: an A behind the 43 characters of each."""
    return b2a_base64(b"\0".join([*hashes, b""]), newline=False).translate(_URL)


def read(texts: Sequence[bytes]) -> list[bytes] | None:
    """Read the hashes of which these are the only spellings; None when a text spells none."""
    spelt = b"A".join([*texts, b""]).translate(_STANDARD)
    try:
        data = a2b_base64(spelt)
    except Base64Error:
        return None
    good = set(map(len, texts)) <= {_SPELT} and b2a_base64(data, newline=False) == spelt
    if not good or data[HASH_SIZE :: HASH_SIZE + 1] != bytes(len(texts)):
        return None
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE + 1)]


def lead(indices: Sequence[int], leaves: Sequence[bytes], paths: Sequence[bytes], *, size: int, root: bytes) -> bool:
    """Whether each leaf stands at its index of the tree, as `merkle.verify_inclusion` says of it alone (RFC 9162).

    False, too, when a path is spelt in another way than the one described above.
    """
    nodes, last = dict(zip(indices, zip(leaves, paths, strict=True), strict=True)), size - 1
    if len(nodes) != len(indices) or not _are_stepped(paths) or not 0 <= min(indices) <= max(indices) <= last:
        return False
    while last:
        # On a level with an odd number of nodes the last one has no sibling, and moves up as it is.
        single = None if last & 1 else nodes.pop(last, None)
        siblings = read([path[:_SPELT] for _, path in nodes.values()])
        if siblings is None:
            return False
        above: dict[int, tuple[bytes, bytes]] = {}
        for (index, (found, path)), sibling in zip(nodes.items(), siblings, strict=True):
            claim = (sibling + found if index & 1 else found + sibling, path[_STEP:])
            if above.setdefault(index >> 1, claim) != claim:
                return False
        nodes = {index: (sha256(b"\x01" + pair).digest(), path) for index, (pair, path) in above.items()}
        last >>= 1
        if single is not None:
            nodes[last] = single
    return nodes == {0: (root, b"")}


def _are_stepped(paths: Sequence[bytes]) -> bool:
    """Whether each path (there is one at least) goes in steps of 43 characters and what stands between two of them."""
    joined = BETWEEN.join(paths)
    steps = len(joined) // _STEP
    marks = [joined[_SPELT + place :: _STEP] for place in range(len(BETWEEN))]
    whole = {(len(path) + len(BETWEEN)) % _STEP for path in paths} == {0}
    return whole and marks == [bytes([mark]) * steps for mark in BETWEEN]
