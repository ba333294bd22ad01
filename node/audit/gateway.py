"""The gateway's tables against the log, the notes, the records of anchoring and the chain's own answers."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from eth_hash.auto import keccak

from chain_gateway.checkpoints import origin_of
from chain_gateway.ledger import blocks
from journal.expected_rows import Row, read
from records import facts
from records.alteration import ABSENT, Alteration, shown
from records.errors import TongpingError
from records.log.checkpoint import Checkpoint, open_note
from records.log.cosignature import cosignatures as cosigned_by
from records.log.note import parse_note
from records.strict_fields import read_object, read_objects

Root = Callable[[int], bytes | None]
"""The root over this number of entries as the journal gives it, None when it holds fewer."""

UNCOSIGNED: Final[Mapping[str, object]] = {"transaction": "", "block_number": 0}
"""Columns of gateway_witness that no record gives: seen, but not cosigned on the chain."""
UNANSWERED: Final[Mapping[str, object]] = {
    "transaction": "",
    "block_number": 0,
    "chain_id": 0,
    "contract": "",
    "block_hash": "",
    "transaction_json": "",
    "receipt_json": "",
    "block_json": "",
    "receipts_json": "",
}
"""Columns of a pending row of gateway_checkpoint: the chain has not answered yet."""


class Anchorings:
    """Takes the records of anchoring and cosigning; afterwards it knows the rows of the tables."""

    def __init__(self) -> None:
        self.anchored: dict[tuple[str, int], tuple[int, dict[str, Any]]] = {}
        """By log and size: of the own log alone."""
        self.cosigned: dict[tuple[str, int], tuple[int, dict[str, Any]]] = {}
        """By log and size: of the logs of others."""
        self.derives: dict[str, Callable[[int, bytes, bytes], None]] = {
            facts.CHECKPOINT_ANCHORED: self._anchored,
            facts.CHECKPOINT_COSIGNED: self._cosigned,
            facts.CHECKPOINT_DISPLACED: self._displaced,
        }

    def _anchored(self, index: int, record: bytes, _salt: bytes) -> None:
        body = read(record)["body"]
        self.anchored[body["origin"], body["size"]] = (index, body)

    def _displaced(self, _index: int, record: bytes, _salt: bytes) -> None:
        """The own anchoring or another log's cosignature is no longer where a record placed it; the log tells which."""
        body = read(record)["body"]
        self.anchored.pop((body["origin"], body["size"]), None)
        self.cosigned.pop((body["origin"], body["size"]), None)

    def _cosigned(self, index: int, record: bytes, _salt: bytes) -> None:
        body = read(record)["body"]
        self.cosigned[body["origin"], body["size"]] = (index, body)


def checkpoints(
    rows: Iterable[Row], anchorings: Anchorings, *, origin: str, keys: Sequence[str], root: Root
) -> Iterator[Alteration]:
    """gateway_checkpoint: the journal's root, the note over it, its record, the chain's answers."""
    left = dict(anchorings.anchored)
    for row in rows:
        size = row["size"]
        where = f"table gateway_checkpoint, row {size}"
        index, body = left.pop((origin, size), (None, None))
        expected = _anchoring(body) if body is not None else UNANSWERED
        yield from _columns(where, row, {"origin": origin, "root": root(size), **expected}, index)
        yield from _note(
            where, row["note"], Checkpoint(origin=origin, size=size, root=root(size) or bytes(32)), keys, index
        )
        yield from _sent(where, row, index)
        if row["transaction"]:
            yield from _answers(where, row, index)
    for (_, size), (index, _) in left.items():
        where = f"table gateway_checkpoint, row {size}"
        yield Alteration(where=where, index=index, field="row", expected=f"the row of record {index}", found=ABSENT)


