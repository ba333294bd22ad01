"""What a passkey confirmed: bindings and consents count only with the right passkey's answer to the right challenge."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from evaluation_room.api import CheckInAnswer
from evaluation_room.session.acts import SeatBound
from evaluation_room.tender.definition import Seat
from node.rooms.check_in import CONSENT_LIFETIME
from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError, NotPermittedError, TongpingError
from records.ids import CentreCode, SeatId, SessionId, b64u, digest
from records.room_entry import public_point
from signing.factors import challenges
from tests.integration.one_centre.house import KEY, PROJECT, REPORT, SEAT, SESSION, House, bound, house_at
from tests.unit.node.one_centre import Clock


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="house")
def _house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    with house_at(tmp_path, clock) as house:
        yield house


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
    made = challenges.report_consent(
        SESSION, SEAT, report=REPORT, decision="agree", reason="", nonce=secrets.token_bytes(32)
    )
    assertion = house.passkeys["JN-E1"].assert_presence({"challenge": b64u(made.value), "rpId": "localhost"})
    act = replace(house.consent("JN-E1"), nonce=b64u(made.nonce), assertion=assertion)
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
