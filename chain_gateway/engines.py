"""What differs from one chain engine to the next: gas, prices, and how long to wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from records.errors import InvalidRecordError


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineProfile:
    """How one kind of engine is spoken to. Transactions are always of the legacy type with explicit gas."""

    name: str
    gas_price: int
    """Wei per unit of gas."""
    call_gas: int
    """Gas limit of an anchor or a cosignature."""
    deploy_gas: int
    """Gas limit of a contract's creation."""
    confirmations: int
    """Blocks that must follow the transaction's own before it counts."""
    receipt_seconds: float
    """How long to wait for a transaction before the chain is called unavailable."""
    poll_seconds: float


GANACHE: Final = EngineProfile(
    name="ganache",
    gas_price=2_000_000_000,
    call_gas=500_000,
    deploy_gas=5_000_000,
    confirmations=0,  # one engine that never reorganises
    receipt_seconds=10.0,
    poll_seconds=0.05,
)

PROFILES: Final[Mapping[str, EngineProfile]] = {profile.name: profile for profile in (GANACHE,)}


def profile(name: str) -> EngineProfile:
    """The profile of a configured engine; InvalidRecordError("unknown-engine")."""
    found = PROFILES.get(name)
    if found is None:
        raise InvalidRecordError("unknown-engine", engine=name)
    return found
