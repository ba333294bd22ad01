"""The centre's own keys: made at the first start, kept in a directory that only the centre's account may read."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from records.checkpoint import verifier_key
from records.cosignature import cosigner_key
from records.errors import InvalidRecordError, UnavailableError
from records.ids import CentreCode, b64u

_PRIVATE_FILE: Final = 0o600
_PRIVATE_DIRECTORY: Final = 0o700


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreKeys:
    """`log` signs checkpoints, `witness` cosigns those of others, `entry` signs room entries and peer requests.

    `chain` owns the gateway's account.
    """

    origin: str
    log: Ed25519PrivateKey
    witness: Ed25519PrivateKey
    entry: ec.EllipticCurvePrivateKey
    chain: ec.EllipticCurvePrivateKey

    @property
    def entry_point(self) -> str:
        """The public entry key as peers and room entries write it."""
        return point(self.entry.public_key())

    @property
    def log_verifier(self) -> str:
        """The public log key as a C2SP verifier key."""
        return verifier_key(self.origin, self.log.public_key())

    @property
    def witness_name(self) -> str:
        """The name under which this centre cosigns: `jn.tongping/witness`."""
        return f"{self.origin}/witness"

    @property
    def witness_verifier(self) -> str:
        """The public witness key as a C2SP verifier key."""
        return cosigner_key(self.witness_name, self.witness.public_key())

    @property
    def chain_secret(self) -> bytes:
        return self.chain.private_numbers().private_value.to_bytes(32, "big")


def point(key: ec.EllipticCurvePublicKey) -> str:
    return b64u(key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint))


def origin_of(code: CentreCode) -> str:
    """The name of a centre's log: `jn.tongping`."""
    return f"{code.lower()}.tongping"


def open_keys(directory: Path, code: CentreCode) -> CentreKeys:
    """The keys of this directory; those that are missing are made. Raises InvalidRecordError(key-unreadable)."""
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_DIRECTORY)
        log = _key(directory / "log.pem", Ed25519PrivateKey.generate)
        witness = _key(directory / "witness.pem", Ed25519PrivateKey.generate)
        entry = _key(directory / "entry.pem", lambda: ec.generate_private_key(ec.SECP256R1()))
        chain = _key(directory / "chain.pem", lambda: ec.generate_private_key(ec.SECP256K1()))
    except OSError as error:
        raise UnavailableError("keys-unavailable", reason=error.strerror or "unknown") from error
    return CentreKeys(
        origin=origin_of(code),
        log=_edwards(log, "log"),
        witness=_edwards(witness, "witness"),
        entry=_elliptic(entry, "entry"),
        chain=_elliptic(chain, "chain"),
    )


def _key(path: Path, make: Callable[[], PrivateKeyTypes]) -> PrivateKeyTypes:
    if not path.exists():
        pem = make().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write_private(path, pem)
    try:
        return serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise InvalidRecordError("key-unreadable", file=path.name) from error


def _write_private(path: Path, data: bytes) -> None:
    """Never readable by others, not even for a moment; a key half written is never seen under its name."""
    partial = path.with_suffix(".new")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _edwards(key: PrivateKeyTypes, name: str) -> Ed25519PrivateKey:
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidRecordError("key-unreadable", file=f"{name}.pem")
    return key


def _elliptic(key: PrivateKeyTypes, name: str) -> ec.EllipticCurvePrivateKey:
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise InvalidRecordError("key-unreadable", file=f"{name}.pem")
    return key
