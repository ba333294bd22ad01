"""An evaluation of three centres from the invitation to the verified evidence, on ganache and on four geth signers."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chain_gateway.checkpoints import origin_of
from chain_gateway.ledger.engines import profile
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.verifier.trust import load_trust
from node.demo.authenticator import Json
from node.demo.chains import CliqueChain, EmbeddedChain
from node.demo.plan import Plan, plan_of_three
from node.demo.story import Story
from node.demo.world import World
from records.ids import CentreCode
from tests.consortium.chains import KINDS, SZ, rolled_back, say
from tests.integration.ledger.consortium import DL, JN, XA, free_port

SECONDS = 5.0
pytestmark = pytest.mark.timeout(900, method="signal")  # a thread's way out would leave processes behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    chain: EmbeddedChain | CliqueChain
    plan: Plan
    ledger: Ledger
    summary: Json


@pytest.fixture(name="played", scope="module", params=KINDS)
def _played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    root = tmp_path_factory.mktemp("three") / "world"
    ports = [free_port() for _ in range(4)]
    where = plan_of_three(root, ports)
    chain = EmbeddedChain(port=ports[0]) if request.param == "ganache" else CliqueChain()
    say(f"three centres on {request.param}")
    with World(plan=where, chain=chain) as world:
        story = Story(
            world=world,
            sample="jinan-10kv",
            progress=Interrupted(chain) if isinstance(chain, CliqueChain) else report,
            scoring_seconds=SECONDS,
            cut_seconds=SECONDS / 2,
            wait_seconds=300,
        )
        summary = asyncio.run(story.play())
        yield Played(chain=chain, plan=where, ledger=_ledger(world, chain), summary=summary)


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Tells of each step, and has one signer of four missing from the scoring to the seals."""

    chain: CliqueChain

    def __call__(self, name: str, outcome: str) -> None:
        report(name, outcome)
        signer = self.chain.signers.signers[SZ]
        if name == "briefing":
            self.chain.away.add(SZ)
            signer.kill()
            say("the signer of 深圳 is killed: three go on")
        elif name == "seals":
            self.chain.signers.begin(SZ)
            say("the signer of 深圳 is started again")


def report(name: str, outcome: str) -> None:
    say(f"{name:<11} {outcome}")


def _ledger(world: World, chain: EmbeddedChain | CliqueChain) -> Ledger:
    """The view of a read-only client."""
    return Ledger(
        chain.rpc(JN),
        chain_id=chain.chain_id,
        anchor_address=world.anchor_address,
        registry_address=world.registry_address,
        account_key=b"\x66" * 32,
        engine=profile(chain.engine),
        genesis=load_trust(world.plan.trust).chain.genesis,
    )


def test_three_centres_come_to_one_result(played: Played) -> None:
    digests = played.summary["digests"]
    assert set(digests) == {JN, XA, DL}
    assert len(set(digests.values())) == 1
    assert played.summary["ranking"][0] == "B2"


def test_the_evidence_is_a_bundle_of_this_chain(played: Played) -> None:
    """`story.play` has verified it against the pinned trust file; this reads it from the chain itself."""
    trust = json.loads(played.plan.trust.read_text(encoding="utf-8"))
    assert trust["chain"]["genesis"] == played.ledger.genesis
    assert Path(played.summary["bundle"]).stat().st_size > 0
    assert played.ledger.head(origin_of(JN)).size >= played.summary["checkpoint"]["size"]


def test_every_log_is_anchored_and_watched_by_both_others(played: Played) -> None:
    everybody = {JN, XA, DL}
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not all(_witnesses(played, code) == everybody - {code} for code in everybody):
        time.sleep(0.5)
    assert {code: _witnesses(played, code) for code in everybody} == {code: everybody - {code} for code in everybody}


def _witnesses(played: Played, code: CentreCode) -> set[CentreCode]:
    return {one.witness for one in played.ledger.cosignatures(origin_of(code))}


def test_centres_anchor_again_what_the_chain_forgot(played: Played) -> None:
    """All signers go back behind the last checkpoints; every centre notices and repairs it by itself."""
    if not isinstance(played.chain, CliqueChain):
        return  # an engine that never reorganises
    signers = played.chain.signers
    logs = [origin_of(code) for code in (JN, XA, DL)]
    before = {log: played.ledger.head(log) for log in logs}
    back = max(head.block_number for head in before.values()) - 1
    rolled_back(signers, back)
    lost = [log for log in logs if before[log].block_number > back]
    assert lost != []
    say(f"the chain went back to block {back}: {', '.join(lost)} lost the last checkpoint")
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline and any(played.ledger.head(log).size < before[log].size for log in logs):
        time.sleep(0.5)
    assert [log for log in logs if played.ledger.head(log).size < before[log].size] == []
    say("every log is anchored again, as far as it was")
