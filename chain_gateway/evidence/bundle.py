"""The evidence bundle (`*.evidence.zip`, ASiC-E layout): everything a stranger needs to check one report, in one file.

    mimetype                          first, the type of the file
    META-INF/manifest.json            session, and the SHA-256 of every other member
    report.pdf                        the sealed report
    records/<index>.json, .salt       disclosed journal records: canonical bytes, and the salt of the commitment
    proofs/<index>.json               index, size and path of each record in the log
    checkpoint.txt                    the log's signed note, as it was anchored, with the cosignatures on it
    cosigned/checkpoint.txt           another checkpoint of the log, when other centres cosigned that one
    cosigned/consistency.json         the proof that the larger of the two extends the smaller
    chain/anchor.json                 chain id and contract
    chain/transaction.json …          the anchoring transaction, its receipt, its block and all receipts of that block
    entries.json                      every signed entry of the evaluation room, in the order in which they can be taken
    consents/<seat>.json              the members' consents to the report, as they are in the room
    certificates/<name>.pem           authority, seal and time-stamps of the centre; signers' are in the report
    revocation/<name>.pem             the authority's revocation list, newer than the one in the report

The manifest is not signed: an attacker who changes a member can change it as well. It detects damage early, by name;
the path from the report through the record, the log and the checkpoint to the chain cannot be forged.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from chain_gateway.evidence import archive
from chain_gateway.evidence.consistency import ConsistencyProof
from chain_gateway.evidence.prover import InclusionProof
from records import canonical, json_bounds
from records.canonical import Value
from records.errors import EvidenceMismatchError, InvalidRecordError
from records.ids import Digest, digest

FIRST_FORMAT: Final = "tongping-evidence/1"
"""Without cosignatures, chain/anchor.json and revocation lists; still verified."""
FORMAT: Final = "tongping-evidence/2"
MIMETYPE: Final = b"application/vnd.etsi.asic-e+zip"
MANIFEST: Final = "META-INF/manifest.json"
REPORT: Final = "report.pdf"
CHECKPOINT: Final = "checkpoint.txt"
COSIGNED: Final = "cosigned/checkpoint.txt"
CONSISTENCY: Final = "cosigned/consistency.json"
ENTRIES: Final = "entries.json"
ANCHOR: Final = "chain/anchor.json"
TRANSACTION: Final = "chain/transaction.json"
RECEIPT: Final = "chain/receipt.json"
BLOCK: Final = "chain/block.json"
RECEIPTS: Final = "chain/receipts.json"

REQUIRED: Final = ("mimetype", MANIFEST, REPORT, CHECKPOINT, ENTRIES, TRANSACTION, RECEIPT, BLOCK, RECEIPTS)
RECORD: Final = re.compile(r"records/(0|[1-9][0-9]{0,18})\.json")
SECOND: Final = re.compile(r"(cosigned/(checkpoint\.txt|consistency\.json)|chain/anchor\.json|revocation/[^/]+)")
"""Members that only bundles of the present format have."""
_OPTIONAL: Final = re.compile(
    r"(?:records/(?:0|[1-9][0-9]{0,18})\.(?:json|salt)|proofs/(?:0|[1-9][0-9]{0,18})\.json"
    r"|consents/[A-Z]{2,4}-[1-9][0-9]{0,3}\.json|(?:certificates|revocation)/[A-Za-z0-9._-]+\.pem"
    r"|cosigned/(?:checkpoint\.txt|consistency\.json)|chain/anchor\.json)"
)
_LISTED: Final = re.compile(rf"(?:(?:{_OPTIONAL.pattern}|{'|'.join(map(re.escape, REQUIRED))})\n)*+")
"""All names of a bundle, one per line: one regular expression instead of thousands of matches."""


_MiB: Final = 1 << 20
_LARGEST: Final = {
    MANIFEST: 2 * _MiB,
    REPORT: 64 * _MiB,
    ENTRIES: 64 * _MiB,
    RECEIPTS: 32 * _MiB,
    RECEIPT: 4 * _MiB,
    "revocation": 8 * _MiB,
}
"""Bytes of a member, at most, by its name or its folder."""
_USUAL: Final = _MiB
"""Bytes of every other member; most have a few hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedRecord:
    """An opened journal record: its canonical bytes, the salt of its commitment, and its place in the log."""

    record: bytes
    salt: bytes
    proof: InclusionProof


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorEvidence:
    """Which contract on which chain, and the chain's answers about the transaction as JSON texts."""

    chain_id: int
    contract: str
    transaction: bytes
    receipt: bytes
    block: bytes
    receipts: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignedNote:
    """A cosigned checkpoint other than the anchored one, with the proof that both are of one log."""

    note: str
    proof: ConsistencyProof


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The content of a bundle. `entries` is the canonical list of signed room entries in wire form.

    `certificates` and `revocations` are PEM by name. `cosigned` is None when the note itself carries the cosignatures.
    """

    session: str
    report: bytes
    records: tuple[DisclosedRecord, ...]
    note: str
    anchor: AnchorEvidence
    entries: bytes
    consents: Mapping[str, bytes]
    certificates: Mapping[str, bytes]
    revocations: Mapping[str, bytes]
    cosigned: CosignedNote | None


def write_bundle(evidence: Evidence) -> bytes:
    """Write the bundle; the same evidence gives the same bytes."""
    members = {
        REPORT: evidence.report,
        CHECKPOINT: evidence.note.encode(),
        ENTRIES: evidence.entries,
        ANCHOR: canonical.encode({"chain_id": evidence.anchor.chain_id, "contract": evidence.anchor.contract.lower()}),
        TRANSACTION: evidence.anchor.transaction,
        RECEIPT: evidence.anchor.receipt,
        BLOCK: evidence.anchor.block,
        RECEIPTS: evidence.anchor.receipts,
        **{f"consents/{seat}.json": wire for seat, wire in evidence.consents.items()},
        **{f"certificates/{name}.pem": pem for name, pem in evidence.certificates.items()},
        **{f"revocation/{name}.pem": pem for name, pem in evidence.revocations.items()},
    }
    if evidence.cosigned is not None:
        members |= {COSIGNED: evidence.cosigned.note.encode(), CONSISTENCY: evidence.cosigned.proof.encode()}
    for item in evidence.records:
        members[f"records/{item.proof.index}.json"] = item.record
        members[f"records/{item.proof.index}.salt"] = item.salt
        members[f"proofs/{item.proof.index}.json"] = item.proof.encode()
    ordered = [(REPORT, members.pop(REPORT)), *sorted(members.items())]
    manifest = _manifest(evidence.session, {"mimetype": MIMETYPE, **dict(ordered)})
    data = archive.pack([("mimetype", MIMETYPE), (MANIFEST, manifest), *ordered])
    check_layout(unpack(data))
    return data


def _manifest(session: str, members: Mapping[str, bytes]) -> bytes:
    listed: dict[str, Value] = {
        name: {"digest": digest(content), "size": len(content)} for name, content in members.items()
    }
    return canonical.encode({"format": FORMAT, "session": session, "members": listed})


def unpack(data: bytes) -> archive.Archive:
    """The members of a bundle's bytes: none larger than its name allows, and together not too much JSON to build.

    Raises as `archive.unpack` does, and InvalidRecordError("too-many-values").
    """
    found = archive.unpack(data, largest)
    json_bounds.check_values(content for name, content in found.members.items() if name.endswith(".json"))
    return found


def largest(name: str) -> int:
    """The bytes that a member of this name may have."""
    return _LARGEST.get(name) or _LARGEST.get(name.partition("/")[0], _USUAL)


def check_layout(found: archive.Archive) -> None:
    """Refuse a container without the layout of a bundle, or whose members do not match their own checksums."""
    names = list(found.members)
    if names[:1] != ["mimetype"] or found.members["mimetype"] != MIMETYPE:
        raise InvalidRecordError("bundle-mimetype")
    for name in REQUIRED:
        if name not in found.members:
            raise InvalidRecordError("bundle-member-missing", member=name)
    lines = "\n".join([*names, ""])
    plain = lines.count("\n") == len(names) and _LISTED.fullmatch(lines)
    for name in () if plain else names:
        if name not in REQUIRED and not _OPTIONAL.fullmatch(name):
            raise InvalidRecordError("bundle-member-unknown", member=name)
    for name in found.damaged:
        raise EvidenceMismatchError("bundle-member-damaged", member=name)


def digests(found: archive.Archive) -> Mapping[str, Digest]:
    """The digest of every member, computed once: the report is large."""
    sha256 = hashlib.sha256
    texts = {name: "sha256:" + sha256(content).hexdigest() for name, content in found.members.items()}
    return cast("Mapping[str, Digest]", texts)


def check_manifest(found: archive.Archive, digests: Mapping[str, Digest]) -> str:
    """Compare every member with the manifest; return the session it names. Raises at the first difference.

    `digests` are those of the members, see `digests`.
    """
    session = _fitting_session(found, digests)
    if session is not None:
        return session
    manifest = canonical.decode(found.members[MANIFEST])
    if not isinstance(manifest, dict) or manifest.keys() != {"format", "session", "members"}:
        raise InvalidRecordError("manifest-malformed")
    session, listed = manifest["session"], manifest["members"]
    if manifest["format"] not in (FIRST_FORMAT, FORMAT) or not isinstance(session, str) or not isinstance(listed, dict):
        raise InvalidRecordError("manifest-malformed")
    _check_format(found, first=manifest["format"] == FIRST_FORMAT)
    for name in sorted({*listed, *found.members} - {MANIFEST}):
        _compare(name, listed.get(name), found.members.get(name), digests)
    return session


def _fitting_session(found: archive.Archive, digests: Mapping[str, Digest]) -> str | None:
    """The session, when the manifest is byte for byte the expected one in the present format.

    The expected bytes are written again and compared, without parsing. None decides nothing yet.
    """
    members = found.members
    names = [name for name in sorted(members) if name != MANIFEST]
    lines = ",".join([f'"{name}":{{"digest":"{digests[name]}","size":{len(members[name])}}}' for name in names])
    head = f'{{"format":"{FORMAT}","members":{{{lines}}},'.encode()
    manifest = members[MANIFEST]
    if ANCHOR not in members or not manifest.startswith(head):
        return None
    try:
        rest = canonical.decode(b"{" + manifest[len(head) :])
    except InvalidRecordError:
        return None
    session = rest.get("session") if isinstance(rest, dict) and len(rest) == 1 else None
    return session if isinstance(session, str) else None


def _check_format(found: archive.Archive, *, first: bool) -> None:
    """A bundle has exactly the members of the format it names."""
    for name in found.members:
        if first and SECOND.fullmatch(name):
            raise InvalidRecordError("bundle-member-unknown", member=name)
    if not first and ANCHOR not in found.members:
        raise InvalidRecordError("bundle-member-missing", member=ANCHOR)


def _compare(name: str, listed: Value | None, content: bytes | None, digests: Mapping[str, Digest]) -> None:
    if listed is None or content is None:
        raise EvidenceMismatchError(
            "manifest-member-unlisted" if listed is None else "manifest-member-lost", member=name
        )
    if not isinstance(listed, dict) or listed.keys() != {"digest", "size"}:
        raise InvalidRecordError("manifest-malformed")
    if listed != {"digest": digests[name], "size": len(content)}:
        raise EvidenceMismatchError("member-digest", member=name, expected=str(listed["digest"]), found=digests[name])
