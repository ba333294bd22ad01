"""A real bundle passes every check, years offline; whatever is changed in it is found under a name.

The bundle in tests/vectors/evidence was made by `tongping demo`; the moment is fixed, so its certificates stay valid.
"""

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from typer.testing import CliRunner

from chain_gateway.evidence import archive, bundle
from chain_gateway.ledger.blocks import header_hash
from chain_gateway.verifier.checks import check_bundle
from chain_gateway.verifier.findings import Findings
from chain_gateway.verifier.trust import Trust, load_trust, parse_trust
from evaluation_room.report.data import report_data
from node.cli.cli import app
from node.evidence import room_evidence
from node.evidence.room_evidence import Claim
from node.evidence.verification import as_json, check_data, lines, stated_claim, verify_bytes, verify_evidence
from records import canonical
from records.canonical import Value
from records.errors import UnavailableError
from records.ids import ZERO_DIGEST, digest
from records.log.checkpoint import verifier_key
from records.proof import Check, Outcome, Verdict
from records.strict_fields import Reader
from signing.pdf.first_revision import attached_data
from tests.examples import share

FOLDER = Path(__file__).parents[2] / "vectors" / "evidence"
BUNDLE = next(FOLDER.glob("*.evidence.zip"))
DATA = BUNDLE.read_bytes()
MEMBERS = archive.unpack(DATA).members
TRUST_FILE = FOLDER / "trust.json"
TRUST = load_trust(TRUST_FILE)
AT = datetime(2026, 11, 24, tzinfo=UTC)
SEATS = ("JN-1", "JN-2", "JN-3", "XA-1", "XA-2")

Members = dict[str, bytes]


def failures(data: bytes, trust: Trust = TRUST) -> list[str]:
    return [check.name for check in verify_bytes(data, trust, at=AT).failed]


def listed(members: Members) -> dict[str, Value]:
    """What the manifest says of these members."""
    return {
        name: {"digest": digest(content), "size": len(content)}
        for name, content in members.items()
        if name != bundle.MANIFEST
    }


def changed(change: Callable[[Members], object]) -> bytes:
    """The bundle with members changed, and a matching manifest."""
    members = dict(MEMBERS)
    change(members)
    manifest = json.loads(members[bundle.MANIFEST])
    members[bundle.MANIFEST] = canonical.encode({**manifest, "members": listed(members)})
    return archive.pack(members.items())


def trust_with(**changes: object) -> Trust:
    return parse_trust(json.dumps({**json.loads(TRUST_FILE.read_text()), **changes}).encode())


def entries() -> Any:  # Any: JSON, read key by key
    return json.loads(MEMBERS[bundle.ENTRIES])


def room_failures(wires: object, trust: Trust = TRUST, claim: Claim | None = None) -> dict[str, str]:
    """The failed checks of the room alone, with their codes: without the report they are quick."""
    findings = Findings()
    told = room_evidence.check_room(findings, canonical.encode(wires), trust, claim or true_claim())  # type: ignore[arg-type]  # what a hostile bundle holds
    if told is not None:
        room_evidence.check_consents(findings, told, trust)
    return {check.name: str(check.values["code"]) for check in Verdict(findings.checks).failed}


def true_claim(**changes: Any) -> Claim:  # Any: the fields of a claim
    sealed = next(
        value
        for name, content in MEMBERS.items()
        if bundle.RECORD.fullmatch(name) and (value := json.loads(content))["type"] == "report.sealed.v1"
    )
    body = sealed["body"]
    known = {"session": sealed["session"], "report": body["report_digest"], "sealed": body["sealed_digest"]}
    return Claim(**{**known, **changes})


def test_a_real_bundle_passes_every_check() -> None:
    verdict = verify_evidence(BUNDLE, TRUST_FILE, at=AT)

    assert (verdict.ok, verdict.failed) == (True, ())
    passed = {check.name for check in verdict.checks if check.outcome is Outcome.PASS}
    assert {
        "bundle.layout",
        "bundle.manifest",
        "record.commitment",
        "record.document-digest",
        "log.checkpoint-signature",
        "log.inclusion",
        "chain.receipt",
        "chain.transaction",
        "chain.anchor-event",
        "room.entries",
        "room.session",
        "room.seats",
        "room.tally",
        "room.report",
        "room.consents",
        "room.report-data",
        *(f"consent.{seat}" for seat in SEATS),
        *(f"pdf.signature.expert-{seat}" for seat in SEATS),
        "pdf.signature.seal-JN",
        "pdf.signature.seal-XA",
        "pdf.file-digest",
        "pdf.final-lock",
        "pdf.document-timestamp",
    } <= passed


