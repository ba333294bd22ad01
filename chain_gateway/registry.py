"""The registry of the consortium on the chain: its centres, read and written in the contract's own order."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from web3 import Web3

from chain_gateway.anchoring import CentreEntry
from chain_gateway.compiler import compile_contracts
from chain_gateway.wire import Wire
from records.ids import CentreCode


class RegistryLedger:
    """`CentreRegistry`, over the wire of one centre. Whoever opens it has checked the chain and the contract."""

    def __init__(self, wire: Wire, address: str) -> None:
        self.address: Final = Web3.to_checksum_address(address)
        self._wire = wire
        self._contract = wire.contract(self.address, compile_contracts().registry)

    def centres(self) -> tuple[CentreEntry, ...]:
        """The consortium's centres, in the order in which they entered."""
        found = [self._read("centreOf", name) for name in self._read("logs")]
        return tuple(_entry(values) for values in found)

    def witness_log(self, account: str) -> bytes:
        """The name of the log of the centre that cosigns with this account; NotPermittedError("unknown-witness")."""
        return bytes(self._read("witnessOf", account)[0])

    def _read(self, name: str, *arguments: object) -> Any:  # Any: what the ABI says
        return self._wire.read(self._contract, name, *arguments)


def entry_values(entry: CentreEntry) -> tuple[object, ...]:
    """In the order of the contract's struct."""
    window = (int(entry.valid_from.timestamp()), int(entry.valid_until.timestamp()))
    return (entry.code, entry.log_account, *window, entry.witness_account, entry.endpoint, entry.verifier_key)


def _entry(values: Sequence[Any]) -> CentreEntry:  # Any: the struct as web3 decodes it
    code, log_account, valid_from, valid_until, witness_account, endpoint, verifier_key = values
    return CentreEntry(
        code=CentreCode(code),
        log_account=log_account,
        witness_account=witness_account,
        endpoint=endpoint,
        verifier_key=verifier_key,
        valid_from=datetime.fromtimestamp(valid_from, UTC),
        valid_until=datetime.fromtimestamp(valid_until, UTC),
    )
