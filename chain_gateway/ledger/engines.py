"""How chain engines differ: gas, prices, how long to wait, and which blocks may still be replaced."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from records.errors import InvalidRecordError

_GWEI: Final = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineProfile:
    """Settings for one kind of engine. Transactions are always of the legacy type 0 with explicit gas and price."""

    name: str
    gas_price: int
    """Wei per unit of gas."""
    call_gas: int = 500_000
    """Gas limit of an anchor or a cosignature."""
    vote_gas: int = 2_000_000
    """Gas limit of a proposal, a vote or an execution in the registry."""
    deploy_gas: int = 6_000_000
    """Gas limit of a contract's creation."""
    confirmations: int = 0
    """Blocks that must follow the transaction's own before the transaction counts."""
    replaceable: int = 0
    """How many blocks back a counted block may still be replaced; 0: a counted block is final."""
    log_window: int = 1_000
    """The largest block range of one eth_getLogs request."""
    validators: str
    """The JSON-RPC method that names the validators of the latest block; empty when the engine has none."""
    receipt_seconds: float = 10.0
    """How long to wait for a transaction before the chain is called unavailable."""
    poll_seconds: float = 0.05


GANACHE: Final = EngineProfile(name="ganache", gas_price=2 * _GWEI, validators="")
"""One process that mines at once and never reorganises."""
HARDHAT: Final = EngineProfile(name="hardhat", gas_price=2 * _GWEI, validators="", poll_seconds=0.02)
"""The test chains hardhat and anvil: like ganache, but faster."""
GETH_CLIQUE: Final = EngineProfile(
    name="geth-clique",
    gas_price=10 * _GWEI,  # the sealer wants 1 gwei above the base fee, which begins at 1 gwei and falls
    confirmations=2,  # reorganisations of one block were observed
    replaceable=256,
    validators="clique_getSigners",
    receipt_seconds=60.0,
    poll_seconds=0.2,
)
BESU_QBFT: Final = EngineProfile(
    name="besu-qbft",
    gas_price=0,
    validators="qbft_getValidatorsByBlockNumber",
    log_window=5_000,
    receipt_seconds=60.0,
    poll_seconds=0.2,
)
"""A block is final at once: more than two thirds of the validators have signed it."""
QUORUM_LEGACY: Final = EngineProfile(
    name="quorum-legacy",
    gas_price=0,
    confirmations=1,
    replaceable=64,  # under raft and older IBFT releases a minority's block may still be replaced
    log_window=100,
    validators="istanbul_getValidators",
    receipt_seconds=60.0,
    poll_seconds=0.5,
)
"""GoQuorum and compatible engines (FISCO BCOS behind its Web3 gateway): old opcodes, no fees, small requests."""

PROFILES: Final[Mapping[str, EngineProfile]] = {
    "ganache": GANACHE,
    "hardhat": HARDHAT,
    "anvil": HARDHAT,
    "geth-clique": GETH_CLIQUE,
    "besu-qbft": BESU_QBFT,
    "quorum-legacy": QUORUM_LEGACY,
}


def profile(name: str) -> EngineProfile:
    """The profile of a configured engine; InvalidRecordError("unknown-engine") lists the known ones."""
    found = PROFILES.get(name)
    if found is None:
        raise InvalidRecordError("unknown-engine", engine=name, known=", ".join(PROFILES))
    return found
