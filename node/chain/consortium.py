"""`tongping consortium init`: makes the missing keys, and every file with which the members start."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from chain_gateway.consortium.files import START_SCRIPT, public_files
from chain_gateway.consortium.members import Member, Members, parse_members
from chain_gateway.consortium.signer_keys import SignerSecrets
from chain_gateway.ledger.rpc import address_of
from node.keys import open_keys
from records import strict_text
from records.errors import ConflictError, InvalidRecordError, UnavailableError

_OWNER_ONLY: Final = 0o600
_OWNER_RUNS: Final = 0o700


def read_members(path: Path) -> Members:
    """UnavailableError("members-unreadable"), InvalidRecordError("members-invalid" with the key)."""
    try:
        text = strict_text.decode(path.read_bytes())
    except (OSError, InvalidRecordError) as error:
        raise UnavailableError("members-unreadable", path=str(path)) from error
    return parse_members(text)


def init(members: Members, out: Path, *, randomness: Callable[[int], bytes]) -> Members:
    """Write everything into an empty folder; return the members with all public values.

    A member whose file names `signer` and `node_id` keeps its own keys. A member without `account` gets centre keys in
    `centres/<code>/keys`. ConflictError("folder-in-use") when the folder is not empty.
    """
    if out.exists() and any(out.iterdir()):
        raise ConflictError("folder-in-use", path=str(out))
    complete = replace(members, members=tuple(_equip(member, out, randomness) for member in members.members))
    for name, text in public_files(complete).items():
        _write(out / name, text, mode=_OWNER_RUNS if name.endswith(START_SCRIPT) else _OWNER_ONLY)
    return complete


def _equip(member: Member, out: Path, randomness: Callable[[int], bytes]) -> Member:
    """The member with its own keys; missing ones are made and written."""
    if not member.account:
        keys = open_keys(out / "centres" / member.folder / "keys", member.code)
        member = replace(member, account=address_of(keys.chain_secret))
    if member.signer and member.node_id:
        return member
    secrets = SignerSecrets.make(randomness)
    for engine, files in (("geth", secrets.geth_files()), ("besu", secrets.besu_files())):
        for name, text in files.items():
            _write(out / engine / member.folder / name, text, mode=_OWNER_ONLY)
    return replace(member, signer=secrets.signer, node_id=secrets.node_id)


def _write(path: Path, text: str, *, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
