"""Salted commitments against the golden vectors."""

import json
from pathlib import Path

import pytest

from records.commitment import commit, commit_all, new_salt, opens
from records.errors import InvalidRecordError
from records.log import merkle

VECTORS = Path(__file__).parents[2] / "vectors"
CASES: list[dict[str, str]] = json.loads((VECTORS / "commitment.json").read_text("utf-8"))["cases"]
SALT = bytes(range(32))


@pytest.mark.parametrize("case", CASES)
def test_a_commitment_and_its_leaf_are_exactly_these(case: dict[str, str]) -> None:
    commitment = commit(bytes.fromhex(case["salt"]), bytes.fromhex(case["record"]))
    assert commitment.hex() == case["commitment"]
    assert merkle.leaf_hash(commitment).hex() == case["leaf"]


def test_many_commitments_are_those_of_each_alone() -> None:
    salts = [bytes.fromhex(case["salt"]) for case in CASES]
    records = [bytes.fromhex(case["record"]) for case in CASES]

    assert [one.hex() for one in commit_all(salts, records)] == [case["commitment"] for case in CASES]
    with pytest.raises(InvalidRecordError, match="salt-size"):
        commit_all([*salts, SALT[:-1]], [*records, b"{}"])
    with pytest.raises(ValueError, match="zip"):
        commit_all(salts, records[:-1])


def test_a_commitment_opens_with_its_own_salt_and_record_only() -> None:
    commitment = commit(SALT, b'{"points":1250}')
    assert opens(commitment, salt=SALT, record=b'{"points":1250}')
    assert not opens(commitment, salt=SALT, record=b'{"points":1251}')
    assert not opens(commitment, salt=SALT[::-1], record=b'{"points":1250}')
    assert not opens(commitment[:-1], salt=SALT, record=b'{"points":1250}')
    assert not opens(commitment, salt=SALT[:-1], record=b'{"points":1250}')


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_a_salt_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        commit(bytes(size), b"{}")
    assert caught.value.code == "salt-size"


def test_a_zero_ended_salt_is_not_a_shorter_one() -> None:
    """HMAC pads short keys with zeros, so a salt of another size could otherwise open the same commitment."""
    padded = SALT[:-1] + b"\0"
    assert not opens(commit(padded, b"{}"), salt=SALT[:-1], record=b"{}")


def test_a_new_salt_is_32_bytes_of_the_given_source() -> None:
    asked: list[int] = []

    def source(size: int) -> bytes:
        asked.append(size)
        return SALT

    assert new_salt(source) == SALT
    assert asked == [32]


def test_a_source_that_gives_too_little_is_refused() -> None:
    with pytest.raises(InvalidRecordError) as caught:
        new_salt(lambda size: bytes(size - 1))
    assert caught.value.code == "salt-size"
