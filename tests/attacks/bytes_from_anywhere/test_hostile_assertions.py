"""What a browser says beside a passkey's signature is read in one way only, and nothing in it ends its reader."""

import hashlib
import json

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from node.evidence.room_evidence import _site
from node.office.access import passkeys
from records.errors import InvalidRecordError, NotPermittedError, TongpingError
from records.ids import PersonId, b64u
from signing.factors import cose, webauthn
from tests.attacks.bytes_from_anywhere.hostile_json import DEEP, HALF_A_CHARACTER, HALF_A_KEY, HUGE

SITE, ORIGIN = "room.example", "https://room.example"
CHALLENGE = bytes(range(32))
KEY = ec.generate_private_key(ec.SECP256R1())
NUMBERS = KEY.public_key().public_numbers()
PUBLIC = {1: 2, 3: -7, -1: 1, -2: NUMBERS.x.to_bytes(32, "big"), -3: NUMBERS.y.to_bytes(32, "big")}
SAYS = {"type": "webauthn.get", "challenge": b64u(CHALLENGE), "origin": ORIGIN}


def signed(client: bytes, **others: object) -> dict[str, object]:
    """The answer of a passkey that signs whatever client data it is given."""
    data = hashlib.sha256(SITE.encode()).digest() + b"\x05" + (7).to_bytes(4, "big")
    signature = KEY.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
    response = {"clientDataJSON": b64u(client), "authenticatorData": b64u(data), "signature": b64u(signature)}
    return {"id": "credential", "type": "public-key", "response": {**response, **others}}


def refused(assertion: dict[str, object], public: bytes = cbor2.dumps(PUBLIC)) -> str:
    """The code with which an assertion is refused; empty when it is taken."""
    try:
        webauthn.verify_assertion(
            assertion, challenge=CHALLENGE, rp_id=SITE, origin=ORIGIN, credential_public_key=public
        )
    except TongpingError as error:
        return error.code
    return ""


@pytest.mark.parametrize("cross", [[], {}, [False], "false", 0, 0.0, 1, True])
def test_only_a_page_that_says_no_or_nothing_was_not_framed(cross: object) -> None:
    assert refused(signed(json.dumps({**SAYS, "crossOrigin": cross}).encode())) == "assertion-origin"


@pytest.mark.parametrize(
    "says", [SAYS, {**SAYS, "crossOrigin": False}, {**SAYS, "crossOrigin": None}, {**SAYS, "other": [1.5, None]}]
)
def test_what_browsers_say_is_taken(says: dict[str, object]) -> None:
    assert refused(signed(json.dumps(says).encode())) == ""


PLAIN = json.dumps(SAYS)


@pytest.mark.parametrize(
    "client",
    [
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-32"),
        PLAIN.encode("utf-8-sig"),
        PLAIN[:-1].encode() + b',"challenge":"' + b64u(CHALLENGE).encode() + b'"}',
        b'{"challenge":"AAAA",' + PLAIN[1:].encode(),
        b'{"\\u0063hallenge":"AAAA",' + PLAIN[1:].encode(),
        PLAIN[:-1].encode() + b',"a":' + b"[" * 2000 + b"]" * 2000 + b"}",
        PLAIN[:-1].encode() + b',"a":1e999999999}',
        PLAIN.encode() + b" " * 4096,
        DEEP,
        HALF_A_CHARACTER,
        HALF_A_KEY,
        HUGE,
        b"[]",
        b"",
    ],
)
def test_client_data_that_two_programs_read_differently_are_malformed(client: bytes) -> None:
    assert refused(signed(client)) == "assertion-malformed"


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
@pytest.mark.parametrize("wrong", [None, [], {}, 7, "", "=", "\ud800", "A" * 5, "é"])
def test_a_part_of_the_answer_that_is_no_text_is_malformed_or_proves_nothing(part: str, wrong: object) -> None:
    assert refused(signed(PLAIN.encode(), **{part: wrong})) in {"assertion-malformed", "assertion-signature"}


@pytest.mark.parametrize("client", [PLAIN.encode("utf-16"), b'{"challenge":"AAAA",' + PLAIN[1:].encode(), b"[]", b""])
def test_no_passkey_is_enrolled_with_client_data_that_read_in_two_ways(client: bytes) -> None:
    party = passkeys.RelyingParty(id=SITE, name="room", origin=ORIGIN)
    client = client.replace(b"webauthn.get", b"webauthn.create")
    attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": bytes(37)})

    with pytest.raises(NotPermittedError, match="passkey-not-accepted") as caught:
        passkeys.created(
            party,
            person=PersonId("jn-expert-1"),
            challenge=CHALLENGE,
            credential={
                "id": "AAAA",
                "rawId": "AAAA",
                "type": "public-key",
                "response": {"clientDataJSON": b64u(client), "attestationObject": b64u(attested)},
            },
        )
    assert isinstance(caught.value.__cause__, InvalidRecordError)


@pytest.mark.parametrize("origin", ["https://[", "https://[::1", "//[x]", "\ud800"])
def test_a_site_that_is_none_is_a_fault_of_the_answer(origin: str) -> None:
    with pytest.raises(InvalidRecordError, match=r"assertion-malformed|document-not-json"):
        _site(signed(json.dumps({**SAYS, "origin": origin}).encode()))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xa5",
        b"\xbf" + cbor2.dumps(PUBLIC)[1:] + b"\xff",
        b"\x9f" * 4000,
        b"\xb8\xff" + b"\x00\x00" * 255,
        b"\x5b" + b"\xff" * 8,
        cbor2.dumps({**PUBLIC, -2: bytes(32)}),
        cbor2.dumps({**PUBLIC, -2: bytes(1 << 16)}),
        cbor2.dumps(PUBLIC) + b"\x00",
    ],
    ids=[
        "nothing",
        "a map cut off",
        "a map of no stated length",
        "lists without end",
        "one key many times",
        "a text longer than all",
        "a point that is none",
        "a point far too long",
        "a byte too many",
    ],
)
def test_a_public_key_that_is_none_is_refused_as_one(data: bytes) -> None:
    with pytest.raises(InvalidRecordError, match="passkey-key"):
        cose.public_key(data)
