"""Signing keys in software, for the embedded default: a centre's seal, and experts' keys protected by a PIN."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from records.errors import EvidenceMismatchError, InvalidRecordError, NotPermittedError
from signing.keys.authority import new_key
from signing.keys.identity import Identity

MOST_FAILURES = 5
"""After this number of wrong PINs in a row the key is locked; counted in the database, before each try."""
SHORTEST_PIN, LONGEST_PIN = 6, 64
_SALT_BYTES = 16
_BLOCK, _MEMORY = 8, 64 * 1024 * 1024
PIN_COST = 2**15
"""What a try of a PIN costs whoever stole the database: scrypt's N. A key is opened at the cost it was made at."""


@dataclass(frozen=True, slots=True)
class SoftwareSigner:
    """An open key. Satisfies the port `identity.Signer`; lives as long as one signature."""

    identity: Identity
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    def sign(self, data: bytes, *, document: bytes, field: str) -> bytes:  # noqa: ARG002 - the port's, for remote keys
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareKey:
    """A P-256 key as PKCS#8, encrypted under a password derived by scrypt from the PIN and the salt."""

    encrypted: bytes = field(repr=False)
    salt: bytes

    @classmethod
    def create(
        cls, pin: str, randomness: Callable[[int], bytes], *, cost: int = PIN_COST
    ) -> tuple[Self, ec.EllipticCurvePublicKey]:
        """A new key protected by this PIN. Raises InvalidRecordError("pin-length")."""
        check_length(pin)
        key, salt = new_key(), randomness(_SALT_BYTES)
        encrypted = key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(_password(pin, salt, cost)),
        )
        return cls(encrypted=encrypted, salt=salt), key.public_key()

    def open(self, pin: str, *, cost: int = PIN_COST) -> ec.EllipticCurvePrivateKey:
        """Raises NotPermittedError("pin-wrong"). The caller counts the failures."""
        try:
            key = serialization.load_der_private_key(self.encrypted, _password(pin, self.salt, cost))
        except ValueError as error:
            raise NotPermittedError("pin-wrong") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise EvidenceMismatchError("key-unreadable")
        return key


def check_length(pin: str) -> None:
    """Raises InvalidRecordError("pin-length") for what no PIN can be."""
    if not SHORTEST_PIN <= len(pin) <= LONGEST_PIN:
        raise InvalidRecordError("pin-length", minimum=SHORTEST_PIN, maximum=LONGEST_PIN)


def _password(pin: str, salt: bytes, cost: int) -> bytes:
    stretched = hashlib.scrypt(pin.encode(), salt=salt, n=cost, r=_BLOCK, p=1, maxmem=_MEMORY)
    return stretched.hex().encode("ascii")
