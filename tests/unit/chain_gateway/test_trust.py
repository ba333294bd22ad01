"""A trust file is read whole or refused by the name of the key that is wrong."""

import json
from pathlib import Path

import pytest

from chain_gateway.trust import load_trust, parse_trust
from records.errors import InvalidRecordError, TongpingError, UnavailableError
from tests.unit.chain_gateway import made_evidence as made


def test_a_trust_file_laid_out_for_people_is_read(tmp_path: Path) -> None:
    file = tmp_path / "trust.json"
    file.write_text(json.dumps(made.trust_value(), indent=2, ensure_ascii=False))

    trust = load_trust(file)

    assert [(centre.code, centre.name_zh, centre.origin) for centre in trust.centres] == [
        ("JN", "济南", "jn.tongping"),
        ("XA", "西安", "xa.tongping"),
    ]
    assert (trust.chain.chain_id, trust.chain.anchor, trust.cosignatures) == (1337, made.ANCHOR, 0)


def test_addresses_are_compared_in_lower_case() -> None:
    value = made.trust_value()
    value["chain"] = {"chain_id": 1, "genesis": "0xAB", "anchor": "0x" + "A1" * 20, "registry": "0x" + "B2" * 20}

    assert parse_trust(json.dumps(value).encode()).chain.anchor == made.ANCHOR


def test_keys_count_from_their_first_moment_until_before_their_last() -> None:
    centre = made.trust().centres[0]

    assert [centre.held(at) for at in (centre.valid_from, centre.valid_until)] == [True, False]


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("centres", []),
        ("centres", "JN"),
        ("ca", [1]),
        ("tsa", None),
        ("chain", {}),
        ("policy", {"cosignatures": True}),
        ("policy", {"cosignatures": -1}),
    ],
)
def test_a_wrong_value_is_refused(key: str, wrong: object) -> None:
    with pytest.raises(InvalidRecordError, match="document-invalid"):
        parse_trust(json.dumps({**made.trust_value(), key: wrong}).encode())


def test_two_centres_of_one_code_are_refused() -> None:
    value = made.trust_value()
    centres = value["centres"]
    assert isinstance(centres, list)

    with pytest.raises(InvalidRecordError, match="key=centres"):
        parse_trust(json.dumps({**value, "centres": [*centres, centres[0]]}).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b'{"ca":[],"ca":[]}', b'{"a":NaN}', b"[" * 100_000])
def test_what_is_no_json_object_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRecordError, match="document-not-json"):
        parse_trust(data)


def test_a_file_that_is_not_there_could_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="trust-file-unreadable"):
        load_trust(tmp_path / "none.json")


def test_a_file_too_large_is_refused() -> None:
    with pytest.raises(TongpingError, match="trust-file-too-large"):
        parse_trust(b" " * ((1 << 20) + 1))
