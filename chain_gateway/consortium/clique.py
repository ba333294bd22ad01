"""The consortium on geth 1.13.15 with Clique: genesis, a signer's configuration and its command line. Pure text."""

import json
from collections.abc import Sequence
from typing import Final

from chain_gateway.consortium.members import RPC_HOST, Member, Members

VERSION: Final = "1.13.15"
"""The last release of geth that seals Clique blocks."""
BALANCE_WEI: Final = 10**27
"""The initial balance of every gateway account: gas has a price here, but nobody sells it."""
GAS_LIMIT: Final = 30_000_000
APIS: Final = ("eth", "net", "web3", "clique")
_IPC: Final = "geth.ipc"
"""In the data folder: the IPC socket of the signer's operator, with every interface."""
_VANITY: Final = bytes(32)
_SEAL: Final = bytes(65)
_FORKS: Final = (
    "homesteadBlock",
    "eip150Block",
    "eip155Block",
    "eip158Block",
    "byzantiumBlock",
    "constantinopleBlock",
    "petersburgBlock",
    "istanbulBlock",
    "berlinBlock",
    "londonBlock",
)


def extra_data(signers: Sequence[str]) -> str:
    """The genesis block's extra data: 32 bytes, the signers in ascending order, 65 bytes (EIP-225)."""
    addresses = sorted(bytes.fromhex(signer[2:]) for signer in signers)
    return "0x" + (_VANITY + b"".join(addresses) + _SEAL).hex()


def genesis(members: Members) -> str:
    """genesis.json. Every member's signer seals from the first block on; the gateway accounts have a balance."""
    value = {
        "config": {
            "chainId": members.chain_id,
            **dict.fromkeys(_FORKS, 0),
            "clique": {"period": members.period_seconds, "epoch": 30_000},
        },
        "difficulty": "0x1",
        "gasLimit": hex(GAS_LIMIT),
        "extraData": extra_data([member.signer for member in members.members]),
        "alloc": {member.account[2:].lower(): {"balance": hex(BALANCE_WEI)} for member in members.members},
    }
    return json.dumps(value, indent=2) + "\n"


def config(members: Members, member: Member) -> str:
    """config.toml of one signer: the other signers, as peers it stays connected to (static-nodes.json is ignored)."""
    others = [other for other in members.members if other != member]
    nodes = "".join(f'  "{other.enode}",  # {other.code}\n' for other in others)
    return f"[Node.P2P]\nStaticNodes = [\n{nodes}]\n"


def arguments(members: Members, member: Member, *, apis: Sequence[str] = APIS) -> list[str]:
    """Arguments of geth, from the signer's own folder; `init_arguments` comes first, once.

    It does not seal by itself: a signer that seals before it is connected may begin its own branch. When two branches
    weigh the same and half of the signers are on each, Clique lets nobody seal again so soon, and the chain stands
    still.
    """
    hosts = ",".join(sorted({f"{other.host}/32" for other in members.members}))
    return [
        "--config=config.toml",
        "--datadir=data",
        "--keystore=keystore",
        "--nodekey=nodekey",
        "--password=password",
        f"--networkid={members.chain_id}",
        f"--port={member.p2p_port}",
        "--nodiscover",
        "--nat=none",
        f"--netrestrict={hosts}",
        "--syncmode=full",
        "--cache=64",
        "--history.transactions=0",
        f"--ipcpath={_IPC}",
        "--http",
        f"--http.addr={RPC_HOST}",
        f"--http.port={member.rpc_port}",
        f"--http.api={','.join(apis)}",
        f"--authrpc.port={member.auth_port}",
        f"--unlock={member.signer}",
        f"--miner.etherbase={member.signer}",
        "--allow-insecure-unlock",
        "--verbosity=3",
    ]


def init_arguments() -> list[str]:
    """The arguments that create the signer's data folder from the genesis."""
    return ["--datadir=data", "init", "../genesis.json"]


def start_script(members: Members, member: Member) -> str:
    """start.sh of one signer. The folder also needs `keystore/`, `nodekey` and `password`, which never leave it."""
    lines = " \\\n  ".join(arguments(members, member))
    others = len(members.members) // 2
    return (
        f"#!/bin/sh\n# The signer of {member.code} ({member.city_en}), geth {VERSION}."
        " Made by `tongping consortium init`.\n"
        'set -eu\ncd "$(dirname "$0")"\n'
        f"[ -d data/geth/chaindata ] || geth {' '.join(init_arguments())}\n"
        "# Seals once it is connected to so many others that more than half of all are together.\n"
        "seal() {\n"
        f'  until [ "$(geth attach --exec net.peerCount data/{_IPC} 2>/dev/null || echo 0)" -ge {others} ]; do\n'
        "    sleep 1\n    kill -0 $$ 2>/dev/null || exit 0\n  done\n"
        f"  geth attach --exec 'miner.start()' data/{_IPC}\n"
        "}\nseal &\n"
        f"exec geth \\\n  {lines}\n"
    )
