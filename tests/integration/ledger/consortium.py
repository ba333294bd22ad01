"""A real chain with three founding centres for tests: ganache of our own, our contracts, one gateway account each."""

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chain_gateway.checkpoints import CentreEntry, origin_of
from chain_gateway.ledger.engines import GANACHE, EngineProfile
from chain_gateway.ledger.ganache import CHAIN_ID, HOST, Ganache
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.ledger.rpc import address_of
from chain_gateway.witness.desk import Cosigning
from records.ids import CentreCode
from records.log.checkpoint import verifier_key
from records.log.cosignature import cosigner_key

JN, XA, DL = CentreCode("JN"), CentreCode("XA"), CentreCode("DL")
CHAIN_KEYS: Mapping[CentreCode, bytes] = {code: bytes([place]) * 32 for place, code in enumerate((JN, XA, DL), 1)}
LOG_KEYS: Mapping[CentreCode, Ed25519PrivateKey] = {
    code: Ed25519PrivateKey.from_private_bytes(bytes([place]) * 32) for place, code in enumerate((JN, XA, DL), 11)
}
WITNESS_KEYS: Mapping[CentreCode, Ed25519PrivateKey] = {
    code: Ed25519PrivateKey.from_private_bytes(bytes([place]) * 32) for place, code in enumerate((JN, XA, DL), 21)
}
FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2046, 1, 1, tzinfo=UTC)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def vkey(code: CentreCode) -> str:
    return verifier_key(origin_of(code), LOG_KEYS[code].public_key())


def cosigning(code: CentreCode) -> Cosigning:
    return Cosigning(name=f"{origin_of(code)}/witness", key=WITNESS_KEYS[code])


def witness_vkey(code: CentreCode) -> str:
    return cosigner_key(cosigning(code).name, WITNESS_KEYS[code].public_key())


def founder(code: CentreCode) -> CentreEntry:
    account = address_of(CHAIN_KEYS[code])
    return CentreEntry(
        code=code,
        log_account=account,
        witness_account=account,
        endpoint=f"https://{code.lower()}.example",
        verifier_key=vkey(code),
        valid_from=FROM,
        valid_until=UNTIL,
    )


FOUNDERS = tuple(founder(code) for code in (JN, XA, DL))


class Engine(Protocol):
    """Anything that answers JSON-RPC."""

    @property
    def rpc(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Consortium:
    """The chain and the addresses of its contracts. `rpcs`: separate engines for centres."""

    chain: Engine
    anchor_address: str
    registry_address: str
    genesis: str
    engine: EngineProfile = GANACHE
    chain_id: int = CHAIN_ID
    rpcs: Mapping[CentreCode, str] = field(default_factory=dict)

    def ledger(self, code: CentreCode, *, genesis: str | None = None) -> Ledger:
        return Ledger(
            self.rpcs.get(code, self.chain.rpc),
            chain_id=self.chain_id,
            anchor_address=self.anchor_address,
            registry_address=self.registry_address,
            account_key=CHAIN_KEYS[code],
            engine=self.engine,
            genesis=genesis or self.genesis,
        )

    def ask(self, method: str, *params: object) -> object:
        """A JSON-RPC request around the ledger."""
        return ask(self.chain, method, *params)


def ask(chain: Engine, method: str, *params: object) -> object:
    connection = http.client.HTTPConnection(chain.rpc.removeprefix("http://"), timeout=5)
    question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    connection.request("POST", "/", json.dumps(question), {"Content-Type": "application/json"})
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer["result"]


def ganache(directory: Path) -> Ganache:
    """A ganache, not yet started, on whose chain the three centres have money."""
    return Ganache(directory=directory, port=free_port(), accounts=[address_of(key) for key in CHAIN_KEYS.values()])


@contextmanager
def consortium(directory: Path) -> Iterator[Consortium]:
    with ganache(directory) as chain:
        yield founded(chain)


def founded(
    chain: Engine,
    *,
    engine: EngineProfile = GANACHE,
    chain_id: int = CHAIN_ID,
    rpcs: Mapping[CentreCode, str] | None = None,
) -> Consortium:
    """Our contracts, new, on a running chain."""
    ledger = Ledger.deploy(chain.rpc, chain_id=chain_id, account_key=CHAIN_KEYS[JN], engine=engine, founding=FOUNDERS)
    return Consortium(
        chain=chain,
        anchor_address=ledger.anchor_address,
        registry_address=ledger.registry_address,
        genesis=ledger.genesis,
        engine=engine,
        chain_id=chain_id,
        rpcs=rpcs or {},
    )
