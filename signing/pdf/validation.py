"""pyHanko's verdict on each signature in a file, as plain findings; the only module where pyHanko validates."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import crl, x509
from asn1crypto.parser import parse
from pyhanko.pdf_utils.decode_limits import DEFAULT_PURPOSE_LIMITS, DecodeLimits, DecodePurpose, StreamDecodeLimits
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffPolicy, DiffResult, SuspiciousModification
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, async_validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec, ValidationContext
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from records.errors import InvalidRecordError
from records.ids import Digest, digest
from signing.keys.identity import certificate_der, crl_der

for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)  # its warnings name signers; a finding has the relevant part


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The finding about one signature. `good`: intact, trusted, and nothing forbidden came after it.

    `papers`: the signer's certificate and the others stored with the signature (DER); empty for a document timestamp.
    `timestamped`: a trusted authority's time covers the signature; None when that was not checked. `time`: the time of
    a good document timestamp.
    """

    field: str
    good: bool
    intact: bool
    clean_after: bool
    reason: str
    certificate: Digest
    timestamped: bool | None
    certifies: bool
    locks_all: bool
    whole_file: bool
    is_document_timestamp: bool
    time: datetime | None = None
    papers: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roots:
    """The roots the reader trusts, from outside the file: for signers, and for time."""

    signers: tuple[x509.Certificate, ...]
    timestamps: tuple[x509.Certificate, ...]

    @classmethod
    def read(cls, signers: Iterable[str], timestamps: Iterable[str]) -> "Roots":
        return cls(signers=tuple(map(_certificate, signers)), timestamps=tuple(map(_certificate, timestamps)))


def _crl(text: str) -> crl.CertificateList:
    return crl.CertificateList.load(crl_der(text))


def _certificate(text: str) -> x509.Certificate:
    return x509.Certificate.load(certificate_der(text))


