"""A passkey's public key from its COSE form (RFC 9053): ES256 on P-256, the only algorithm of our passkeys.

Reads the few CBOR forms of such a key, so that evidence can be checked with `cryptography` alone.
"""

from cryptography.hazmat.primitives.asymmetric import ec

from records.errors import InvalidRecordError

_KTY, _ALG, _CRV, _X, _Y = 1, 3, -1, -2, -3
_EC2, _ES256, _P256 = 2, -7, 1
_COORDINATE = 32
_UNSIGNED, _NEGATIVE, _BYTES, _MAP = 0, 1, 2, 5
_INLINE, _ONE_BYTE = 24, 24


def public_key(cose: bytes) -> ec.EllipticCurvePublicKey:
    """Raises InvalidRecordError("passkey-key") for anything that is not an ES256 key on P-256."""
    try:
        fields, rest = _map(cose)
        expected = {_KTY: _EC2, _ALG: _ES256, _CRV: _P256}
        x, y = fields[_X], fields[_Y]
        if rest or any(fields[name] != value for name, value in expected.items()):
            raise InvalidRecordError("passkey-key")
        if not isinstance(x, bytes) or not isinstance(y, bytes) or not len(x) == len(y) == _COORDINATE:
            raise InvalidRecordError("passkey-key")
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y)
    except (ValueError, KeyError, IndexError) as error:
        raise InvalidRecordError("passkey-key") from error


def _map(data: bytes) -> tuple[dict[int, int | bytes], bytes]:
    kind, count, rest = _head(data)
    if kind != _MAP:
        raise ValueError(kind)
    fields: dict[int, int | bytes] = {}
    for _ in range(count):
        name, rest = _item(rest)
        value, rest = _item(rest)
        if not isinstance(name, int) or name in fields:
            raise ValueError(name)
        fields[name] = value
    return fields, rest


def _item(data: bytes) -> tuple[int | bytes, bytes]:
    kind, number, rest = _head(data)
    if kind == _UNSIGNED:
        return number, rest
    if kind == _NEGATIVE:
        return -1 - number, rest
    if kind == _BYTES and len(rest) >= number:
        return rest[:number], rest[number:]
    raise ValueError(kind)


def _head(data: bytes) -> tuple[int, int, bytes]:
    """Major type, number, and the rest; numbers of at most one byte, which is enough for a key."""
    kind, number = data[0] >> 5, data[0] & 0x1F
    if number < _INLINE:
        return kind, number, data[1:]
    if number == _ONE_BYTE:
        return kind, data[1], data[2:]
    raise ValueError(number)
