"""The one door to the consortium chain: our two contracts over JSON-RPC, with nothing of web3 outside this file."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import requests
from eth_account import Account
from web3 import Web3
from web3.contract import Contract
from web3.exceptions import BadFunctionCallOutput, ContractLogicError, Web3Exception
from web3.middleware import ExtraDataToPOAMiddleware
from web3.types import RPCEndpoint

from chain_gateway.anchoring import Anchored, CentreEntry, Cosignature, Cosigned, Head, Signed, origin_of
from chain_gateway.compiler import Artifact, compile_contracts
from chain_gateway.engines import EngineProfile
from chain_gateway.refusals import refusal
from records.errors import ConflictError, EvidenceMismatchError, NotFoundError, TongpingError, UnavailableError
from records.ids import CentreCode

_REQUEST_SECONDS = 10
_REJECTED = -32003  # EIP-1474: the pool has another one in its place, or this one already

_Answer = Any  # a JSON-RPC answer: whatever the engine says, read key by key where it is used


def log_id(origin: str) -> bytes:
    """The name the contracts give a log."""
    return bytes(Web3.keccak(text=origin))


def address_of(account_key: bytes) -> str:
    """The account behind a secp256k1 key."""
    return str(Account.from_key(account_key).address)


class _Wire:
    """One engine and one account: asks, signs and sends, and makes every foreign exception ours."""

    def __init__(self, rpc: str, chain_id: int, account_key: bytes, engine: EngineProfile) -> None:
        # The chain is a neighbour: it is not looked for behind the machine's web proxy.
        options = {"timeout": _REQUEST_SECONDS, "proxies": {"http": None, "https": None, "all": None}}
        # No retry below us: a transaction is repeated knowingly or not at all.
        provider = Web3.HTTPProvider(rpc, request_kwargs=options, exception_retry_configuration=None)
        self.web3 = Web3(provider)
        self.web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
        self.chain_id = chain_id
        self.engine = engine
        self._account = Account.from_key(account_key)
        self.address: str = self._account.address
        artifacts = compile_contracts()
        self._abis = (artifacts.anchor.abi, artifacts.registry.abi)

    @contextmanager
    def converted(self) -> Iterator[None]:
        try:
            yield
        except requests.RequestException as error:
            raise UnavailableError("chain-unreachable") from error
        except BadFunctionCallOutput as error:
            raise EvidenceMismatchError("contract-missing") from error
        except ContractLogicError as error:
            raise refusal(self._abis, _revert_data(error.data)) from error
        except Web3Exception as error:
            raise UnavailableError("chain-answer-malformed") from error

    def ask(self, method: str, *params: object) -> _Answer:
        """The unchanged result of one JSON-RPC question."""
        with self.converted():
            answer = self.web3.provider.make_request(RPCEndpoint(method), list(params))
        if "error" in answer:
            raise self._fault(answer["error"])
        return answer.get("result")

    def check_chain(self, genesis: str | None) -> None:
        found = int(self.ask("eth_chainId"), 16)
        if found != self.chain_id:
            raise EvidenceMismatchError("wrong-chain", expected=self.chain_id, found=found)
        if genesis is not None and self.genesis() != genesis.lower():
            raise EvidenceMismatchError("wrong-genesis", expected=genesis.lower(), found=self.genesis())

    def genesis(self) -> str:
        """The hash of the chain's first block."""
        return str(self.ask("eth_getBlockByNumber", "0x0", False)["hash"]).lower()  # noqa: FBT003 - positional in JSON

    def sign(self, *, to: str | None, data: str, gas: int) -> Signed:
        """Sign the account's next transaction. What the contract refuses is refused here, before it costs anything."""
        call = {"from": self.address, "data": data, "gas": hex(gas), **({"to": to} if to else {})}
        self.ask("eth_call", call, "latest")
        nonce = int(self.ask("eth_getTransactionCount", self.address, "pending"), 16)
        transaction = {
            "nonce": nonce,
            "data": data,
            "gas": gas,
            "gasPrice": self.engine.gas_price,
            "value": 0,
            "chainId": self.chain_id,
            **({"to": to} if to else {}),
        }
        signed = self._account.sign_transaction(transaction)
        return Signed(hash=Web3.to_hex(signed.hash), raw=bytes(signed.raw_transaction))

    def send(self, signed: Signed) -> None:
        """Send, again if need be. ConflictError when another transaction took its place."""
        try:
            self.ask("eth_sendRawTransaction", "0x" + signed.raw.hex())
        except ConflictError:
            if self.ask("eth_getTransactionByHash", signed.hash) is None:
                raise

    def receipt(self, transaction: str) -> _Answer:
        """The receipt once the transaction counts, None before. ConflictError when it was refused after all."""
        found = self.ask("eth_getTransactionReceipt", transaction)
        if found is None:
            return None
        last = int(self.ask("eth_blockNumber"), 16)
        if last < int(found["blockNumber"], 16) + self.engine.confirmations:
            return None
        if int(found["status"], 16) != 1:
            raise ConflictError("transaction-reverted", transaction=transaction)
        return found

    def await_receipt(self, transaction: str) -> _Answer:
        deadline = time.monotonic() + self.engine.receipt_seconds
        while (found := self.receipt(transaction)) is None:
            if time.monotonic() > deadline:
                raise UnavailableError("transaction-pending", transaction=transaction)
            time.sleep(self.engine.poll_seconds)
        return found

    def _fault(self, error: _Answer) -> TongpingError:
        """Our error for a JSON-RPC error. Engines agree on little: the words are all there is to tell them apart."""
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


