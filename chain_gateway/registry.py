"""The registry of the consortium on the chain: its centres, read and written in the contract's own order."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from web3 import Web3

from chain_gateway.anchoring import CentreEntry, PreviousKeys
from chain_gateway.compiler import compile_contracts
from chain_gateway.wire import Wire
from records.ids import CentreCode

_LAST_SECOND: Final = 253_402_300_799
"""The end of the year 9999: a contract's window may end later, a datetime cannot."""


class RegistryLedger:
    """`CentreRegistry`, over the wire of one centre. Whoever opens it has checked the chain and the contract."""

    def __init__(self, wire: Wire, address: str) -> None:
        self.address: Final = Web3.to_checksum_address(address)
        self._wire = wire
        self._contract = wire.contract(self.address, compile_contracts().registry)

    def centres(self) -> tuple[CentreEntry, ...]:
        """Every centre that is or was a member, in the order in which they first entered."""
        return tuple(self.centre(log) for log in self._read("logs"))

    def centre(self, log: bytes) -> CentreEntry:
        """The centre that keeps or kept a log; NotFoundError("unknown-log")."""
        found, previous = self._read("centreOf", log), self._read("previousKeys", log)
        return _entry(found, previous=_previous(previous), member=self._read("isMember", log))

    def witness_log(self, account: str) -> bytes:
        """The name of the log of the centre that cosigns with this account; NotPermittedError("unknown-witness")."""
        return bytes(self._read("requireWitness", account))

    def _read(self, name: str, *arguments: object) -> Any:  # Any: what the ABI says
        return self._wire.read(self._contract, name, *arguments)


def entry_values(entry: CentreEntry) -> tuple[object, ...]:
    """In the order of the contract's struct."""
    return (entry.code, entry.endpoint, keys_values(entry))


def keys_values(entry: CentreEntry | PreviousKeys) -> tuple[object, ...]:
    """In the order of the contract's struct."""
    window = (int(entry.valid_from.timestamp()), int(entry.valid_until.timestamp()))
    return (entry.log_account, *window, entry.witness_account, entry.verifier_key, entry.witness_key)


def _entry(values: Sequence[Any], *, previous: PreviousKeys | None, member: bool) -> CentreEntry:
    """Any: the struct as web3 decodes it."""
    code, endpoint, keys = values
    return CentreEntry(code=CentreCode(code), endpoint=endpoint, member=member, previous=previous, **_keys(keys))


def _previous(values: Sequence[Any]) -> PreviousKeys | None:
    """Any: the struct as web3 decodes it; all zero when there are none."""
    return PreviousKeys(**_keys(values)) if values[2] else None


def _keys(values: Sequence[Any]) -> dict[str, Any]:
    """Any: the struct as web3 decodes it, and the fields of two classes."""
    log_account, valid_from, valid_until, witness_account, verifier_key, witness_key = values
    return {
        "log_account": log_account,
        "witness_account": witness_account,
        "verifier_key": verifier_key,
        "witness_key": witness_key,
        "valid_from": _moment(valid_from),
        "valid_until": _moment(valid_until),
    }


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(seconds, _LAST_SECOND), UTC)
