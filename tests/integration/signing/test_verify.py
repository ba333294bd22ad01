"""A sealed report verifies; every later change fails the check meant for it."""

import re
from datetime import timedelta

import pytest
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, PdfObject, StreamObject, pdf_name, pdf_string

from records.ids import Digest, digest
from records.proof import Outcome, Verdict
from signing.keys.identity import crl_pem
from signing.pdf.first_revision import read_draft
from signing.pdf.verify import RequiredSigners, required_of, verify_report
from tests.integration.signing.centres import SESSION, failed
from tests.integration.signing.conftest import Played
from tests.integration.signing.tampering import with_page_entry

SIGNATURES = (
    "platform",
    "expert-JN-1",
    "expert-JN-2",
    "expert-JN-3",
    "expert-XA-1",
    "expert-XA-2",
    "seal-XA",
    "seal-JN",
)
EVERY_SIGNATURE = {f"pdf.signature.{name}" for name in SIGNATURES}


def revisions(pdf: bytes) -> list[int]:
    """Where each revision of the file ends."""
    return [match.end() for match in re.finditer(rb"%%EOF\n?", pdf)]


def recorded(played: Played) -> RequiredSigners:
    """What the journal's record of the seal says."""
    state = played.cities.host.desk.state(SESSION)
    certificates = {one.field: one.certificate for one in state.signers if one.certificate is not None}
    return RequiredSigners(
        fields=tuple(one.field for one in state.signers),
        certificates=certificates,
        report_digest=state.report_digest,
        sealed_digest=state.sealed_digest,
    )


def test_a_sealed_report_passes_every_check(played: Played) -> None:
    checks = verify_report(played.pdf, roots=played.roots, tsa_roots=played.roots, required=recorded(played))

    assert {check.outcome for check in checks} == {Outcome.PASS}
    assert Verdict(checks).ok
    assert EVERY_SIGNATURE | {f"pdf.timestamp.{name}" for name in SIGNATURES} <= {check.name for check in checks}


def test_without_a_record_the_report_names_its_own_signers(played: Played) -> None:
    checks = verify_report(played.pdf, roots=played.roots, tsa_roots=played.roots)

    absent = {check.name for check in checks if check.outcome == Outcome.ABSENT}
    assert absent == {"pdf.file-digest", "pdf.base-report"}
    assert Verdict(checks).ok


@pytest.mark.parametrize("back", [1, 2, 3, 9])
def test_a_file_cut_back_to_an_earlier_revision_fails(played: Played, back: int) -> None:
    cut = played.pdf[: revisions(played.pdf)[-1 - back]]

    found = failed(cut, played.roots)

    assert "pdf.document-timestamp" in found
    assert back == 1 or {"pdf.required-signers", "pdf.final-lock"} <= found


def test_the_base_report_alone_is_no_sealed_report(played: Played) -> None:
    base = played.cities.host.desk.report(SESSION)

    assert {"pdf.certification", "pdf.required-signers", *EVERY_SIGNATURE} <= failed(base, played.roots)


def test_replaced_page_content_fails(played: Played) -> None:
    content = StreamObject(stream_data=b"BT (another ranking) Tj ET")

    found = failed(with_page_entry(played.pdf, "/Contents", content), played.roots)

    assert {"pdf.diff", "pdf.coverage", *EVERY_SIGNATURE} <= found


def test_an_added_annotation_fails(played: Played) -> None:
    entries: dict[str, PdfObject] = {
        "/Type": pdf_name("/Annot"),
        "/Subtype": pdf_name("/Text"),
        "/Contents": pdf_string("B2 won"),
    }
    note = DictionaryObject(  # type: ignore[no-untyped-call]  # pyHanko is typed in part
        {pdf_name(name): value for name, value in entries.items()}
    )

    found = failed(with_page_entry(played.pdf, "/Annots", ArrayObject([note])), played.roots)

    assert {"pdf.diff", "pdf.coverage", *EVERY_SIGNATURE} <= found


def test_an_update_that_changes_nothing_fails_by_coverage(played: Played) -> None:
    assert "pdf.coverage" in failed(with_page_entry(played.pdf, "", None), played.roots)


