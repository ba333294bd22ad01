"""The chains a world can run on: the embedded one, and a consortium of four signers with Clique."""

import secrets
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from chain_gateway.consortium.geth import Signers
from chain_gateway.consortium.members import RPC_HOST, Member, Members
from chain_gateway.ledger.ganache import CHAIN_ID, Ganache
from node.chain.consortium import init
from node.demo.plan import City
from records.ids import CentreCode

CLIQUE_CHAIN_ID = 20260
PERIOD_SECONDS = 1


class Chain(Protocol):
    """A chain on this machine. `rpc` is the engine used by a centre."""

    @property
    def engine(self) -> str: ...
    @property
    def chain_id(self) -> int: ...
    def start(self, directory: Path, cities: Sequence[City], accounts: Mapping[CentreCode, str]) -> None: ...
    def rpc(self, code: CentreCode) -> str: ...
    def check(self) -> None: ...
    def stop(self) -> None: ...


@dataclass(slots=True, kw_only=True)
class EmbeddedChain:
    """One ganache for all centres."""

    port: int
    engine: str = "ganache"
    chain_id: int = CHAIN_ID
    _ganache: Ganache | None = None

    def start(self, directory: Path, cities: Sequence[City], accounts: Mapping[CentreCode, str]) -> None:  # noqa: ARG002 - one for all
        self._ganache = Ganache(directory=directory, port=self.port, accounts=list(accounts.values()))
        self._ganache.start()

    def rpc(self, code: CentreCode) -> str:  # noqa: ARG002 - one for all
        return f"http://{RPC_HOST}:{self.port}"

    def check(self) -> None:
        if self._ganache is not None:
            self._ganache.check()

    def stop(self) -> None:
        if self._ganache is not None:
            self._ganache.stop()
            self._ganache = None


@dataclass(slots=True, kw_only=True)
class CliqueChain:
    """A signer for every founding centre, made by the code of `tongping consortium init`; each centre uses its own."""

    engine: str = "geth-clique"
    chain_id: int = CLIQUE_CHAIN_ID
    signers: Signers = field(init=False)
    away: set[CentreCode] = field(default_factory=set)
    """Signers that are stopped on purpose."""
    _started: bool = False

    def start(self, directory: Path, cities: Sequence[City], accounts: Mapping[CentreCode, str]) -> None:
        members = tuple(_member(city, account=accounts[city.code]) for city in cities)
        wanted = Members(chain_id=self.chain_id, period_seconds=PERIOD_SECONDS, members=members)
        made = init(wanted, directory, randomness=secrets.token_bytes)
        self.signers = Signers(members=made, directory=directory / "geth")
        self._started = True
        self.signers.start()

    def rpc(self, code: CentreCode) -> str:
        return self.signers.signers[code].member.rpc

    def check(self) -> None:
        for code, signer in self.signers.signers.items():
            if code not in self.away:
                signer.check()

    def stop(self) -> None:
        if self._started:
            self.signers.stop()


def _member(city: City, *, account: str) -> Member:
    p2p, rpc, auth = _free_ports(3)
    return Member(
        code=city.code,
        name_zh=city.name_zh,
        name_en=city.name_en,
        city_zh=city.city_zh,
        city_en=city.city_en,
        url=city.url,
        host=RPC_HOST,
        p2p_port=p2p,
        rpc_port=rpc,
        auth_port=auth,
        account=account,
    )


def _free_ports(count: int) -> list[int]:
    """Distinct free ports."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((RPC_HOST, 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
