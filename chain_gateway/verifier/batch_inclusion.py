"""Verifies the paths of many inclusion proofs under one root together, level by level.

A path stays in its proof's spelling: base64url of 32-byte hashes with `","` between them, each decoded only when
needed. Two proofs that meet must agree on the pair of nodes and on the rest of the path, or one of them is false; they
continue as one.
"""

from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from records.log.merkle import HASH_SIZE

SEPARATOR: Final = b'","'
_HASH_CHARACTERS: Final = 43
"""Characters of a hash in base64url."""
_STEP: Final = _HASH_CHARACTERS + len(SEPARATOR)
_STANDARD: Final = bytes.maketrans(b"-_+/", b"+/==")
_URL: Final = bytes.maketrans(b"+/", b"-_")


def encode_hashes(hashes: Sequence[bytes]) -> bytes:
    """Encode hashes in base64url as one text, with an A after the 43 characters of each."""
    return b2a_base64(b"\0".join([*hashes, b""]), newline=False).translate(_URL)


def decode_hashes(texts: Sequence[bytes]) -> list[bytes] | None:
    """Decode hashes; None unless every text is the one canonical spelling of a hash."""
    encoded = b"A".join([*texts, b""]).translate(_STANDARD)
    try:
        data = a2b_base64(encoded)
    except Base64Error:
        return None
    good = set(map(len, texts)) <= {_HASH_CHARACTERS} and b2a_base64(data, newline=False) == encoded
    if not good or data[HASH_SIZE :: HASH_SIZE + 1] != bytes(len(texts)):
        return None
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE + 1)]


def all_included(
    indices: Sequence[int], leaves: Sequence[bytes], paths: Sequence[bytes], *, size: int, root: bytes
) -> bool:
    """Whether each leaf is at its index of the tree, as `merkle.verify_inclusion` decides for a single one (RFC 9162).

    False, too, when a path is spelt differently from the form described above.
    """
    nodes, last = dict(zip(indices, zip(leaves, paths, strict=True), strict=True)), size - 1
    if len(nodes) != len(indices) or not _are_stepped(paths) or not 0 <= min(indices) <= max(indices) <= last:
        return False
    while last:
        # On a level with an odd number of nodes the last one has no sibling and moves up unchanged.
        single = None if last & 1 else nodes.pop(last, None)
        siblings = decode_hashes([path[:_HASH_CHARACTERS] for _, path in nodes.values()])
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
    """Whether each path (there is at least one) consists of 43 characters and the separator, repeated."""
    joined = SEPARATOR.join(paths)
    steps = len(joined) // _STEP
    marks = [joined[_HASH_CHARACTERS + place :: _STEP] for place in range(len(SEPARATOR))]
    whole = {(len(path) + len(SEPARATOR)) % _STEP for path in paths} == {0}
    return whole and marks == [bytes([mark]) * steps for mark in SEPARATOR]