def test_a_real_bundle_of_three_cities_carries_the_others_cosignatures_and_the_revocation_list() -> None:
    data = next((FOLDER / "cosigned").glob("*.evidence.zip")).read_bytes()
    file = FOLDER / "cosigned" / "trust.json"
    at = datetime(2026, 11, 27, tzinfo=UTC)

    verdict = verify_bytes(data, load_trust(file), at=at)

    assert verdict.failed == ()
    absent = [check.name for check in verdict.checks if check.outcome is Outcome.ABSENT]
    assert absent == ["log.consistency", "chain.block-known", "record.data-digest"]
    strict = parse_trust(json.dumps({**json.loads(file.read_text()), "policy": {"cosignatures": 3}}).encode())
    assert [check.name for check in Verdict(check_bundle(data, strict)).failed] == ["log.cosignatures"]


def test_only_what_cannot_be_asked_offline_is_absent() -> None:
    verdict = verify_bytes(DATA, TRUST, at=AT)

    assert [check.name for check in verdict.checks if check.outcome is Outcome.ABSENT] == [
        "log.consistency",
        "log.cosignatures",
        "chain.contract",
        "chain.block-known",
        "record.data-digest",
        "certificate.revocation",
    ]


def data_checked(pdf: bytes, **changes: Any) -> Check:  # Any: the fields of a claim
    """What `record.data-digest` says of a report, against the true claim with changes."""
    findings = Findings()
    check_data(findings, None, pdf, true_claim(**changes))
    (check,) = findings.checks
    return check


def foot_of(pdf: bytes) -> str:
    """The code that is printed at the foot of the last page."""
    (code,) = re.findall(r"数据摘要\s*([0-9A-F-]{19})", PdfReader(io.BytesIO(pdf)).pages[-1].extract_text())
    return str(code)


def test_the_code_at_the_foot_of_the_report_is_told_beside_the_report() -> None:
    code = foot_of(MEMBERS[bundle.REPORT])

    (line,) = [one for one in lines(verify_bytes(DATA, TRUST, at=AT)) if "record.data-digest" in one]

    assert line == (
        "– record.data-digest  a record of the first version does not name the data; "
        f"the code at the foot of every page is {code}"
    )


def test_the_record_names_the_data_inside_the_report() -> None:
    data = digest(canonical.encode(attached_data(MEMBERS[bundle.REPORT])))

    check = data_checked(MEMBERS[bundle.REPORT], data=data)

    code = foot_of(MEMBERS[bundle.REPORT])
    reason = f"the record names the data inside the report; the code at the foot of every page is {code}"
    assert (check.outcome, check.reason) == (Outcome.PASS, reason)


def test_a_report_with_other_data_than_the_record_names_is_found() -> None:
    check = data_checked(MEMBERS[bundle.REPORT], data=ZERO_DIGEST)

    found = digest(canonical.encode(attached_data(MEMBERS[bundle.REPORT])))
    assert check.outcome is Outcome.FAIL
    assert check.values == {"code": "data-digest-differs", "expected": ZERO_DIGEST, "found": found}
    assert check.reason == f"the record names the data {ZERO_DIGEST}, but those inside the report are {found}"


def test_of_a_report_without_data_nothing_is_claimed() -> None:
    check = data_checked(b"%PDF-2.0", data=ZERO_DIGEST)

    assert (check.outcome, check.reason.partition(" (")[0]) == (
        Outcome.ABSENT,
        "the data inside the report cannot be read",
    )


@pytest.mark.parametrize(
    ("kind", "named", "expected"),
    [
        ("report.sealed.v1", {}, true_claim()),
        ("report.sealed.v2", {"data_digest": ZERO_DIGEST}, true_claim(data=ZERO_DIGEST)),
        ("report.sealed.v2", {}, None),
        ("report.sealed.v2", {"data_digest": "9F4C-71A2-0B3D-55E1"}, None),
    ],
    ids=["first", "second", "second-without-data", "no-digest"],
)
def test_what_a_record_claims_is_read_by_its_version(kind: str, named: dict[str, str], expected: Claim | None) -> None:
    claim = true_claim()
    body = {"report_digest": claim.report, "sealed_digest": claim.sealed, **named}

    assert stated_claim(Reader("record", {"type": kind, "session": claim.session, "body": body})) == expected


@pytest.mark.parametrize("share", [0.02, 0.5, 0.999])
def test_one_changed_byte_of_the_report_is_named_by_manifest_record_and_file_digest(share: float) -> None:
    start = DATA.index(MEMBERS[bundle.REPORT])
    data = bytearray(DATA)
    data[start + int(len(MEMBERS[bundle.REPORT]) * share)] ^= 0x01

    assert {"bundle.manifest", "record.document-digest"} <= set(failures(bytes(data)))