@pytest.mark.parametrize("tail", [b"\n", b"% a comment\n", b"\x00"])
def test_bytes_after_the_end_fail(played: Played, tail: bytes) -> None:
    assert failed(played.pdf + tail, played.roots) & {"pdf.coverage", "pdf.parse"}


def test_padding_of_the_last_signature_is_held_to_zeros(played: Played) -> None:
    place = played.pdf.rindex(b"0" * 64) + 8
    changed = played.pdf[:place] + b"1" + played.pdf[place + 1 :]

    assert {"pdf.document-timestamp"} <= failed(changed, played.roots)


def test_the_last_signature_has_one_spelling(played: Played) -> None:
    start = played.pdf.rindex(b"/Contents <") + len(b"/Contents <")
    place = start + next(index for index, sign in enumerate(played.pdf[start:]) if chr(sign) in "ABCDEF")
    changed = played.pdf[:place] + played.pdf[place : place + 1].lower() + played.pdf[place + 1 :]

    assert "pdf.document-timestamp" in failed(changed, played.roots)


def test_a_signer_of_another_list_is_missing(played: Played) -> None:
    required = recorded(played)
    more = RequiredSigners(fields=("expert-JN-4", *required.fields))

    found = failed(played.pdf, played.roots, more)

    assert found == {"pdf.required-signers", "pdf.signature.expert-JN-4"}


def test_a_certificate_other_than_the_recorded_one_fails(played: Played) -> None:
    required = RequiredSigners(
        fields=recorded(played).fields, certificates={"expert-XA-1": digest(b"another certificate")}
    )

    assert failed(played.pdf, played.roots, required) == {"pdf.signature.expert-XA-1"}


def test_another_base_report_than_the_consented_one_fails(played: Played) -> None:
    required = RequiredSigners(fields=recorded(played).fields, report_digest=Digest("sha256:" + "0" * 64))

    assert failed(played.pdf, played.roots, required) == {"pdf.base-report"}


def test_without_the_guests_root_the_guests_signatures_fail(played: Played) -> None:
    checks = verify_report(played.pdf, roots=played.roots[:1], tsa_roots=played.roots)

    found = {check.name for check in checks if check.outcome == Outcome.FAIL}
    assert found == {"pdf.signature.expert-XA-1", "pdf.signature.expert-XA-2", "pdf.signature.seal-XA"}


def test_without_the_authority_of_time_there_is_no_time(played: Played) -> None:
    checks = verify_report(played.pdf, roots=played.roots, tsa_roots=played.roots[1:])

    found = {check.name for check in checks if check.outcome == Outcome.FAIL}
    assert {"pdf.document-timestamp", "pdf.signature.seal-JN"} <= found


def test_a_year_later_it_still_verifies(played: Played) -> None:
    later = played.cities.clock() + timedelta(days=365)

    assert Verdict(verify_report(played.pdf, roots=played.roots, tsa_roots=played.roots, at=later)).ok


def test_three_years_later_a_newer_revocation_list_is_needed_and_enough(played: Played) -> None:
    later = played.cities.clock() + timedelta(days=3 * 365)
    newer = [crl_pem(played.cities.host.keyring.authority.crl(later - timedelta(days=1)))]

    without = verify_report(played.pdf, roots=played.roots, tsa_roots=played.roots, at=later)
    with_list = verify_report(played.pdf, roots=played.roots, tsa_roots=played.roots, at=later, crls=newer)

    assert "pdf.document-timestamp" in {check.name for check in without if check.outcome == Outcome.FAIL}
    assert Verdict(with_list).ok


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n", b"%PDF-2.0\n%%EOF", b"\x00" * 4096])
def test_what_is_no_pdf_fails_to_parse(played: Played, data: bytes) -> None:
    assert failed(data, played.roots) == {"pdf.parse"}


def test_the_required_list_comes_from_the_data_inside(played: Played) -> None:
    base = played.cities.host.desk.report(SESSION)

    assert required_of(read_draft(base)).fields == SIGNATURES[1:]
