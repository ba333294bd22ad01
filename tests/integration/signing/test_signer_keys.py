"""Experts' keys at their own centre: closed by a PIN, five tries, one key a person, never open in the database."""

import os
from pathlib import Path

import pytest

from records.errors import ConflictError, InvalidRecordError, NotFoundError, NotPermittedError
from records.ids import PersonId, SeatId
from signing.keys.software import PIN_COST, SoftwareKey
from tests.integration.signing.centres import JN, PIN, SESSION, Cities, city, person

FIRST, GUEST = SeatId("JN-1"), SeatId("XA-1")


def test_five_wrong_pins_lock_the_key_for_the_right_one_too(cities: Cities) -> None:
    signers = cities.host.desk.signers
    codes = [_refusal(cities, "000000") for _ in range(5)]

    assert codes == ["pin-wrong left=4", "pin-wrong left=3", "pin-wrong left=2", "pin-wrong left=1", "pin-wrong left=0"]
    with pytest.raises(NotPermittedError, match="signer-locked"):
        signers.open(person(FIRST), PIN)


def test_the_right_pin_clears_the_count(cities: Cities) -> None:
    for _ in range(4):
        _refusal(cities, "000000")
    cities.host.desk.signers.open(person(FIRST), PIN)

    assert _refusal(cities, "000000") == "pin-wrong left=4"


def test_a_restart_gives_no_new_tries(cities: Cities, tmp_path: Path) -> None:
    for _ in range(5):
        _refusal(cities, "000000")

    restarted = city(tmp_path / "JN", JN, cities.clock)

    with pytest.raises(NotPermittedError, match="signer-locked"):
        restarted.desk.signers.open(person(FIRST), PIN)


def test_a_key_is_made_once_per_person(cities: Cities) -> None:
    with pytest.raises(ConflictError, match="signer-exists"):
        cities.host.desk.enrol_signer(person(FIRST), name="示例", pin="135790")


@pytest.mark.parametrize("pin", ["", "12345", "1" * 65])
def test_a_pin_of_another_length_is_refused(cities: Cities, pin: str) -> None:
    with pytest.raises(InvalidRecordError, match="pin-length"):
        cities.host.desk.enrol_signer(PersonId("new"), name="示例", pin=pin)


def test_nobody_signs_without_a_key(cities: Cities) -> None:
    with pytest.raises(NotFoundError, match="signer-unknown"):
        cities.host.desk.sign_as(PersonId("nobody"), PIN, SESSION, FIRST, host=cities.host.desk)


def test_neither_key_nor_pin_lies_open_in_the_database(cities: Cities, tmp_path: Path) -> None:
    cities.host.desk.signers.open(person(FIRST), PIN)

    stored = b"".join(path.read_bytes() for path in (tmp_path / "JN").glob("JN.db*"))

    assert PIN.encode() not in stored
    assert b"PRIVATE KEY" not in stored


def test_without_another_word_every_try_of_a_pin_costs_the_full_stretching() -> None:
    key, _ = SoftwareKey.create(PIN, os.urandom)

    assert PIN_COST == 2**15
    assert key.open(PIN, cost=2**15).key_size == 256
    with pytest.raises(NotPermittedError, match="pin-wrong"):
        key.open(PIN, cost=2**4)


def _refusal(cities: Cities, pin: str) -> str:
    with pytest.raises(NotPermittedError) as caught:
        cities.host.desk.signers.open(person(FIRST), pin)
    return f"{caught.value.code} left={caught.value.values['left']}"
