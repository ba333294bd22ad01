"""Whether this PDF is the sealed report it claims to be: named, repeatable checks; no network, no database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from records.errors import EvidenceMismatchError, InvalidRecordError, TongpingError
from records.ids import Digest, digest
from records.proof import Check, Outcome
from signing.keys import holders
from signing.keys.holders import Holder
from signing.pdf import first_revision, pades
from signing.pdf.validation import Finding, Roots, findings, open_pdf
from signing.report.document import DraftReport
from signing.report.signature_page import PLATFORM_FIELD


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredSigners:
    """The required signers, from a source outside the PDF: the record of the seal, or the session's seats.

    `fields` in signing order, the host's seal last. `excused` members refused without reasons (条例53条).
    `certificates`: the fingerprint each field must show, where the journal names it. `holders`: whose certificate that
    must be, also of the platform's field. The two digests, where known, tie the file to the consented data and to the
    record.
    """

    fields: tuple[str, ...]
    excused: frozenset[str] = frozenset()
    certificates: Mapping[str, Digest] = field(default_factory=dict)
    holders: Mapping[str, Holder] = field(default_factory=dict)
    report_digest: Digest | None = None
    sealed_digest: Digest | None = None

    @property
    def host_seal(self) -> str:
        return self.fields[-1]

    @property
    def wanted(self) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name not in self.excused)


def required_of(draft: DraftReport) -> RequiredSigners:
    """All signers the report itself has a place for: all members, all centres."""
    return RequiredSigners(fields=tuple(place.field for place in draft.places))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportVerdict:
    """The checks of a sealed report, and the first document timestamp's time; None without a trusted one."""

    checks: tuple[Check, ...]
    closed_at: datetime | None = None


def verify_report(
    pdf: bytes,
    *,
    roots: Iterable[str],
    tsa_roots: Iterable[str],
    required: RequiredSigners | None = None,
    at: datetime | None = None,
    crls: Iterable[str] = (),
) -> tuple[Check, ...]:
    """All checks of a sealed report (R37, 电子签名法13条: every later change shows); see `judge_report`."""
    return judge_report(pdf, roots=roots, tsa_roots=tsa_roots, required=required, at=at, crls=crls).checks


def judge_report(
    pdf: bytes,
    *,
    roots: Iterable[str],
    tsa_roots: Iterable[str],
    required: RequiredSigners | None = None,
    at: datetime | None = None,
    crls: Iterable[str] = (),
) -> ReportVerdict:
    """All checks of a sealed report, in the order a person would ask; never raises because of the file.

    `roots`, `tsa_roots`, `crls` are PEM. Without `required` the signers come from the data inside the report.
    """
    trusted = Roots.read(roots, tsa_roots)
    newer = tuple(crls)
    moment = at or datetime.now(UTC)
    try:
        return _verify(pdf, trusted, required, moment, newer)
    except TongpingError as error:
        return ReportVerdict(checks=(_fail("pdf.parse", f"the file is no sealed report ({error.code})"),))
    except Exception as error:  # noqa: BLE001 - a hostile file may break the parser anywhere: it does not verify
        reason = f"the file cannot be read as a signed PDF ({type(error).__name__})"
        return ReportVerdict(checks=(_fail("pdf.parse", reason),))


def _verify(
    pdf: bytes, roots: Roots, required: RequiredSigners | None, at: datetime, crls: Sequence[str]
) -> ReportVerdict:
    reader = open_pdf(pdf)
    base = first_revision.first_revision(reader, pdf)
    wanted = required or required_of(first_revision.read_draft(base))
    found = findings(reader, roots, at=at, crls=crls)
    by_field = {finding.field: finding for finding in found}
    checks = (
        _pass("pdf.parse", f"{reader.xrefs.total_revisions} revisions"),
        _file_digest(pdf, wanted),
        _base(base, wanted),
        _certification(found),
        *(_signature(name, by_field.get(name), wanted) for name in (PLATFORM_FIELD, *wanted.wanted)),
        *_signers(by_field, wanted),
        *(_timestamp(name, by_field.get(name)) for name in (PLATFORM_FIELD, *wanted.wanted)),
        _required(by_field, wanted),
        _final_lock(found, wanted),
        _guarded("pdf.diff", lambda: _diff(reader, pdf, base, found)),
        _coverage(pdf, found),
        _document_timestamp(found),
    )
    times = [finding.time for finding in found if finding.time is not None]
    return ReportVerdict(checks=checks, closed_at=min(times, default=None))


def _pass(name: str, reason: str = "") -> Check:
    return Check(name=name, outcome=Outcome.PASS, reason=reason)


def _fail(name: str, reason: str) -> Check:
    return Check(name=name, outcome=Outcome.FAIL, reason=reason)


def _judge(name: str, *, good: bool, when_good: str, when_bad: str) -> Check:
    return _pass(name, when_good) if good else _fail(name, when_bad)


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    """A check that reads parts of the file not read before."""
    try:
        return check()
    except (InvalidRecordError, EvidenceMismatchError) as error:
        return _fail(name, error.code)


def _file_digest(pdf: bytes, required: RequiredSigners) -> Check:
    name = "pdf.file-digest"
    if required.sealed_digest is None:
        return Check(name=name, outcome=Outcome.ABSENT, reason="no recorded digest of the sealed file was given")
    good = digest(pdf) == required.sealed_digest
    return _judge(
        name,
        good=good,
        when_good="the whole file has the recorded digest",
        when_bad=f"expected {required.sealed_digest}, found {digest(pdf)}",
    )


