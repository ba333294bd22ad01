"""Offline verification of evidence bundles, against the bare primitives that any verifier of them needs."""

import asyncio
import hashlib
import json
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from eth_hash.auto import keccak
from pyhanko.pdf_utils.reader import PdfFileReader

from bench.measure import Bench, Figure, Goal, compared, interleaved, per_second
from bench.peers.bare_validation import validate
from chain_gateway.evidence import archive, bundle
from chain_gateway.evidence.bundle import DisclosedRecord, write_bundle
from chain_gateway.evidence.prover import InclusionProof, decode_proof
from chain_gateway.ledger import blocks
from chain_gateway.verifier.checks import check_bundle
from chain_gateway.verifier.trust import Trust, load_trust
from evaluation_room.session.acts import SessionOpened
from node.evidence.verification import verify_bytes
from records import commitment
from records.log import merkle
from records.log.checkpoint import parse_verifier_key, sign_note
from records.log.cosignature import cosigned_message, parse_cosigner_key
from records.log.note import parse_note
from records.proof import Verdict
from records.room_entry import SignedEntry, load_point
from records.strict_fields import read_object, read_objects
from tests.unit.chain_gateway import made_evidence as made

EVIDENCE: Final = Path(__file__).parents[1] / "tests" / "vectors" / "evidence"
GOAL: Final = Goal(floor=0.5, goal=0.8)
DISCLOSED: Final = (1, 10, 100, 1_000)
TIMES: Final = 60
AT: Final = datetime(2026, 11, 27, tzinfo=UTC)
Floor = Callable[[], None]


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    file = next(iter(sorted(EVIDENCE.rglob("*.evidence.zip"), key=lambda one: len(one.parts), reverse=True)))
    data, trust = file.read_bytes(), load_trust(file.parent / "trust.json")
    say("a real bundle, its chain of evidence")
    figures = [_chain(data, trust, "chain of evidence of a real bundle")]
    report = archive.unpack(data).members[bundle.REPORT]
    for count in DISCLOSED:
        say(f"{count:,} disclosed records of a log of {2 * count:,}")
        figures.append(_chain(_many(count, report), made.trust(), f"chain of evidence, {count:,} disclosed records"))
    say("a real bundle with its report and room")
    return [*figures, _everything(data, trust)]


