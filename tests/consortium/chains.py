"""The two chains that the same tests run on: ganache, and four geth signers made from a members file."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chain_gateway.consortium.geth import Signers
from chain_gateway.consortium.members import Member, Members
from chain_gateway.ledger.engines import GETH_CLIQUE
from chain_gateway.ledger.rpc import address_of
from node.chain.consortium import init
from records.ids import CentreCode
from tests.integration.ledger.consortium import CHAIN_KEYS, DL, JN, XA, Consortium, consortium, founded, free_port

SZ = CentreCode("SZ")
CHAIN_ID = 20260
KINDS = ("ganache", "four signers")


def say(line: str) -> None:
    """A line of progress for `make consortium`."""
    print(f"  · {line}", flush=True)


def _member(code: CentreCode) -> Member:
    ports = {free_port() for _ in range(12)}
    return Member(
        code=code,
        name_zh=f"{code}示例中心",
        name_en=f"{code} sample centre",
        city_zh=code,
        city_en=code,
        url=f"http://localhost:{ports.pop()}",
        host="127.0.0.1",
        p2p_port=ports.pop(),
        rpc_port=ports.pop(),
        auth_port=ports.pop(),
        account=address_of(CHAIN_KEYS.get(code, bytes([9]) * 32)),
    )


def four_members(directory: Path) -> Members:
    """Keys and genesis and peers of four members, made by our own command's function."""
    members = Members(chain_id=CHAIN_ID, period_seconds=1, members=tuple(_member(code) for code in (JN, XA, DL, SZ)))
    return init(members, directory, randomness=secrets.token_bytes)


@contextmanager
def four_signers(directory: Path) -> Iterator[Signers]:
    """Running signers of four members."""
    made = four_members(directory)
    say("four geth signers start")
    with Signers(members=made, directory=directory / "geth") as signers:
        say(f"four signers are connected, block {signers.running[0].height}")
        yield signers


def founded_on(signers: Signers) -> Consortium:
    """Our contracts, new; every centre uses its own signer."""
    rpcs = {code: signers.signers[code].rpc for code in (JN, XA, DL)}
    return founded(signers.signers[JN], engine=GETH_CLIQUE, chain_id=CHAIN_ID, rpcs=rpcs)


@contextmanager
def chain_of(kind: str, directory: Path) -> Iterator[Consortium]:
    """A consortium on one of the two."""
    if kind == "ganache":
        with consortium(directory) as found:
            yield found
    else:
        with four_signers(directory) as signers:
            yield founded_on(signers)


def rolled_back(signers: Signers, height: int) -> None:
    """All signers go back to a block, as if restored from a backup, and continue from there on another branch."""
    for signer in signers.running:
        signer.ask("miner_stop")
    signers.part()
    for signer in signers.running:
        signer.ask("debug_setHead", hex(height))
    signers.join()
    for signer in signers.running:
        signer.seal()
    signers.await_blocks()
    signers.await_height(height + 3)
