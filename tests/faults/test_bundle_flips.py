"""Ten thousand changed bytes over real bundles: all are found, or lie where docs/interface.md says they mean nothing.

Most are found by the container's own checksums. To show that these are not the proof, a sample is changed again with
checksums and manifest repaired: then signatures, commitments and roots have to find it.
"""

import json
import random
import re
import struct
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from chain_gateway.evidence import archive, bundle
from chain_gateway.verifier.checks import check_bundle, examine
from chain_gateway.verifier.findings import Findings
from chain_gateway.verifier.trust import Trust, load_trust
from evaluation_room.session.session import Session
from node.evidence import room_evidence
from node.evidence.verification import consent_files, own_papers, stated_claim
from records import canonical
from records.errors import TongpingError
from records.ids import digest
from records.proof import Verdict
from tests.unit.json_schema import Json

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tests" / "vectors" / "evidence").rglob("*.evidence.zip"))
INTERFACE = (ROOT / "docs" / "interface.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "docs" / "bundle.schema.json").read_text(encoding="utf-8"))
FLIPS = 10_000 // len(FILES)
REPAIRED = 400
ROOM = 25
"""Changes in the room's entries: each is taken as a venue would take it, which is slow."""

each_bundle = pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)


class Real(NamedTuple):
    data: bytes
    members: dict[str, bytes]
    trust: Trust


@cache
def real(file: Path) -> Real:
    data = file.read_bytes()
    return Real(data, dict(archive.unpack(data).members), load_trust(file.parent / "trust.json"))


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same changes in every run, nothing secret


# --- as the bytes come ---------------------------------------------------------------------------------------------


def said_to_mean_nothing(data: bytes) -> frozenset[int]:
    """The places of packer version and file attributes, which the table of the container names."""
    assert {"packer version", "file attributes"} <= table("in the container").keys()
    places: set[int] = set()
    start = struct.unpack_from("<I", data, len(data) - 6)[0]
    while data[start : start + 4] == b"PK\x01\x02":
        places |= {start + 4, start + 5, *range(start + 36, start + 42)}
        start += 46 + struct.unpack_from("<H", data, start + 28)[0]
    return frozenset(places)


def found_in_the_container(data: bytes) -> bool:
    """The first check of a verification, which is enough for nearly all."""
    try:
        bundle.check_layout(archive.unpack(data))
    except TongpingError:
        return True
    return False


@each_bundle
def test_every_changed_byte_is_found_or_means_nothing(file: Path) -> None:
    data, nothing, chance = bytearray(real(file).data), said_to_mean_nothing(real(file).data), seeded(2026)

    for _ in range(FLIPS):
        place, change = chance.randrange(len(data)), chance.randrange(1, 256)
        data[place] ^= change
        assert found_in_the_container(bytes(data)) or place in nothing, (place, change)
        data[place] ^= change

    assert bytes(data) == real(file).data


@each_bundle
def test_what_means_nothing_changes_no_answer(file: Path) -> None:
    data, _, trust = real(file)
    chance = seeded(7)

    for place in chance.sample(sorted(said_to_mean_nothing(data)), 12):
        changed = bytearray(data)
        changed[place] ^= 2
        answer = check_bundle(bytes(changed), trust)
        assert answer == check_bundle(data, trust) or Verdict(answer).failed[0].name == "bundle.layout"


# --- checksums and manifest repaired -------------------------------------------------------------------------------


def repaired(members: dict[str, bytes]) -> bytes:
    manifest = json.loads(members[bundle.MANIFEST])
    listed: dict[str, canonical.Value] = {
        name: {"digest": str(digest(content)), "size": len(content)}
        for name, content in members.items()
        if name != bundle.MANIFEST
    }
    encoded = canonical.encode({**manifest, "members": listed})
    return archive.pack({**members, bundle.MANIFEST: encoded}.items())


