"""The peer of the seal bench: pyHanko alone signs the same report with the same keys and marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from asn1crypto import crl, keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.keys.identity import Identity
from signing.keys.software import SoftwareSigner
from signing.keys.timestamps import PortTimeStamper, Timestamps
from signing.pdf.marks import stamp_style
from signing.pdf.pades import HASH, RESERVED, Intent
from signing.report.signature_page import PLATFORM_FIELD


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One signature: its field, its signer and its text; its mark is drawn already."""

    field: str
    signer: SoftwareSigner
    intent: Intent


def sign_all(pdf: bytes, steps: Sequence[Step], timestamps: Timestamps) -> bytes:
    """`pdf` has its empty fields; every signature gets a timestamp, and the last revision a document timestamp."""
    for step in steps:
        pdf = _sign(pdf, step, timestamps)
    return _keep(pdf, [step.signer.identity for step in steps], timestamps)


def _sign(pdf: bytes, step: Step, timestamps: Timestamps) -> bytes:
    certify = step.field == PLATFORM_FIELD
    metadata = PdfSignatureMetadata(
        field_name=step.field,
        md_algorithm=HASH,
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS if certify else MDPPerm.NO_CHANGES,
        reason=step.intent.reason,
        location=step.intent.location or None,
        name=step.signer.identity.name,
    )
    style = stamp_style(step.intent.mark) if step.intent.mark else None
    signer = PdfSigner(metadata, _simple(step.signer), timestamper=PortTimeStamper(timestamps), stamp_style=style)
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    return bytes(signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=RESERVED).getvalue())


def _simple(signer: SoftwareSigner) -> SimpleSigner:
    key = signer.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko is typed in part
    registry.register_multiple(x509.Certificate.load(der) for der in signer.identity.chain)
    certificate = x509.Certificate.load(signer.identity.certificate)
    return SimpleSigner(certificate, keys.PrivateKeyInfo.load(key), registry)


def _keep(pdf: bytes, identities: Sequence[Identity], timestamps: Timestamps) -> bytes:
    certificates = dict.fromkeys(der for one in identities for der in (one.certificate, *one.chain))
    lists = dict.fromkeys(der for one in identities for der in one.crls)
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[x509.Certificate.load(der) for der in certificates],
        crls=[crl.CertificateList.load(der) for der in lists],
    )
    stamper = PdfTimeStamper(PortTimeStamper(timestamps), field_name="document-timestamp")
    return bytes(stamper.timestamp_pdf(writer, HASH, bytes_reserved=RESERVED).getvalue())
