"""The challenges passkeys sign: golden for every act and version, and each says everything that is done."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from records.errors import InvalidRecordError
from records.ids import Digest, SeatId, SessionId, b64u, digest, unb64u
from signing.factors import challenges
from signing.factors.challenges import MEMBERS, Act, Challenge

Texts = Mapping[str, str]
VECTORS: dict[str, list[dict[str, str]]] = json.loads(
    (Path(__file__).parents[3] / "vectors" / "challenges.json").read_text("utf-8")
)
MADE: Final[Mapping[Act, Callable[[Texts], Challenge]]] = {
    Act.ENROLMENT: lambda one: challenges.enrolment(site=one["site"], user=one["user"], nonce=unb64u(one["nonce"])),
    Act.SIGN_IN: lambda one: challenges.sign_in(site=one["site"], nonce=unb64u(one["nonce"])),
    Act.SEAT_BINDING: lambda one: challenges.seat_binding(
        SessionId(one["session"]), SeatId(one["seat"]), one["public_key"], nonce=unb64u(one["nonce"])
    ),
    Act.REPORT_CONSENT: lambda one: challenges.report_consent(
        SessionId(one["session"]),
        SeatId(one["seat"]),
        report=Digest(one["report"]),
        decision=one["decision"],
        reason=one["reason"],
        nonce=unb64u(one["nonce"]),
    ),
}
GOLDEN: Final = {
    Act.ENROLMENT: "enrolment",
    Act.SIGN_IN: "sign_in",
    Act.SEAT_BINDING: "seat_binding",
    Act.REPORT_CONSENT: "consent_v2",
}
OTHER: Final[Texts] = {
    "decision": "refuse",
    "nonce": b64u(bytes(31) + b"\x01"),
    "public_key": "BAEC",
    "reason": "另有理由",
    "report": digest(b"another report"),
    "seat": "XA-1",
    "session": "E3701000076012345002-1",
    "site": "https://other.example",
    "user": b64u(b"somebody else"),
}


@pytest.mark.parametrize("act", Act)
def test_the_challenge_of_every_act_is_golden(act: Act) -> None:
    vectors = VECTORS[GOLDEN[act]]

    found = [MADE[act](one) for one in vectors]

    assert [one.value.hex() for one in found] == [one["challenge"] for one in vectors]
    assert {one.act for one in found} == {act}


@pytest.mark.parametrize("act", Act)
def test_the_challenge_of_every_act_is_its_tag_and_the_stated_members(act: Act) -> None:
    for one in VECTORS[GOLDEN[act]]:
        said = json.loads(one["canonical"])

        assert set(said) == MEMBERS[act]
        assert hashlib.sha256(f"{act.value}\x00{one['canonical']}".encode()).hexdigest() == one["challenge"]


@pytest.mark.parametrize(("act", "member"), [(act, member) for act in Act for member in sorted(MEMBERS[act])])
def test_another_value_of_any_member_is_another_challenge(act: Act, member: str) -> None:
    said = VECTORS[GOLDEN[act]][0]

    assert MADE[act](said).value != MADE[act]({**said, member: OTHER[member]}).value


def test_no_answer_to_one_act_answers_another() -> None:
    """With one nonce and all members equal, the tags keep the acts apart."""
    said = {**OTHER, **VECTORS["consent_v2"][0], "public_key": "BAEC"}

    values = {MADE[act](said).value for act in Act} | {
        challenges.first_report_consent(Digest(said["report"]), unb64u(said["nonce"]))
    }

    assert len(values) == len(Act) + 1


@pytest.mark.parametrize("vector", VECTORS["consent"])
def test_the_first_version_of_a_consent_is_golden(vector: dict[str, str]) -> None:
    found = challenges.first_report_consent(Digest(vector["report"]), unb64u(vector["nonce"]))

    assert found.hex() == vector["challenge"]


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("vector", VECTORS["refused"])
def test_a_nonce_of_another_size_is_refused(act: Act, vector: dict[str, str]) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        MADE[act]({**VECTORS[GOLDEN[act]][0], "nonce": vector["nonce"]})

    assert caught.value.code == vector["code"]
