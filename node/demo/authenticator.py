"""A software passkey for the demo's people: answers WebAuthn ceremonies as a browser's authenticator would."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from records.ids import b64u, unb64u

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40
COSE_EC2, COSE_ES256, COSE_P256 = 2, -7, 1

# A ceremony's options and answers are the JSON forms of the WebAuthn standard: nested and open, so values are Any.
Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Passkey:
    """One person's passkey, bound to one site; it counts its uses like a hardware key."""

    origin: str
    randomness: Callable[[int], bytes]
    private_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = b""
    user: bytes = b""
    uses: int = 0

    def register(self, options: Mapping[str, Any]) -> Json:
        """Answer PublicKeyCredentialCreationOptionsJSON with a RegistrationResponseJSON (attestation: none)."""
        self.credential = self.randomness(32)
        self.user = unb64u(options["user"]["id"])
        client = self._client_data("webauthn.create", options["challenge"])
        data = self._authenticator_data(options["rp"]["id"], ATTESTED) + self._attested_credential()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": b64u(client), "attestationObject": b64u(attestation)})

    def assert_presence(self, options: Mapping[str, Any]) -> Json:
        """Answer PublicKeyCredentialRequestOptionsJSON with an AuthenticationResponseJSON, the user verified."""
        self.uses += 1
        client = self._client_data("webauthn.get", options["challenge"])
        data = self._authenticator_data(options["rpId"], 0)
        signed = data + hashlib.sha256(client).digest()
        signature = self.private_key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": b64u(client),
                "authenticatorData": b64u(data),
                "signature": b64u(signature),
                "userHandle": b64u(self.user),
            }
        )

    def _answer(self, response: Json) -> Json:
        name = b64u(self.credential)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }

    def _client_data(self, kind: str, challenge: str) -> bytes:
        value = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(value, separators=(",", ":")).encode()

    def _authenticator_data(self, site: str, extra: int) -> bytes:
        flags = USER_PRESENT | USER_VERIFIED | extra
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _attested_credential(self) -> bytes:
        numbers = self.private_key.public_key().public_numbers()
        key = {
            1: COSE_EC2,
            3: COSE_ES256,
            -1: COSE_P256,
            -2: numbers.x.to_bytes(32, "big"),
            -3: numbers.y.to_bytes(32, "big"),
        }
        return bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(key)
