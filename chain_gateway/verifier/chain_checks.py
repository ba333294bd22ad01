"""Checks a bundle's evidence from the chain: the transaction, its receipt, its block, the contract's event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from eth_hash.auto import keccak

from chain_gateway.evidence import bundle
from chain_gateway.ledger import blocks
from chain_gateway.verifier.posix_time import moment
from chain_gateway.verifier.trust import Chain
from records import canonical
from records.errors import EvidenceMismatchError, InvalidRecordError
from records.log.checkpoint import Checkpoint
from records.strict_fields import Reader, read_object, read_objects

ANCHORED: Final = keccak(b"CheckpointAnchored(bytes32,uint64,bytes32,uint64)")
"""The first topic of the event by which the contract confirms a checkpoint."""

_WORD: Final = 32
_LEGACY: Final = ("nonce", "gasPrice", "gas", "to", "value", "input", "v", "r", "s")
_CHAIN_OFFSET: Final = 35
"""EIP-155: v = chain id · 2 + 35 + parity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt found in its block; `at` is the block's own time."""

    value: Reader
    transaction: str
    block: int
    block_hash: str
    at: datetime


def check_receipt(members: Mapping[str, bytes]) -> tuple[Receipt, str]:
    """Recompute the block's hash and the root over its receipts, and find the receipt among them."""
    block = read_object("block", members[bundle.BLOCK])
    listed = read_objects("receipts", members[bundle.RECEIPTS])
    receipt = read_object("receipt", members[bundle.RECEIPT])
    named = receipt.text("blockHash").lower()
    _same("receipt-block", expected=named, found=_hex(blocks.header_hash(block)))
    _same("receipt-block", expected=named, found=block.text("hash").lower())
    _same("receipt-root", expected=_hex(blocks.octets(block, "receiptsRoot")), found=_hex(blocks.receipts_root(listed)))
    place = blocks.quantity(receipt, "transactionIndex")
    if place >= len(listed):
        raise EvidenceMismatchError("receipt-not-in-block")
    if listed[place].value != receipt.value:
        raise EvidenceMismatchError("receipt-differs")
    if blocks.quantity(receipt, "status") != 1:
        raise EvidenceMismatchError("transaction-failed")
    number = blocks.quantity(block, "number")
    transaction = receipt.text("transactionHash").lower()
    at = moment(blocks.quantity(block, "timestamp"))
    found = Receipt(value=receipt, transaction=transaction, block=number, block_hash=named, at=at)
    return found, f"the receipt is one of {len(listed)} under the receipts root of block {number}, hash {named}"


def check_contract(members: Mapping[str, bytes], chain: Chain) -> tuple[None, str]:
    """The bundle names the chain and contract that the trust file names for anchoring."""
    claimed = canonical.decode(members[bundle.ANCHOR])
    if not isinstance(claimed, dict) or claimed.keys() != {"chain_id", "contract"}:
        raise InvalidRecordError("anchor-malformed")
    if claimed["chain_id"] != chain.chain_id:
        raise EvidenceMismatchError("contract-chain", expected=chain.chain_id, found=str(claimed["chain_id"]))
    if claimed["contract"] != chain.anchor:
        raise EvidenceMismatchError("contract-address", expected=chain.anchor, found=str(claimed["contract"]))
    return None, f"anchored in contract {chain.anchor} on chain {chain.chain_id}, which the trust file names"


def check_transaction(members: Mapping[str, bytes], receipt: Receipt, chain: Chain) -> tuple[None, str]:
    """Recompute the hash of the signed transaction; it was made for the trusted chain and contract."""
    transaction = read_object("transaction", members[bundle.TRANSACTION])
    found = _hex(keccak(blocks.rlp([_field(transaction, name) for name in _LEGACY])))
    _same("transaction-hash", expected=receipt.transaction, found=found)
    _same("transaction-hash", expected=receipt.transaction, found=transaction.text("hash").lower())
    made_for = (blocks.quantity(transaction, "v") - _CHAIN_OFFSET) // 2
    _same("transaction-chain", expected=chain.chain_id, found=made_for)
    _same("transaction-address", expected=chain.anchor, found=transaction.text("to").lower())
    return None, f"transaction {receipt.transaction}, made for chain {made_for} and contract {chain.anchor}"


def _field(transaction: Reader, name: str) -> bytes:
    """Return one of the nine fields of a legacy transaction as it is hashed."""
    if name in {"to", "input"}:
        return blocks.octets(transaction, name)
    number = blocks.quantity(transaction, name)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def check_event(receipt: Receipt, checkpoint: Checkpoint, chain: Chain) -> tuple[None, str]:
    """Find the trusted contract's event for exactly this log, size and root."""
    log_id = keccak(checkpoint.origin.encode())
    if not any(_confirms(log, log_id, checkpoint, chain) for log in receipt.value.parts("logs")):
        raise EvidenceMismatchError("anchor-event-missing", size=checkpoint.size, origin=checkpoint.origin)
    confirmed = f"contract {chain.anchor} confirmed log {checkpoint.origin}, size {checkpoint.size}"
    return None, f"{confirmed}, root {checkpoint.root.hex()} in block {receipt.block}"


def _confirms(log: Reader, log_id: bytes, checkpoint: Checkpoint, chain: Chain) -> bool:
    if log.text("address").lower() != chain.anchor or len(log.texts("topics")) != 2:  # noqa: PLR2004  event and log
        return False
    data = blocks.octets(log, "data")
    expected = checkpoint.size.to_bytes(_WORD, "big") + checkpoint.root
    return (blocks.topic(log, 0), blocks.topic(log, 1), data[: 2 * _WORD]) == (ANCHORED, log_id, expected)


def _same(code: str, *, expected: str | int, found: str | int) -> None:
    if expected != found:
        raise EvidenceMismatchError(code, expected=expected, found=found)


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
