"""One engine and one account: sends JSON-RPC requests and signed transactions, and converts every foreign exception."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import requests
from eth_account import Account
from web3 import Web3
from web3.contract import Contract
from web3.exceptions import BadFunctionCallOutput, ContractLogicError, Web3Exception
from web3.middleware import ExtraDataToPOAMiddleware
from web3.types import RPCEndpoint

from chain_gateway.checkpoints import Signed
from chain_gateway.ledger.compiler import Artifact, compile_contracts
from chain_gateway.ledger.engines import EngineProfile
from chain_gateway.ledger.refusals import refusal
from records.errors import ConflictError, EvidenceMismatchError, TongpingError, UnavailableError

_REQUEST_SECONDS = 10
_REJECTED = -32003  # EIP-1474: the pool already has this transaction, or another one in its place
_TRANSFER_GAS = 21_000

Answer = Any
"""A JSON-RPC answer: the engine's own content, read key by key where it is used."""


def address_of(account_key: bytes) -> str:
    """The account behind a secp256k1 key."""
    return str(Account.from_key(account_key).address)


class Wire:
    """One engine and one account: sends requests and signed transactions, and converts every foreign exception."""

    def __init__(self, rpc: str, chain_id: int, account_key: bytes, engine: EngineProfile) -> None:
        # The chain is on our own network: never through the machine's web proxy.
        options = {"timeout": _REQUEST_SECONDS, "proxies": {"http": None, "https": None, "all": None}}
        # No retry below us: a transaction is only repeated deliberately.
        provider = Web3.HTTPProvider(rpc, request_kwargs=options, exception_retry_configuration=None)
        self.web3 = Web3(provider)
        self.web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
        self.chain_id = chain_id
        self.engine = engine
        self._account = Account.from_key(account_key)
        self.address: str = self._account.address
        self.turn: Final = threading.RLock()
        """One ordered sender per key: its lock is held from signing until the receipt."""
        self.lost = False
        """Set when the engine did not answer: the one that answers next may be another chain."""
        artifacts = compile_contracts()
        self._abis = (artifacts.anchor.abi, artifacts.registry.abi)

    @contextmanager
    def converted(self) -> Iterator[None]:
        try:
            yield
        except requests.RequestException as error:
            self.lost = True
            raise UnavailableError("chain-unreachable") from error
        except BadFunctionCallOutput as error:
            raise EvidenceMismatchError("contract-missing") from error
        except ContractLogicError as error:
            raise refusal(self._abis, _revert_data(error.data)) from error
        except Web3Exception as error:
            raise UnavailableError("chain-answer-malformed") from error

    def ask(self, method: str, *params: object) -> Answer:
        """The unchanged result of one JSON-RPC request."""
        with self.converted():
            answer = self.web3.provider.make_request(RPCEndpoint(method), list(params))
        if "error" in answer:
            raise self._fault(answer["error"])
        return answer.get("result")

    def check_chain(self) -> None:
        """EvidenceMismatchError("wrong-chain") when the engine serves a chain of another number."""
        found = int(self.ask("eth_chainId"), 16)
        if found != self.chain_id:
            raise EvidenceMismatchError("wrong-chain", expected=self.chain_id, found=found)

    def genesis(self) -> str:
        """The hash of the chain's first block."""
        return str(self.ask("eth_getBlockByNumber", "0x0", False)["hash"]).lower()  # noqa: FBT003 - positional in JSON

    def sign(self, *, to: str | None, data: str, gas: int, value: int = 0) -> Signed:
        """Sign the account's next transaction. A contract's refusal is raised here, before it costs gas."""
        call = {"from": self.address, "data": data, "gas": hex(gas), "value": hex(value), **({"to": to} if to else {})}
        self.ask("eth_call", call, "latest")
        nonce = int(self.ask("eth_getTransactionCount", self.address, "pending"), 16)
        transaction = {
            "nonce": nonce,
            "data": data,
            "gas": gas,
            "gasPrice": self.engine.gas_price,
            "value": value,
            "chainId": self.chain_id,
            **({"to": to} if to else {}),
        }
        signed = self._account.sign_transaction(transaction)
        return Signed(hash=Web3.to_hex(signed.hash), raw=bytes(signed.raw_transaction))

    def send(self, signed: Signed) -> None:
        """Send, repeatedly if necessary. ConflictError when another transaction took its place.

        An engine that mines at once answers with the transaction's outcome; one that it holds has a receipt.
        """
        try:
            self.ask("eth_sendRawTransaction", "0x" + signed.raw.hex())
        except (ConflictError, UnavailableError) as error:
            answered = isinstance(error, ConflictError) or error.code == "contract-reverted"
            if not answered or not self.knows(signed.hash):
                raise

    def fund(self, account: str) -> None:
        """Transfer half of the balance to another account, where gas has a price and that account has nothing."""
        balance, theirs = (int(self.ask("eth_getBalance", one, "latest"), 16) for one in (self.address, account))
        if self.engine.gas_price and not theirs:
            signed = self.sign(to=account, data="0x", gas=_TRANSFER_GAS, value=balance // 2)
            self.send(signed)
            self.await_receipt(signed.hash, signed)

    def receipt(self, transaction: str) -> Answer:
        """The receipt once the transaction counts, None before. ConflictError when it was reverted after all."""
        found = self.ask("eth_getTransactionReceipt", transaction)
        if found is None:
            return None
        if self.height() < int(found["blockNumber"], 16) + self.engine.confirmations:
            return None
        if int(found["status"], 16) != 1:
            raise ConflictError("transaction-reverted", transaction=transaction)
        return found

    def await_receipt(self, transaction: str, again: Signed | None = None) -> Answer:
        """Wait until a transaction counts. `again`: the bytes to send once more when a reorganisation dropped it."""
        deadline = time.monotonic() + self.engine.receipt_seconds
        while (found := self.receipt(transaction)) is None:
            if time.monotonic() > deadline:
                raise UnavailableError("transaction-pending", transaction=transaction)
            time.sleep(self.engine.poll_seconds)
            if again is not None and self.engine.replaceable and not self.knows(transaction):
                self.send(again)
        return found

    def knows(self, transaction: str) -> bool:
        """Whether the engine has a transaction, in a block or in its pool."""
        return self.ask("eth_getTransactionByHash", transaction) is not None

    def block_hash(self, number: int) -> str | None:
        """The hash of the present block at a height; None above the head."""
        block = self.ask("eth_getBlockByNumber", hex(number), False)  # noqa: FBT003 - positional in JSON
        return None if block is None else str(block["hash"])

    def height(self) -> int:
        return int(self.ask("eth_blockNumber"), 16)

    def contract(self, address: str, artifact: Artifact) -> Contract:
        """Our contract at an address, for reading and for encoding calls."""
        return self.web3.eth.contract(address=Web3.to_checksum_address(address), abi=artifact.abi)

    def read(self, contract: Contract, name: str, *arguments: object) -> Any:  # Any: determined by the ABI
        """The result of a contract's view function."""
        with self.converted():
            return contract.get_function_by_name(name)(*arguments).call()

    def create(self, artifact: Artifact, arguments: Sequence[object]) -> str:
        """Create a contract and return its address."""
        factory = self.web3.eth.contract(abi=artifact.abi, bytecode=artifact.creation)
        data = str(factory.constructor(*arguments).data_in_transaction)
        signed = self.sign(to=None, data=data, gas=self.engine.deploy_gas)
        self.send(signed)
        return Web3.to_checksum_address(self.await_receipt(signed.hash)["contractAddress"])

    def _fault(self, error: Answer) -> TongpingError:
        """Our error for a JSON-RPC error. Engines share no error codes, so only the message tells them apart."""
        message = str(error.get("message", "")).lower()
        data = _revert_data(error.get("data"))
        if data != "0x" or "revert" in message:
            return refusal(self._abis, data)
        if "nonce" in message or "already known" in message or "underpriced" in message:
            return ConflictError("nonce-refused")
        if "funds" in message or "upfront" in message:
            return UnavailableError("account-unfunded", account=self.address)
        if error.get("code") == _REJECTED:
            return ConflictError("transaction-rejected")
        return UnavailableError("chain-refused", rpc_code=str(error.get("code", "")))


def topic(contract: Contract, event: str) -> bytes:
    """The topic under which a contract emits an event."""
    return bytes.fromhex(contract.get_event_by_name(event)().topic[2:])


def _revert_data(data: object) -> str:
    """The contract's revert data in a JSON-RPC error; engines wrap it differently. `0x` when there is none."""
    if isinstance(data, dict):
        data = data.get("result") or data.get("data")
    return data if isinstance(data, str) and data.startswith("0x") else "0x"
