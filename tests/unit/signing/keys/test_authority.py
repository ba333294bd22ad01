"""The local authority: kept, closed to others, and certificates that say what they are for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from records.errors import InvalidRecordError
from signing.keys.authority import Profile, Subject, new_key, open_authority, open_identity, open_key, revoke
from signing.keys.identity import Identity

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SUBJECT = Subject(name="示例专家", organisation="示例中心", unit="评标专家")


def test_an_authority_is_made_once(tmp_path: Path) -> None:
    first = open_authority(tmp_path, name="root", now=NOW)
    again = open_authority(tmp_path, name="another name", now=NOW)

    assert again.der == first.der


def test_key_files_are_closed_to_others(tmp_path: Path) -> None:
    open_authority(tmp_path / "keys", name="root", now=NOW)

    assert (tmp_path / "keys" / "ca.key.pem").stat().st_mode & 0o077 == 0


def test_an_expert_may_sign_and_not_issue(tmp_path: Path) -> None:
    authority = open_authority(tmp_path, name="root", now=NOW)

    found = authority.issue(SUBJECT, new_key().public_key(), profile=Profile.EXPERT, now=NOW).x509

    usage = found.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_only_the_time_stamping_key_may_stamp(tmp_path: Path) -> None:
    authority = open_authority(tmp_path, name="root", now=NOW)
    stamping = authority.issue(SUBJECT, new_key().public_key(), profile=Profile.TIMESTAMP, now=NOW).x509
    sealing = authority.issue(SUBJECT, new_key().public_key(), profile=Profile.SEAL, now=NOW).x509

    assert stamping.extensions.get_extension_for_class(x509.ExtendedKeyUsage).critical
    with pytest.raises(x509.ExtensionNotFound):
        sealing.extensions.get_extension_for_class(x509.ExtendedKeyUsage)


def test_an_identity_is_opened_again_with_the_same_certificate(tmp_path: Path) -> None:
    authority = open_authority(tmp_path, name="root", now=NOW)
    _, first = open_identity(tmp_path, "seal", authority, subject=SUBJECT, profile=Profile.SEAL, now=NOW)
    _, again = open_identity(tmp_path, "seal", authority, subject=SUBJECT, profile=Profile.SEAL, now=NOW)

    assert again.fingerprint == first.fingerprint


def test_a_revoked_certificate_is_on_the_next_list(tmp_path: Path) -> None:
    authority = open_authority(tmp_path, name="root", now=NOW)
    identity = authority.issue(SUBJECT, new_key().public_key(), profile=Profile.EXPERT, now=NOW)
    serial = identity.x509.serial_number

    revoke(tmp_path, serial, at=NOW)
    revoke(tmp_path, serial, at=NOW + timedelta(days=1))

    crl = x509.load_der_x509_crl(open_authority(tmp_path, name="root", now=NOW).crl(NOW))
    entry = crl.get_revoked_certificate_by_serial_number(serial)
    assert entry is not None
    assert entry.revocation_date_utc == NOW


def test_an_identity_travels_and_comes_back(tmp_path: Path) -> None:
    authority = open_authority(tmp_path, name="root", now=NOW)
    identity = authority.issue(SUBJECT, new_key().public_key(), profile=Profile.EXPERT, now=NOW)

    assert Identity.from_wire(identity.to_wire()) == identity


@pytest.mark.parametrize(
    "wire",
    [
        {},
        {"certificate": 1},
        {"certificate": "no pem"},
        {"certificate": "证书"},
        {"certificate": "x" * 70_000},
        {"certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
    ],
)
def test_what_is_no_certificate_is_refused(wire: dict[str, object]) -> None:
    with pytest.raises(InvalidRecordError, match="certificate-unreadable"):
        Identity.from_wire(wire)


def test_a_broken_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "seal.key.pem").write_text("no key")

    with pytest.raises(InvalidRecordError, match="key-unreadable"):
        open_key(tmp_path / "seal.key.pem")
