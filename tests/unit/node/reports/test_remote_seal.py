"""A guest's seal is asked for over signed requests, and only under a certificate this centre accepts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from node.reports.signing_line import RemoteSeal
from records.errors import NotPermittedError
from records.ids import CentreCode, SessionId, b64u
from signing.keys.authority import Profile, Subject, new_key, open_authority
from signing.keys.identity import Identity, certificate_pem, require_issued

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
SUBJECT = Subject(name="西安", organisation="西安公共资源交易中心", unit="XA 电子签章")


def _identity(directory: Path) -> Identity:
    authority = open_authority(directory, name="示例根", now=NOW)
    return authority.issue(SUBJECT, new_key().public_key(), profile=Profile.SEAL, now=NOW)


def _seal(identity: Identity, roots: list[str]) -> tuple[RemoteSeal, list[str]]:
    asked: list[str] = []

    def post(_peer: CentreCode, path: str, _body: Mapping[str, Any]) -> dict[str, Any]:  # Any: JSON
        asked.append(path)
        return {"signature": b64u(b"signed")}

    seal = RemoteSeal(
        guest=CentreCode("XA"),
        session=SessionId("E3701000076012345001-1"),
        post=post,
        get=lambda _peer, _path: dict(identity.to_wire()),
        admit=lambda one: require_issued(one, roots, at=NOW),
    )
    return seal, asked


def test_a_seal_of_a_trusted_authority_is_asked_for_its_signature(tmp_path: Path) -> None:
    identity = _identity(tmp_path)
    seal, asked = _seal(identity, [certificate_pem(identity.chain[-1])])

    assert seal.identity == identity
    assert seal.sign(b"attributes", document=b"%PDF-", field="seal-XA") == b"signed"
    assert asked == ["/peer/v1/signing/E3701000076012345001-1/seal"]


def test_a_seal_of_an_unknown_authority_is_refused_before_anything_is_signed(tmp_path: Path) -> None:
    other = _identity(tmp_path / "other")
    seal, asked = _seal(_identity(tmp_path / "own"), [certificate_pem(other.chain[-1])])

    with pytest.raises(NotPermittedError) as raised:
        _ = seal.identity

    assert raised.value.code == "certificate-not-trusted"
    assert asked == []
