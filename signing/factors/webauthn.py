"""Answers of a passkey: whether an assertion answers its challenge (signing/factors/challenges.py).

The assertion is evidence by itself: with the passkey's public key and the challenge's parts anybody can check it again,
years later, with `cryptography` alone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from records import strict_json
from records.errors import EvidenceMismatchError, InvalidRecordError
from records.ids import b64u, unb64u
from signing.factors import cose

_MOST_CLIENT_DATA = 4096
_HEAD = 37
_FLAGS, _COUNT = 32, 33
_USER_PRESENT, _USER_VERIFIED = 0x01, 0x04


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorEvidence:
    """The result of a checked assertion: possession of the passkey, and that it verified its user."""

    credential: str
    origin: str
    sign_count: int


def verify_assertion(
    assertion: Mapping[str, object],
    *,
    challenge: bytes,
    rp_id: str,
    origin: str = "",
    credential_public_key: bytes,
    sign_count: int = 0,
) -> FactorEvidence:
    """Check an AuthenticationResponseJSON against its challenge.

    `origin` empty: any origin (the site is checked by `rp_id`). `sign_count`: the last count known; a count that does
    not rise is refused unless both are 0 (passkeys that do not count). The caller keeps the nonce's single use. Raises
    InvalidRecordError("assertion-malformed"), InvalidRecordError("passkey-key"), EvidenceMismatchError with one of:
    assertion-challenge, assertion-origin, assertion-site, user-not-verified, assertion-replayed, assertion-signature.
    """
    client_data, authenticator_data, signature = _parts(assertion)
    found_origin = _check_client_data(client_data, challenge=challenge, origin=origin)
    count = _check_authenticator_data(authenticator_data, rp_id=rp_id, known=sign_count)
    signed = authenticator_data + hashlib.sha256(client_data).digest()
    try:
        cose.public_key(credential_public_key).verify(signature, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise EvidenceMismatchError("assertion-signature") from error
    return FactorEvidence(credential=str(assertion.get("id", "")), origin=found_origin, sign_count=count)


def read_client_data(data: bytes) -> Mapping[str, object]:
    """What the browser says of the ceremony: UTF-8, each key once. InvalidRecordError("assertion-malformed").

    Two readers of one text must not see two challenges: a doubled key, or a coding that only some guess, is refused.
    """
    try:
        stated = strict_json.read(data, largest=_MOST_CLIENT_DATA)
    except InvalidRecordError as error:
        raise InvalidRecordError("assertion-malformed") from error
    if not isinstance(stated, dict):
        raise InvalidRecordError("assertion-malformed")
    return stated


def _parts(assertion: Mapping[str, object]) -> tuple[bytes, bytes, bytes]:
    response = assertion.get("response")
    if not isinstance(response, Mapping) or assertion.get("type", "public-key") != "public-key":
        raise InvalidRecordError("assertion-malformed")
    try:
        client_data = unb64u(response.get("clientDataJSON"))
        authenticator_data = unb64u(response.get("authenticatorData"))
        signature = unb64u(response.get("signature"))
    except InvalidRecordError as error:
        raise InvalidRecordError("assertion-malformed") from error
    if len(authenticator_data) < _HEAD:
        raise InvalidRecordError("assertion-malformed")
    return client_data, authenticator_data, signature


def _check_client_data(client_data: bytes, *, challenge: bytes, origin: str) -> str:
    """The origin named by the browser, when it answered this challenge, for a sign-in, from a page of its own."""
    stated = read_client_data(client_data)
    if stated.get("type") != "webauthn.get":
        raise InvalidRecordError("assertion-malformed")
    if stated.get("challenge") != b64u(challenge):
        raise EvidenceMismatchError("assertion-challenge")
    found = stated.get("origin")
    cross = stated.get("crossOrigin")
    framed = cross is not None and cross is not False
    if not isinstance(found, str) or (origin and found != origin) or framed:
        raise EvidenceMismatchError("assertion-origin")
    return found


def _check_authenticator_data(data: bytes, *, rp_id: str, known: int) -> int:
    """The authenticator's count, when this site asked it and it verified its user."""
    if data[:_FLAGS] != hashlib.sha256(rp_id.encode()).digest():
        raise EvidenceMismatchError("assertion-site")
    if data[_FLAGS] & (_USER_PRESENT | _USER_VERIFIED) != _USER_PRESENT | _USER_VERIFIED:
        raise EvidenceMismatchError("user-not-verified")
    count = int.from_bytes(data[_COUNT:_HEAD], "big")
    if (count or known) and count <= known:
        raise EvidenceMismatchError("assertion-replayed")
    return count
