"""Two real centres on a real chain: own ports, keys, databases and tiles, in a consortium of three."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chain_gateway.checkpoints import CentreEntry
from chain_gateway.ledger.engines import GANACHE
from chain_gateway.ledger.ganache import CHAIN_ID, Ganache
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.ledger.rpc import address_of
from node.centre import Centre, open_centre
from node.config import ChainConfig, Config, MonitorConfig
from node.keys import CentreKeys, open_keys
from records.ids import CentreCode
from tests.integration.node.node_centres import centre_config, free_port, serving

JN, XA, DL = CentreCode("JN"), CentreCode("XA"), CentreCode("DL")
LONGEST = 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chained:
    """Their configurations; `running` opens one and answers at its port until the block ends."""

    directory: Path
    configs: Mapping[CentreCode, Config]

    @contextmanager
    def running(self, code: CentreCode) -> Iterator[Centre]:
        centre = open_centre(self.configs[code])
        with serving(centre):
            yield centre
        centre.journal.engine.dispose()


def keys_in(directory: Path, code: CentreCode) -> CentreKeys:
    return open_keys(directory / code / "keys", code)


@contextmanager
def chained(directory: Path, *, webhook: str = "") -> Iterator[Chained]:
    keys = {code: keys_in(directory, code) for code in (JN, XA, DL)}
    accounts = [address_of(own.chain_secret) for own in keys.values()]
    with Ganache(directory=directory / "chain", port=free_port(), accounts=accounts) as chain:
        ledger = Ledger.deploy(
            chain.rpc,
            chain_id=CHAIN_ID,
            account_key=keys[JN].chain_secret,
            engine=GANACHE,
            founding=[_founder(code, own) for code, own in keys.items()],
        )
        on_chain = ChainConfig(
            rpc=chain.rpc,
            chain_id=CHAIN_ID,
            anchor=ledger.anchor_address,
            registry=ledger.registry_address,
            genesis=ledger.genesis,
            interval_seconds=1,
        )
        ports = {code: free_port() for code in ("JN", "XA")}
        configs = {
            CentreCode(code): replace(
                centre_config(code, directory, ports),
                chain=on_chain,
                monitor=MonitorConfig(interval_seconds=1, webhook=webhook, metrics_port=free_port()),
            )
            for code in ports
        }
        yield Chained(directory=directory, configs=configs)


def _founder(code: CentreCode, keys: CentreKeys) -> CentreEntry:
    account = address_of(keys.chain_secret)
    now = datetime.now(UTC)
    return CentreEntry(
        code=code,
        log_account=account,
        witness_account=account,
        endpoint=f"https://{code.lower()}.example",
        verifier_key=keys.log_verifier,
        witness_key=keys.witness_verifier,
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=3650),
    )


def eventually(question: Callable[[], bool], what: str) -> None:
    """Wait until the condition holds; the duration is not part of any test."""
    deadline = time.monotonic() + LONGEST
    while not question():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
