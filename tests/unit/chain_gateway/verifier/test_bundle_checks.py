"""A true bundle passes every check; every change is found, under the name of the failing check."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chain_gateway.evidence import archive, bundle
from chain_gateway.evidence.bundle import Evidence, write_bundle
from chain_gateway.verifier.checks import check_bundle
from records import canonical, facts
from records.ids import digest
from records.log.checkpoint import sign_note
from records.proof import Outcome, Verdict
from tests.unit.chain_gateway import made_evidence as made

if TYPE_CHECKING:
    from records.canonical import Value


def failures(data: bytes) -> list[str]:
    return [check.name for check in Verdict(check_bundle(data, made.trust())).failed]


def repacked(change: Callable[[dict[str, bytes]], None], *, honest_manifest: bool = False) -> bytes:
    """A bundle with changed members, with or without a matching manifest."""
    members = dict(archive.unpack(made.made_bundle()).members)
    change(members)
    if honest_manifest:
        listed: dict[str, Value] = {
            name: {"digest": str(digest(content)), "size": len(content)}
            for name, content in members.items()
            if name != bundle.MANIFEST
        }
        manifest = canonical.decode(members[bundle.MANIFEST])
        assert isinstance(manifest, dict)
        members[bundle.MANIFEST] = canonical.encode({**manifest, "members": listed})
    return archive.pack(members.items())


def test_a_true_bundle_passes_every_check_it_can_be_put() -> None:
    checks = check_bundle(made.made_bundle(), made.trust())

    assert [(check.name, check.outcome.value) for check in checks] == [
        ("bundle.layout", "pass"),
        ("bundle.manifest", "pass"),
        ("record.commitment", "pass"),
        ("record.document-digest", "pass"),
        ("log.checkpoint-signature", "pass"),
        ("log.inclusion", "pass"),
        ("log.consistency", "absent"),
        ("log.cosignatures", "absent"),
        ("chain.contract", "pass"),
        ("chain.receipt", "pass"),
        ("chain.transaction", "pass"),
        ("chain.anchor-event", "pass"),
        ("log.key-validity", "pass"),
        ("chain.block-known", "absent"),
    ]


def test_a_true_bundle_packed_again_by_an_ordinary_tool_still_passes() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in archive.unpack(made.made_bundle()).members.items():
            file.writestr(name, content)

    assert failures(stream.getvalue()) == []


def test_the_same_evidence_gives_the_same_bytes() -> None:
    assert made.made_bundle() == made.made_bundle()


def test_one_changed_byte_of_the_report_is_found_in_layout_manifest_and_record() -> None:
    data = bytearray(made.made_bundle())
    data[data.index(b"%PDF-2.0") + 5000] ^= 1

    assert failures(bytes(data)) == ["bundle.layout", "bundle.manifest", "record.document-digest"]


def test_a_report_exchanged_together_with_the_manifest_is_still_found() -> None:
    def exchange(members: dict[str, bytes]) -> None:
        members[bundle.REPORT] = b"%PDF-2.0 another report"

    assert failures(repacked(exchange, honest_manifest=True)) == ["record.document-digest"]


def test_a_failed_check_says_what_was_expected_and_what_was_found() -> None:
    def exchange(members: dict[str, bytes]) -> None:
        members[bundle.REPORT] = b"another"

    checks = check_bundle(repacked(exchange, honest_manifest=True), made.trust())

    failed = Verdict(checks).failed[0]
    expected, found = digest(made.REPORT), digest(b"another")
    assert failed.reason == f"the record names the report {expected}, but the report in the bundle is {found}"
    assert failed.values == {"code": "report-digest", "expected": expected, "found": found}


@pytest.mark.parametrize("kind", facts.SEALINGS)
def test_a_sealing_is_read_from_the_record_of_every_version(kind: str) -> None:
    log = made.make_log([made.sealed_record(kind=kind)])

    checks = check_bundle(write_bundle(of_log(log)), made.trust())

    assert Verdict(checks).failed == ()
    assert {check.name: check.outcome for check in checks}["record.document-digest"] is Outcome.PASS


def test_two_records_of_one_sealing_are_one_too_many_whatever_their_versions() -> None:
    log = made.make_log([made.sealed_record(kind=kind) for kind in facts.SEALINGS])

    failed = Verdict(check_bundle(write_bundle(of_log(log)), made.trust())).failed

    assert [(check.name, check.values) for check in failed] == [
        ("record.document-digest", {"code": "report-record-doubled", "count": 2})
    ]


def of_log(log: made.MadeLog) -> Evidence:
    """Evidence that discloses every record of a log."""
    return replace(
        made.make_evidence(),
        records=tuple(log.disclosed(place) for place in range(len(log.records))),
        note=sign_note(log.checkpoint, name="jn.tongping", key=made.LOG_KEY),
        anchor=made.make_anchor(log.checkpoint),
    )


def test_a_disclosed_record_that_does_not_say_what_it_is_is_found() -> None:
    nameless = canonical.encode({"at": made.AT, "centre": "JN"})
    log = made.make_log([made.sealed_record(), nameless])
    evidence = replace(
        made.make_evidence(),
        records=(log.disclosed(0), log.disclosed(1)),
        note=sign_note(log.checkpoint, name="jn.tongping", key=made.LOG_KEY),
        anchor=made.make_anchor(log.checkpoint),
    )

    (failed,) = Verdict(check_bundle(write_bundle(evidence), made.trust())).failed
    assert (failed.name, failed.values["code"], failed.values["key"]) == (
        "record.document-digest",
        "document-invalid",
        "type",
    )


def test_a_record_exchanged_for_one_that_names_another_report_is_found() -> None:
    def forge(members: dict[str, bytes]) -> None:
        members[bundle.REPORT] = b"another"
        members["records/1.json"] = made.sealed_record(report=b"another")

    assert failures(repacked(forge, honest_manifest=True)) == ["record.commitment"]


def test_a_forged_record_with_a_fitting_commitment_is_not_in_the_log() -> None:
    false_evidence = made.make_evidence(report=b"another")
    forged_log = made.make_log([made.sealed_record(report=b"another")])
    forged = replace(forged_log.disclosed(0), proof=replace(forged_log.disclosed(0).proof, index=1, size=5))

    assert failures(write_bundle(replace(false_evidence, records=(forged,)))) == ["log.inclusion"]


def test_a_checkpoint_signed_by_another_key_is_found() -> None:
    log = made.make_log([made.sealed_record()])
    note = sign_note(log.checkpoint, name="jn.tongping", key=made.OTHER_KEY)
    evidence = replace(
        made.make_evidence(), records=(log.disclosed(0),), note=note, anchor=made.make_anchor(log.checkpoint)
    )

    assert failures(write_bundle(evidence)) == ["log.checkpoint-signature"]


def test_a_checkpoint_of_an_unknown_log_is_found() -> None:
    log = made.make_log([made.sealed_record()])
    stranger = replace(log.checkpoint, origin="nowhere.example")
    note = sign_note(stranger, name="nowhere.example", key=made.LOG_KEY)
    evidence = replace(made.make_evidence(), records=(log.disclosed(0),), note=note)

    assert failures(write_bundle(evidence)) == ["log.checkpoint-signature"]


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (made.sealed_record(centre="XA"), "centre-differs"),
        (made.sealed_record(at="2025-12-31T23:59:59.999Z"), "key-not-valid-then"),
        (made.sealed_record(at="2030-01-01T00:00:00.000Z"), "key-not-valid-then"),
    ],
)
def test_a_record_that_its_log_could_not_hold_is_found(record: bytes, code: str) -> None:
    data = write_bundle(made.make_evidence(records=[record, record]))

    failed = Verdict(check_bundle(data, made.trust())).failed
    assert [(check.name, check.values["code"]) for check in failed] == [("log.inclusion", code)]


def anchored(**changes: str | int) -> Evidence:
    evidence = made.make_evidence()
    log = made.make_log([item.record for item in evidence.records])
    return replace(
        evidence,
        records=(log.disclosed(0),),
        note=sign_note(log.checkpoint, name="jn.tongping", key=made.LOG_KEY),
        anchor=made.make_anchor(log.checkpoint, **changes),  # type: ignore[arg-type]  # the tests below name the types
    )


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, []),
        ({"address": "0x" + "c3" * 20}, ["chain.contract", "chain.transaction", "chain.anchor-event"]),
        ({"chain": 1}, ["chain.contract", "chain.transaction"]),
        ({"status": "0x0"}, ["chain.receipt"]),
    ],
)
def test_a_transaction_of_another_contract_chain_or_outcome_is_found(
    changes: dict[str, str | int], names: list[str]
) -> None:
    assert failures(write_bundle(anchored(**changes))) == names


def test_a_receipt_for_another_root_is_found() -> None:
    other = made.make_log([made.sealed_record(), made.sealed_record()])
    evidence = replace(made.make_evidence(), anchor=made.make_anchor(other.checkpoint))

    assert failures(write_bundle(evidence)) == ["chain.anchor-event"]


def test_a_receipt_that_its_block_does_not_hold_is_found() -> None:
    def forge(members: dict[str, bytes]) -> None:
        receipt = json.loads(members[bundle.RECEIPT])
        members[bundle.RECEIPT] = json.dumps({**receipt, "cumulativeGasUsed": "0xb001"}).encode()

    assert failures(repacked(forge, honest_manifest=True)) == ["chain.receipt"]


@pytest.mark.parametrize("member", [name for name in bundle.REQUIRED if name != "mimetype"])
def test_a_missing_member_is_found(member: str) -> None:
    assert failures(repacked(lambda members: members.__delitem__(member)))[0] == "bundle.layout"


def test_a_member_that_does_not_belong_is_found() -> None:
    def add(members: dict[str, bytes]) -> None:
        members["run-me.sh"] = b"#!/bin/sh"

    assert failures(repacked(add)) == ["bundle.layout", "bundle.manifest"]


def test_a_record_without_its_salt_is_found() -> None:
    assert failures(repacked(lambda members: members.__delitem__("records/1.salt"), honest_manifest=True)) == [
        "record.commitment"
    ]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_bundle_fails_the_layout_alone(data: bytes) -> None:
    assert failures(data) == ["bundle.layout"]


def proof(**changes: object) -> bytes:
    value = json.loads(archive.unpack(made.made_bundle()).members["proofs/1.json"])
    return json.dumps({**value, **changes}, sort_keys=True, separators=(",", ":")).encode()


HASH = "A" * 43


@pytest.mark.parametrize(
    ("member", "content", "check", "code"),
    [
        ("proofs/1.json", proof(size=2**63), "record.commitment", "integer-too-big"),
        ("proofs/1.json", proof(size=2**64 - 1), "record.commitment", "integer-too-big"),
        ("proofs/1.json", proof(index=2**63), "record.commitment", "integer-too-big"),
        ("proofs/1.json", proof(index=-1), "record.commitment", "proof-malformed"),
        ("proofs/1.json", proof(size=True), "record.commitment", "proof-malformed"),
        ("proofs/1.json", proof(size=2**53 - 1), "log.inclusion", "proof-size"),
        ("proofs/1.json", proof(path=[HASH] * 65), "log.inclusion", "path-differs"),
        ("proofs/1.json", proof(path=[HASH] * 64), "log.inclusion", "path-differs"),
        ("proofs/1.json", proof(path=[]), "log.inclusion", "path-differs"),
        ("proofs/1.json", proof(path=[HASH[1:]]), "log.inclusion", "path-differs"),
        ("proofs/1.json", proof(path=[HASH[2:]]), "log.inclusion", "bad-base64url"),
        ("proofs/1.json", proof(path=[HASH, HASH[1:] + "B"]), "log.inclusion", "bad-base64url"),
        ("proofs/1.json", proof(commitment=HASH[1:]), "record.commitment", "commitment-differs"),
        ("proofs/1.json", proof(path="A"), "record.commitment", "proof-malformed"),
        ("proofs/1.json", proof(more=1), "record.commitment", "proof-malformed"),
        ("proofs/1.json", proof()[:-1], "record.commitment", "malformed-json"),
        ("proofs/1.json", b" " + proof(), "record.commitment", "not-canonical"),
        ("checkpoint.txt", b"", "log.checkpoint-signature", "origin-unknown"),
        ("checkpoint.txt", b"jn.tongping\n5\n", "log.checkpoint-signature", "malformed-note"),
        ("checkpoint.txt", b"jn.tongping\n" + b"5" * 70_000, "log.checkpoint-signature", "malformed-note"),
        ("chain/block.json", b"[" * 100_000, "chain.receipt", "document-not-json"),
        ("chain/block.json", b'{"number":' + b"9" * 5000 + b"}", "chain.receipt", "document-not-json"),
        ("chain/receipts.json", b"{}", "chain.receipt", "document-invalid"),
        ("chain/receipt.json", b'{"blockHash":"0x00","blockHash":"0x01"}', "chain.receipt", "document-not-json"),
        ("records/1.json", b"{}", "record.commitment", "commitment-differs"),
        ("records/1.salt", b"", "record.commitment", "commitment-differs"),
    ],
)
def test_a_member_that_is_cut_off_altered_or_too_large_is_named_by_its_check_and_code(
    member: str, content: bytes, check: str, code: str
) -> None:
    data = repacked(lambda members: members.update({member: content}), honest_manifest=True)

    failed = Verdict(check_bundle(data, made.trust())).failed
    assert (failed[0].name, failed[0].values["code"]) == (check, code)
