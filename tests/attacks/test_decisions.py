"""Nobody's answer to one question is taken for the answer to another: what a passkey confirms says what is decided."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chain_gateway.verifier.findings import Findings
from chain_gateway.verifier.trust import load_trust
from evaluation_room.session.acts import Decision, ReportConsented
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Seat
from node.evidence import room_evidence
from records.canonical import Value
from records.errors import TongpingError
from records.ids import CentreCode, Digest, SeatId, SessionId, b64u
from records.proof import Outcome
from records.room_entry import SignedEntry
from signing.factors import challenges
from tests.integration.one_centre.house import REPORT, SEAT, SESSION, House, house_at
from tests.unit.evaluation_room import rooms
from tests.unit.evaluation_room.rooms import Venue
from tests.unit.node.one_centre import Clock
from tests.unit.signing.factors.test_webauthn import Authenticator

TRUST = load_trust(Path(__file__).parents[1] / "vectors" / "evidence" / "trust.json")
REASON = "报价分计算有误"
NONCE = bytes(32)


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> Iterator[House]:
    with house_at(tmp_path, Clock()) as house:
        yield house


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(TongpingError) as caught:
        act()
    return caught.value.code


def taken(house: House, act: ReportConsented, *, session: SessionId = SESSION) -> None:
    house.checks.consent(session, Seat(id=SEAT, centre=CentreCode("JN")), act, house.check_in("JN-E1"))


def test_an_answer_to_agree_is_no_refusal(house: House) -> None:
    agreed = house.consent("JN-E1")

    assert refusal(lambda: taken(house, replace(agreed, decision=Decision.REFUSE))) == "assertion-challenge"
    taken(house, agreed)


def test_an_answer_to_refuse_is_no_agreement(house: House) -> None:
    refused = house.consent("JN-E1", decision=Decision.REFUSE, reason=REASON)

    assert refusal(lambda: taken(house, replace(refused, decision=Decision.AGREE))) == "assertion-challenge"


@pytest.mark.parametrize("reason", ["", "另一个理由"])
def test_nobody_puts_other_reasons_under_a_dissent(house: House, reason: str) -> None:
    dissent = house.consent("JN-E1", decision=Decision.DISSENT, reason=REASON)

    assert refusal(lambda: taken(house, replace(dissent, reason=reason))) == "assertion-challenge"
    taken(house, dissent)


def test_an_answer_in_one_session_decides_nothing_in_another(house: House) -> None:
    agreed = house.consent("JN-E1")

    other = SessionId(f"{SESSION.removesuffix('-1')}-2")
    assert refusal(lambda: taken(house, agreed, session=other)) == "assertion-challenge"


def test_an_answer_that_leaves_the_decision_open_is_not_taken(house: House) -> None:
    """The first version: whoever holds such an answer could still say which decision it is for."""
    challenge = b64u(challenges.first_report_consent(REPORT, NONCE))
    assertion = house.passkeys["JN-E1"].assert_presence({"challenge": challenge, "rpId": "localhost"})
    first = replace(house.consent("JN-E1"), assertion=assertion, nonce=b64u(NONCE), challenge_version=1)

    assert refusal(lambda: taken(house, first)) == "challenge-version"


class Confirmed(Venue):
    """A city whose first seat is bound to a passkey that can answer."""

    def bind(self, seat: str, *, epoch: int = 1, name: str = "") -> SignedEntry:
        if seat != SEAT:
            return super().bind(seat, epoch=epoch, name=name)
        credential = {"id": "credential", "public_key": b64u(PASSKEY.cose)}
        return self.write("centre:JN", "seat-bound", {**rooms.bound(seat), "credential": credential})


PASSKEY = Authenticator()


def consented(written: str, challenge: bytes, version: int) -> dict[str, Value]:
    stated = {"challenge_version": version} if version > 1 else {}
    return {**rooms.consented(written), "nonce": b64u(NONCE), "assertion": PASSKEY.answer(challenge), **stated}


def judged(answered: str, written: str, *, version: int = 2) -> tuple[Outcome, str]:
    """What a verifier says of a consent whose entry states `written` when the passkey answered to `answered`."""
    host = Confirmed.opened(rooms.definition(seats=["JN-1", "JN-2", "JN-3"], minimum_seats=3))
    rooms.play([host], Stage.SIGNING)
    made = challenges.report_consent(
        rooms.SESSION, SeatId(SEAT), report=Digest(rooms.REPORT), decision=answered, reason="", nonce=NONCE
    ).value
    first = challenges.first_report_consent(Digest(rooms.REPORT), NONCE)
    host.write(f"seat:{SEAT}", "report-consented", consented(written, first if version == 1 else made, version))
    findings = Findings()
    room_evidence.check_consents(findings, host.session, TRUST)
    check = next(one for one in findings.checks if one.name == f"consent.{SEAT}")
    return check.outcome, check.reason


def test_a_verifier_finds_a_decision_the_passkey_did_not_sign() -> None:
    assert judged("agree", "agree")[0] is Outcome.PASS
    assert judged("agree", "refuse")[0] is Outcome.FAIL


def test_a_verifier_says_what_an_answer_of_the_first_version_leaves_open() -> None:
    outcome, reason = judged("agree", "agree", version=1)

    assert outcome is Outcome.PASS
    assert reason.endswith("not the decision")


def test_a_later_version_than_is_known_is_refused() -> None:
    assert refusal(lambda: judged("agree", "agree", version=3)) == "challenge-version"
