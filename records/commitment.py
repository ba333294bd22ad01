"""Salted commitments: a record can be bound now and revealed later, and a hidden one cannot be guessed.

A bare hash of a score, a city or a name can be found by trying all values; HMAC under 32 random bytes is not. Giving
(record, salt) opens the commitment; destroying the salt erases the record.
"""

import hmac
from collections.abc import Callable, Sequence

from records.errors import InvalidRecordError

SALT_SIZE = 32


def new_salt(randomness: Callable[[int], bytes]) -> bytes:
    """A fresh salt from a source of random bytes (`secrets.token_bytes`). One per record, never used twice."""
    salt = randomness(SALT_SIZE)
    if len(salt) != SALT_SIZE:
        raise InvalidRecordError("salt-size", found=len(salt), needs=SALT_SIZE)
    return salt


def commit(salt: bytes, record: bytes) -> bytes:
    """HMAC-SHA-256 of the record's canonical bytes under its salt: 32 bytes."""
    if len(salt) != SALT_SIZE:
        raise InvalidRecordError("salt-size", found=len(salt), needs=SALT_SIZE)
    return hmac.digest(salt, record, "sha256")


def commit_all(salts: Sequence[bytes], records: Sequence[bytes]) -> list[bytes]:
    """`commit` of many, each record under its own salt."""
    for size in set(map(len, salts)) - {SALT_SIZE}:
        raise InvalidRecordError("salt-size", found=size, needs=SALT_SIZE)
    return [hmac.digest(salt, record, "sha256") for salt, record in zip(salts, records, strict=True)]


def opens(commitment: bytes, *, salt: bytes, record: bytes) -> bool:
    """Whether the commitment bound exactly (salt, record)."""
    return len(salt) == SALT_SIZE and hmac.compare_digest(commit(salt, record), commitment)
