"""Recomputes the hash of an Ethereum block header and the root over the block's receipts.

All input is JSON-RPC output (hexadecimal text), so that a bundle can carry it unchanged.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Union

from eth_hash.auto import keccak

from records.strict_fields import Reader

_ONE_BYTE: Final = 0x80
_SHORT: Final = 56
_HASH_SIZE: Final = 32
_LAST_KIND: Final = 0x7F
"""Of a typed transaction (EIP-2718): one byte, below those that begin a list."""
_QUANTITY: Final = re.compile(r"0x[0-9a-fA-F]{1,64}")

Rlp = Union[bytes, Sequence["Rlp"]]  # noqa: UP007  the short form cannot name a type that is not there yet

_BYTES: Final = ("parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom")
_NUMBERS: Final = ("difficulty", "number", "gasLimit", "gasUsed", "timestamp")
_SEALS: Final = ("extraData", "mixHash", "nonce")
_EMPTY_ROOT: Final = keccak(b"\x80")


def rlp(item: Rlp) -> bytes:
    """Encode bytes and nested lists (Ethereum yellow paper, appendix B)."""
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < _ONE_BYTE else _length(len(item), 0x80) + item
    body = b"".join(rlp(part) for part in item)
    return _length(len(body), 0xC0) + body


def _length(size: int, offset: int) -> bytes:
    if size < _SHORT:
        return bytes([offset + size])
    digits = _big_endian(size)
    return bytes([offset + 55 + len(digits)]) + digits


def _big_endian(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def header_hash(block: Reader) -> bytes:
    """Return the hash of a block's header. Raises InvalidRecordError when a field is missing or malformed."""
    fields: list[Rlp] = [octets(block, name) for name in _BYTES]
    fields += [_big_endian(quantity(block, name)) for name in _NUMBERS]
    fields += [octets(block, name) for name in _SEALS]
    if "baseFeePerGas" in block.value:
        fields.append(_big_endian(quantity(block, "baseFeePerGas")))
    if "withdrawalsRoot" in block.value:
        fields.append(octets(block, "withdrawalsRoot"))
    return keccak(rlp(fields))


def receipts_root(receipts: Sequence[Reader]) -> bytes:
    """Return the root over the receipts of one whole block, in their order."""
    return trie_root({rlp(_big_endian(place)): _receipt(receipt) for place, receipt in enumerate(receipts)})


def _receipt(receipt: Reader) -> bytes:
    """Encode the part of a receipt that the block commits to (EIP-658; EIP-2718 for typed transactions)."""
    logs: list[Rlp] = [[octets(log, "address"), topics(log), octets(log, "data")] for log in receipt.parts("logs")]
    counted = [_big_endian(quantity(receipt, name)) for name in ("status", "cumulativeGasUsed")]
    body = rlp([*counted, octets(receipt, "logsBloom"), logs])
    kind = quantity(receipt, "type") if "type" in receipt.value else 0
    if kind > _LAST_KIND:
        receipt.refuse("type")
    return bytes([kind]) + body if kind else body


def quantity(part: Reader, key: str) -> int:
    """Return a JSON-RPC quantity, `0x1a`."""
    text = part.text(key)
    return int(text, 16) if _QUANTITY.fullmatch(text) else int(part.refuse(key))


def octets(part: Reader, key: str) -> bytes:
    """Return JSON-RPC data, `0x00ff`."""
    return _unhex(part, key, part.text(key))


def topics(log: Reader) -> list[bytes]:
    """Return the topics of a log."""
    return [_unhex(log, "topics", text) for text in log.texts("topics")]


def topic(log: Reader, place: int) -> bytes:
    """Return one of the topics of a log."""
    found = topics(log)
    return found[place] if place < len(found) else bytes(log.refuse("topics"))


def _unhex(part: Reader, key: str, text: str) -> bytes:
    if not text.startswith("0x"):
        part.refuse(key)
    try:
        return bytes.fromhex(text[2:])
    except ValueError:
        return bytes(part.refuse(key))


def trie_root(pairs: Mapping[bytes, bytes]) -> bytes:
    """Return the root of the Merkle-Patricia trie that holds these pairs."""
    if not pairs:
        return bytes(_EMPTY_ROOT)
    return bytes(keccak(rlp(_node([(_nibbles(key), value) for key, value in pairs.items()]))))


_Pairs = list[tuple[tuple[int, ...], bytes]]


def _node(pairs: _Pairs) -> Rlp:
    """Build the node above all pairs: a leaf for one, an extension where all begin alike, else a branch."""
    if len(pairs) == 1:
        path, value = pairs[0]
        return [_compact(path, leaf=True), value]
    shared = _shared([path for path, _ in pairs])
    if shared:
        rest = [(path[shared:], value) for path, value in pairs]
        return [_compact(pairs[0][0][:shared], leaf=False), _reference(_node(rest))]
    below: list[_Pairs] = [
        [(path[1:], value) for path, value in pairs if path[:1] == (nibble,)] for nibble in range(16)
    ]
    here = next((value for path, value in pairs if not path), b"")
    return [*(_reference(_node(part)) if part else b"" for part in below), here]


def _reference(node: Rlp) -> Rlp:
    """A node shorter than a hash is embedded in its parent."""
    encoded = rlp(node)
    return node if len(encoded) < _HASH_SIZE else bytes(keccak(encoded))


def _nibbles(key: bytes) -> tuple[int, ...]:
    return tuple(half for octet in key for half in (octet >> 4, octet & 15))


def _shared(paths: list[tuple[int, ...]]) -> int:
    """Return the length of the common prefix of all paths."""
    shortest = min(len(path) for path in paths)
    return next((step for step in range(shortest) if len({path[step] for path in paths}) > 1), shortest)


def _compact(path: tuple[int, ...], *, leaf: bool) -> bytes:
    """Hex-prefix encoding (yellow paper, appendix C)."""
    odd = len(path) % 2
    mark = (2 if leaf else 0) + odd
    halves = (mark, *path) if odd else (mark, 0, *path)
    return bytes(high << 4 | low for high, low in zip(halves[::2], halves[1::2], strict=True))