class Ledger:
    """The contracts of one consortium, seen by one centre's gateway account, which nobody else sends with.

    Every call raises UnavailableError while the chain does not answer, and EvidenceMismatchError when it is another
    chain ("wrong-chain", "wrong-genesis") or the contracts are not ours ("contract-missing", "contract-foreign",
    "registry-foreign"); that is asked once, before the first use.
    """

    def __init__(
        self,
        rpc: str,
        *,
        chain_id: int,
        anchor_address: str,
        registry_address: str,
        account_key: bytes,
        engine: EngineProfile,
        genesis: str | None = None,
    ) -> None:
        self.rpc = rpc
        self.chain_id = chain_id
        self.anchor_address: Final = Web3.to_checksum_address(anchor_address)
        self.registry_address: Final = Web3.to_checksum_address(registry_address)
        self._expected_genesis = genesis
        self._wire = _Wire(rpc, chain_id, account_key, engine)
        self.account = self._wire.address
        artifacts = compile_contracts()
        self._anchor = _contract(self._wire, self.anchor_address, artifacts.anchor)
        self._registry = _contract(self._wire, self.registry_address, artifacts.registry)
        self._turn = threading.RLock()  # one ordered sender per key
        self._checked = False

    @classmethod
    def deploy(
        cls, rpc: str, *, chain_id: int, account_key: bytes, engine: EngineProfile, founding: Sequence[CentreEntry]
    ) -> "Ledger":
        """Create both contracts and bind them for good. InvalidRecordError when the registry refuses the centres."""
        wire = _Wire(rpc, chain_id, account_key, engine)
        wire.check_chain(None)
        artifacts = compile_contracts()
        registry = _create(wire, artifacts.registry, [[_entry_values(entry) for entry in founding]])
        anchor = _create(wire, artifacts.anchor, [registry])
        return cls(
            rpc,
            chain_id=chain_id,
            anchor_address=anchor,
            registry_address=registry,
            account_key=account_key,
            engine=engine,
            genesis=wire.genesis(),
        )

    def genesis(self) -> str:
        """The hash of the chain's first block, lower-case."""
        return self._wire.genesis()

    def check(self) -> None:
        """Whether this is the right chain with our contracts on it: see the class for the errors."""
        self._wire.check_chain(self._expected_genesis)
        artifacts = compile_contracts()
        for artifact, address in ((artifacts.anchor, self.anchor_address), (artifacts.registry, self.registry_address)):
            code = bytes.fromhex(self._wire.ask("eth_getCode", address, "latest")[2:])
            if not artifact.is_code(code):
                problem = "contract-foreign" if code else "contract-missing"
                raise EvidenceMismatchError(problem, contract=artifact.name, address=address)
        bound = self._read(self._anchor, "registry")
        if bound != self.registry_address:
            raise EvidenceMismatchError("registry-foreign", expected=self.registry_address, found=bound)
        self._checked = True

    def centres(self) -> tuple[CentreEntry, ...]:
        """The consortium's centres, in the order in which they entered."""
        self._ready()
        found = [self._read(self._registry, "centreOf", name) for name in self._read(self._registry, "logs")]
        return tuple(_entry(values) for values in found)

    def head(self, origin: str) -> Head:
        """The log's last anchored checkpoint."""
        self._ready()
        size, root, block_number = self._read(self._anchor, "head", log_id(origin))
        return Head(size=size, root=root, block_number=block_number)

    def cosignatures(self, origin: str) -> tuple[Cosignature, ...]:
        """The last cosignature of every centre that gave one."""
        codes = {log_id(origin_of(centre.code)): centre.code for centre in self.centres()}
        return tuple(
            Cosignature(witness=codes[witness], size=size, root=root, block_number=block_number)
            for witness, root, size, block_number in self._read(self._anchor, "cosignatures", log_id(origin))
        )

    def anchor(
        self,
        origin: str,
        old_size: int,
        new_size: int,
        root: bytes,
        proof: Sequence[bytes],
        *,
        before_sending: Callable[[Signed], None] = lambda _: None,
    ) -> Anchored:
        """Anchor a checkpoint that extends the head and wait until it counts.

        `before_sending` may keep the signed transaction: `resend` then finishes it after a crash without a second one.
        ConflictError("stale-head" | "not-growing" | "nonce-refused" | "transaction-…") asks for a new look at
        the head; EvidenceMismatchError("inconsistent-root"), NotPermittedError and NotFoundError("unknown-log") do not.
        """
        arguments = [log_id(origin), old_size, new_size, root, list(proof)]
        with self._turn:
            self._ready()
            signed = self._sign("anchor", arguments)
            before_sending(signed)
            return self.resend(origin, signed)

    def resend(self, origin: str, signed: Signed) -> Anchored:
        """Finish an anchoring whose outcome is unknown: send the same bytes again, wait, and read what came of it."""
        with self._turn:
            self._ready()
            if self._wire.receipt(signed.hash) is None:
                self._wire.send(signed)
            return self._anchored(origin, self._wire.await_receipt(signed.hash))

    def anchored(self, origin: str, head: Head) -> Anchored:
        """Find the transaction that anchored a head. NotFoundError("anchor-unknown") when its block has none."""
        self._ready()
        return self._anchored(origin, self._event("CheckpointAnchored", head.block_number, log_id(origin)))

    def cosign(self, origin: str, size: int, root: bytes) -> Cosigned:
        """Cosign the present head of another centre's log; a second time says what the first one did.

        ConflictError("head-mismatch") when the head is another one, NotPermittedError("own-log" | "unknown-witness").
        """
        with self._turn:
            self._ready()
            try:
                signed = self._sign("cosign", [log_id(origin), size, root])
            except ConflictError as error:
                if error.code != "already-cosigned":
                    raise
                return self._given(origin, size)
            self._wire.send(signed)
            return _cosigned(self._wire.await_receipt(signed.hash))

    def _given(self, origin: str, size: int) -> Cosigned:
        own = bytes(self._read(self._registry, "witnessOf", self.account)[0])
        given = self._read(self._anchor, "cosignatures", log_id(origin))
        block_number = next(block for witness, _, found, block in given if (witness, found) == (own, size))
        return _cosigned(self._event("CheckpointCosigned", block_number, log_id(origin), own))

    def _ready(self) -> None:
        if not self._checked:
            self.check()

    def _read(self, contract: Contract, name: str, *arguments: object) -> Any:  # Any: what the ABI says
        with self._wire.converted():
            return contract.get_function_by_name(name)(*arguments).call()

    def _sign(self, function: str, arguments: Sequence[object]) -> Signed:
        data = self._anchor.encode_abi(function, args=list(arguments))
        return self._wire.sign(to=self.anchor_address, data=data, gas=self._wire.engine.call_gas)

    def _event(self, name: str, block_number: int, *topics: bytes) -> _Answer:
        """The receipt of the transaction in a block that left this event."""
        wanted = [Web3.to_hex(_topic(self._anchor, name)), *(Web3.to_hex(topic) for topic in topics)]
        block = hex(block_number)
        question = {"address": self.anchor_address, "fromBlock": block, "toBlock": block, "topics": wanted}
        logs = self._wire.ask("eth_getLogs", question)
        if not logs:
            raise NotFoundError("anchor-unknown", block=block_number)
        return self._wire.await_receipt(logs[-1]["transactionHash"])

    def _anchored(self, origin: str, receipt: _Answer) -> Anchored:
        """All that shows an anchoring, in the chain's own words."""
        size, root = self._anchored_values(origin, receipt)
        block = self._wire.ask("eth_getBlockByHash", receipt["blockHash"], False)  # noqa: FBT003 - positional in JSON
        receipts = [self._wire.ask("eth_getTransactionReceipt", name) for name in block["transactions"]]
        return Anchored(
            size=size,
            root=root,
            chain_id=self.chain_id,
            contract=self.anchor_address,
            transaction=receipt["transactionHash"],
            block_number=int(receipt["blockNumber"], 16),
            block_hash=receipt["blockHash"],
            transaction_json=_text(self._wire.ask("eth_getTransactionByHash", receipt["transactionHash"])),
            receipt_json=_text(receipt),
            block_json=_text(block),
            receipts_json=_text(receipts),
        )

    def _anchored_values(self, origin: str, receipt: _Answer) -> tuple[int, bytes]:
        """Size and root as the contract's own event gives them."""
        wanted = [Web3.to_hex(_topic(self._anchor, "CheckpointAnchored")), Web3.to_hex(log_id(origin))]
        for log in receipt["logs"]:
            if log["topics"] == wanted and Web3.to_checksum_address(log["address"]) == self.anchor_address:
                data = bytes.fromhex(log["data"][2:])
                return int.from_bytes(data[:32], "big"), data[32:64]
        raise EvidenceMismatchError("anchor-event-missing", transaction=receipt["transactionHash"])


