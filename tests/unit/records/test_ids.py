"""Identifiers, digests, base64url, time and the check character of the credit code."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from records import ids
from records.errors import InvalidRecordError, TongpingError

PROJECT = "E3701000076012345001"
GOOD: list[tuple[Callable[[object], str], str]] = [
    (ids.parse_centre, "JN"),
    (ids.parse_centre, "ABCD"),
    (ids.parse_project, PROJECT),
    (ids.parse_session, f"{PROJECT}-1"),
    (ids.parse_seat, "XA-12"),
    (ids.parse_person, "op-1"),
    (ids.parse_author, "seat:JN-1"),
    (ids.parse_author, "centre:JN"),
    (ids.parse_author, "operator:op-1"),
    (ids.parse_author, "system:workflow"),
    (ids.parse_digest, "sha256:" + "0a" * 32),
]
BAD: list[tuple[Callable[[object], object], object, str]] = [
    (ids.parse_centre, "jn", "bad-centre"),
    (ids.parse_centre, "J", "bad-centre"),
    (ids.parse_centre, "JNXAD", "bad-centre"),
    (ids.parse_centre, "JN\n", "bad-centre"),
    (ids.parse_centre, None, "bad-centre"),
    (ids.parse_project, "", "bad-project"),
    (ids.parse_project, f"{PROJECT}-1", "bad-project"),
    (ids.parse_project, "../../etc", "bad-project"),
    (ids.parse_session, PROJECT, "bad-session"),
    (ids.parse_session, f"{PROJECT}-0", "bad-session"),
    (ids.parse_seat, "JN-0", "bad-seat"),
    (ids.parse_seat, "JN1", "bad-seat"),
    (ids.parse_seat, "JN-١", "bad-seat"),
    (ids.parse_person, "", "bad-person"),
    (ids.parse_person, "济南", "bad-person"),
    (ids.parse_author, "JN-1", "bad-author"),
    (ids.parse_author, "seat:JN", "bad-author"),
    (ids.parse_author, "chair:JN-1", "bad-author"),
    (ids.parse_digest, "0a" * 32, "bad-digest"),
    (ids.parse_digest, "sha256:" + "0A" * 32, "bad-digest"),
    (ids.parse_digest, "md5:" + "0a" * 32, "bad-digest"),
    (ids.parse_digest, 7, "bad-digest"),
    (ids.unb64u, "AA==", "bad-base64url"),
    (ids.unb64u, "A", "bad-base64url"),
    (ids.unb64u, "AB", "bad-base64url"),
    (ids.unb64u, "A+8", "bad-base64url"),
    (ids.unb64u, "AA\n", "bad-base64url"),
    (ids.unb64u, "ＡＡ", "bad-base64url"),
    (ids.unb64u, b"AA", "bad-base64url"),
    (ids.parse_instant, "2026-11-23T06:03:22Z", "bad-instant"),
    (ids.parse_instant, "2026-11-23T06:03:22.1234Z", "bad-instant"),
    (ids.parse_instant, "2026-11-23T06:03:22.123+00:00", "bad-instant"),
    (ids.parse_instant, "2026-11-23t06:03:22.123z", "bad-instant"),
    (ids.parse_instant, "2026-02-30T06:03:22.123Z", "bad-instant"),
    (ids.parse_instant, "2026-11-23T24:00:00.000Z", "bad-instant"),
    (ids.parse_instant, "2026-11-23T06:03:60.000Z", "bad-instant"),
    (ids.parse_instant, "0000-01-01T00:00:00.000Z", "bad-instant"),
    (ids.check_uscc, "91370100MA3C00000X", "uscc-check-digit"),
    (ids.check_uscc, "11370100004188602E", "uscc-check-digit"),
    (ids.check_uscc, "11370100004188602I", "bad-uscc"),
    (ids.check_uscc, "1137010000418860", "bad-uscc"),
    (ids.check_uscc, 11370100004188602, "bad-uscc"),
]


@pytest.mark.parametrize(("parse", "text"), GOOD)
def test_a_well_formed_name_is_read_as_it_stands(parse: Callable[[object], str], text: str) -> None:
    assert parse(text) == text


@pytest.mark.parametrize(("parse", "text", "code"), BAD)
def test_any_other_form_is_refused_with_its_code(parse: Callable[[object], object], text: object, code: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        parse(text)
    assert caught.value.code == code


def test_a_digest_is_sha256_and_says_so() -> None:
    assert ids.digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert ids.parse_digest(ids.digest(b"tongping")) == ids.digest(b"tongping")
    assert ids.parse_digest(ids.ZERO_DIGEST) == ids.ZERO_DIGEST


def test_a_session_names_its_project_and_a_seat_its_centre() -> None:
    assert ids.session_project(ids.SessionId(f"{PROJECT}-2")) == PROJECT
    assert ids.seat_centre(ids.SeatId("XA-1")) == "XA"


@pytest.mark.parametrize("length", range(70))
def test_binary_comes_back_from_its_text(length: int) -> None:
    data = bytes((7 * place + length) % 256 for place in range(length))
    assert ids.unb64u(ids.b64u(data)) == data


def test_binary_is_written_for_addresses_and_without_padding() -> None:
    assert ids.b64u(b"\xfb\xff") == "-_8"


def test_a_moment_is_written_in_utc_with_milliseconds() -> None:
    moment = datetime(2026, 11, 23, 14, 3, 22, 123999, tzinfo=timezone(timedelta(hours=8)))
    assert ids.instant(moment) == "2026-11-23T06:03:22.123Z"
    assert ids.instant(datetime(999, 1, 2, tzinfo=UTC)) == "0999-01-02T00:00:00.000Z"


def test_a_moment_comes_back_from_its_text() -> None:
    text = "2026-11-23T06:03:22.123Z"
    assert ids.parse_instant(text) == datetime(2026, 11, 23, 6, 3, 22, 123000, tzinfo=UTC)
    assert ids.instant(ids.parse_instant(text)) == text


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(TongpingError) as caught:
        ids.instant(datetime(2026, 11, 23))  # noqa: DTZ001 - the mistake under test
    assert caught.value.code == "time-without-zone"


@pytest.mark.parametrize("code", ["11370100004188602D", "91350100M000100Y43", "91370100MA3C00000E"])
def test_a_credit_code_with_the_right_check_character_is_good(code: str) -> None:
    assert ids.check_uscc(code) == code