def found_by_cryptography(members: dict[str, bytes], name: str, trust: Trust, room: Session) -> bool:
    """As deep as this member needs: the report is bound by its digest, so its own signatures need not be asked."""
    data = repaired(members) if name != bundle.MANIFEST else archive.pack(members.items())
    if not Verdict(check_bundle(data, trust)).ok:
        return True
    findings = Findings()
    if name == bundle.ENTRIES:
        told = room_evidence.check_room(findings, members[name], trust, stated_claim(examine(data, trust).sealed))
        if told is not None:
            room_evidence.check_consents(findings, told, trust)
    elif name.startswith("consents/"):
        findings.put("room.consents", lambda: consent_files(room, members))
    elif name.startswith(("certificates/", "revocation/")):
        own_papers(findings, members, trust)
    return bool(Verdict(findings.checks).failed)


def means_nothing(name: str, before: bytes, after: bytes) -> bool:
    """Whether only those parts of an answer of the chain differ that the table names and no check reads."""
    if not name.startswith("chain/") or name == bundle.ANCHOR:
        return False
    try:
        return bool(read_part(name, json.loads(before)) == read_part(name, json.loads(after)))
    except ValueError:
        return False


def read_part(name: str, value: Json) -> Json:
    """The parts of an answer that the checks read, by the schema; hexadecimal letters count alike."""
    if isinstance(value, list):
        return [read_part(name, one) for one in value]
    schema = SCHEMA["$defs"]["receipt"] if "receipt" in name else SCHEMA["properties"][name]
    return {key: json.dumps(value.get(key)).lower() for key in schema["required"]}


@cache
def session_in(file: Path) -> Session:
    """The room of a bundle."""
    findings = Findings()
    claim = stated_claim(examine(real(file).data, real(file).trust).sealed)
    session = room_evidence.check_room(findings, real(file).members[bundle.ENTRIES], real(file).trust, claim)
    assert session is not None
    return session


@each_bundle
def test_with_checksums_and_manifest_repaired_the_cryptography_finds_it(file: Path) -> None:
    _, members, trust = real(file)
    room, chance, rooms = session_in(file), seeded(2027), 0

    for _ in range(REPAIRED):
        name = chance.choice(sorted(members))
        rooms += name == bundle.ENTRIES
        if name == bundle.ENTRIES and rooms > ROOM:
            continue
        content = bytearray(members[name])
        place, change = chance.randrange(len(content)), chance.randrange(1, 256)
        content[place] ^= change
        changed = {**members, name: bytes(content)}
        assert found_by_cryptography(changed, name, trust, room) or means_nothing(
            name, members[name], bytes(content)
        ), (name, place, change)


# --- the table -----------------------------------------------------------------------------------------------------


def table(head: str) -> dict[str, str]:
    """A table of "What is not authenticated": its rows by the code words of the first cell."""
    section = INTERFACE.partition("### What is not authenticated")[2].partition("\n### ")[0]
    lines = section.partition(f"| {head} |")[2].splitlines()[2:]
    rows = [line.strip("|").split("|") for line in lines[: next((n for n, one in enumerate(lines) if not one), None)]]
    return {word: row[1] for row in rows for word in re.findall(r"`([^`]+)`", row[0])}


@each_bundle
def test_the_table_names_every_key_of_the_chains_answers_that_no_check_reads(file: Path) -> None:
    members, named = real(file).members, table("member")

    for name in (bundle.TRANSACTION, bundle.BLOCK, bundle.RECEIPTS):
        answers = json.loads(members[name])
        answer = answers[0] if isinstance(answers, list) else answers
        schema = SCHEMA["$defs"]["receipt"] if name == bundle.RECEIPTS else SCHEMA["properties"][name]
        unread = set(answer) - set(schema["required"]) - {"baseFeePerGas", "withdrawalsRoot"}
        assert unread <= set(re.findall(r"`([^`]+)`", named[name])), name


def test_the_table_names_only_members_that_a_bundle_can_have() -> None:
    every = {*bundle.REQUIRED, bundle.COSIGNED}

    assert table("member").keys() <= every
