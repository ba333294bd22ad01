"""The centre's own keys: made at the first start, kept in a directory that only the centre's account may read."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from chain_gateway.checkpoints import origin_of
from records.errors import InvalidRecordError, UnavailableError
from records.ids import CentreCode, b64u
from records.log.checkpoint import verifier_key
from records.log.cosignature import cosigner_key

_PRIVATE_FILE: Final = 0o600
_PRIVATE_DIRECTORY: Final = 0o700
_OVERLAP: Final = "overlap-until"


class Rotated(StrEnum):
    """The keys exchanged by a vote of the centres."""

    LOG = "log"
    WITNESS = "witness"
    CHAIN = "chain"


_MAKERS: Final[Mapping[str, Callable[[], PrivateKeyTypes]]] = {
    "log": Ed25519PrivateKey.generate,
    "witness": Ed25519PrivateKey.generate,
    "entry": lambda: ec.generate_private_key(ec.SECP256R1()),
    "chain": lambda: ec.generate_private_key(ec.SECP256K1()),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreKeys:
    """`log` signs checkpoints, `witness` cosigns those of others, `entry` signs room entries and peer requests.

    `chain` owns the gateway's account. `previous_log` signed checkpoints before `log`, and still signs as well until
    `overlap_until`.
    """

    origin: str
    log: Ed25519PrivateKey
    witness: Ed25519PrivateKey
    entry: ec.EllipticCurvePrivateKey
    chain: ec.EllipticCurvePrivateKey
    previous_log: Ed25519PrivateKey | None = None
    overlap_until: datetime | None = None

    @property
    def entry_point(self) -> str:
        """The public entry key in the form of peers and room entries."""
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


def open_keys(directory: Path, code: CentreCode) -> CentreKeys:
    """The keys of this directory; missing ones are made. Raises InvalidRecordError(key-unreadable)."""
    return _open(directory, code, {name: f"{name}.pem" for name in _MAKERS})


def make_next(directory: Path, code: CentreCode, names: Collection[Rotated]) -> CentreKeys:
    """The future keys: new ones for these names, stored beside the present ones until `promote`.

    A repetition returns the same keys: proposed ones stay on the disk until the vote is decided.
    """
    _open(directory, code, {name: f"{name}.pem" for name in _MAKERS})
    return _open(directory, code, {name: _next(name) if name in names else f"{name}.pem" for name in _MAKERS})


def next_keys(directory: Path, code: CentreCode) -> CentreKeys | None:
    """The keys with all pending ones in place; None when none is pending."""
    names = {name for name in Rotated if (directory / _next(name)).exists()}
    return make_next(directory, code, names) if names else None


def promote(directory: Path, overlap_until: datetime) -> None:
    """Make the next keys the present ones, and the present ones the previous. After a kill, repeat it."""
    try:
        _write_private(directory / _OVERLAP, overlap_until.isoformat().encode())
        for name in Rotated:
            following, present = directory / _next(name), directory / f"{name}.pem"
            if following.exists():
                # A copy first: at no moment is a name without its key.
                _write_private(directory / _previous(name), present.read_bytes())
                following.replace(present)
    except OSError as error:
        raise UnavailableError("keys-unavailable", reason=error.strerror or "unknown") from error


def _open(directory: Path, code: CentreCode, places: Mapping[str, str]) -> CentreKeys:
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_DIRECTORY)
        log, witness, entry, chain = (_key(directory / places[name], make) for name, make in _MAKERS.items())
        previous = directory / _previous(Rotated.LOG)
        before = _edwards(_key(previous, Ed25519PrivateKey.generate), "log.previous") if previous.exists() else None
        overlap = directory / _OVERLAP
        until = datetime.fromisoformat(overlap.read_text(encoding="ascii")) if overlap.exists() else None
    except OSError as error:
        raise UnavailableError("keys-unavailable", reason=error.strerror or "unknown") from error
    except ValueError as error:
        raise InvalidRecordError("key-unreadable", file=_OVERLAP) from error
    return CentreKeys(
        origin=origin_of(code),
        log=_edwards(log, "log"),
        witness=_edwards(witness, "witness"),
        entry=_elliptic(entry, "entry"),
        chain=_elliptic(chain, "chain"),
        previous_log=before,
        overlap_until=until,
    )


def _next(name: str) -> str:
    return f"{name}.next.pem"


def _previous(name: str) -> str:
    return f"{name}.previous.pem"


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
    """Never readable by others, not even briefly; a half-written key never gets its name."""
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
