"""Checkpoints on the chain as values: heads, anchored checkpoints, cosignatures, centres."""

from dataclasses import dataclass
from datetime import datetime

from records.ids import CentreCode


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousKeys:
    """A centre's keys before its present ones, and the time in which they still count as well."""

    log_account: str
    witness_account: str
    verifier_key: str
    witness_key: str
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreEntry:
    """A centre as the registry knows it. Accounts are 0x addresses, the two keys are C2SP texts.

    `witness_key` is empty while the centre cosigns no notes; `member` is False once the centre was removed.
    """

    code: CentreCode
    log_account: str
    witness_account: str
    endpoint: str
    verifier_key: str
    valid_from: datetime
    valid_until: datetime
    witness_key: str = ""
    member: bool = True
    previous: PreviousKeys | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A log's last anchored checkpoint; size 0, and block 0, before the first."""

    size: int
    root: bytes
    block_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosignature:
    """The last head that a centre cosigned."""

    witness: CentreCode
    size: int
    root: bytes
    block_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signed transaction: sending the same bytes twice has the effect of sending them once."""

    hash: str
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """A checkpoint that the contract accepted, with everything to check it offline.

    The four `…_json` are the unchanged JSON texts of the chain's answers: eth_getTransactionByHash,
    eth_getTransactionReceipt, eth_getBlockByHash (transactions as hashes; its fields give the header's hash), and the
    list of the receipts of all transactions of that block in order, from which receiptsRoot is computed again.
    """

    size: int
    root: bytes
    chain_id: int
    contract: str
    transaction: str
    block_number: int
    block_hash: str
    transaction_json: str
    receipt_json: str
    block_json: str
    receipts_json: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """A cosignature that the contract accepted."""

    transaction: str
    block_number: int


def origin_of(code: CentreCode) -> str:
    """The origin of a centre's log: `jn.tongping`."""
    return f"{code.lower()}.tongping"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchoredCheckpoint(Anchored):
    """An anchored checkpoint of the own log with its signed note: the part of an evidence bundle from the chain.

    Beside the fields of `Anchored`: the log's origin (`jn.tongping`) and the signed note over (origin, size, root).
    """

    origin: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A pending checkpoint: saved with its note, and with the transaction once that is signed."""

    size: int
    root: bytes
    note: str
    signed: Signed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """The answer to a witness: the last anchored checkpoint's note and the proof that it extends the one it saw."""

    note: str
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The last checkpoint seen of another centre's log, with its note; size 0 before the first."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigner:
    """A centre that cosigned the own log's notes, and the largest size it cosigned."""

    witness: CentreCode
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A pending cosignature line for the centre whose log it is about."""

    origin: str
    size: int
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Evidence against a log: a signed note that contradicts `known`, which is another signed note or the chain's head.

    `code` names the contradiction: "log-forked", "chain-forked", "tiles-forked".
    """

    origin: str
    size: int
    root: bytes
    code: str
    at: str
    shown: str
    known: str
