"""The consortium on Hyperledger Besu 26 with QBFT: genesis, configuration, permissions, runbook. Not run here."""

import json
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Final

from chain_gateway.consortium.members import RPC_HOST, Member, Members
from chain_gateway.ledger.blocks import rlp

NOT_RUN: Final = "Made from the members file; not run by this project's tests: Besu cannot be had from its registries."
EMPTY_BLOCK_SECONDS: Final = 60
_MIX_HASH: Final = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"
"""Besu's marker for blocks of its BFT engines."""
_GAS_LIMIT: Final = 30_000_000
_FORKS: Final = ("berlinBlock", "londonBlock")
_RUNBOOK: Final = Path(__file__).with_name("qbft_runbook.md")


def extra_data(validators: Sequence[str]) -> str:
    """The genesis block's extra data: RLP of vanity, validators, no vote, round 0, no seals."""
    addresses = [bytes.fromhex(validator[2:]) for validator in validators]
    return "0x" + rlp([bytes(32), addresses, [], b"", []]).hex()


def genesis(members: Members) -> str:
    """genesis.json. No gas price and no base fee: accounts need no balance. Blocks only when there are transactions."""
    value = {
        "config": {
            "chainId": members.chain_id,
            **dict.fromkeys(_FORKS, 0),
            "zeroBaseFee": True,
            "qbft": {
                "blockperiodseconds": members.period_seconds,
                "emptyblockperiodseconds": EMPTY_BLOCK_SECONDS,
                "epochlength": 30_000,
                "requesttimeoutseconds": 2 * members.period_seconds,
            },
        },
        "nonce": "0x0",
        "timestamp": "0x0",
        "gasLimit": hex(_GAS_LIMIT),
        "difficulty": "0x1",
        "mixHash": _MIX_HASH,
        "coinbase": "0x" + "00" * 20,
        "alloc": {},
        "extraData": extra_data(sorted(member.validator for member in members.members)),
    }
    return json.dumps(value, indent=2) + "\n"


def config(member: Member) -> str:
    """config.toml of one validator; paths count from its folder."""
    rows = {
        "data-path": "data",
        "genesis-file": "../genesis.json",
        "node-private-key-file": "key",
        "static-nodes-file": "static-nodes.json",
        "discovery-enabled": False,
        "p2p-host": member.host,
        "p2p-port": member.p2p_port,
        "rpc-http-enabled": True,
        "rpc-http-host": RPC_HOST,
        "rpc-http-port": member.rpc_port,
        "rpc-http-api": ["ETH", "NET", "WEB3", "QBFT"],
        "host-allowlist": ["localhost", RPC_HOST],
        "sync-mode": "FULL",
        "min-gas-price": 0,
        "permissions-nodes-config-file-enabled": True,
        "permissions-nodes-config-file": "permissions_config.toml",
        "permissions-accounts-config-file-enabled": True,
        "permissions-accounts-config-file": "permissions_config.toml",
    }
    head = f"# The validator of {member.code} ({member.city_en}), Besu 26. {NOT_RUN}\n"
    return head + "".join(f"{key} = {json.dumps(value)}\n" for key, value in rows.items())


def static_nodes(members: Members, member: Member) -> str:
    """static-nodes.json: the other validators."""
    return json.dumps([other.enode for other in members.members if other != member], indent=2) + "\n"


def permissions(members: Members) -> str:
    """permissions_config.toml: only these nodes connect, only the centres' gateway accounts send."""
    nodes = json.dumps([member.enode for member in members.members], indent=2)
    accounts = json.dumps([member.account.lower() for member in members.members], indent=2)
    return f"nodes-allowlist = {nodes}\n\naccounts-allowlist = {accounts}\n"


def runbook(members: Members) -> str:
    """runbook.md: how the members start it together, and what to watch."""
    rows = "".join(
        f"| {one.code} | {one.city_zh} {one.city_en} | `{one.validator}`"
        f" | `{one.host}:{one.p2p_port}` | `{one.rpc}` |\n"
        for one in members.members
    )
    count = len(members.members)
    return Template(_RUNBOOK.read_text(encoding="utf-8")).substitute(
        not_run=NOT_RUN,
        rows=rows,
        chain_id=members.chain_id,
        count=count,
        needed=count - (count - 1) // 3,
        may_fail=(count - 1) // 3,
        period=members.period_seconds,
        empty=EMPTY_BLOCK_SECONDS,
        rpc=members.members[0].rpc,
    )
