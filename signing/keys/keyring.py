"""The keys of a centre that appear in documents: its authority, its seal, its time-stamping key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from records.ids import CentreCode
from signing.keys.authority import Authority, Profile, Subject, open_authority, open_identity
from signing.keys.identity import certificate_pem
from signing.keys.software import SoftwareSigner
from signing.keys.timestamps import TimestampAuthority


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """`authority` issues the certificates of this centre's experts; `organisation` is the name in them."""

    organisation: str
    authority: Authority
    seal: SoftwareSigner
    timestamps: TimestampAuthority

    @property
    def root_pem(self) -> str:
        """The roots with which a stranger accepts this centre's seal, experts and embedded time."""
        return certificate_pem(self.authority.der)


def open_keyring(
    directory: Path,
    *,
    code: CentreCode,
    organisation: str,
    now: datetime,
    randomness: Callable[[int], bytes],
    authority: Path | None = None,
) -> Keyring:
    """The keys in this directory, made where missing. `authority`: the directory of a CA shared by several centres."""
    issuer = open_authority(authority or directory / "authority", name=f"同评本地根证书 {code}", now=now)
    subject = Subject(name=organisation, organisation=organisation, unit=f"{code} 电子签章")
    seal_key, seal = open_identity(directory, "seal", issuer, subject=subject, profile=Profile.SEAL, now=now)
    subject = Subject(name=f"同评时间戳 {code}", organisation=organisation, unit=f"{code} TSA")
    time_key, time = open_identity(directory, "tsa", issuer, subject=subject, profile=Profile.TIMESTAMP, now=now)
    return Keyring(
        organisation=organisation,
        authority=issuer,
        seal=SoftwareSigner(seal, seal_key),
        timestamps=TimestampAuthority(identity=time, key=time_key, randomness=randomness),
    )
