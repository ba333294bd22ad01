"""RFC 3161 time: our own small authority for the embedded default, and the adapter to any authority.

The authority is bytes in, bytes out, so the node can serve it at /tsa; a production centre posts to its TSA instead.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import algos, cms, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.timestamps import TimeStamper

from records.errors import EvidenceMismatchError, UnavailableError
from signing.keys.identity import Identity

POLICY = "2.25.248370012863351527011204816359044276114"
"""Our time-stamping policy (an OID under 2.25, the arc of UUIDs): embedded authority, clock of the centre's machine."""

_DIGEST_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}
_SERIAL_BYTES = 8

Timestamps = Callable[[bytes], bytes]
"""A time-stamping authority in our use: the DER of a TimeStampReq in, the DER of a TimeStampResp out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampAuthority:
    """The embedded authority. Its clock is the caller's."""

    identity: Identity
    key: ec.EllipticCurvePrivateKey
    randomness: Callable[[int], bytes]

    def respond(self, request: bytes, *, at: datetime) -> bytes:
        """Answer one request; a request that cannot be granted gets a rejection, never an exception."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            imprint = asked["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            size = len(imprint["hashed_message"].native)
            version = asked["version"].native
        except (ValueError, TypeError, KeyError):
            return _rejection("bad_data_format")
        if version != "v1" or _DIGEST_SIZES.get(algorithm) != size:
            return _rejection("bad_alg" if version == "v1" else "bad_request")
        token = self._token(asked, at)
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _token(self, asked: tsp.TimeStampReq, at: datetime) -> cms.ContentInfo:
        info = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": int.from_bytes(self.randomness(_SERIAL_BYTES), "big"),
            "gen_time": at.astimezone(UTC).replace(microsecond=0),
            "accuracy": {"seconds": 1},
            "ordering": False,
        }
        if asked["nonce"].native is not None:
            info["nonce"] = asked["nonce"]
        content = tsp.TSTInfo(info).dump()
        certificate = x509.Certificate.load(self.identity.certificate)
        attributes = _signed_attributes(content, self.identity)
        certificates = [certificate] if asked["cert_req"].native else []
        signed = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
                "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(content)},
                "certificates": certificates,
                "signer_infos": [self._signer_info(certificate, attributes)],
            }
        )
        return cms.ContentInfo({"content_type": "signed_data", "content": signed})

    def _signer_info(self, certificate: x509.Certificate, attributes: cms.CMSAttributes) -> cms.SignerInfo:
        issuer = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        return cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier({"issuer_and_serial_number": issuer}),
                "digest_algorithm": {"algorithm": "sha256"},
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signed_attrs": attributes,
                "signature": self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )


def _signed_attributes(content: bytes, identity: Identity) -> cms.CMSAttributes:
    """The token's signed attributes: the content's type and digest, and the signing certificate (RFC 5816)."""
    reference = {"cert_hash": _sha256(identity.certificate)}
    return cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [_sha256(content)]},
            {"type": "signing_certificate_v2", "values": [{"certs": [reference]}]},
        ]
    )


def _sha256(data: bytes) -> bytes:
    hasher = hashes.Hash(hashes.SHA256())
    hasher.update(data)
    return hasher.finalize()


def _rejection(reason: str) -> bytes:
    """A TimeStampResp with only a status: asn1crypto insists on a token, RFC 3161 does not."""
    status = bytes(tsp.PKIStatusInfo({"status": "rejection", "fail_info": {reason}}).dump())
    return b"\x30" + bytes([len(status)]) + status


class PortTimeStamper(TimeStamper):
    """pyHanko's interface of a time-stamping authority over our port."""

    def __init__(self, timestamps: Timestamps) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko is typed in part
        self._timestamps = timestamps

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask once. A refusal or a malformed answer is UnavailableError("timestamp-unavailable").

        A token over another digest or for another request is EvidenceMismatchError("timestamp-mismatch").
        """
        try:
            response = tsp.TimeStampResp.load(self._timestamps(bytes(req.dump())), strict=True)
            granted = response["status"]["status"].native in {"granted", "granted_with_mods"}
            content = response["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UnavailableError("timestamp-unavailable") from error
        if not granted:
            raise UnavailableError("timestamp-unavailable")
        if any(content[name].native != req[name].native for name in ("message_imprint", "nonce")):
            raise EvidenceMismatchError("timestamp-mismatch")
        return response
