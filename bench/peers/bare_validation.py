"""The peer of the verify bench for reports: pyHanko alone validates every signature of a file."""

from collections.abc import Iterable
from datetime import datetime

from asn1crypto import crl, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec, ValidationContext
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from signing.keys.identity import certificate_der


async def validate(reader: PdfFileReader, *, roots: Iterable[str], tsa_roots: Iterable[str], at: datetime) -> None:
    """Long-term validation with difference analysis, pyHanko's default; the last signature is the timestamp."""
    signers, stamps = ([x509.Certificate.load(certificate_der(pem)) for pem in pems] for pems in (roots, tsa_roots))
    specification = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=_policy(signers),
            ts_cert_validation_policy=_policy(stamps),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
        )
    )
    timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=False)
    for signature in reader.embedded_signatures:
        if signature.sig_object_type == "/DocTimeStamp":
            await _timestamp(reader, signature, stamps, at)
        else:
            await ades_lta_validation(signature, specification, timing_info=timing)


def _policy(trusted: list[x509.Certificate]) -> CertValidationPolicySpec:
    return CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=trusted), revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)
    )


async def _timestamp(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, stamps: list[x509.Certificate], at: datetime
) -> None:
    stored = DocumentSecurityStore.read_dss(reader)
    context = ValidationContext(
        trust_roots=stamps,
        other_certs=list(stored.load_certs()),
        crls=[crl.CertificateList.load(reference.get_object().data) for reference in stored.crls],
        allow_fetching=False,
        revocation_mode="require",
        moment=at,
    )
    await async_validate_pdf_timestamp(signature, context)
