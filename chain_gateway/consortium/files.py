"""The files of `tongping consortium init` for a consortium with known keys: names and texts. Pure."""

from collections.abc import Mapping
from typing import Final

from chain_gateway.consortium import clique, qbft
from chain_gateway.consortium.members import Members, write_members

START_SCRIPT: Final = "start.sh"


def public_files(members: Members) -> Mapping[str, str]:
    """Every file without a secret, by its path: the same members give the same bytes."""
    files = {
        "members.toml": write_members(members),
        "geth/genesis.json": clique.genesis(members),
        "besu/genesis.json": qbft.genesis(members),
        "besu/runbook.md": qbft.runbook(members),
    }
    for member in members.members:
        geth, besu = f"geth/{member.folder}", f"besu/{member.folder}"
        files[f"{geth}/config.toml"] = clique.config(members, member)
        files[f"{geth}/{START_SCRIPT}"] = clique.start_script(members, member)
        files[f"{besu}/config.toml"] = qbft.config(member)
        files[f"{besu}/static-nodes.json"] = qbft.static_nodes(members, member)
        files[f"{besu}/permissions_config.toml"] = qbft.permissions(members)
    return files