def _contract(wire: _Wire, address: str, artifact: Artifact) -> Contract:
    return wire.web3.eth.contract(address=Web3.to_checksum_address(address), abi=artifact.abi)


def _create(wire: _Wire, artifact: Artifact, arguments: Sequence[object]) -> str:
    """Create a contract; its address."""
    factory = wire.web3.eth.contract(abi=artifact.abi, bytecode=artifact.creation)
    data = str(factory.constructor(*arguments).data_in_transaction)
    signed = wire.sign(to=None, data=data, gas=wire.engine.deploy_gas)
    wire.send(signed)
    return Web3.to_checksum_address(wire.await_receipt(signed.hash)["contractAddress"])


def _topic(contract: Contract, event: str) -> bytes:
    return bytes.fromhex(contract.get_event_by_name(event)().topic[2:])


def _revert_data(data: object) -> str:
    """The contract's own words in a JSON-RPC error; engines wrap them differently. `0x` when there are none."""
    if isinstance(data, dict):
        data = data.get("result") or data.get("data")
    return data if isinstance(data, str) and data.startswith("0x") else "0x"


def _cosigned(receipt: _Answer) -> Cosigned:
    return Cosigned(transaction=receipt["transactionHash"], block_number=int(receipt["blockNumber"], 16))


def _entry_values(entry: CentreEntry) -> tuple[object, ...]:
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


def _text(answer: _Answer) -> str:
    return json.dumps(answer, separators=(",", ":"))