def witnessed(
    rows: Iterable[Row], anchorings: Anchorings, *, keys: Mapping[str, Sequence[str]], own: Sequence[str]
) -> Iterator[Alteration]:
    """gateway_witness: what was seen of other logs, by their own notes and by the records of cosigning.

    `own`: this centre's witness keys, with which its lines were made.
    """
    left = dict(anchorings.cosigned)
    for row in rows:
        origin, size = row["origin"], row["size"]
        where = f"table gateway_witness, row {origin} {size}"
        index, body = left.pop((origin, size), (None, None))
        if origin in keys:
            yield from _seen(where, row, keys[origin], index)
        else:
            yield from _columns(where, row, {"origin": row["note"].partition("\n")[0]}, index)
        if own and row["line"]:
            yield from _line(where, row["note"], row["line"], own)
        yield from _columns(where, row, _cosigning(body) if body is not None else UNCOSIGNED, index)
    for (origin, size), (index, _) in left.items():
        where = f"table gateway_witness, row {origin} {size}"
        yield Alteration(where=where, index=index, field="row", expected=f"the row of record {index}", found=ABSENT)


def cosignatures(
    rows: Iterable[Row], notes: Mapping[int, str], keys: Mapping[str, Sequence[str]]
) -> Iterator[Alteration]:
    """gateway_cosignature: lines of other centres under the notes of the own checkpoints."""
    for row in rows:
        where = f"table gateway_cosignature, row {row['size']} {row['witness']}"
        note = notes.get(row["size"])
        if note is None:
            yield Alteration(where=where, field="size", expected="a checkpoint of this size", found=ABSENT)
        elif not row["line"].startswith(f"— {origin_of(row['witness'])}/witness "):
            yield _differs(where, "witness", row["line"].partition("/")[0].removeprefix("— "), row["witness"], None)
        elif row["witness"] in keys:
            yield from _line(where, note, row["line"], keys[row["witness"]], row["time"])


def _line(where: str, note: str, line: str, keys: Sequence[str], time: int | None = None) -> Iterator[Alteration]:
    """A cosignature line verifies over the note, and has the time stored beside it."""
    try:
        given = cosigned_by(f"{parse_note(note).text}\n{line}\n", keys)
        found = "no line of this centre" if not given else ""
    except TongpingError as error:
        given, found = (), error.code
    if found:
        yield Alteration(where=where, field="line", expected="a cosignature over the note", found=found)
    elif time is not None and given[0].time != time:
        yield Alteration(where=where, field="time", expected=str(given[0].time), found=str(time))


def forks(rows: Iterable[Row], keys: Mapping[str, Sequence[str]]) -> Iterator[Alteration]:
    """gateway_fork: the evidence is signed by the log's own key, over the size and root stored beside it."""
    for row in rows:
        where = f"table gateway_fork, row {row['origin']} {row['size']}"
        if row["origin"] in keys and row["shown"].startswith(f"{row['origin']}\n"):
            checkpoint = Checkpoint(origin=row["origin"], size=row["size"], root=row["root"])
            yield from _note(where, row["shown"], checkpoint, keys[row["origin"]], None)


def _seen(where: str, row: Row, keys: Sequence[str], index: int | None) -> Iterator[Alteration]:
    try:
        checkpoint = open_note(str(row["note"]), keys)
    except TongpingError as error:
        yield Alteration(
            where=where, index=index, field="note", expected=f"signed by {row['origin']}", found=error.code
        )
        return
    expected: dict[str, object] = {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root}
    yield from _columns(where, row, expected, index)


def _cosigning(body: Mapping[str, Any]) -> dict[str, object]:
    """The row's values from the record of a cosignature."""
    return {
        "transaction": body["transaction"],
        "block_number": body["block"],
        "root": bytes.fromhex(str(body["root"]).removeprefix("sha256:")),
    }


def _anchoring(body: Mapping[str, Any]) -> dict[str, object]:
    """The row's values from the record of an anchoring."""
    return {
        "root": bytes.fromhex(str(body["root"]).removeprefix("sha256:")),
        "chain_id": body["chain_id"],
        "contract": body["contract"],
        "transaction": body["transaction"],
        "block_number": body["block"],
    }


def _columns(where: str, row: Row, expected: Mapping[str, object], index: int | None) -> Iterator[Alteration]:
    for name, right in expected.items():
        if right is not None and row[name] != right:
            yield _differs(where, name, right, row[name], index)


