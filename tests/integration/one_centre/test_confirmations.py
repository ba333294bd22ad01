"""What a passkey confirmed: bindings and consents count only with the right passkey's answer to the right challenge."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from evaluation_room.api import CheckInAnswer
from evaluation_room.session.acts import Decision, ReportConsented, SeatBound
from evaluation_room.tender.definition import Seat
from evaluation_room.tender.selection import How, Selection
from node.centre import Centre
from node.demo.authenticator import Passkey
from node.rooms.check_in import CONSENT_LIFETIME
from node.rooms.confirmations import Confirmations
from records.actors import Actor, Role
from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError, NotPermittedError, TongpingError
from records.ids import CentreCode, Digest, PersonId, ProjectId, SeatId, SessionId, b64u, digest
from records.room_entry import public_point
from signing.factors import webauthn
from tests.unit.evaluation_room.rooms import centre as room_centre
from tests.unit.evaluation_room.rooms import definition
from tests.unit.node.one_centre import Clock, centre_at, passkey

PROJECT = ProjectId("E3701000076012346001")
SESSION = SessionId(f"{PROJECT}-1")
SEAT = SeatId("JN-1")
REPORT = digest(b"the report")
KEY = public_point(ec.generate_private_key(ec.SECP256R1()).public_key())


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    centre: Centre
    checks: Confirmations
    passkeys: dict[str, Passkey]

    def actor(self, person: str) -> Actor:
        return Actor(person=PersonId(person), role=Role.EXPERT, centre=CentreCode("JN"))

    def check_in(self, person: str, *, seat: SeatId = SEAT, hand: str = "") -> SeatBound:
        """Check in as this person; `hand`: whose passkey answers."""
        begun = self.centre.check_in.begin(self.actor(person), SESSION, seat, KEY)
        answer = CheckInAnswer(
            ceremony=begun["ceremony"], credential=self.passkeys[hand or person].assert_presence(begun["publicKey"])
        )
        body = self.centre.check_in.finish(self.actor(person), SESSION, seat, answer)
        return bound(body, seat)

    def consent(self, person: str, report: Digest = REPORT) -> ReportConsented:
        begun = self.centre.check_in.begin_consent(PersonId(person), report)
        assertion = self.passkeys[person].assert_presence(begun["publicKey"])
        return ReportConsented(
            digest=report, decision=Decision.AGREE, reason="", nonce=begun["nonce"], assertion=assertion
        )


def bound(body: object, seat: SeatId) -> SeatBound:
    assert isinstance(body, dict)
    return SeatBound(
        seat=seat,
        epoch=1,
        from_seq=1,
        public_key=body["public_key"],
        name=body["expert"]["name"],
        specialty=body["expert"]["specialty"],
        role=body["expert"]["role"],
        credential_id=body["credential"]["id"],
        credential_key=body["credential"]["public_key"],
        nonce=body["nonce"],
        assertion=body["assertion"],
    )


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="house")
def _house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    centre = centre_at(tmp_path, clock)
    operator = Actor(person=PersonId("op"), role=Role.OPERATOR, centre=CentreCode("JN"))
    seats = {SeatId(f"JN-{number}"): PersonId(f"JN-E{number}") for number in (1, 2, 3)}
    drawn = Selection(how=How.DRAWN)
    centre.catalogue.name_seats(PROJECT, seats, selection=drawn, reasons={}, asked=None, by=operator)
    host = {**room_centre("JN"), "entry_key": centre.ground.keys.entry_point}
    centre.room.prepare(definition(seats=list(map(str, seats)), minimum_seats=3, project=PROJECT, host=host))
    keys = {person: enrolled(centre, person) for person in ("JN-E1", "JN-E2")}
    checks = Confirmations(centre.ground, access=centre.access, catalogue=centre.catalogue)
    yield House(centre=centre, checks=checks, passkeys=keys)
    centre.journal.engine.dispose()


def enrolled(centre: Centre, person: str) -> Passkey:
    code = centre.access.issue_code(person=PersonId(person), name="示例专家", role=Role.EXPERT)
    ceremony, options = centre.access.begin_enrolment(code)
    key = passkey()
    centre.access.finish_enrolment(ceremony, key.register(options))
    return key


def code_of(act: Callable[[], object], family: type[TongpingError]) -> str:
    with pytest.raises(family) as raised:
        act()
    return raised.value.code


def test_a_binding_confirmed_by_the_experts_passkey_holds(house: House) -> None:
    house.checks.binding(SESSION, house.check_in("JN-E1"))


def test_another_experts_passkey_does_not_check_in(house: House) -> None:
    assert code_of(lambda: house.check_in("JN-E1", hand="JN-E2"), NotPermittedError) == "ceremony-of-another-person"


def test_an_expert_does_not_take_anothers_seat(house: House) -> None:
    """Even if the routes let it pass: the seat's expert is another person with other passkeys."""
    act = replace(house.check_in("JN-E2", seat=SeatId("JN-2")), seat=SEAT)

    assert code_of(lambda: house.checks.binding(SESSION, act), EvidenceMismatchError) == "assertion-challenge"


