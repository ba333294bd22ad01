"""The members file is read strictly: every fault is named by its key."""

import pytest

from chain_gateway.consortium.members import parse_members, write_members
from records.errors import InvalidRecordError
from tests.unit.chain_gateway.consortium.made_members import members, with_keys

TEXT = write_members(with_keys())
SECOND_SIGNER = with_keys().members[1].signer


def test_what_is_written_is_read_again() -> None:
    assert parse_members(TEXT) == with_keys()
    assert parse_members(write_members(members())) == members()


def test_the_period_is_two_seconds_unless_it_says_otherwise() -> None:
    assert parse_members(TEXT.replace("period_seconds = 1\n", "")).period_seconds == 2


def test_a_node_is_addressed_by_its_key() -> None:
    first = with_keys().members[0]
    assert first.enode == f"enode://{first.node_id}@127.0.0.1:30311"
    assert first.rpc == "http://127.0.0.1:8541"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("chain_id = 20260", "", "chain.chain_id"),
        ("chain_id = 20260", "chain_id = 0", "chain.chain_id"),
        ("chain_id = 20260", "chain_id = 9007199254740993", "chain.chain_id"),
        ("chain_id = 20260", "chain_id = true", "chain.chain_id"),
        ("period_seconds = 1", "period_seconds = 61", "chain.period_seconds"),
        ("period_seconds = 1", "periods = 1", "chain.periods"),
        ("[chain]", "more = 1\n[chain]", "more"),
        ("[chain]", "chain = 1\n[other]", "other"),
        ('code = "JN"', 'code = "jn"', "members[0].code"),
        ('code = "JN"', "", "members[0].code"),
        ('code = "XA"', 'code = "JN"', "members[1].code"),
        ('host = "127.0.0.1"', 'host = "somewhere.example"', "members[0].host"),
        ('host = "127.0.0.1"', 'host = "::1"', "members[0].host"),
        ("p2p_port = 30311", "p2p_port = 65536", "members[0].p2p_port"),
        ("p2p_port = 30311", 'p2p_port = "30311"', "members[0].p2p_port"),
        ("p2p_port = 30311", "", "members[0].p2p_port"),
        ("rpc_port = 8542", "rpc_port = 8541", "members[1].rpc_port"),
        ("auth_port = 8551", "auth_port = 8541", "members[0].auth_port"),
        ('url = "http://localhost:8301"', 'url = "localhost"', "members[0].url"),
        ('city_zh = "济南"', 'city_zh = ""', "members[0].city_zh"),
        ('city_zh = "济南"', 'city_zh = "a\\nb"', "members[0].city_zh"),
        ('city_zh = "济南"', 'town = "济南"', "members[0].town"),
        (with_keys().members[0].signer, "0x1", "members[0].signer"),
        (with_keys().members[0].signer, SECOND_SIGNER, "members[1].signer"),
        (with_keys().members[0].node_id, "ab", "members[0].node_id"),
        (with_keys().members[0].account, "none", "members[0].account"),
        ("= 20260", "= ", ""),
    ],
)
def test_a_fault_is_named_by_its_key(old: str, new: str, key: str) -> None:
    assert old in TEXT
    with pytest.raises(InvalidRecordError) as raised:
        parse_members(TEXT.replace(old, new, 1))
    assert (raised.value.code, raised.value.values["key"]) == ("members-invalid", key)


def test_three_members_are_too_few() -> None:
    with pytest.raises(InvalidRecordError, match="4 or more"):
        parse_members(TEXT[: TEXT.rindex("[[members]]")])


@pytest.mark.parametrize("text", ["", "members = 1", "[members]\n[chain]\nchain_id = 1"])
def test_a_file_without_members_is_refused(text: str) -> None:
    with pytest.raises(InvalidRecordError, match="members-invalid"):
        parse_members(text)
