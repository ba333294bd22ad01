"""An audit's description of an alteration: the field, and never a private value."""

import hashlib

import pytest

from records import canonical
from records.alteration import Alteration, decoded, differences, field_at, repaired, shown
from records.canonical import Value

SALT = b"\x07" * 32
VALUE: Value = {"body": {"points": 735, "names": ["甲", "乙"]}, "seq": 3, "type": "t"}


def test_open_fields_are_shown_and_all_others_are_salted() -> None:
    assert shown("seq", 3, salt=SALT) == "3"
    assert shown("body.entry.seq", 12, salt=SALT) == "12"
    assert shown("body.name", "seq", salt=SALT).startswith("salted:")
    assert shown("body.note", "text", salt=SALT).startswith("salted:")
    assert shown("root", b"\x01\x02", salt=SALT) == "0102"
    assert shown("body.points", 735, salt=SALT) == "salted:cbdd40f0aa7f76e9"
    assert shown("body.points", 736, salt=SALT) != shown("body.points", 735, salt=SALT)
    assert shown("body.points", 735, salt=b"\x08" * 32) != shown("body.points", 735, salt=SALT)


def test_what_has_no_salt_is_hidden_and_what_is_not_there_is_nothing() -> None:
    assert shown("body.points", 735, salt=b"") == "hidden"
    assert shown("body.points", None, salt=SALT) == "nothing"


def test_differences_are_told_by_their_paths() -> None:
    other: Value = {"body": {"points": 736, "names": ["甲", "丙"], "more": 1}, "type": "t"}

    assert list(differences(VALUE, other)) == [
        ("body.more", None, 1),
        ("body.names[1]", "乙", "丙"),
        ("body.points", 735, 736),
        ("seq", 3, None),
    ]
    assert list(differences(VALUE, VALUE)) == []
    assert list(differences({"a": 1}, {"a": True})) == [("a", 1, True)]


@pytest.mark.parametrize(
    ("part", "path"),
    [
        (b"735", ".body.points"),
        ("乙".encode(), ".body.names[1]"),
        (b"names", ".body.names"),
        (b":3", ".seq"),
        (b"{", ""),
    ],
)
def test_the_field_of_a_byte_is_found(part: bytes, path: str) -> None:
    data = canonical.encode(VALUE)

    assert field_at(VALUE, data.index(part) + len(part) - 1) == path


def test_every_single_byte_changed_is_put_right() -> None:
    data = canonical.encode(VALUE)
    digest = hashlib.sha256(data).digest()
    for position in range(len(data)):
        altered = data[:position] + bytes([data[position] ^ 0x40]) + data[position + 1 :]
        assert repaired(altered, digest) == (position, data)


def test_two_bytes_are_not_put_right_and_long_data_are_not_tried() -> None:
    assert repaired(b"ab", hashlib.sha256(b"cd").digest()) is None
    assert repaired(b"a" * 5000, hashlib.sha256(b"a" * 5000).digest()) is None


def test_what_is_not_canonical_has_no_value() -> None:
    assert decoded(b'{"a":1}') == {"a": 1}
    assert decoded(b'{"a": 1}') is None


def test_an_alteration_reads_as_a_sentence() -> None:
    one = Alteration(where="record 7", field="seq", expected="3", found="4")

    assert str(one) == "record 7, seq: expected 3, found 4"