def test_a_report_exchanged_with_a_fitting_manifest_is_still_found() -> None:
    def exchange(members: Members) -> None:
        members[bundle.REPORT] = members[bundle.REPORT] + b"\n"

    assert {"record.document-digest", "pdf.file-digest"} <= set(failures(changed(exchange)))


def test_a_report_cut_back_to_an_earlier_revision_is_found() -> None:
    def cut_back(members: Members) -> None:
        pdf = members[bundle.REPORT]
        members[bundle.REPORT] = pdf[: pdf.rindex(b"%%EOF", 0, len(pdf) - 100) + 6]

    assert {"record.document-digest", "pdf.document-timestamp"} <= set(failures(changed(cut_back)))


def test_something_that_is_no_pdf_is_found() -> None:
    assert "pdf.parse" in failures(changed(lambda members: members.update({bundle.REPORT: b"no pdf"})))


def test_a_consent_file_that_is_not_the_rooms_is_found() -> None:
    def swap(members: Members) -> None:
        members["consents/JN-1.json"] = members["consents/JN-2.json"]

    assert failures(changed(swap)) == ["room.consents"]


def in_another_block(members: Members, at: datetime) -> None:
    """The block made up anew with another time: everything the chain says stays consistent, offline."""
    block, receipt = (json.loads(members[name]) for name in (bundle.BLOCK, bundle.RECEIPT))
    block["timestamp"] = hex(int(at.timestamp()))
    block["hash"] = receipt["blockHash"] = "0x" + header_hash(Reader("block", block)).hex()
    receipts = [{**one, "blockHash": block["hash"]} for one in json.loads(members[bundle.RECEIPTS])]
    receipts = [receipt if one["transactionHash"] == receipt["transactionHash"] else one for one in receipts]
    for name, value in ((bundle.BLOCK, block), (bundle.RECEIPT, receipt), (bundle.RECEIPTS, receipts)):
        members[name] = json.dumps(value).encode()


def test_a_block_made_up_for_a_time_before_the_report_is_found_by_the_reports_own_time_stamp() -> None:
    data = changed(lambda members: in_another_block(members, AT - timedelta(days=1)))

    assert failures(data) == ["time.order"]


def test_a_real_bundle_verifies_after_the_keys_were_exchanged_but_not_when_it_is_anchored_later() -> None:
    known = json.loads(TRUST_FILE.read_text())["centres"]
    since, until = known[0]["valid_from"], "2026-11-24T00:00:00.000Z"
    new = verifier_key("jn.tongping", Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key())
    keys = [
        {"key": known[0]["log_key"], "valid_from": since, "valid_until": until},
        {"key": new, "valid_from": "2026-11-23T12:00:00.000Z", "valid_until": known[0]["valid_until"]},
    ]
    rotated = trust_with(centres=[{**known[0], "log_keys": keys}, *known[1:]])

    assert failures(DATA, rotated) == []
    assert failures(changed(lambda members: in_another_block(members, AT + timedelta(days=1))), rotated) == [
        "log.key-validity"
    ]


def test_a_missing_consent_file_is_found() -> None:
    assert failures(changed(lambda members: members.pop("consents/XA-2.json"))) == ["room.consents"]


def test_a_trust_file_with_another_authority_trusts_none_of_the_signatures() -> None:
    names = failures(DATA, trust_with(ca=[MEMBERS["certificates/seal.pem"].decode()]))

    assert {f"pdf.signature.expert-{seat}" for seat in SEATS} <= set(names)


def test_without_entries_the_room_is_not_believed() -> None:
    assert room_failures([]) == {"room.entries": "entries-missing"}


def test_a_changed_score_does_not_carry_its_experts_signature() -> None:
    wires = entries()
    scores = [wire["entry"]["body"] for wire in wires if wire["entry"]["kind"] == "score-entered"]
    scores[0]["points"] = 0 if scores[0]["points"] else 50

    assert room_failures(wires) == {"room.entries": "bad-signature"}


def test_a_score_left_out_breaks_its_authors_chain() -> None:
    wires = entries()
    place = next(place for place, wire in enumerate(wires) if wire["entry"]["kind"] == "score-entered")
    del wires[place]

    assert list(room_failures(wires)) == ["room.entries"]


def test_a_room_cut_off_before_its_tally_is_not_complete() -> None:
    wires = entries()
    end = next(place for place, wire in enumerate(wires) if wire["entry"]["kind"] == "tally-computed")

    assert {"room.tally", "room.report", "consent.JN-1"} <= set(room_failures(wires[:end]))


def test_a_centre_that_the_trust_file_does_not_know_is_found() -> None:
    known = json.loads(TRUST_FILE.read_text())["centres"]
    without_guest = trust_with(centres=[centre for centre in known if centre["code"] != "XA"])

    assert room_failures(entries(), without_guest) == {"room.entries": "centre-not-trusted"}


