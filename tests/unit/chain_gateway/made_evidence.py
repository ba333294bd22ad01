"""Makes a small but true evidence bundle from scratch: its own log, its own chain block, its own keys."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eth_hash.auto import keccak

from chain_gateway.evidence.bundle import AnchorEvidence, DisclosedRecord, Evidence, write_bundle
from chain_gateway.evidence.prover import InclusionProof
from chain_gateway.ledger import blocks
from chain_gateway.verifier.chain_checks import ANCHORED
from chain_gateway.verifier.trust import Trust, parse_trust
from records import canonical, commitment, facts
from records.canonical import Value
from records.ids import digest
from records.log import merkle
from records.log.checkpoint import Checkpoint, sign_note, verifier_key
from records.log.cosignature import add_lines, cosign, cosigner_key
from records.strict_fields import Reader

SESSION = "E3701000076012345001-1"
PROJECT = "E3701000076012345001"
ANCHOR = "0x" + "a1" * 20
REPORT = b"%PDF-2.0\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"
LOG_KEY = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes([8]) * 32)
WITNESS_KEYS = {
    code: Ed25519PrivateKey.from_private_bytes(bytes([place]) * 32) for place, code in enumerate(("JN", "XA", "DL"), 9)
}
AT = "2026-11-23T07:20:11.000Z"
_WINDOW: Final = {"valid_from": "2026-01-01T00:00:00.000Z", "valid_until": "2030-01-01T00:00:00.000Z"}


def trust_value() -> dict[str, object]:
    """The trust file of two centres, as it is laid out in JSON."""
    return {
        "centres": [_centre("JN", "济南", "Jinan", LOG_KEY), _centre("XA", "西安", "Xi'an", OTHER_KEY)],
        "ca": [],
        "tsa": [],
        "chain": {"chain_id": 1337, "genesis": "0x" + "00" * 32, "anchor": ANCHOR, "registry": "0x" + "b2" * 20},
        "policy": {"cosignatures": 0},
    }


def _centre(code: str, name_zh: str, name_en: str, key: Ed25519PrivateKey) -> dict[str, object]:
    origin = f"{code.lower()}.tongping"
    return {
        "code": code,
        "name_zh": name_zh,
        "name_en": name_en,
        "origin": origin,
        "log_key": verifier_key(origin, key.public_key()),
        "entry_key": "BA",
        "witness_keys": [{"key": witness_key(code), **_WINDOW}],
        **_WINDOW,
    }


def witness_key(code: str) -> str:
    """The key by which a centre cosigns."""
    return cosigner_key(f"{code.lower()}.tongping/witness", WITNESS_KEYS[code].public_key())


def cosigned(note: str, *codes: str, at: datetime | None = None) -> str:
    """The note with the cosignatures of these centres."""
    at = at or some_time()
    lines = [cosign(note, name=f"{one.lower()}.tongping/witness", key=WITNESS_KEYS[one], at=at) for one in codes]
    return add_lines(note, lines)


def trust() -> Trust:
    return parse_trust(json.dumps(trust_value()).encode())


def sealed_record(
    *,
    report: bytes = REPORT,
    session: str = SESSION,
    at: str = AT,
    centre: str = "JN",
    kind: str = facts.REPORT_SEALED,
) -> bytes:
    """The canonical bytes of a journal record that names a sealed report."""
    body: dict[str, Value] = {
        "sealed_digest": digest(report),
        "report_digest": digest(b"draft"),
        "size": len(report),
        **({"data_digest": digest(b"data")} if kind == facts.REPORT_SEALED else {}),
    }
    return record_bytes(kind, seq=2, at=at, centre=centre, session=session, body=body)


def record_bytes(kind: str, *, seq: int, body: Value, at: str = AT, centre: str = "JN", session: str = "") -> bytes:
    about: dict[str, Value] = {"session": session} if session else {}
    return canonical.encode(
        {
            "type": kind,
            "version": 1,
            "centre": centre,
            "project": PROJECT,
            "stage": "",
            "author": "system:journal",
            "seq": seq,
            "previous": digest(b"before"),
            "at": at,
            "body": body,
            **about,
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeLog:
    """A log of a few records, and the checkpoint over them."""

    records: tuple[bytes, ...]
    salts: tuple[bytes, ...]
    checkpoint: Checkpoint

    def disclosed(self, index: int) -> DisclosedRecord:
        bound = [commitment.commit(salt, data) for salt, data in zip(self.salts, self.records, strict=True)]
        leaves = [merkle.leaf_hash(item) for item in bound]
        path = tuple(merkle.inclusion_path(leaves, index))
        proof = InclusionProof(commitment=bound[index], index=index, size=len(leaves), path=path)
        return DisclosedRecord(record=self.records[index], salt=self.salts[index], proof=proof)


def make_log(records: list[bytes]) -> MadeLog:
    salts = tuple(bytes([(place + 1) % 256]) * 32 for place in range(len(records)))
    leaves = [merkle.leaf_hash(commitment.commit(salt, data)) for salt, data in zip(salts, records, strict=True)]
    checkpoint = Checkpoint(origin="jn.tongping", size=len(leaves), root=merkle.root(leaves))
    return MadeLog(records=tuple(records), salts=salts, checkpoint=checkpoint)


def make_anchor(
    checkpoint: Checkpoint,
    *,
    address: str = ANCHOR,
    status: str = "0x1",
    chain: int = 1337,
    at: datetime | None = None,
) -> AnchorEvidence:
    """A block with one receipt that confirms the checkpoint, and the transaction behind it."""
    transaction: dict[str, object] = {
        **dict.fromkeys(("nonce", "gasPrice", "gas", "value", "r", "s"), "0x1"),
        "to": address,
        "input": "0x00",
        "v": hex(chain * 2 + 35),
    }
    transaction["hash"] = _transaction_hash(transaction)
    data = checkpoint.size.to_bytes(32, "big") + checkpoint.root + bytes(32)
    log = {
        "address": address,
        "topics": ["0x" + ANCHORED.hex(), "0x" + keccak(checkpoint.origin.encode()).hex()],
        "data": "0x" + data.hex(),
    }
    receipt: dict[str, object] = {
        "transactionHash": transaction["hash"],
        "transactionIndex": "0x0",
        "status": status,
        "cumulativeGasUsed": "0xb000",
        "logsBloom": "0x" + "00" * 256,
        "type": "0x0",
        "logs": [log],
    }
    block = _block(receipt, at or some_time())
    receipt["blockHash"] = block["hash"]
    listed = [receipt]
    parts = [json.dumps(part).encode() for part in (transaction, receipt, block, listed)]
    return AnchorEvidence(
        chain_id=chain,
        contract=address,
        transaction=parts[0],
        receipt=parts[1],
        block=parts[2],
        receipts=parts[3],
    )


def _transaction_hash(transaction: dict[str, object]) -> str:
    part = Reader("transaction", transaction)
    one = b"\x01"
    to, v = blocks.octets(part, "to"), blocks.quantity(part, "v")
    fields = [one, one, one, to, one, b"\x00", v.to_bytes(2, "big"), one, one]
    return "0x" + keccak(blocks.rlp(fields)).hex()


def _block(receipt: dict[str, object], at: datetime) -> dict[str, object]:
    block: dict[str, object] = {
        **dict.fromkeys(("parentHash", "sha3Uncles", "stateRoot", "transactionsRoot", "mixHash"), "0x" + "00" * 32),
        "miner": "0x" + "00" * 20,
        "receiptsRoot": "0x" + blocks.receipts_root([Reader("receipt", receipt)]).hex(),
        "logsBloom": "0x" + "00" * 256,
        **dict.fromkeys(("difficulty", "gasLimit", "gasUsed"), "0x1"),
        "timestamp": hex(int(at.timestamp())),
        "number": "0x501f",
        "extraData": "0x",
        "nonce": "0x" + "00" * 8,
    }
    block["hash"] = "0x" + blocks.header_hash(Reader("block", block)).hex()
    return block


def make_evidence(*, report: bytes = REPORT, records: list[bytes] | None = None) -> Evidence:
    first = record_bytes("tender.registered.v1", seq=1, body={"title": "示例"})
    log = make_log(records if records is not None else [first, sealed_record(), first, first, first])
    return Evidence(
        session=SESSION,
        report=report,
        records=(log.disclosed(1),),
        note=sign_note(log.checkpoint, name="jn.tongping", key=LOG_KEY),
        anchor=make_anchor(log.checkpoint),
        entries=canonical.encode([]),
        consents={},
        certificates={},
        revocations={},
        cosigned=None,
    )


def made_bundle() -> bytes:
    return write_bundle(make_evidence())


def some_time() -> datetime:
    return datetime(2026, 11, 23, 7, 20, 11, tzinfo=UTC)