def test_a_passkey_of_an_unnamed_person_does_not_bind_the_seat(house: House) -> None:
    begun = house.centre.check_in.begin(house.actor("JN-E2"), SESSION, SEAT, KEY)
    answer = CheckInAnswer(
        ceremony=begun["ceremony"], credential=house.passkeys["JN-E2"].assert_presence(begun["publicKey"])
    )
    act = bound(house.centre.check_in.finish(house.actor("JN-E2"), SESSION, SEAT, answer), SEAT)

    assert code_of(lambda: house.checks.binding(SESSION, act), NotPermittedError) == "passkey-of-another-person"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda act: replace(act, public_key=public_point(fresh())), "assertion-challenge"),
        (lambda act: replace(act, nonce=b64u(bytes(32))), "assertion-challenge"),
        (lambda act: replace(act, credential_id="AAAA"), "passkey-of-another-seat"),
        (lambda act: replace(act, nonce=b64u(bytes(5))), "nonce-size"),
    ],
)
def test_a_binding_that_says_anything_else_than_was_confirmed_is_refused(
    house: House, change: Callable[[SeatBound], SeatBound], code: str
) -> None:
    act = change(house.check_in("JN-E1"))

    assert code_of(lambda: house.checks.binding(SESSION, act), TongpingError) == code


def fresh() -> ec.EllipticCurvePublicKey:
    return ec.generate_private_key(ec.SECP256R1()).public_key()


def test_a_binding_for_another_session_is_refused(house: House) -> None:
    act = house.check_in("JN-E1")

    other = SessionId(f"{PROJECT}-2")
    assert code_of(lambda: house.checks.binding(other, act), EvidenceMismatchError) == "assertion-challenge"


def test_a_seat_nobody_is_named_to_is_not_bound(house: House) -> None:
    missing = SeatId("JN-4")

    assert code_of(lambda: house.check_in("JN-E1", seat=missing), NotFoundError) == "seat-unnamed"


def test_a_consent_asked_for_here_and_given_by_the_seats_passkey_holds(house: House) -> None:
    seat = Seat(id=SEAT, centre=CentreCode("JN"))

    house.checks.consent(SESSION, seat, house.consent("JN-E1"), house.check_in("JN-E1"))


def test_a_consent_to_another_report_is_refused(house: House) -> None:
    seat, act = Seat(id=SEAT, centre=CentreCode("JN")), house.consent("JN-E1")
    other = replace(act, digest=digest(b"another report"))
    binding = house.check_in("JN-E1")

    assert code_of(lambda: house.checks.consent(SESSION, seat, other, binding), TongpingError) == "assertion-challenge"


def test_a_consent_that_nobody_asked_for_is_refused(house: House) -> None:
    """A challenge made elsewhere, signed by the right passkey: no proof that the person saw what they consent to."""
    nonce = secrets.token_bytes(32)
    challenge = b64u(webauthn.consent_challenge(REPORT, nonce))
    assertion = house.passkeys["JN-E1"].assert_presence({"challenge": challenge, "rpId": "localhost"})
    act = ReportConsented(digest=REPORT, decision=Decision.AGREE, reason="", nonce=b64u(nonce), assertion=assertion)
    seat, binding = Seat(id=SEAT, centre=CentreCode("JN")), house.check_in("JN-E1")

    assert code_of(lambda: house.checks.consent(SESSION, seat, act, binding), TongpingError) == "consent-not-asked"


def test_a_consent_asked_of_another_person_is_refused(house: House) -> None:
    act = house.consent("JN-E2")
    seat, binding = Seat(id=SEAT, centre=CentreCode("JN")), house.check_in("JN-E1")

    refused = code_of(lambda: house.checks.consent(SESSION, seat, act, binding), TongpingError)
    assert refused == "passkey-of-another-seat"


def test_a_consent_waits_for_hours_but_not_for_ever(house: House, clock: Clock) -> None:
    seat, act, binding = Seat(id=SEAT, centre=CentreCode("JN")), house.consent("JN-E1"), house.check_in("JN-E1")
    clock.forward(CONSENT_LIFETIME - timedelta(seconds=1))
    house.checks.consent(SESSION, seat, act, binding)

    clock.forward(timedelta(seconds=1))
    assert code_of(lambda: house.checks.consent(SESSION, seat, act, binding), TongpingError) == "consent-not-asked"


def test_a_check_in_is_answered_once(house: House) -> None:
    begun = house.centre.check_in.begin(house.actor("JN-E1"), SESSION, SEAT, KEY)
    credential = house.passkeys["JN-E1"].assert_presence(begun["publicKey"])
    answer = CheckInAnswer(ceremony=begun["ceremony"], credential=credential)
    house.centre.check_in.finish(house.actor("JN-E1"), SESSION, SEAT, answer)

    again = lambda: house.centre.check_in.finish(house.actor("JN-E1"), SESSION, SEAT, answer)  # noqa: E731 - one act
    assert code_of(again, NotFoundError) == "ceremony-unknown"


def test_a_key_that_is_no_point_is_refused_before_the_passkey_is_asked(house: House) -> None:
    with pytest.raises(InvalidRecordError):
        house.centre.check_in.begin(house.actor("JN-E1"), SESSION, SEAT, "AAAA")
