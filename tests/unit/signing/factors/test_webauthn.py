"""Answers of a passkey: every way an assertion can fail to answer its challenge."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from records.errors import EvidenceMismatchError, InvalidRecordError, TongpingError
from records.ids import Digest, SeatId, SessionId, b64u, digest, unb64u
from signing.factors import challenges, cose, webauthn

REPORT = digest(b"a report")
NONCE = bytes(range(32))
SESSION, SEAT = SessionId("E3701000076012345001-1"), SeatId("JN-1")
SITE, ORIGIN = "room.example", "https://room.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticator:
    """Answers a challenge as told, right or wrong."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    site: str = SITE
    origin: str = ORIGIN
    kind: str = "webauthn.get"
    flags: int = 0x05
    count: int = 7
    cross: bool = False

    @property
    def cose(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def answer(self, challenge: bytes) -> dict[str, Any]:
        said = {"type": self.kind, "challenge": b64u(challenge), "origin": self.origin, "crossOrigin": self.cross}
        client = json.dumps(said).encode()
        data = hashlib.sha256(self.site.encode()).digest() + bytes([self.flags]) + self.count.to_bytes(4, "big")
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": b64u(client), "authenticatorData": b64u(data), "signature": b64u(signature)}
        return {"id": "credential", "type": "public-key", "response": response}


def consent(report: Digest = REPORT) -> bytes:
    return challenges.report_consent(SESSION, SEAT, report=report, decision="agree", reason="", nonce=NONCE).value


def verify(
    authenticator: Authenticator, assertion: dict[str, Any], *, report: Digest = REPORT, count: int = 0
) -> webauthn.FactorEvidence:
    return webauthn.verify_assertion(
        assertion,
        challenge=consent(report),
        rp_id=SITE,
        origin=ORIGIN,
        credential_public_key=authenticator.cose,
        sign_count=count,
    )


def test_a_right_assertion_is_evidence() -> None:
    authenticator = Authenticator()

    found = verify(authenticator, authenticator.answer(consent()), count=6)

    assert found == webauthn.FactorEvidence(credential="credential", origin=ORIGIN, sign_count=7)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"site": "evil.example"}, "assertion-site"),
        ({"origin": "https://evil.example"}, "assertion-origin"),
        ({"cross": True}, "assertion-origin"),
        ({"kind": "webauthn.create"}, "assertion-malformed"),
        ({"flags": 0x01}, "user-not-verified"),
        ({"flags": 0x04}, "user-not-verified"),
    ],
)
def test_an_assertion_made_otherwise_is_refused(changed: dict[str, Any], code: str) -> None:
    authenticator = replace(Authenticator(), **changed)

    with pytest.raises(TongpingError) as caught:
        verify(authenticator, authenticator.answer(consent()))

    assert caught.value.code == code


def test_consent_to_another_report_is_refused() -> None:
    authenticator = Authenticator()
    assertion = authenticator.answer(consent(digest(b"another report")))

    with pytest.raises(EvidenceMismatchError, match="assertion-challenge"):
        verify(authenticator, assertion)


def test_an_assertion_used_before_is_refused_by_its_count() -> None:
    authenticator = Authenticator(count=7)
    assertion = authenticator.answer(consent())

    with pytest.raises(EvidenceMismatchError, match="assertion-replayed"):
        verify(authenticator, assertion, count=7)


def test_a_passkey_that_does_not_count_is_accepted() -> None:
    authenticator = Authenticator(count=0)
    assertion = authenticator.answer(consent())

    assert verify(authenticator, assertion).sign_count == 0


def test_another_passkey_does_not_answer_for_this_one() -> None:
    assertion = Authenticator().answer(consent())

    with pytest.raises(EvidenceMismatchError, match="assertion-signature"):
        verify(Authenticator(), assertion)


@pytest.mark.parametrize("name", ["clientDataJSON", "authenticatorData", "signature"])
def test_one_changed_byte_anywhere_is_refused(name: str) -> None:
    authenticator = Authenticator()
    assertion = authenticator.answer(consent())
    changed = bytearray(unb64u(assertion["response"][name]))
    changed[-1] ^= 1
    assertion["response"][name] = b64u(bytes(changed))

    with pytest.raises((EvidenceMismatchError, InvalidRecordError)):
        verify(authenticator, assertion)


@pytest.mark.parametrize("assertion", [{}, {"response": 1}, {"response": {}}, {"response": {"signature": "!"}}])
def test_what_is_no_assertion_is_malformed(assertion: dict[str, Any]) -> None:
    with pytest.raises(InvalidRecordError, match="assertion-malformed"):
        verify(Authenticator(), assertion)


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"\xa0",
        b"\xff",
        cbor2.dumps({1: 2, 3: -7, -1: 1, -2: b"\x01" * 32}),
        cbor2.dumps({1: 2, 3: -8, -1: 1, -2: b"\x01" * 32, -3: b"\x01" * 32}),
        cbor2.dumps({1: 2, 3: -7, -1: 1, -2: b"\x01" * 32, -3: b"\x01" * 32}),
        cbor2.dumps({1: 2, 3: -7, -1: 1, -2: b"\x01" * 31, -3: b"\x01" * 33}),
        Authenticator().cose + b"\x00",
        Authenticator().cose[:-1],
    ],
    ids=["empty", "no-members", "no-cbor", "no-y", "other-algorithm", "off-curve", "lengths", "trailing", "short"],
)
def test_what_is_no_p256_key_is_refused(key: bytes) -> None:
    with pytest.raises(InvalidRecordError, match="passkey-key"):
        cose.public_key(key)