def test_a_centre_with_another_key_than_the_trust_files_is_found() -> None:
    known = json.loads(TRUST_FILE.read_text())["centres"]
    keys = {centre["code"]: centre["entry_key"] for centre in known}
    swapped = trust_with(centres=[{**centre, "entry_key": keys["DL"]} for centre in known])

    assert room_failures(entries(), swapped) == {"room.entries": "centre-key-differs"}


def test_passkeys_that_answered_another_site_than_the_pinned_one_are_found() -> None:
    known = json.loads(TRUST_FILE.read_text())["centres"]
    pinned = trust_with(centres=[{**centre, "rp_id": "elsewhere.example"} for centre in known])

    assert room_failures(entries(), pinned) == {
        "room.seats": "assertion-site",
        **{f"consent.{seat}": "assertion-site" for seat in SEATS},
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"session": "E3701000076012345001-9"}, {"room.session": "manifest-session"}),
        ({"report": ZERO_DIGEST}, {"room.report": "report-differs"}),
        ({"sealed": ZERO_DIGEST}, {"room.report": "seal-differs"}),
    ],
)
def test_a_room_of_another_report_is_found(changes: Mapping[str, str], expected: dict[str, str]) -> None:
    assert room_failures(entries(), claim=true_claim(**changes)) == expected


def test_a_report_whose_figures_do_not_follow_from_the_entries_is_found() -> None:
    findings = Findings()
    session = room_evidence.check_room(findings, MEMBERS[bundle.ENTRIES], TRUST, true_claim())
    assert session is not None

    room_evidence.check_report_data(findings, session, {**report_data(session), "ranking": ["B5"]})

    failed = Verdict(findings.checks).failed
    assert [(check.name, check.values["fields"]) for check in failed] == [("room.report-data", "ranking")]


@settings(max_examples=share(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    place=st.integers(0, len(MEMBERS[bundle.ENTRIES]) - 1),
    length=st.integers(0, 40),
    filling=st.binary(max_size=20),
)
def test_entries_from_anywhere_are_refused_by_a_check_and_never_by_a_crash(
    place: int, length: int, filling: bytes
) -> None:
    data = MEMBERS[bundle.ENTRIES]
    hostile = data[:place] + filling + data[place + length :]
    findings = Findings()

    told = room_evidence.check_room(findings, hostile, TRUST, true_claim())

    assert hostile == data or told is None


def verified(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["verify", *arguments])
    return done.exit_code, done.output


def test_the_command_says_good_with_0(tmp_path: Path) -> None:
    code, output = verified(str(BUNDLE), "--trust", str(TRUST_FILE))

    assert (code, output.splitlines()[1][:15]) == (0, "✓ bundle.layout")
    assert output.splitlines()[-1].startswith("0 failed, ")


def test_the_command_says_a_fault_with_1_and_the_failed_check_leads(tmp_path: Path) -> None:
    spoiled = tmp_path / "spoiled.evidence.zip"
    data = bytearray(DATA)
    data[data.index(MEMBERS[bundle.REPORT]) + 9000] ^= 0xFF
    spoiled.write_bytes(data)

    code, output = verified(str(spoiled), "--trust", str(TRUST_FILE), "--json")

    answer = json.loads(output)
    assert (code, answer["ok"]) == (1, False)
    assert [check["name"] for check in answer["checks"] if check["outcome"] == "fail"][:3] == [
        "bundle.layout",
        "bundle.manifest",
        "record.document-digest",
    ]


@pytest.mark.parametrize("missing", ["bundle", "trust"])
def test_what_cannot_be_read_is_said_before_anything_is_checked(tmp_path: Path, missing: str) -> None:
    none = tmp_path / "none"
    files = (none, TRUST_FILE) if missing == "bundle" else (BUNDLE, none)

    with pytest.raises(UnavailableError, match="unreadable"):
        verify_evidence(*files)


def test_the_command_says_with_2_that_it_could_not_run() -> None:
    command = [sys.executable, "-m", "node", "verify", "none.evidence.zip", "--trust", str(TRUST_FILE)]

    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=FOLDER.parents[2])

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "tongping: bundle-unreadable: file=none.evidence.zip\n"


def test_failed_checks_stand_first_in_the_lines_for_people() -> None:
    told = list(lines(verify_bytes(b"nothing", TRUST, at=AT)))

    assert told == [
        "✗ bundle.layout  the file is cut off after 7 bytes",
        "– pdf.parse  the bundle is too damaged to look further",
        "1 failed, 0 passed, 1 not checked",
    ]


def test_the_verdict_for_programs_names_code_and_values() -> None:
    answer = json.loads(as_json(verify_bytes(b"nothing", TRUST, at=AT)))

    assert answer["checks"][0]["values"] == {"code": "archive-truncated", "size": 7}
