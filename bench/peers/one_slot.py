"""The peer contract of the gas bench on a chain: compiled with the product's compiler and settings, called bare."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eth_account import Account
from web3 import Web3

from chain_gateway.ledger.javascript import ROOT, node_binary, package

_SOURCE = Path(__file__).with_name("one_slot.sol")
_PRICE = 2_000_000_000
_MOST_GAS = 10_000_000


class OneSlot:
    """The contract, and one account that sends to it."""

    def __init__(self, rpc: str, chain_id: int, key: bytes) -> None:
        direct = {"http": None, "https": None, "all": None}
        self._web3 = Web3(Web3.HTTPProvider(rpc, request_kwargs={"proxies": direct}))
        self._chain_id = chain_id
        self._account = Account.from_key(key)
        abi, creation = _compiled()
        factory = self._web3.eth.contract(abi=abi, bytecode=creation)
        receipt = self._send(None, str(factory.constructor().data_in_transaction))
        self.address: str = receipt["contractAddress"]
        self.contract = self._web3.eth.contract(address=receipt["contractAddress"], abi=abi)

    def keep(self, digest: bytes) -> int:
        """The gas of one record in a transaction of its own."""
        return self._gas("keep", digest)

    def keep_all(self, digests: Sequence[bytes]) -> int:
        """The gas of all of them in one transaction."""
        return self._gas("keepAll", list(digests))

    def _gas(self, function: str, argument: object) -> int:
        data = self.contract.encode_abi(function, args=[argument])
        return int(self._send(self.contract.address, data)["gasUsed"])

    def _send(self, to: str | None, data: str) -> Any:  # Any: a receipt as web3 gives it
        transaction = {
            "nonce": self._web3.eth.get_transaction_count(self._account.address),
            "data": data,
            "gas": _MOST_GAS,
            "gasPrice": _PRICE,
            "value": 0,
            "chainId": self._chain_id,
            **({"to": to} if to else {}),
        }
        signed = self._account.sign_transaction(transaction)
        receipt = self._web3.eth.wait_for_transaction_receipt(
            self._web3.eth.send_raw_transaction(signed.raw_transaction)
        )
        assert receipt["status"] == 1
        return receipt


def _compiled() -> tuple[Any, str]:  # Any: the ABI is JSON for web3
    settings = json.loads((ROOT / "contracts" / "compiler.json").read_text(encoding="utf-8"))
    question = {
        "language": "Solidity",
        "sources": {_SOURCE.name: {"content": _SOURCE.read_text(encoding="utf-8")}},
        "settings": {**settings, "outputSelection": {"*": {"*": ["abi", "evm.bytecode.object"]}}},
    }
    command = [str(node_binary()), str(package("solc", "solc.js")), "--standard-json"]
    run = subprocess.run(command, input=json.dumps(question), capture_output=True, text=True, check=True)  # noqa: S603 - ours
    answer = run.stdout[run.stdout.index("{") :]  # the shim may print a line before its answer
    found = json.loads(answer)["contracts"][_SOURCE.name]["OneSlot"]
    return found["abi"], found["evm"]["bytecode"]["object"]
