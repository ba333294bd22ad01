"""PINs and one-time codes as input methods and pasting bring them: the width and the spaces cost nobody a try."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.centre import Centre
from node.office.access.codes import digest_of
from records.actors import Role
from records.errors import InvalidRecordError, NotPermittedError
from records.ids import PersonId, SeatId
from tests.integration.signing.centres import PIN, Cities, person
from tests.unit.node.one_centre import Clock, centre_at, client_of

FIRST = SeatId("JN-1")
WIDE = "".join(chr(ord(digit) + 0xFEE0) for digit in PIN)


@pytest.fixture(name="cities")
def _cities(tmp_path: Path) -> Cities:
    return Cities.open(tmp_path)


@pytest.mark.parametrize(
    "typed",
    [WIDE, f"{PIN} ", f" {PIN[:3]} {PIN[3:]}", f"{PIN}\u3000", f"{PIN}\n", f"\u200b{PIN}\ufeff"],
    ids=["full-width", "behind", "inside", "wide-space", "line-feed", "zero-width"],
)
def test_a_pin_opens_the_key_however_it_is_typed_and_costs_no_try(cities: Cities, typed: str) -> None:
    signers = cities.host.desk.signers

    signers.open(person(FIRST), typed)

    with pytest.raises(NotPermittedError) as refused:
        signers.open(person(FIRST), "000000")
    assert refused.value.values == {"left": 4}


@pytest.mark.parametrize("typed", ["", "   ", "12345", " 1 2 3 4 5 ", "9" * 65])
def test_what_no_pin_can_be_is_refused_before_a_try_is_counted(cities: Cities, typed: str) -> None:
    signers = cities.host.desk.signers
    for _ in range(6):
        with pytest.raises(InvalidRecordError, match="pin-length"):
            signers.open(person(FIRST), typed)

    signers.open(person(FIRST), PIN)


def test_a_pin_given_out_in_wide_digits_is_the_same_pin(cities: Cities) -> None:
    signers = cities.host.desk.signers
    signers.enrol(PersonId("new"), name="示例", pin="１３５７９０ ")

    assert signers.open(PersonId("new"), "135790").identity.certificate == signers.identity(PersonId("new")).certificate


@pytest.mark.parametrize(
    "typed",
    [
        "abcd-efgh-jkmn-pqrs",
        "ＡＢＣＤ－ＥＦＧＨ－ＪＫＭＮ－ＰＱＲＳ",
        "ABCD EFGH JKMN PQRS ",
        "ABCD—EFGH\u3000JKMN\nPQRS",
        "\u200bABCDEFGHJKMNPQRS",
    ],
    ids=["lower-case", "full-width", "spaces", "dash", "zero-width"],
)
def test_a_one_time_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert digest_of(typed) == digest_of("ABCD-EFGH-JKMN-PQRS")


@pytest.fixture(name="centre")
def _centre(tmp_path: Path) -> Iterator[Centre]:
    centre = centre_at(tmp_path, Clock())
    yield centre
    centre.journal.engine.dispose()


def test_a_one_time_code_in_full_width_begins_the_enrolment(centre: Centre) -> None:
    code = centre.access.issue_code(person=PersonId("operator-1"), name="示例人员", role=Role.OPERATOR)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)

    answer = client_of(centre).post("/api/v1/access/enrolment/options", json={"code": f" {wide}\u3000"})

    assert answer.status_code == 200, answer.text
