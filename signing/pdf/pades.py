"""The signing line on the PDF: fields first, certification, externally made signatures, long-term data last.

The only module where pyHanko writes. Nothing here knows who may sign when; that is in stages.py.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import cms, crl, x509
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
    ensure_sig_flags,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import ExternalSigner, PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from records.errors import UnavailableError
from signing.keys.identity import Identity, check_signature
from signing.keys.timestamps import PortTimeStamper, Timestamps
from signing.pdf.marks import stamp_style
from signing.report.document import DraftReport
from signing.report.signature_page import PAGE_HEIGHT, PLATFORM_FIELD, Place

HASH = "sha256"
RESERVED = 2 * 8192
"""Hex digits kept free for one CMS: certificate, issuers and a timestamp token come to less than half of it."""
DOCUMENT_TIMESTAMP_FIELD = "document-timestamp"
_SIGNATURE_BYTES = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A signature begun: the document with an empty place in it, and the bytes the key has to sign.

    `document[hole[0]:hole[1]]` is that place, the hexadecimal string of /Contents with its brackets.
    """

    field: str
    identity: Identity
    document: bytes
    to_be_signed: bytes
    hole: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """The signature dictionary's content besides the signature: reason, place, and appearance."""

    reason: str
    location: str = ""
    mark: bytes = b""


def prepare(draft: DraftReport) -> bytes:
    """The draft with all its empty fields. Equal drafts give equal bytes, so a guest can make and compare it."""
    writer = _writer(draft.pdf)
    pages = int(writer.root["/Pages"]["/Count"])
    first = pages - 1 - max(place.page for place in draft.places)
    for spec in _field_specs(draft.places, first):
        append_signature_field(writer, spec)
    ensure_sig_flags(writer, lock_sig_flags=True)
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]  # pyHanko is typed in part
    return output.getvalue()


class _Revision(IncrementalPdfFileWriter):
    """The next revision of a file, made from its input alone: without a clock or randomness in its metadata.

    Both overridden methods are pyHanko's own; the tests of equal bytes fail when pyHanko moves them.
    """

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> ArrayObject:
        first, _ = prev.document_id
        prev.stream.seek(0)
        identifier = hashlib.sha256(prev.stream.read()).digest()[:16]
        return ArrayObject([ByteStringObject(first), ByteStringObject(identifier)])

    def _update_meta(self) -> None:
        """Leave the report's metadata as they are in the draft."""


def _writer(pdf: bytes) -> IncrementalPdfFileWriter:
    return _Revision(BytesIO(pdf))


def _field_specs(places: Sequence[Place], first_page: int) -> Iterable[SigFieldSpec]:
    """The platform's invisible field, then each place; a seal locks its centre's fields, the last one all."""
    yield SigFieldSpec(PLATFORM_FIELD, readable_field_name="平台认证 / platform certification")
    for place in places:
        bottom = PAGE_HEIGHT - place.y - place.height
        yield SigFieldSpec(
            place.field,
            on_page=first_page + place.page,
            box=(place.x, bottom, place.x + place.width, bottom + place.height),  # type: ignore[arg-type]  # floats are fine
            field_mdp_spec=_lock(place, places),
            doc_mdp_update_value=MDPPerm.NO_CHANGES if place is places[-1] else None,
            readable_field_name=f"{'签章' if place.kind == 'seal' else '签名'} {place.owner}",
        )


def _lock(place: Place, places: Sequence[Place]) -> FieldMDPSpec:
    if place is places[-1]:
        return FieldMDPSpec(FieldMDPAction.ALL)
    mine = [place.field]
    if place.kind == "seal":
        mine += [
            other.field for other in places if other.kind == "expert" and other.owner.startswith(f"{place.owner}-")
        ]
    return FieldMDPSpec(FieldMDPAction.INCLUDE, fields=mine)


def begin(pdf: bytes, field: str, identity: Identity, intent: Intent, *, at: datetime) -> Begun:
    """Write everything of one signature except its value. `field` platform certifies: DocMDP P=2."""
    certify = field == PLATFORM_FIELD
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm=HASH,
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS if certify else MDPPerm.NO_CHANGES,  # the latter where a lock requires it
        reason=intent.reason,
        location=intent.location or None,
        name=identity.name,
    )
    external = _external(identity, bytes(_SIGNATURE_BYTES))
    signer = PdfSigner(metadata, external, stamp_style=stamp_style(intent.mark) if intent.mark else None)
    session = signer.init_signing_session(_writer(pdf), existing_fields_only=True)
    session.system_time = at.astimezone(UTC).replace(microsecond=0)
    to_be_written = session.prepare_tbs_document(validation_info=None, bytes_reserved=RESERVED)
    output = BytesIO()
    prepared, _ = to_be_written.digest_tbs_document(output=output)
    attributes = asyncio.run(external.signed_attrs(prepared.document_digest, HASH, use_pades=True))
    return Begun(
        field=field,
        identity=identity,
        document=output.getvalue(),
        to_be_signed=bytes(attributes.dump()),
        hole=(prepared.reserved_region_start, prepared.reserved_region_end),
    )


def finish(begun: Begun, signature: bytes, *, timestamps: Timestamps) -> bytes:
    """The document with the signature and a timestamp over it in place.

    Raises EvidenceMismatchError("signature-invalid"), UnavailableError("timestamp-unavailable").
    """
    check_signature(begun.identity, begun.to_be_signed, signature)
    attributes = cms.CMSAttributes.load(begun.to_be_signed)
    signing = _external(begun.identity, signature).async_sign_prescribed_attributes(
        HASH, attributes, timestamper=PortTimeStamper(timestamps)
    )
    output = BytesIO(begun.document)
    prepared = PreparedByteRangeDigest(b"", *begun.hole)
    try:
        prepared.fill_with_cms(output, asyncio.run(signing))
    except SigningError as error:
        raise UnavailableError("signature-too-large", field=begun.field) from error
    return output.getvalue()


def keep_for_years(pdf: bytes, identities: Iterable[Identity], *, timestamps: Timestamps) -> bytes:
    """Put every certificate and revocation list into the file and a document timestamp over all of it (B-LTA)."""
    known = list(identities)
    certificates = dict.fromkeys(der for one in known for der in (one.certificate, *one.chain))
    lists = dict.fromkeys(der for one in known for der in one.crls)
    writer = _writer(pdf)
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[x509.Certificate.load(der) for der in certificates],
        crls=[crl.CertificateList.load(der) for der in lists],
    )
    stamper = PdfTimeStamper(PortTimeStamper(timestamps), field_name=DOCUMENT_TIMESTAMP_FIELD)
    output = asyncio.run(stamper.async_timestamp_pdf(writer, HASH, bytes_reserved=RESERVED))
    return bytes(output.getvalue())


def _external(identity: Identity, signature: bytes) -> ExternalSigner:
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko is typed in part
    registry.register_multiple(x509.Certificate.load(der) for der in identity.chain)
    return ExternalSigner(x509.Certificate.load(identity.certificate), registry, signature_value=signature)