def _chain(data: bytes, trust: Trust, case: str) -> Figure:
    assert Verdict(check_bundle(data, trust)).ok
    times = max(2, TIMES * 1_000_000 // (len(data) + 1_000_000))
    ours = per_second(lambda: check_bundle(data, trust), times, time.process_time)
    pair = interleaved(ours, per_second(_floor(data, trust), times, time.process_time))
    return compared(pair, bench="verify", case=case, unit="bundles per CPU second", goal=GOAL)


def _everything(data: bytes, trust: Trust) -> Figure:
    assert verify_bytes(data, trust, at=AT).ok
    floor, room, report = _floor(data, trust), _room_floor(data), _report_floor(data, trust)

    def bare() -> None:
        floor()
        room()
        report()

    ours = per_second(lambda: verify_bytes(data, trust, at=AT), 1, time.process_time)
    pair = interleaved(ours, per_second(bare, 1, time.process_time))
    return compared(
        pair, bench="verify", case="everything, report and room, too", unit="bundles per CPU second", goal=GOAL
    )


def _many(count: int, report: bytes) -> bytes:
    """A bundle with this report that discloses every second record of its log."""
    first = made.record_bytes("tender.registered.v1", seq=1, body={"title": "示例"})
    log = made.make_log([first, made.sealed_record(report=report), *[first] * (2 * count - 2)])
    bound = [commitment.commit(salt, data) for salt, data in zip(log.salts, log.records, strict=True)]
    leaves = [merkle.leaf_hash(one) for one in bound]
    disclosed = []
    for index in range(1, 2 * count, 2):
        path = tuple(merkle.inclusion_path(leaves, index))
        proof = InclusionProof(commitment=bound[index], index=index, size=len(leaves), path=path)
        disclosed.append(DisclosedRecord(record=log.records[index], salt=log.salts[index], proof=proof))
    return write_bundle(
        replace(
            made.make_evidence(report=report),
            records=tuple(disclosed),
            note=sign_note(log.checkpoint, name="jn.tongping", key=made.LOG_KEY),
            anchor=made.make_anchor(log.checkpoint),
        )
    )


# --- the floor -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    record: bytes
    salt: bytes
    proof: InclusionProof


def _floor(data: bytes, trust: Trust) -> Floor:
    """CRC-32 and SHA-256 of every member once; HMAC, leaf and path of every record; Ed25519; Keccak over RLP.

    Everything is parsed before timing starts.
    """
    members = archive.unpack(data).members
    opened = [_opened(members, found[1]) for name in members if (found := bundle.RECORD.fullmatch(name))]
    signatures = _signatures(members[bundle.CHECKPOINT].decode(), trust)
    block, listed = read_object("block", members[bundle.BLOCK]), read_objects("receipts", members[bundle.RECEIPTS])
    encoded = _transaction(members[bundle.TRANSACTION])

    def bare() -> None:
        for content in members.values():
            zlib.crc32(content)
            hashlib.sha256(content).digest()
        for item in opened:
            commitment.commit(item.salt, item.record)
            _climb(merkle.leaf_hash(item.proof.commitment), item.proof.path)
        for key, signature, message in signatures:
            key.verify(signature, message)
        blocks.header_hash(block)
        blocks.receipts_root(listed)
        keccak(encoded)

    return bare


def _opened(members: Mapping[str, bytes], place: str) -> _Opened:
    proof = decode_proof(members[f"proofs/{place}.json"])
    return _Opened(record=members[f"records/{place}.json"], salt=members[f"records/{place}.salt"], proof=proof)


def _climb(leaf: bytes, path: Sequence[bytes]) -> bytes:
    for sibling in path:
        leaf = hashlib.sha256(b"\x01" + leaf + sibling).digest()
    return leaf


def _signatures(text: str, trust: Trust) -> list[tuple[Ed25519PublicKey, bytes, bytes]]:
    """Every line of the note that a verifier with this trust file checks."""
    note = parse_note(text)
    logs = [parse_verifier_key(one.key) for centre in trust.centres for one in centre.log_keys]
    others = [parse_cosigner_key(one.key) for centre in trust.centres for one in centre.witness_keys]
    found = [(key.key, line.signature, note.text.encode()) for line in note.lines for key in logs if line.id == key.id]
    found += [
        (key.key, line.signature[8:], cosigned_message(note.text, int.from_bytes(line.signature[:8], "big")))
        for line in note.lines
        for key in others
        if line.id == key.id
    ]
    return [(Ed25519PublicKey.from_public_bytes(key), signature, message) for key, signature, message in found]


def _transaction(data: bytes) -> bytes:
    """As many bytes as the signed transaction has."""
    return bytes.fromhex(json.loads(data)["input"][2:]) + bytes(110)


def _room_floor(data: bytes) -> Floor:
    """ECDSA P-256 over every signed entry of the room, keys and bytes prepared."""
    entries = [SignedEntry.from_wire(wire) for wire in json.loads(archive.unpack(data).members[bundle.ENTRIES])]
    keys = _room_keys(entries)
    asked = [(keys[one.entry.author], _der(one.signature), one.entry.encode()) for one in entries]
    algorithm = ec.ECDSA(hashes.SHA256())

    def bare() -> None:
        for key, signature, message in asked:
            key.verify(signature, message, algorithm)

    return bare


def _room_keys(entries: Sequence[SignedEntry]) -> dict[str, ec.EllipticCurvePublicKey]:
    """Each author's key: centres by the first entry, seats by their binding."""
    definition = SessionOpened.read(entries[0].entry.body).definition
    keys = {f"centre:{centre.code}": centre.entry_key for centre in definition.centres}
    for one in entries:
        if one.entry.kind == "seat-bound":
            keys[f"seat:{one.entry.body['seat']}"] = str(one.entry.body["public_key"])
    return {author: load_point(key) for author, key in keys.items()}


def _der(signature: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))


def _report_floor(data: bytes, trust: Trust) -> Floor:
    """The validation of pyHanko, including difference analysis."""
    pdf = archive.unpack(data).members[bundle.REPORT]

    def bare() -> None:
        asyncio.run(validate(PdfFileReader(BytesIO(pdf)), roots=trust.ca, tsa_roots=trust.tsa, at=AT))

    return bare


BENCH = Bench(
    name="verify",
    question="How many evidence bundles does one core verify offline?",
    ours="`check_bundle` (chain of evidence) and `verify_bytes` (everything), from the bytes of a file",
    peer="the primitives alone, all parsed beforehand: CRC-32 and SHA-256 of each member once, HMAC and Merkle path of "
    "each record (each path up to the root, where ours climbs a shared node once), Ed25519 of each known line of the "
    "note, RLP and Keccak of header, receipts trie and transaction; for everything also ECDSA of each room entry and "
    "pyHanko's validation of each signature (`bench/peers/bare_validation.py`)",
    not_shown=(
        "what ours does besides: reads strictly, replays the room under its rules, asks passkeys, recomputes the tally",
        "a quicker PDF library: with the report its validation is nearly all of the time, on both sides",
        "reading the file from a disk",
    ),
    run=run,
)
