"""Certificates and revocation lists beside a report count when an authority the reader trusts stands above them."""

from datetime import UTC, datetime

import pytest

from records.errors import TongpingError
from signing.keys.authority import Authority, Profile, Subject, new_key, open_authority
from signing.keys.certificate_papers import MAXIMUM, check_certificates, check_revocations
from signing.keys.identity import certificate_pem, crl_pem

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return open_authority(tmp_path_factory.mktemp("ca"), name="根证书", now=NOW)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return open_authority(tmp_path_factory.mktemp("other"), name="别的根证书", now=NOW)


def seal(authority: Authority) -> bytes:
    subject = Subject(name="中心", organisation="中心", unit="签章")
    issued = authority.issue(subject, new_key().public_key(), profile=Profile.SEAL, now=NOW)
    return certificate_pem(issued.certificate).encode()


def root(authority: Authority) -> str:
    return certificate_pem(authority.der)


def crl(authority: Authority) -> bytes:
    return crl_pem(authority.crl(NOW)).encode()


def code(question: object, *arguments: object) -> str:
    with pytest.raises(TongpingError) as caught:
        question(*arguments)  # type: ignore[operator]  # one of the two questions of this file
    return caught.value.code


def test_a_root_and_what_it_issued_are_taken(authority: Authority) -> None:
    files = {"certificates/authority.pem": root(authority).encode(), "certificates/seal.pem": seal(authority)}

    issuers, _ = check_certificates(files, [root(authority)])

    lists, _ = check_revocations({"revocation/authority.pem": crl(authority)}, issuers)
    assert len(lists) == 1


def test_what_leads_to_no_root_is_found(authority: Authority, stranger: Authority) -> None:
    files = {"certificates/authority.pem": root(stranger).encode(), "certificates/seal.pem": seal(stranger)}

    assert code(check_certificates, files, [root(authority)]) == "certificate-not-issued"


def test_a_certificate_that_may_not_issue_makes_nobody_trusted(authority: Authority) -> None:
    key, subject = new_key(), Subject(name="中心", organisation="中心", unit="签章")
    end = authority.issue(subject, key.public_key(), profile=Profile.SEAL, now=NOW)
    forged = Authority(certificate=end.x509, key=key)
    files = {"certificates/a.pem": certificate_pem(end.certificate).encode(), "certificates/b.pem": seal(forged)}

    assert code(check_certificates, files, [root(authority)]) == "certificate-not-issued"


def test_a_list_of_another_authority_is_found(authority: Authority, stranger: Authority) -> None:
    issuers, _ = check_certificates({}, [root(authority)])

    assert code(check_revocations, {"revocation/x.pem": crl(stranger)}, issuers) == "revocation-not-issued"


def test_every_changed_byte_is_found(authority: Authority) -> None:
    certificate, revoked = seal(authority), crl(authority)
    issuers, _ = check_certificates({}, [root(authority)])

    for place in range(0, len(certificate), 5):
        changed = certificate[:place] + bytes([certificate[place] ^ 1]) + certificate[place + 1 :]
        code(check_certificates, {"certificates/seal.pem": changed}, [root(authority)])
    for place in range(len(revoked)):
        changed = revoked[:place] + bytes([revoked[place] ^ 1]) + revoked[place + 1 :]
        code(check_revocations, {"revocation/x.pem": changed}, issuers)


@pytest.mark.parametrize("content", [b"", b"\xff", b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_or_list_is_refused(authority: Authority, content: bytes) -> None:
    issuers, _ = check_certificates({}, [root(authority)])

    assert code(check_certificates, {"certificates/x.pem": content}, [root(authority)]) == "certificate-unreadable"
    assert code(check_revocations, {"revocation/x.pem": content}, issuers) == "certificate-unreadable"


def test_too_many_are_refused_before_they_are_read(authority: Authority) -> None:
    many = {f"certificates/{number}.pem": b"" for number in range(MAXIMUM + 1)}

    assert code(check_certificates, many, [root(authority)]) == "certificates-too-many"


def test_a_text_around_the_certificate_is_refused(authority: Authority) -> None:
    files = {"certificates/seal.pem": b"hello\n" + seal(authority)}

    assert code(check_certificates, files, [root(authority)]) == "certificate-unreadable"
