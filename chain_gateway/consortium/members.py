"""The members file: the centres of the consortium, and the addresses of their signers. Read key by key."""

import ipaddress
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, NoReturn

from eth_hash.auto import keccak

from records.errors import InvalidRecordError
from records.ids import CentreCode, parse_centre

FEWEST: Final = 4
"""With four signers one may fail and the chain goes on."""
RPC_HOST: Final = "127.0.0.1"
_PORTS: Final = ("p2p_port", "rpc_port", "auth_port")
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")
_NODE_ID: Final = re.compile(r"[0-9a-f]{128}")
_LARGEST_PORT: Final = 65535
_LARGEST_CHAIN_ID: Final = 2**53
_LONGEST_PERIOD: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One centre. `signer`, `node_id` and `account` are empty until their keys are made, by the member or for it."""

    code: CentreCode
    name_zh: str
    name_en: str
    city_zh: str
    city_en: str
    url: str
    """The URL of the centre's node; the registry's endpoint."""
    host: str
    """The IP address at which the other signers reach this one."""
    p2p_port: int
    rpc_port: int
    auth_port: int
    signer: str = ""
    """The account that seals blocks (geth)."""
    node_id: str = ""
    """The public key of the signer's node, 128 hex digits; under Besu its address is the validator."""
    account: str = ""
    """The centre's gateway account, which pays for its anchors."""

    @property
    def folder(self) -> str:
        return self.code.lower()

    @property
    def rpc(self) -> str:
        """The RPC port for the member's own centre; not reachable from elsewhere."""
        return f"http://{RPC_HOST}:{self.rpc_port}"

    @property
    def enode(self) -> str:
        return f"enode://{self.node_id}@{self.host}:{self.p2p_port}"

    @property
    def validator(self) -> str:
        """The address of the node's key."""
        return "0x" + keccak(bytes.fromhex(self.node_id))[-20:].hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The whole consortium."""

    chain_id: int
    period_seconds: int
    members: tuple[Member, ...]

    def member(self, code: str) -> Member:
        return next(member for member in self.members if member.code == code)


def parse_members(text: str) -> Members:
    """Read a members file. InvalidRecordError("members-invalid") names the key and its fault."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidRecordError("members-invalid", key="", reason=str(error)) from error
    _known("", tree, ("chain", "members"))
    chain = tree.get("chain", {})
    if not isinstance(chain, dict):
        _refuse("chain", "must be a table")
    _known("chain.", chain, ("chain_id", "period_seconds"))
    rows = tree.get("members", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        _refuse("members", "must be [[members]] tables")
    found = Members(
        chain_id=_number(chain, "chain_id", "chain.", _LARGEST_CHAIN_ID),
        period_seconds=_number({"period_seconds": 2} | chain, "period_seconds", "chain.", _LONGEST_PERIOD),
        members=tuple(_member(row, f"members[{place}].") for place, row in enumerate(rows)),
    )
    _check(found.members)
    return found


def _member(row: Mapping[str, Any], place: str) -> Member:  # Any: a TOML table, checked here key by key
    _known(place, row, [item.name for item in fields(Member)])
    try:
        code = parse_centre(_text(row, "code", place))
    except InvalidRecordError as error:
        raise InvalidRecordError(
            "members-invalid", key=f"{place}code", reason="must be two to four capital letters"
        ) from error
    return Member(
        code=code,
        host=_host(row, place),
        url=_url(row, place),
        signer=_address(row, "signer", place),
        account=_address(row, "account", place),
        node_id=_node_id(row, place),
        name_zh=_text(row, "name_zh", place),
        name_en=_text(row, "name_en", place),
        city_zh=_text(row, "city_zh", place),
        city_en=_text(row, "city_en", place),
        p2p_port=_number(row, "p2p_port", place, _LARGEST_PORT),
        rpc_port=_number(row, "rpc_port", place, _LARGEST_PORT),
        auth_port=_number(row, "auth_port", place, _LARGEST_PORT),
    )


def _check(members: Sequence[Member]) -> None:
    if len(members) < FEWEST:
        _refuse("members", f"must be {FEWEST} or more, so that one may fail")
    _distinct("code", [member.code for member in members])
    for name in ("signer", "node_id", "account"):
        _distinct(name, [value.lower() for member in members if (value := str(getattr(member, name)))])
    taken: dict[tuple[str, int], str] = {}
    for place, member in enumerate(members):
        for name in _PORTS:
            key, address = f"members[{place}].{name}", (member.host, int(getattr(member, name)))
            if address in taken:
                _refuse(key, f"the same as {taken[address]}")
            taken[address] = key


def _distinct(name: str, values: Sequence[str]) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            _refuse(f"members[{place}].{name}", "the same as another member's")


def _known(place: str, table: Mapping[str, Any], names: Sequence[str]) -> None:
    for key in table:
        if key not in names:
            _refuse(f"{place}{key}", "unknown key")


def _text(row: Mapping[str, Any], key: str, place: str) -> str:
    found = row.get(key)
    if not isinstance(found, str) or not found.strip():
        _refuse(f"{place}{key}", "missing" if key not in row else "must be text")
    if any(ord(letter) < ord(" ") for letter in found):
        _refuse(f"{place}{key}", "must be one line")
    return found


def _number(row: Mapping[str, Any], key: str, place: str, largest: int) -> int:
    found = row.get(key)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found <= largest:
        _refuse(f"{place}{key}", "missing" if key not in row else f"must be a whole number from 1 to {largest}")
    return found


def _host(row: Mapping[str, Any], place: str) -> str:
    found = _text(row, "host", place)
    try:
        ipaddress.IPv4Address(found)
    except ValueError:
        _refuse(f"{place}host", "must be an IPv4 address")
    return found


def _url(row: Mapping[str, Any], place: str) -> str:
    found = _text(row, "url", place)
    if not re.fullmatch(r"https?://[^\s/]+", found):
        _refuse(f"{place}url", "must be http(s)://host[:port]")
    return found


def _address(row: Mapping[str, Any], key: str, place: str) -> str:
    if key not in row:
        return ""
    found = _text(row, key, place)
    if not _ADDRESS.fullmatch(found):
        _refuse(f"{place}{key}", "must be 0x and 40 hex digits")
    return found


def _node_id(row: Mapping[str, Any], place: str) -> str:
    if "node_id" not in row:
        return ""
    found = _text(row, "node_id", place)
    if not _NODE_ID.fullmatch(found):
        _refuse(f"{place}node_id", "must be 128 lower-case hex digits")
    return found


def _refuse(key: str, reason: str) -> NoReturn:
    raise InvalidRecordError("members-invalid", key=key, reason=reason)


def write_members(members: Members) -> str:
    """The members file of these members, including their public values."""
    parts = [f"[chain]\nchain_id = {members.chain_id}\nperiod_seconds = {members.period_seconds}\n"]
    for member in members.members:
        values = {item.name: getattr(member, item.name) for item in fields(Member)}
        rows = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value != ""]
        parts.append("\n".join(["[[members]]", *rows, ""]))
    return "\n".join(parts)