def _note(
    where: str, note: object, checkpoint: Checkpoint, keys: Sequence[str], index: int | None
) -> Iterator[Alteration]:
    """The note is signed by the log, and over this checkpoint."""
    try:
        found = open_note(str(note), keys)
    except TongpingError as error:
        yield Alteration(
            where=where, index=index, field="note", expected=f"signed by {checkpoint.origin}", found=error.code
        )
        return
    for name in ("origin", "size", "root"):
        right, wrong = getattr(checkpoint, name), getattr(found, name)
        if right != wrong:
            yield _differs(where, f"note.{name}", right, wrong, index)


def _sent(where: str, row: Row, index: int | None) -> Iterator[Alteration]:
    """The signed transaction has the hash stored beside it."""
    raw, kept = row["signed_raw"], row["signed_hash"]
    if not raw and not kept:
        return
    found = "0x" + keccak(bytes(raw)).hex()
    if str(kept).lower() != found:
        yield _differs(where, "signed_hash", found, kept, index)


def _answers(where: str, row: Row, index: int | None) -> Iterator[Alteration]:
    """The chain's answers as stored: they give the hashes of the transaction and of the block."""
    for name, read_answer in (
        ("block_json", _block),
        ("block_hash", _block_columns),
        ("receipt_json", _receipt),
        ("receipts_json", _receipts),
        ("transaction_json", _transaction),
    ):
        try:
            found = read_answer(row)
        except (TongpingError, ValueError, TypeError, KeyError, IndexError) as error:
            found = error.code if isinstance(error, TongpingError) else "unreadable"
        if found is not None:
            yield Alteration(
                where=where, index=index, field=name, expected=f"the answer on {row['transaction']}", found=found
            )


def _block(row: Row) -> str | None:
    block = read_object("block", row["block_json"].encode())
    header = "0x" + blocks.header_hash(block).hex()
    return None if block.text("hash").lower() == header else header


def _block_columns(row: Row) -> str | None:
    block = read_object("block", row["block_json"].encode())
    expected = (block.text("hash").lower(), blocks.quantity(block, "number"))
    return None if expected == (str(row["block_hash"]).lower(), row["block_number"]) else str(row["block_hash"])


def _receipts(row: Row) -> str | None:
    block = read_object("block", row["block_json"].encode())
    root = blocks.receipts_root(read_objects("receipts", row["receipts_json"].encode()))
    return None if root == blocks.octets(block, "receiptsRoot") else "0x" + root.hex()


def _receipt(row: Row) -> str | None:
    receipt = read_object("receipt", row["receipt_json"].encode())
    listed = read_objects("receipts", row["receipts_json"].encode())
    place = blocks.quantity(receipt, "transactionIndex")
    same = place < len(listed) and listed[place].value == receipt.value
    return None if same and receipt.text("transactionHash").lower() == row["transaction"].lower() else "another receipt"


def _transaction(row: Row) -> str | None:
    transaction = read_object("transaction", row["transaction_json"].encode())
    return _transaction_fault(transaction.value, str(row["transaction"]))


def _transaction_fault(value: Mapping[str, Any], name: str) -> str | None:
    """A legacy transaction gives its own hash (any: as the chain answered)."""
    fields: list[blocks.Rlp] = []
    for key in ("nonce", "gasPrice", "gas", "to", "value", "input", "v", "r", "s"):
        text = str(value[key])
        octets = bytes.fromhex(text[2:].zfill(len(text[2:]) + len(text[2:]) % 2))
        fields.append(octets if key in {"to", "input"} else octets.lstrip(b"\x00"))
    found = "0x" + keccak(blocks.rlp(fields)).hex()
    return None if found == name.lower() == str(value.get("hash")).lower() else found


def _differs(where: str, field: str, expected: object, found: object, index: int | None) -> Alteration:
    salt = hashlib.sha256(where.encode()).digest()  # nothing here is secret
    return Alteration(
        where=where,
        index=index,
        field=field,
        expected=shown(field, expected, salt=salt) or ABSENT,
        found=shown(field, found, salt=salt) or ABSENT,
    )
