"""One transaction per record, as simple and as fast as one account can be: the peer of the chain benches."""

import time
from collections.abc import Iterator
from typing import Any

from eth_account import Account
from web3 import Web3
from web3.types import RPCEndpoint

from bench.peers.one_slot import OneSlot

_GAS = 100_000
_PRICE = 2_000_000_000


class OneEach:
    """Signs with coincurve, counts its own nonces, sends, and polls for the receipt: no request is repeated."""

    def __init__(self, rpc: str, chain_id: int, key: bytes) -> None:
        slots = OneSlot(rpc, chain_id, key)  # creates the contract
        self._provider = Web3.HTTPProvider(rpc, request_kwargs={"proxies": {"http": None, "https": None, "all": None}})
        self._chain_id = chain_id
        self._account = Account.from_key(key)
        self._address = slots.address
        self._call = str(slots.contract.encode_abi("keep", args=[bytes(32)]))[
            :10
        ]  # the rest is the digest: no ABI encoding
        self._nonce = int(self._ask("eth_getTransactionCount", self._account.address, "latest"), 16)

    def per_second(self, digests: Iterator[bytes], count: int) -> float:
        """Records per second, each in a block before the next is sent."""
        started = time.perf_counter()
        for _ in range(count):
            raw = self._signed(next(digests))
            name = self._ask("eth_sendRawTransaction", "0x" + raw.hex())
            while (receipt := self._ask("eth_getTransactionReceipt", name)) is None:
                time.sleep(0.002)
            assert receipt["status"] == "0x1"
        return count / (time.perf_counter() - started)

    def signed_per_second(self, digests: Iterator[bytes], count: int) -> float:
        """Transactions per second that are only signed, never sent."""
        nonce, started = self._nonce, time.perf_counter()
        for _ in range(count):
            self._signed(next(digests))
        seconds, self._nonce = time.perf_counter() - started, nonce
        return count / seconds

    def _signed(self, digest: bytes) -> bytes:
        transaction = {
            "nonce": self._nonce,
            "to": self._address,
            "data": self._call + digest.hex(),
            "gas": _GAS,
            "gasPrice": _PRICE,
            "value": 0,
            "chainId": self._chain_id,
        }
        self._nonce += 1
        return bytes(self._account.sign_transaction(transaction).raw_transaction)

    def _ask(self, method: str, *params: object) -> Any:  # Any: the engine's answer
        answer = self._provider.make_request(RPCEndpoint(method), list(params))
        assert "error" not in answer, answer
        return answer["result"]
