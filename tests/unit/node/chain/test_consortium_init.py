"""`tongping consortium init` makes missing files, keeps secrets to their owner, and overwrites nothing."""

import json
import stat
from pathlib import Path

import pytest
from eth_account import Account

from chain_gateway.consortium.members import parse_members, write_members
from node.chain.consortium import init, read_members
from records.errors import ConflictError, InvalidRecordError, UnavailableError
from tests.unit.chain_gateway.consortium.made_members import members, with_keys


class Counting:
    """Randomness for tests: every call other bytes."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, size: int) -> bytes:
        self.calls += 1
        return bytes([self.calls]) * size


def test_missing_keys_are_made_and_their_public_values_written(tmp_path: Path) -> None:
    made = init(members(), tmp_path / "out", randomness=Counting())
    assert parse_members((tmp_path / "out" / "members.toml").read_text(encoding="utf-8")) == made
    first = tmp_path / "out" / "geth" / "jn"
    stored = json.loads((first / "keystore" / "signer.json").read_text(encoding="utf-8"))
    secret = Account.decrypt(stored, (first / "password").read_text(encoding="utf-8").strip())
    assert Account.from_key(secret).address == made.member("JN").signer
    assert (tmp_path / "out" / "besu" / "jn" / "key").read_text() == (first / "nodekey").read_text()
    assert (tmp_path / "out" / "centres" / "jn" / "keys" / "chain.pem").is_file()


def test_every_file_is_its_owners_alone(tmp_path: Path) -> None:
    init(members(), tmp_path / "out", randomness=Counting())
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert [path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_members_who_keep_their_keys_get_none(tmp_path: Path) -> None:
    randomness = Counting()
    assert init(with_keys(), tmp_path / "out", randomness=randomness) == with_keys()
    assert randomness.calls == 0
    names = {path.name for path in (tmp_path / "out").rglob("*")}
    assert not names & {"nodekey", "key", "keystore", "password", "keys"}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "nodekey").write_text("somebody's", encoding="utf-8")
    with pytest.raises(ConflictError, match="folder-in-use"):
        init(members(), tmp_path, randomness=Counting())
    assert [path.name for path in tmp_path.iterdir()] == ["nodekey"]


def test_a_members_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="members-unreadable"):
        read_members(tmp_path / "nothing.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff")
    with pytest.raises(UnavailableError, match="members-unreadable"):
        read_members(tmp_path / "bad.toml")


def test_a_fault_in_the_members_file_names_its_key(tmp_path: Path) -> None:
    path = tmp_path / "members.toml"
    path.write_text(write_members(members()).replace("rpc_port = 8541", ""), encoding="utf-8")
    with pytest.raises(InvalidRecordError, match=r"members\[0\]\.rpc_port"):
        read_members(path)
