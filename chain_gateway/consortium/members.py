"""The members file: the centres of the consortium, and the addresses of their signers. Read key by key."""

import ipaddress
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final, NoReturn

from eth_hash.auto import keccak

from records import strict_text
from records.errors import InvalidRecordError
from records.ids import CentreCode, parse_centre
from records.strict_fields import Reader, in_words

FEWEST: Final = 4
"""With four signers one may fail and the chain goes on."""
RPC_HOST: Final = "127.0.0.1"
_PORTS: Final = ("p2p_port", "rpc_port", "auth_port")
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")
_NODE_ID: Final = re.compile(r"[0-9a-f]{128}")
_LARGEST_PORT: Final = 65535
_LARGEST_CHAIN_ID: Final = 2**53
_PERIOD: Final = 2
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
        tree = strict_text.read_toml(text)
    except InvalidRecordError as error:
        _refuse("", str(error.values["reason"]))
    top = Reader("", {"chain": {}, "members": []} | tree, _members_invalid).only("chain", "members")
    chain = top.part("chain").only("chain_id", "period_seconds")
    found = Members(
        chain_id=_number(chain, "chain_id", _LARGEST_CHAIN_ID),
        period_seconds=_number(chain, "period_seconds", _LONGEST_PERIOD) if chain.has("period_seconds") else _PERIOD,
        members=tuple(_member(row) for row in top.parts("members")),
    )
    _check(found.members)
    return found


def _members_invalid(place: str, key: str, fault: InvalidRecordError) -> InvalidRecordError:
    """What the shared reader found wrong, said about a members file."""
    return InvalidRecordError("members-invalid", key=f"{place}.{key}" if place else key, reason=in_words(fault))


def _member(row: Reader) -> Member:
    row.only(*(item.name for item in fields(Member)))
    try:
        code = parse_centre(_text(row, "code"))
    except InvalidRecordError as error:
        if error.code == "members-invalid":
            raise
        raise _wrong(row, "code", "must be two to four capital letters") from error
    return Member(
        code=code,
        host=_host(row),
        url=_url(row),
        signer=_address(row, "signer"),
        account=_address(row, "account"),
        node_id=_node_id(row),
        name_zh=_text(row, "name_zh"),
        name_en=_text(row, "name_en"),
        city_zh=_text(row, "city_zh"),
        city_en=_text(row, "city_en"),
        p2p_port=_number(row, "p2p_port", _LARGEST_PORT),
        rpc_port=_number(row, "rpc_port", _LARGEST_PORT),
        auth_port=_number(row, "auth_port", _LARGEST_PORT),
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


def _text(row: Reader, key: str) -> str:
    found = row.text(key)
    if not found.strip():
        raise _wrong(row, key, "must be text")
    if any(ord(letter) < ord(" ") for letter in found):
        raise _wrong(row, key, "must be one line")
    return found


def _number(row: Reader, key: str, largest: int) -> int:
    found = row.integer(key)
    if not 0 < found <= largest:
        raise _wrong(row, key, f"must be a whole number from 1 to {largest}")
    return found


def _host(row: Reader) -> str:
    found = _text(row, "host")
    try:
        ipaddress.IPv4Address(found)
    except ValueError as error:
        raise _wrong(row, "host", "must be an IPv4 address") from error
    return found


def _url(row: Reader) -> str:
    found = _text(row, "url")
    if not re.fullmatch(r"https?://[^\s/]+", found):
        raise _wrong(row, "url", "must be http(s)://host[:port]")
    return found


def _address(row: Reader, key: str) -> str:
    if not row.has(key):
        return ""
    found = _text(row, key)
    if not _ADDRESS.fullmatch(found):
        raise _wrong(row, key, "must be 0x and 40 hex digits")
    return found


def _node_id(row: Reader) -> str:
    if not row.has("node_id"):
        return ""
    found = _text(row, "node_id")
    if not _NODE_ID.fullmatch(found):
        raise _wrong(row, "node_id", "must be 128 lower-case hex digits")
    return found


def _wrong(row: Reader, key: str, reason: str) -> InvalidRecordError:
    return InvalidRecordError("members-invalid", key=row.place(key), reason=reason)


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