class _OncePerFile(DiffPolicy):
    """pyHanko's default difference analysis, run once per question about a file instead of once per signature."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], DiffResult | SuspiciousModification] = {}

    def apply(
        self,
        old: HistoricalResolver,
        new: HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult:
        return DEFAULT_DIFF_POLICY.apply(old, new, field_mdp_spec, doc_mdp)

    def review_file(
        self,
        reader: PdfFileReader,
        base_revision: int | HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult | SuspiciousModification:
        revision = base_revision if isinstance(base_revision, int) else base_revision.revision
        question = (revision, f"{field_mdp_spec} {doc_mdp}")
        if question not in self._known:
            self._known[question] = DEFAULT_DIFF_POLICY.review_file(reader, base_revision, field_mdp_spec, doc_mdp)
        return self._known[question]


_MiB = 1 << 20
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=32 * _MiB),
    per_purpose={
        **DEFAULT_PURPOSE_LIMITS,
        DecodePurpose.OBJECT_STREAM: StreamDecodeLimits(max_output_size=4 * _MiB),
        DecodePurpose.XREF_STREAM: StreamDecodeLimits(max_output_size=_MiB),
        DecodePurpose.CRL: StreamDecodeLimits(max_output_size=8 * _MiB),
    },
)
"""Bytes to which the streams of a report may be unpacked; the largest of a real one has a tenth of a MiB."""


def open_pdf(pdf: bytes) -> PdfFileReader:
    """A reader over well-formed bytes; anything else is InvalidRecordError("pdf-unreadable")."""
    try:
        reader = PdfFileReader(BytesIO(pdf), decode_limits=_LIMITS)
        _ = reader.root["/Pages"]["/Count"]
    except Exception as error:
        raise InvalidRecordError("pdf-unreadable") from error
    return reader


def findings(reader: PdfFileReader, roots: Roots, *, at: datetime, crls: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Every signature and document timestamp of the file, in the order of their revisions.

    `crls` (PEM) are revocation lists newer than those in the file: years later the outermost timestamp needs one.
    """
    known = [_crl(text) for text in crls]
    return asyncio.run(_findings(reader, _specification(roots, known), _Moment(roots=roots, at=at, crls=known)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    roots: Roots
    at: datetime
    crls: list[crl.CertificateList]


async def _findings(
    reader: PdfFileReader, specification: PdfSignatureValidationSpec, moment: _Moment
) -> tuple[Finding, ...]:
    found = []
    for signature in reader.embedded_signatures:
        signature.compute_integrity_info(specification.diff_policy)
        if signature.sig_object_type == "/DocTimeStamp":
            found.append(await _document_timestamp(reader, signature, moment))
        else:
            found.append(await _signature(signature, specification, moment.at))
    return tuple(found)


async def _signature(
    signature: EmbeddedPdfSignature, specification: PdfSignatureValidationSpec, at: datetime
) -> Finding:
    timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=False)
    result = await ades_lta_validation(signature, specification, timing_info=timing)
    status = result.api_status
    passed = result.ades_subindic == AdESPassed.OK
    clean = status is not None and bool(status.docmdp_ok)
    time = None if status is None else status.timestamp_validity
    intact = status is not None and status.intact and status.valid and _written_once(signature)
    return Finding(
        field=str(signature.field_name),
        good=passed and intact and clean,
        intact=intact,
        clean_after=clean,
        reason=_reason(passed=passed, intact=intact, clean=clean, indication=str(result.ades_subindic)),
        certificate=digest(signature.signer_cert.dump()),
        timestamped=None if time is None else time.intact and time.valid and time.trusted,
        certifies=_certifies(signature),
        locks_all=_locks_all(signature),
        whole_file=signature.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        is_document_timestamp=False,
        papers=(signature.signer_cert.dump(), *(one.dump() for one in signature.other_embedded_certs)),
    )


async def _document_timestamp(reader: PdfFileReader, signature: EmbeddedPdfSignature, moment: _Moment) -> Finding:
    stored = DocumentSecurityStore.read_dss(reader)
    context = ValidationContext(
        trust_roots=list(moment.roots.timestamps),
        other_certs=list(stored.load_certs()),
        crls=[*(crl.CertificateList.load(ref.get_object().data) for ref in stored.crls), *moment.crls],
        allow_fetching=False,
        revocation_mode="require",
        moment=moment.at,
    )
    status = await async_validate_pdf_timestamp(signature, context)
    intact = bool(status.intact and status.valid) and _written_once(signature)
    clean = signature.coverage >= SignatureCoverageLevel.ENTIRE_REVISION and status.docmdp_ok is not False
    good = intact and bool(status.trusted) and clean
    return Finding(
        field=str(signature.field_name),
        good=good,
        intact=intact,
        clean_after=clean,
        reason=_reason(passed=bool(status.trusted), intact=intact, clean=clean, indication="UNTRUSTED"),
        certificate=digest(signature.signer_cert.dump()),
        timestamped=good,
        certifies=False,
        locks_all=False,
        whole_file=signature.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        is_document_timestamp=True,
        time=status.timestamp if good else None,
    )


def _written_once(signature: EmbeddedPdfSignature) -> bool:
    """The place of the signature holds its DER in upper-case hex and zeros, as every signer here writes it.

    No signature covers its own place: without this check a byte of the padding could be altered.
    """
    content = bytes(signature.pkcs7_content)
    start, end = int(signature.byte_range[1]), int(signature.byte_range[2])
    signature.reader.stream.seek(start)
    place = signature.reader.stream.read(end - start)
    padding = content[len(parse(content)[3]) + len(parse(content)[4]) + len(parse(content)[5]) :]
    return not any(padding) and place == b"<" + content.hex().upper().encode("ascii") + b">"


def _reason(*, passed: bool, intact: bool, clean: bool, indication: str) -> str:
    if not intact:
        return "the signed bytes were changed, or the signature is not the certificate's"
    if not clean:
        return "something was added afterwards that no signature allows"
    return "" if passed else f"certificate or time not accepted ({indication})"


def _specification(roots: Roots, crls: Iterable[crl.CertificateList]) -> PdfSignatureValidationSpec:
    """Long-term validation from the file and the roots alone; nothing is fetched."""
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=_policy(roots.signers),
            ts_cert_validation_policy=_policy(roots.timestamps),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
            local_knowledge=LocalKnowledge(known_crls=[CRLContainer(one) for one in crls]),
        ),
        diff_policy=_OncePerFile(),
    )


def _policy(trusted: Sequence[x509.Certificate]) -> CertValidationPolicySpec:
    return CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=list(trusted)),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )


def _certifies(signature: EmbeddedPdfSignature) -> bool:
    """The catalogue's /Perms names this signature, and it allows only signatures and form fields (P=2)."""
    try:
        permitted = signature.reader.root["/Perms"].raw_get("/DocMDP").reference
    except (KeyError, AttributeError):
        return False
    mine = signature.sig_field.raw_get("/V").reference
    return bool(permitted == mine and signature.docmdp_level == MDPPerm.FILL_FORMS)


def _locks_all(signature: EmbeddedPdfSignature) -> bool:
    lock = signature.fieldmdp
    every_field = lock is not None and lock.action == FieldMDPAction.ALL
    return every_field and signature.docmdp_level == MDPPerm.NO_CHANGES
