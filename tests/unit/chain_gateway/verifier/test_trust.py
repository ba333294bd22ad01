"""A trust file is read whole or refused by the name of the key that is wrong."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chain_gateway.verifier.trust import load_trust, parse_trust
from records.errors import InvalidRecordError, TongpingError, UnavailableError
from records.log.checkpoint import verifier_key
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
    value["chain"] = {
        "chain_id": 1,
        "genesis": "0x" + "AB" * 32,
        "anchor": "0x" + "A1" * 20,
        "registry": "0x" + "B2" * 20,
    }

    assert parse_trust(json.dumps(value).encode()).chain.anchor == made.ANCHOR


def test_keys_count_from_their_first_moment_until_before_their_last() -> None:
    centre = made.trust().centres[0]

    assert [centre.held(at) for at in (centre.valid_from, centre.valid_until)] == [True, False]
    assert [centre.log_keys[0].held(at) for at in (centre.valid_from, centre.valid_until)] == [True, False]


def with_keys(**keys: object) -> dict[str, object]:
    """The trust file with other keys of the first centre."""
    value = made.trust_value()
    centres = value["centres"]
    assert isinstance(centres, list)
    first = {name: part for name, part in {**centres[0], **keys}.items() if part is not None}
    return {**value, "centres": [first, *centres[1:]]}


def dated(key: str, since: str, until: str) -> dict[str, str]:
    return {"key": key, "valid_from": f"{since}T00:00:00.000Z", "valid_until": f"{until}T00:00:00.000Z"}


OLD, NEW = (verifier_key("jn.tongping", key.public_key()) for key in (made.LOG_KEY, made.OTHER_KEY))
STRANGER = verifier_key("xa.tongping", made.OTHER_KEY.public_key())
WITNESS = made.witness_key("JN")


def test_several_keys_each_count_in_their_own_time_and_never_when_the_centre_is_no_member() -> None:
    keys = [dated(OLD, "2020-01-01", "2027-01-01"), dated(NEW, "2026-12-01", "2040-01-01")]

    centre = parse_trust(json.dumps(with_keys(log_keys=keys)).encode()).centres[0]

    def counts(key: str, *moment: int) -> bool:
        return centre.counts(centre.log_keys, key, datetime(*moment, tzinfo=UTC))  # type: ignore[misc, arg-type]  # year, month, day

    assert [counts(OLD, 2026, 6, 1), counts(OLD, 2026, 12, 15), counts(OLD, 2027, 1, 1)] == [True, True, False]
    assert [counts(NEW, 2026, 6, 1), counts(NEW, 2026, 12, 15), counts(NEW, 2029, 1, 1)] == [False, True, True]
    assert [counts(OLD, 2025, 6, 1), counts(NEW, 2030, 1, 1), counts("none", 2026, 6, 1)] == [False, False, False]


def test_a_list_of_keys_stands_in_the_place_of_the_single_one() -> None:
    value = with_keys(log_key=None, log_keys=[dated(NEW, "2026-01-01", "2040-01-01")])

    assert [one.key for one in parse_trust(json.dumps(value).encode()).centres[0].log_keys] == [NEW]


def test_a_file_of_earlier_days_has_one_key_for_the_whole_membership_and_no_cosigners() -> None:
    centre = parse_trust(json.dumps(with_keys(witness_keys=None)).encode()).centres[0]

    assert [(one.key, one.valid_from) for one in centre.log_keys] == [(OLD, centre.valid_from)]
    assert centre.witness_keys == ()


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"log_keys": []}, "log_keys"),
        ({"log_keys": "x"}, "log_keys"),
        ({"log_keys": [{"key": OLD}]}, "valid_from"),
        ({"log_keys": [dated(OLD, "2027-01-01", "2027-01-01")]}, "valid_until"),
        ({"log_keys": [{**dated(OLD, "2026-01-01", "2027-01-01"), "note": "x"}]}, "note"),
        ({"log_keys": [dated(STRANGER, "2026-01-01", "2027-01-01")]}, "log_keys"),
        ({"log_keys": [dated(WITNESS, "2026-01-01", "2027-01-01")]}, "log_keys"),
        ({"log_keys": [dated("jn.tongping+00000000+AAAA", "2026-01-01", "2027-01-01")]}, "log_keys"),
        ({"log_key": "jn.tongping"}, "log_keys"),
        ({"witness_keys": [dated(OLD, "2026-01-01", "2027-01-01")]}, "witness_keys"),
        ({"witness_keys": [dated(made.witness_key("XA"), "2026-01-01", "2027-01-01")]}, "centres"),
        ({"witnes_keys": []}, "witnes_keys"),
        ({"valid_from": "2026-01-01"}, "valid_from"),
        ({"code": "j n"}, "code"),
    ],
)
def test_a_wrong_key_or_a_misspelt_name_is_refused_and_named(wrong: dict[str, object], key: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        parse_trust(json.dumps(with_keys(**wrong)).encode())

    assert (caught.value.code, caught.value.values["key"]) == ("document-invalid", key)


def test_everybody_but_the_log_itself_may_cosign_unless_the_policy_names_whom() -> None:
    everybody = made.trust()
    named = parse_trust(json.dumps({**made.trust_value(), "policy": {"cosignatures": 1, "witnesses": ["XA"]}}).encode())

    assert [centre.code for centre in everybody.witnesses_of("jn.tongping")] == ["XA"]
    assert [centre.code for centre in everybody.witnesses_of("xa.tongping")] == ["JN"]
    assert [centre.code for centre in named.witnesses_of("xa.tongping")] == []


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
        ("policy", {"cosignatures": 2}),
        ("policy", {"cosignatures": 2**63}),
        ("policy", {"cosignatures": 2**64 - 1}),
        ("policy", {"cosignatures": 1, "witnesses": []}),
        ("policy", {"cosignatures": 1, "witnesses": ["DL"]}),
        ("policy", {"cosignatures": 1, "witnesses": ["XA", "XA"]}),
        ("policy", {"cosignatures": 1, "witness": ["XA"]}),
        ("policies", {}),
        ("chain", {"chain_id": 1, "genesis": "0xAB", "anchor": made.ANCHOR, "registry": made.ANCHOR}),
        ("chain", {"chain_id": 2**64, "genesis": "0x" + "00" * 32, "anchor": made.ANCHOR, "registry": made.ANCHOR}),
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
