"""The one way to the consortium chain: our two contracts over JSON-RPC, used by one centre's gateway account."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from web3 import Web3

from chain_gateway.checkpoints import Anchored, CentreEntry, Cosignature, Cosigned, Head, Signed, origin_of
from chain_gateway.ledger.calldata import padded
from chain_gateway.ledger.compiler import compile_contracts, is_first_registry
from chain_gateway.ledger.engines import EngineProfile
from chain_gateway.ledger.registry import RegistryLedger, entry_values
from chain_gateway.ledger.rpc import Answer, Wire, topic
from records.errors import ConflictError, EvidenceMismatchError, NotFoundError, UnavailableError


def log_id(origin: str) -> bytes:
    """The contracts' name for a log."""
    return bytes(Web3.keccak(text=origin))


class Ledger:
    """The contracts of one consortium, used by one centre's gateway account, which no other program sends with.

    Every call raises UnavailableError while the chain does not answer, and EvidenceMismatchError when it is another
    chain ("wrong-chain", "wrong-genesis") or the contracts are not ours ("contract-missing", "contract-foreign",
    "registry-foreign"); that is checked before the first use, and again after the chain was unreachable.
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
        genesis: str,
    ) -> None:
        self.rpc = rpc
        self.chain_id = chain_id
        self.anchor_address: Final = Web3.to_checksum_address(anchor_address)
        self.registry_address: Final = Web3.to_checksum_address(registry_address)
        self._genesis = genesis.lower()
        self._account_key = account_key
        self._wire = Wire(rpc, chain_id, account_key, engine)
        self.account = self._wire.address
        artifacts = compile_contracts()
        self._anchor = self._wire.contract(self.anchor_address, artifacts.anchor)
        self._registry = RegistryLedger(self._wire, registry_address)
        self._checked = False

    @classmethod
    def deploy(
        cls,
        rpc: str,
        *,
        chain_id: int,
        account_key: bytes,
        engine: EngineProfile,
        founding: Sequence[CentreEntry],
        threshold: int | None = None,
    ) -> "Ledger":
        """Create both contracts and bind them permanently. InvalidRecordError when the registry refuses the centres.

        `threshold`: votes that a proposal needs; a majority of the founders when None.
        """
        wire = Wire(rpc, chain_id, account_key, engine)
        wire.check_chain()
        artifacts = compile_contracts()
        votes = len(founding) // 2 + 1 if threshold is None else threshold
        registry = wire.create(artifacts.registry, [[entry_values(entry) for entry in founding], votes])
        anchor = wire.create(artifacts.anchor, [registry])
        return cls(
            rpc,
            chain_id=chain_id,
            anchor_address=anchor,
            registry_address=registry,
            account_key=account_key,
            engine=engine,
            genesis=wire.genesis(),
        )

    @property
    def genesis(self) -> str:
        """The hash that the chain's first block must have, lower-case."""
        return self._genesis

    def check(self) -> None:
        """Check that this is the right chain with our contracts on it: see the class for the errors."""
        self._wire.lost = False  # before the check: a chain lost meanwhile is checked again
        self._wire.check_chain()
        if (found := self._wire.genesis()) != self._genesis:
            raise EvidenceMismatchError("wrong-genesis", expected=self._genesis, found=found)
        artifacts = compile_contracts()
        for artifact, address in ((artifacts.anchor, self.anchor_address), (artifacts.registry, self.registry_address)):
            code = bytes.fromhex(self._wire.ask("eth_getCode", address, "latest")[2:])
            if not artifact.is_code(code) and not (artifact is artifacts.registry and is_first_registry(code)):
                problem = "contract-foreign" if code else "contract-missing"
                raise EvidenceMismatchError(problem, contract=artifact.name, address=address)
        bound = self._read("registry")
        if bound != self.registry_address:
            raise EvidenceMismatchError("registry-foreign", expected=self.registry_address, found=bound)
        self._checked = True

    @property
    def registry(self) -> RegistryLedger:
        """The registry: the members, and the votes on them. The same errors as every call here."""
        self.ready()
        return self._registry

    def successor(self) -> str | None:
        """The anchor contract that the consortium named as this one's successor."""
        return self.registry.rules().successor

    def followed(self) -> "Ledger":
        """The contract in use: this one, or the last of its successors.

        EvidenceMismatchError("successor-loop") when the successors form a circle, "contract-foreign" when one is not
        ours.
        """
        ledger, seen = self, {str(self.anchor_address)}
        while (address := ledger.successor()) is not None and address != ledger.anchor_address:
            if address in seen:
                raise EvidenceMismatchError("successor-loop", contract=address)
            seen.add(address)
            ledger = ledger._at(address)
            ledger.check()
        return ledger

    def _at(self, anchor_address: str) -> "Ledger":
        """Another anchor contract on the same chain, with the registry that it names."""
        anchor = self._wire.contract(anchor_address, compile_contracts().anchor)
        return Ledger(
            self.rpc,
            chain_id=self.chain_id,
            anchor_address=anchor_address,
            registry_address=str(self._wire.read(anchor, "registry")),
            account_key=self._account_key,
            engine=self._wire.engine,
            genesis=self._genesis,
        )

    def fund(self, account: str) -> None:
        """Transfer half of the own balance to another account of the same centre, so that it can pay for gas."""
        with self._wire.turn:
            self.ready()
            self._wire.fund(account)

    def centres(self) -> tuple[CentreEntry, ...]:
        """The consortium's centres, in the order in which they joined."""
        self.ready()
        return self._registry.centres()

    def head(self, origin: str) -> Head:
        """The log's last anchored checkpoint."""
        self.ready()
        size, root, block_number = self._read("head", log_id(origin))
        return Head(size=size, root=root, block_number=block_number)

    def cosignatures(self, origin: str) -> tuple[Cosignature, ...]:
        """The last cosignature of every centre that gave one."""
        codes = {log_id(origin_of(centre.code)): centre.code for centre in self.centres()}
        return tuple(
            Cosignature(witness=codes[witness], size=size, root=root, block_number=block_number)
            for witness, root, size, block_number in self._read("cosignatures", log_id(origin))
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

        `before_sending` may keep the signed transaction: `resend` then finishes it after a crash without sending a
        second one. ConflictError("stale-head" | "not-growing" | "nonce-refused" | "transaction-…") means: read the head
        again; EvidenceMismatchError("inconsistent-root"), NotPermittedError and NotFoundError("unknown-log") are final.
        """
        arguments = [log_id(origin), old_size, new_size, root, list(proof)]
        with self._wire.turn:
            self.ready()
            signed = self._sign("anchor", arguments)
            before_sending(signed)
            return self.resend(origin, signed)

    def resend(self, origin: str, signed: Signed) -> Anchored:
        """Finish an anchoring whose outcome is unknown: send the same bytes again, wait, and read the outcome."""
        with self._wire.turn:
            self.ready()
            if self._wire.receipt(signed.hash) is None:
                self._wire.send(signed)
            return self._anchored(origin, self._wire.await_receipt(signed.hash, signed))

    @property
    def replaceable(self) -> int:
        """How many blocks back a counted block may still be replaced; 0 on an engine with finality."""
        return self._wire.engine.replaceable

    def height(self) -> int:
        """The number of the chain's last block."""
        self.ready()
        return self._wire.height()

    def block_hash(self, number: int) -> str | None:
        """The hash of the present block at a height; None above the head."""
        self.ready()
        return self._wire.block_hash(number)

    def found(self, origin: str, transaction: str) -> Anchored | None:
        """An anchoring as the chain has it now, once it counts; None when no block contains it."""
        self.ready()
        if self._wire.ask("eth_getTransactionReceipt", transaction) is None:
            return None
        return self._anchored(origin, self._wire.await_receipt(transaction))

    def anchored(self, origin: str, head: Head) -> Anchored:
        """Find the transaction that anchored a head. NotFoundError("anchor-unknown") when its block has none."""
        self.ready()
        return self._anchored(origin, self._event("CheckpointAnchored", head.block_number, log_id(origin)))

    def cosign(self, origin: str, size: int, root: bytes) -> Cosigned:
        """Cosign the present head of another centre's log; a repetition returns the first result.

        ConflictError("head-mismatch") when the head is another one, NotPermittedError("own-log" | "unknown-witness").
        """
        with self._wire.turn:
            self.ready()
            try:
                signed = self._sign("cosign", [log_id(origin), size, root])
            except ConflictError as error:
                if error.code != "already-cosigned":
                    raise
                return self._given(origin, size)
            self._wire.send(signed)
            return _cosigned(self._wire.await_receipt(signed.hash, signed))

    def cosigned_at(self, origin: str, size: int) -> int | None:
        """The block in which this account's centre cosigned that size; None when the chain has no such cosignature."""
        self.ready()
        own = self._registry.witness_log(self.account)
        given = self._read("cosignatures", log_id(origin))
        return next((block for witness, _, found, block in given if (witness, found) == (own, size)), None)

    def _given(self, origin: str, size: int) -> Cosigned:
        block_number = self.cosigned_at(origin, size)
        if block_number is None:
            raise ConflictError("head-moved", size=size)  # undone between two requests
        own = self._registry.witness_log(self.account)
        return _cosigned(self._event("CheckpointCosigned", block_number, log_id(origin), own))

    def ready(self) -> None:
        """Check the chain and the contracts, unless that was done since the chain last answered."""
        if not self._checked or self._wire.lost:
            self.check()

    def _read(self, name: str, *arguments: object) -> Any:  # Any: determined by the ABI
        return self._wire.read(self._anchor, name, *arguments)

    def _sign(self, function: str, arguments: Sequence[object]) -> Signed:
        data = self._anchor.encode_abi(function, args=list(arguments))
        if function == "anchor":
            data = Web3.to_hex(padded(bytes.fromhex(data[2:])))
        return self._wire.sign(to=self.anchor_address, data=data, gas=self._wire.engine.call_gas)

    def _event(self, name: str, block_number: int, *topics: bytes) -> Answer:
        """The receipt of the transaction in a block that emitted this event."""
        wanted = [Web3.to_hex(topic(self._anchor, name)), *(Web3.to_hex(topic) for topic in topics)]
        block = hex(block_number)
        question = {"address": self.anchor_address, "fromBlock": block, "toBlock": block, "topics": wanted}
        logs = self._wire.ask("eth_getLogs", question)
        if not logs:
            raise NotFoundError("anchor-unknown", block=block_number)
        return self._wire.await_receipt(logs[-1]["transactionHash"])

    def _anchored(self, origin: str, receipt: Answer) -> Anchored:
        """All evidence of an anchoring, as the chain's unchanged answers."""
        size, root = self._anchored_values(origin, receipt)
        block = self._wire.ask("eth_getBlockByHash", receipt["blockHash"], False)  # noqa: FBT003 - positional in JSON
        names = block["transactions"] if block is not None else []
        receipts = [self._wire.ask("eth_getTransactionReceipt", name) for name in names]
        number = int(receipt["blockNumber"], 16)
        if receipt not in receipts or self._wire.block_hash(number) != receipt["blockHash"]:
            raise UnavailableError("chain-reorganised", block=number)  # reorganised meanwhile: start again
        return Anchored(
            size=size,
            root=root,
            chain_id=self.chain_id,
            contract=self.anchor_address,
            transaction=receipt["transactionHash"],
            block_number=number,
            block_hash=receipt["blockHash"],
            transaction_json=_text(self._wire.ask("eth_getTransactionByHash", receipt["transactionHash"])),
            receipt_json=_text(receipt),
            block_json=_text(block),
            receipts_json=_text(receipts),
        )

    def _anchored_values(self, origin: str, receipt: Answer) -> tuple[int, bytes]:
        """Size and root from the contract's own event."""
        wanted = [Web3.to_hex(topic(self._anchor, "CheckpointAnchored")), Web3.to_hex(log_id(origin))]
        for log in receipt["logs"]:
            if log["topics"] == wanted and Web3.to_checksum_address(log["address"]) == self.anchor_address:
                data = bytes.fromhex(log["data"][2:])
                return int.from_bytes(data[:32], "big"), data[32:64]
        raise EvidenceMismatchError("anchor-event-missing", transaction=receipt["transactionHash"])


def _cosigned(receipt: Answer) -> Cosigned:
    return Cosigned(transaction=receipt["transactionHash"], block_number=int(receipt["blockNumber"], 16))


def _text(answer: Answer) -> str:
    return json.dumps(answer, separators=(",", ":"))
