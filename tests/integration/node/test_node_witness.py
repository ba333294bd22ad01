"""Two real centres on a real chain follow each other's logs: mirrored, cosigned on chain and in the note, served on."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import pytest

from chain_gateway.checkpoints import CentreEntry, origin_of
from chain_gateway.ledger.engines import GANACHE
from chain_gateway.ledger.ganache import CHAIN_ID, Ganache
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.ledger.rpc import address_of
from journal import Entry
from node.centre import Centre, open_centre
from node.chain.witness_loop import tiles_under
from node.config import ChainConfig, Config
from node.keys import CentreKeys, open_keys
from node.operations.comparison import compare_logs
from records import facts
from records.commitment import commit
from records.errors import NotFoundError
from records.ids import Author, CentreCode, ProjectId
from records.log.checkpoint import open_note
from records.log.cosignature import cosignatures
from records.log.merkle import leaf_hash, verify_inclusion
from records.log.tiles import Tree
from tests.integration.ledger.consortium import FROM, UNTIL, free_port
from tests.integration.node.node_centres import centre_config, serving

JN, XA, DL = CentreCode("JN"), CentreCode("XA"), CentreCode("DL")
ORIGIN = origin_of(JN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consortium:
    """A chain with three members, two of them with a configuration to run by."""

    keys: dict[CentreCode, CentreKeys]
    configs: dict[CentreCode, Config]


@pytest.fixture(name="consortium")
def _consortium(tmp_path: Path) -> Iterator[Consortium]:
    ports = {"JN": free_port(), "XA": free_port()}
    keys = {code: open_keys(tmp_path / code / "keys", code) for code in (JN, XA, DL)}
    accounts = [address_of(one.chain_secret) for one in keys.values()]
    with Ganache(directory=tmp_path / "chain", port=free_port(), accounts=accounts) as ganache:
        ledger = Ledger.deploy(
            ganache.rpc,
            chain_id=CHAIN_ID,
            account_key=keys[JN].chain_secret,
            engine=GANACHE,
            founding=[member(code, one) for code, one in keys.items()],
        )
        chain = ChainConfig(
            rpc=ganache.rpc,
            chain_id=CHAIN_ID,
            anchor=ledger.anchor_address,
            registry=ledger.registry_address,
            genesis=ledger.genesis,
            interval_seconds=1,
        )
        configs = {code: replace(centre_config(code, tmp_path, ports), chain=chain) for code in (JN, XA)}
        yield Consortium(keys=keys, configs=configs)


def member(code: CentreCode, keys: CentreKeys) -> CentreEntry:
    account = address_of(keys.chain_secret)
    return CentreEntry(
        code=code,
        log_account=account,
        witness_account=account,
        endpoint=f"https://{code.lower()}.example",
        verifier_key=keys.log_verifier,
        witness_key=keys.witness_verifier,
        valid_from=FROM,
        valid_until=UNTIL,
    )


def write(centre: Centre) -> Entry:
    """A record of the centre's own."""
    with centre.journal.work() as work:
        return work.record(
            facts.Fact(
                type=facts.TENDER_REGISTERED,
                project=ProjectId("E3701000076012345001"),
                author=Author("system:test"),
                body={},
            )
        )


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)


def cosigned(centre: Centre, entry: Entry) -> bool:
    assert centre.gateway is not None
    return centre.gateway.cosignatures.cosigned(entry.index) is not None


def fetch(config: Config, path: str) -> bytes:
    """As any client on the network: no account, no signature."""
    response = httpx2.get(f"http://localhost:{config.server.port}{path}", trust_env=False)
    if response.status_code == 404:
        raise NotFoundError(str(response.json()["code"]))
    assert response.status_code == 200
    return bytes(response.content)


def test_a_silent_centres_records_are_proven_from_another_ones_mirror_alone(consortium: Consortium) -> None:
    host, guest = (open_centre(consortium.configs[code]) for code in (JN, XA))
    with serving(guest):
        with serving(host):
            entry = [write(host) for _ in range(300)][7]
            until(lambda: cosigned(host, entry))
        # From here on only Xi'an serves Jinan's log.
        note = fetch(guest.config, f"/mirrors/{ORIGIN}/checkpoint").decode()
        checkpoint = open_note(note, [consortium.keys[JN].log_verifier])
        tree = Tree(checkpoint.size, tiles_under(f"/mirrors/{ORIGIN}/", lambda path: fetch(guest.config, path)))
        leaf = leaf_hash(commit(entry.salt, entry.record))
        path = tree.inclusion_path(entry.index)

        assert tree.root() == checkpoint.root
        assert verify_inclusion(leaf, entry.index, checkpoint.size, path, checkpoint.root)
        given = cosignatures(note, [consortium.keys[XA].witness_verifier])
        assert [one.key for one in given] == [consortium.keys[XA].witness_verifier]
        with pytest.raises(NotFoundError, match="log-unknown"):
            fetch(guest.config, "/mirrors/dl.tongping/checkpoint")


def test_a_cosignature_is_on_the_chain_in_the_notes_and_in_the_ladder(consortium: Consortium) -> None:
    host, guest = (open_centre(consortium.configs[code]) for code in (JN, XA))
    with serving(host), serving(guest):
        entry = write(host)
        until(lambda: cosigned(host, entry))
        assert host.gateway is not None
        until(lambda: [one.witness for one in host.gateway.ledger.cosignatures(ORIGIN)] == [XA])  # type: ignore[union-attr] # just seen
        anchored = host.gateway.cosignatures.cosigned(entry.index)
        assert anchored is not None
        keys = [consortium.keys[XA].witness_verifier]

        assert len(cosignatures(anchored.note, keys)) == 1
        until(lambda: len(cosignatures(fetch(host.config, "/log/checkpoint").decode(), keys)) == 1)
        assert host.public.desk.standing(entry.index).witnesses == ("XA",)
        assert {check.outcome.value for check in compare_logs(host.config).checks} <= {"pass", "absent"}
        assert compare_logs(guest.config).failed == ()
        assert host.ground.alarms.open() == guest.ground.alarms.open() == ()
