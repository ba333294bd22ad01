"""The embedded RFC 3161 authority, held to its own answers and to OpenSSL's judgement."""

import asyncio
import hashlib
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import algos, tsp

from records.errors import EvidenceMismatchError, UnavailableError
from signing.keys.authority import Profile, Subject, open_authority, open_identity
from signing.keys.timestamps import PortTimeStamper, TimestampAuthority

NOW = datetime.now(UTC).replace(microsecond=0)
DIGEST = hashlib.sha256(b"signed").digest()


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tsa")


@pytest.fixture(scope="module")
def authority(directory: Path) -> TimestampAuthority:
    issuer = open_authority(directory, name="root", now=NOW)
    subject = Subject(name="TSA", organisation="示例中心", unit="TSA")
    key, identity = open_identity(directory, "tsa", issuer, subject=subject, profile=Profile.TIMESTAMP, now=NOW)
    return TimestampAuthority(identity=identity, key=key, randomness=os.urandom)


def request(*, digest: bytes = DIGEST, algorithm: str = "sha256", nonce: int = 7, certificates: bool = True) -> bytes:
    imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}), "hashed_message": digest}
    query = {"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": certificates}
    return bytes(tsp.TimeStampReq(query).dump())


def token_of(response: bytes) -> tsp.TSTInfo:
    token = tsp.TimeStampResp.load(response)["time_stamp_token"]["content"]
    return token["encap_content_info"]["content"].parsed


def is_rejection(response: bytes) -> bool:
    """A TimeStampResp that holds a status of 2 and nothing else."""
    status = tsp.PKIStatusInfo.load(response[2:], strict=True)
    return bool(status["status"].native == "rejection")


def test_a_token_names_digest_nonce_and_time(authority: TimestampAuthority) -> None:
    info = token_of(authority.respond(request(), at=NOW))

    assert info["message_imprint"]["hashed_message"].native == DIGEST
    assert info["nonce"].native == 7
    assert info["gen_time"].native == NOW


def test_no_two_tokens_share_a_serial_number(authority: TimestampAuthority) -> None:
    serials = {token_of(authority.respond(request(), at=NOW))["serial_number"].native for _ in range(8)}

    assert len(serials) == 8


def test_the_certificate_comes_only_when_asked_for(authority: TimestampAuthority) -> None:
    response = tsp.TimeStampResp.load(authority.respond(request(certificates=False), at=NOW))

    assert len(response["time_stamp_token"]["content"]["certificates"]) == 0


@pytest.mark.parametrize(
    "query",
    [b"", b"no der", request()[:-1], request() + b"\x00", request(digest=b"short"), request(algorithm="md5")],
)
def test_what_cannot_be_granted_is_rejected(authority: TimestampAuthority, query: bytes) -> None:
    assert is_rejection(authority.respond(query, at=NOW))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the second opinion is OpenSSL's")
def test_openssl_verifies_a_token(authority: TimestampAuthority, directory: Path) -> None:
    query, reply = directory / "query", directory / "reply"
    query.write_bytes(request(nonce=2**62))
    reply.write_bytes(authority.respond(query.read_bytes(), at=NOW))

    found = subprocess.run(
        ["openssl", "ts", "-verify", "-in", reply, "-queryfile", query, "-CAfile", directory / "ca.pem"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert found.stdout.strip() == "Verification: OK"


def test_a_stamper_takes_a_token(authority: TimestampAuthority) -> None:
    stamper = PortTimeStamper(lambda query: authority.respond(query, at=NOW))

    token = asyncio.run(stamper.async_timestamp(DIGEST, "sha256"))

    assert token["content_type"].native == "signed_data"


@pytest.mark.parametrize("answer", [b"", b"<html>", b"\x30\x07\x30\x05\x02\x01\x02\x05\x00"])
def test_no_answer_is_no_time(answer: bytes) -> None:
    stamper = PortTimeStamper(lambda _: answer)

    with pytest.raises(UnavailableError, match="timestamp-unavailable"):
        asyncio.run(stamper.async_timestamp(DIGEST, "sha256"))


@pytest.mark.parametrize("digest", [DIGEST, hashlib.sha256(b"other").digest()])
def test_a_token_for_another_request_is_refused(authority: TimestampAuthority, digest: bytes) -> None:
    other = authority.respond(request(digest=digest), at=NOW)
    stamper = PortTimeStamper(lambda _: other)

    with pytest.raises(EvidenceMismatchError, match="timestamp-mismatch"):
        asyncio.run(stamper.async_timestamp(DIGEST, "sha256"))