def _base(base: bytes, required: RequiredSigners) -> Check:
    name = "pdf.base-report"
    if required.report_digest is None:
        return Check(name=name, outcome=Outcome.ABSENT, reason="no digest of the base report was given")
    good = digest(base) == required.report_digest
    return _judge(
        name,
        good=good,
        when_good="the first revision is the report the members consented to",
        when_bad=f"expected {required.report_digest}, found {digest(base)}",
    )


def _certification(found: Sequence[Finding]) -> Check:
    first = next((finding for finding in found if not finding.is_document_timestamp), None)
    good = first is not None and first.field == PLATFORM_FIELD and first.certifies and first.good
    return _judge(
        "pdf.certification",
        good=good,
        when_good="certified first; only signatures allowed afterwards (DocMDP P=2)",
        when_bad="the file does not begin with a valid certification" if first is None else first.reason or "not first",
    )


def _signature(name: str, finding: Finding | None, required: RequiredSigners) -> Check:
    check = f"pdf.signature.{name}"
    if finding is None:
        return _fail(check, "not signed")
    expected = required.certificates.get(name, finding.certificate)
    if finding.certificate != expected:
        return _fail(check, f"signed with certificate {finding.certificate}, the record names {expected}")
    return _judge(
        check, good=finding.good, when_good="intact, trusted, nothing forbidden after", when_bad=finding.reason
    )


def _signers(by_field: Mapping[str, Finding], required: RequiredSigners) -> tuple[Check, ...]:
    """Each certificate is the one of whoever signs there, and nobody signs for two."""
    names = [name for name in (PLATFORM_FIELD, *required.wanted) if name in required.holders]
    papers = {name: by_field[name].papers for name in names if name in by_field and by_field[name].papers}
    twice = holders.shared({name: own[0] for name, own in papers.items()}, required.holders)
    return tuple(_signer(name, required.holders[name], papers.get(name, ()), twice.get(name)) for name in names)


def _signer(name: str, holder: Holder, papers: Sequence[bytes], other: str | None) -> Check:
    check = f"pdf.signer.{name}"
    if not papers:
        return Check(name=check, outcome=Outcome.ABSENT, reason="not signed")
    if other is not None:
        return _fail(check, f"certificate-of-two: expected a key of its own, found the one that also signed {other}")
    try:
        certificate, *others = (x509.load_der_x509_certificate(der) for der in papers)
        fault = holders.fault_of(certificate, others, holder)
    except (ValueError, TongpingError):
        return _fail(check, "the certificate cannot be read")
    return _judge(check, good=fault is None, when_good=f"the certificate of {holder.name}", when_bad=str(fault))


def _timestamp(name: str, finding: Finding | None) -> Check:
    check = f"pdf.timestamp.{name}"
    if finding is None or (finding.timestamped is None and not finding.good):
        return Check(name=check, outcome=Outcome.ABSENT, reason="the signature itself does not hold")
    return _judge(
        check,
        good=bool(finding.timestamped),
        when_good="signed before a trusted authority's time",
        when_bad="no trusted timestamp over this signature",
    )


def _required(by_field: Mapping[str, Finding], required: RequiredSigners) -> Check:
    missing = [name for name in required.wanted if name not in by_field or not by_field[name].intact]
    return _judge(
        "pdf.required-signers",
        good=not missing,
        when_good=f"all {len(required.wanted)} required signatures are there",
        when_bad="missing: " + ", ".join(missing),
    )


def _final_lock(found: Sequence[Finding], required: RequiredSigners) -> Check:
    approvals = [finding for finding in found if not finding.is_document_timestamp]
    last = approvals[-1] if approvals else None
    good = last is not None and last.field == required.host_seal and last.locks_all
    return _judge(
        "pdf.final-lock",
        good=good,
        when_good="the host's seal came last and locked the whole document",
        when_bad="the host's seal is not the last signature, or does not lock the document",
    )


def _diff(reader: PdfFileReader, pdf: bytes, base: bytes, found: Sequence[Finding]) -> Check:
    problem = first_revision.unexpected_change(reader, pdf, first_revision.prepare_again(base))
    unclean = [finding.field for finding in found if not finding.clean_after]
    if not problem and unclean:
        problem = "something was added after " + ", ".join(unclean)
    return _judge("pdf.diff", good=not problem, when_good="every revision only signs", when_bad=problem)


def _coverage(pdf: bytes, found: Sequence[Finding]) -> Check:
    """The last signature covers every byte of the file but its own, and its own place has a single spelling."""
    last = found[-1] if found else None
    good = last is not None and last.whole_file and pdf.rstrip().endswith(b"%%EOF")
    return _judge(
        "pdf.coverage",
        good=good,
        when_good="the last signature covers the whole file",
        when_bad="there are bytes that the last signature does not cover",
    )


def _document_timestamp(found: Sequence[Finding]) -> Check:
    last = found[-1] if found else None
    good = (
        last is not None
        and last.is_document_timestamp
        and last.good
        and last.field.startswith(pades.DOCUMENT_TIMESTAMP_FIELD)
    )
    return _judge(
        "pdf.document-timestamp",
        good=good,
        when_good="a trusted authority's time over the whole file",
        when_bad="the file does not end with a valid document timestamp",
    )
