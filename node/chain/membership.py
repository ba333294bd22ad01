"""A centre's part in the consortium's membership: read it, propose, vote, execute, and exchange its own keys."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from chain_gateway.checkpoints import CentreEntry, origin_of
from chain_gateway.ledger.ledger import Ledger, log_id
from chain_gateway.ledger.registry import RegistryLedger
from chain_gateway.ledger.rpc import address_of
from chain_gateway.ledger.voting import Proposal
from node.chain.ledger import open_ledger
from node.config import Config
from node.evaluation.json_file import read_bytes
from node.foundation import web_origin
from node.keys import CentreKeys, Rotated, make_next, next_keys, open_keys, promote
from records.errors import InvalidRecordError, NotFoundError, TongpingError
from records.ids import instant, parse_centre, parse_instant
from records.log.checkpoint import parse_verifier_key
from records.log.cosignature import parse_cosigner_key
from records.strict_fields import Reader, read_object

_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Membership:
    """One centre's access to the registry. It signs with the centre's chain key."""

    config: Config
    ledger: Ledger
    keys: CentreKeys

    @property
    def registry(self) -> RegistryLedger:
        return self.ledger.registry

    def log(self, code: str) -> bytes:
        """The name of a centre's log; InvalidRecordError for a malformed code."""
        return log_id(origin_of(parse_centre(code)))

    def rotate(
        self,
        names: Collection[Rotated],
        *,
        now: datetime,
        overlap: timedelta,
        validity: timedelta,
        expires_at: datetime,
    ) -> int:
        """Make new keys of these names beside the present ones and propose them; return the proposal's number.

        With a new chain key its account is funded for gas first, where gas has a price.
        """
        following = make_next(self.config.storage.keys, self.config.centre.code, names)
        entry = card(self.config, following, now=now, validity=validity)
        if Rotated.CHAIN in names:
            self.ledger.fund(entry.log_account)
        until = now + overlap if overlap else None
        own = self.log(self.config.centre.code)
        return self.registry.propose_rotation(own, entry, overlap_until=until, expires_at=expires_at)

    def adopt(self) -> bool:
        """Adopt the pending keys on the disk, if they are the ones the registry names now."""
        directory, code = self.config.storage.keys, self.config.centre.code
        following = next_keys(directory, code)
        if following is None:
            return False
        entry = self.registry.centre(self.log(code))
        named = (entry.log_account, entry.verifier_key, entry.witness_key)
        if named != (address_of(following.chain_secret), following.log_verifier, following.witness_verifier):
            return False
        assert entry.previous is not None  # the registry replaced its keys, so it holds the previous ones
        promote(directory, entry.previous.valid_until)
        return True


def open_membership(config: Config) -> Membership:
    """NotFoundError("centre-not-started" | "chain-not-configured") when there are no keys or no chain."""
    if not config.storage.keys.is_dir():
        raise NotFoundError("centre-not-started", centre=config.centre.code)
    keys = open_keys(config.storage.keys, config.centre.code)
    ledger = open_ledger(config, account_key=keys.chain_secret)
    return Membership(config, ledger.followed(), keys)


def settle(config: Config) -> Config:
    """Before a start: adopt the keys that were voted for, and switch to the successor contract.

    A chain that does not answer, or is not ours, prevents no start: the parts that need it report it themselves.
    """
    if not config.chain.rpc or not config.storage.keys.is_dir():
        return config
    try:
        membership = open_membership(config)
        if membership.adopt():
            _log.info("keys rotated", centre=config.centre.code)
    except TongpingError as error:
        _log.warning("membership not read", code=error.code)
        return config
    ledger = membership.ledger
    if ledger.anchor_address.lower() == config.chain.anchor.lower():
        return config
    chain = replace(config.chain, anchor=ledger.anchor_address, registry=ledger.registry_address)
    return replace(config, chain=chain)


def card(config: Config, keys: CentreKeys, *, now: datetime, validity: timedelta) -> CentreEntry:
    """A centre's application to join: its accounts and public keys.

    Valid from a day ago: the chain's time is that of its last block, and a quiet chain's is behind.
    """
    account = address_of(keys.chain_secret)
    return CentreEntry(
        code=config.centre.code,
        log_account=account,
        witness_account=account,
        endpoint=web_origin(config),
        verifier_key=keys.log_verifier,
        witness_key=keys.witness_verifier,
        valid_from=(now - timedelta(days=1)).replace(microsecond=0),
        valid_until=(now + validity).replace(microsecond=0),
    )


def write_card(entry: CentreEntry) -> str:
    """The card as JSON, for the members to read and propose."""
    fields = {
        "code": entry.code,
        "endpoint": entry.endpoint,
        "log_account": entry.log_account,
        "witness_account": entry.witness_account,
        "verifier_key": entry.verifier_key,
        "witness_key": entry.witness_key,
        "valid_from": instant(entry.valid_from),
        "valid_until": instant(entry.valid_until),
    }
    return json.dumps(fields, ensure_ascii=False, indent=2)


def read_card(path: Path) -> CentreEntry:
    """The card of a centre; InvalidRecordError naming the field that is wrong."""
    part = read_object("card", read_bytes(path), by_hand=True)
    entry = CentreEntry(
        code=parse_centre(part.text("code")),
        endpoint=part.text("endpoint"),
        log_account=_account(part, "log_account"),
        witness_account=_account(part, "witness_account"),
        verifier_key=part.text("verifier_key"),
        witness_key=part.text("witness_key"),
        valid_from=parse_instant(part.text("valid_from")),
        valid_until=parse_instant(part.text("valid_until")),
    )
    if parse_verifier_key(entry.verifier_key).name != origin_of(entry.code):
        part.refuse("verifier_key")
    if parse_cosigner_key(entry.witness_key).name != f"{origin_of(entry.code)}/witness":
        part.refuse("witness_key")
    return entry


def account(text: str) -> str:
    """An address of the chain; InvalidRecordError("address-invalid")."""
    if not _ADDRESS.fullmatch(text):
        raise InvalidRecordError("address-invalid", given=text[:64])
    return text


def _account(part: Reader, key: str) -> str:
    if not _ADDRESS.fullmatch(part.text(key)):
        part.refuse(key)
    return part.text(key)


def lines_of_centres(registry: RegistryLedger) -> Iterator[str]:
    for entry in registry.centres():
        state = "member" if entry.member else "removed"
        window = f"{entry.valid_from:%Y-%m-%d} to {entry.valid_until:%Y-%m-%d}"
        yield f"{entry.code}  {state}  {entry.log_account}  {window}  {entry.endpoint}"
        if entry.previous is not None:
            yield f"    before: {entry.previous.log_account}  until {instant(entry.previous.valid_until)}"
    rules = registry.rules()
    yield f"{rules.members} members, {rules.threshold} votes needed"
    if rules.successor is not None:
        yield f"successor  {rules.successor}"


def line_of_proposal(proposal: Proposal, now: datetime) -> str:
    subject = f" of {proposal.subject}" if proposal.subject else ""
    votes = f"{len(proposal.votes)} of {proposal.needed} votes ({' '.join(proposal.votes)})"
    until = f"until {instant(proposal.expires_at)}"
    what = f"{proposal.kind}{subject}: {proposal.text}"
    return f"{proposal.id}  {proposal.state(now)}  {what}  by {proposal.proposer}  {votes}  {until}"
