"""What a trust file pins of a centre's certificates is read strictly and held; room and fsck find one key for two."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chain_gateway.verifier.trust import Trust, parse_trust
from evaluation_room.stages import Stage
from node.audit.reports import signed_for_two
from node.evidence.verification import verify_bytes
from records.errors import ConflictError, InvalidRecordError
from records.ids import digest
from signing.keys.authority import Profile, Subject, new_key, open_authority
from signing.keys.identity import Identity, certificate_pem
from tests.unit.evaluation_room.rooms import consented, one_city, signed_by

FOLDER = Path(__file__).parents[1] / "vectors" / "evidence"
BUNDLE = next(FOLDER.glob("*.evidence.zip")).read_bytes()
AT = datetime(2026, 11, 24, tzinfo=UTC)
OWN = json.loads((FOLDER / "trust.json").read_text())["ca"]


def trust_with(issues: object) -> Trust:
    """The golden bundle's trust file, in which this is pinned of every centre."""
    value = json.loads((FOLDER / "trust.json").read_text())
    value["centres"] = [{**one, "issues": issues} for one in value["centres"]]
    return parse_trust(json.dumps(value).encode())


def issued(directory: Path) -> Identity:
    authority = open_authority(directory, name="另一根证书", now=AT)
    subject = Subject(name="陌生人", organisation="外地", unit="评标专家")
    return authority.issue(subject, new_key().public_key(), profile=Profile.EXPERT, now=AT)


def failed(trust: Trust) -> set[str]:
    return {check.name.rpartition(".")[0] for check in verify_bytes(BUNDLE, trust, at=AT).failed}


def test_old_evidence_verifies_with_and_without_pins() -> None:
    assert failed(trust_with({})) == set()
    assert failed(trust_with({"ca": OWN})) == set()


def test_a_certificate_of_an_authority_the_centre_does_not_use_is_found(tmp_path: Path) -> None:
    other = certificate_pem(issued(tmp_path).chain[-1])

    assert failed(trust_with({"ca": [other]})) == {"pdf.signer"}


@pytest.mark.parametrize(
    "issues",
    [{"organisations": ["另一机构"]}, {"expert_policies": ["1.2.156.1"]}, {"seals": [digest(b"another seal")]}],
)
def test_whatever_else_is_pinned_is_held(issues: object) -> None:
    assert failed(trust_with(issues)) == {"pdf.signer"}


@pytest.mark.parametrize(
    "issues",
    [
        {"ca": []},
        {"seals": []},
        {"seals": ["sha256:00"]},
        {"expert_policies": ["1.02.3"]},
        {"seal_policies": ["anything"]},
        {"issuer": ["x"]},
        [],
    ],
)
def test_a_trust_file_that_pins_nothing_or_nonsense_is_refused(issues: object) -> None:
    with pytest.raises(InvalidRecordError):
        trust_with(issues)


def test_a_centre_does_not_state_one_certificate_for_two_members() -> None:
    room = one_city(Stage.SIGNING)
    room.sign("JN-1")
    room.write("seat:JN-2", "report-consented", consented())

    with pytest.raises(ConflictError) as raised:
        room.write("centre:JN", "report-signed", signed_by("JN-2") | {"certificate": signed_by("JN-1")["certificate"]})

    assert raised.value.code == "certificate-of-two"


def test_fsck_finds_one_key_under_two_fields(tmp_path: Path) -> None:
    one, other = issued(tmp_path / "a"), issued(tmp_path / "b")
    signers = {"platform": other, "expert-JN-1": one, "expert-JN-2": one, "seal-JN": other}
    rows = [
        {"session": "E3701000076012345001-1", "field": field, "identity": json.dumps(identity.to_wire())}
        for field, identity in signers.items()
    ]

    found = list(signed_for_two(rows))

    assert [(one.where.rpartition(", ")[2], one.found) for one in found] == [
        ("expert-JN-2", "the key that also signed expert-JN-1")
    ]
