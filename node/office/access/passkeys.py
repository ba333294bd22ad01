"""Passkeys through the webauthn library: the only module of this package that knows its types."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_registration_response,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from records.errors import EvidenceMismatchError, InvalidRecordError, NotPermittedError
from records.ids import PersonId, unb64u
from signing.factors.webauthn import read_client_data, verify_assertion

Options = dict[str, Any]  # Any: JSON passed unchanged to the browser's WebAuthn call


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    id: str
    name: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A credential of one person; `public_key` is its COSE encoding."""

    id: bytes
    person: PersonId
    public_key: bytes
    sign_count: int


def user_handle(party: RelyingParty, person: PersonId) -> bytes:
    """What an authenticator stores a passkey under; it tells nothing of the person."""
    return hashlib.sha256(f"{party.name}\x00{person}".encode()).digest()


def creation_options(
    party: RelyingParty, *, person: PersonId, name: str, challenge: bytes, existing: Sequence[Passkey]
) -> Options:
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=user_handle(party, person),
        user_name=name,
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=passkey.id) for passkey in existing],
        supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256],
    )
    return _json(options)


def created(party: RelyingParty, *, person: PersonId, challenge: bytes, credential: Mapping[str, Any]) -> Passkey:
    """The passkey a browser just made. Raises NotPermittedError(passkey-not-accepted)."""
    try:
        read_client_data(_client_data(credential))  # as strictly as an assertion's: the library takes doubled keys
        verified = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256],
        )
    except (WebAuthnException, InvalidRecordError, ValueError, KeyError, TypeError) as error:
        raise NotPermittedError("passkey-not-accepted") from error
    return Passkey(
        id=verified.credential_id,
        person=person,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
    )


def _client_data(credential: Mapping[str, Any]) -> bytes:  # Any: as the browser sent it
    response = credential.get("response")
    return unb64u(response.get("clientDataJSON") if isinstance(response, Mapping) else None)


def request_options(party: RelyingParty, *, challenge: bytes, allowed: Sequence[Passkey] = ()) -> Options:
    """An empty `allowed` lets the person choose among the passkeys their device holds for this centre."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=passkey.id) for passkey in allowed],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _json(options)


def asserted(party: RelyingParty, *, passkey: Passkey, challenge: bytes, credential: Mapping[str, Any]) -> int:
    """The new signature count. Raises NotPermittedError(passkey-not-accepted)."""
    try:
        answered = verify_assertion(
            credential,
            challenge=challenge,
            rp_id=party.id,
            origin=party.origin,
            credential_public_key=passkey.public_key,
            sign_count=passkey.sign_count,
        )
    except (InvalidRecordError, EvidenceMismatchError) as error:
        raise NotPermittedError("passkey-not-accepted") from error
    return answered.sign_count


def _json(options: Any) -> Options:
    """Any: either kind of options of the library."""
    plain: Options = json.loads(options_to_json(options))
    return plain
