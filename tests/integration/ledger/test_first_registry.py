"""A registry that was founded before proposals were bound: what goes on with it, and how its members leave it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chain_gateway.ledger.compiler import compile_contracts
from chain_gateway.ledger.engines import GANACHE
from chain_gateway.ledger.ganache import CHAIN_ID
from chain_gateway.ledger.ledger import Ledger, log_id
from chain_gateway.ledger.registry import entry_values
from chain_gateway.ledger.rpc import Wire
from chain_gateway.ledger.voting import ProposalState
from node.foundation import utc_now
from records.errors import WrongStageError
from records.log import merkle
from tests.integration.ledger.consortium import CHAIN_KEYS, DL, FOUNDERS, JN, XA, Consortium, ganache

CREATION = Path(__file__).parents[2] / "vectors" / "contracts" / "registry_first_form.hex"
LEAVES = [merkle.leaf_hash(b"one"), merkle.leaf_hash(b"two")]


@pytest.fixture(name="old", scope="module")
def _old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    """Three centres on a registry of the first form, as a chain that was founded earlier has it."""
    with ganache(tmp_path_factory.mktemp("chain")) as chain:
        wire = Wire(chain.rpc, CHAIN_ID, CHAIN_KEYS[JN], GANACHE)
        artifacts = compile_contracts()
        first = replace(artifacts.registry, creation=bytes.fromhex(CREATION.read_text(encoding="ascii")))
        registry = wire.create(first, [[entry_values(entry) for entry in FOUNDERS], 2])
        anchor = wire.create(artifacts.anchor, [registry])
        yield Consortium(chain=chain, anchor_address=anchor, registry_address=registry, genesis=wire.genesis())


def test_it_is_known_and_read_and_its_centres_anchor_and_cosign(old: Consortium) -> None:
    ledger = old.ledger(JN)
    assert ledger.registry.is_first_form()
    assert ledger.centres() == FOUNDERS
    ledger.anchor("jn.tongping", 0, 1, merkle.root(LEAVES[:1]), [])
    old.ledger(XA).cosign("jn.tongping", 1, merkle.root(LEAVES[:1]))
    assert [one.witness for one in ledger.cosignatures("jn.tongping")] == [XA]


def test_its_proposals_are_read_and_its_votes_cannot_be_withdrawn(old: Consortium) -> None:
    registry = old.ledger(JN).registry
    number = registry.propose_threshold(3, expires_at=utc_now() + timedelta(days=1))
    proposal = registry.proposal(number)
    assert (proposal.on_chain, proposal.needed, proposal.votes) == (ProposalState.OPEN, 2, (JN,))
    with pytest.raises(WrongStageError, match="registry-first-form"):
        registry.withdraw(number)
    assert registry.proposal(number).votes == (JN,)


def test_its_members_name_a_successor_with_a_new_registry_and_old_heads_stay_readable(old: Consortium) -> None:
    before = old.ledger(DL)
    before.anchor("dl.tongping", 0, 1, merkle.root(LEAVES[:1]), [])
    new = Ledger.deploy(old.chain.rpc, chain_id=CHAIN_ID, account_key=CHAIN_KEYS[JN], engine=GANACHE, founding=FOUNDERS)
    number = old.ledger(JN).registry.propose_successor(new.anchor_address, expires_at=utc_now() + timedelta(days=1))
    old.ledger(XA).registry.vote(number)
    old.ledger(JN).registry.execute(number)
    assert old.ledger(JN).registry.proposal(number).on_chain is ProposalState.EXECUTED
    followed = old.ledger(DL).followed()
    assert (followed.anchor_address, followed.registry_address) == (new.anchor_address, new.registry_address)
    assert not followed.registry.is_first_form()
    # The first checkpoint there covers the whole log; the head before it stays where it was.
    followed.anchor("dl.tongping", 0, 2, merkle.root(LEAVES), [])
    assert (before.head("dl.tongping").size, followed.head("dl.tongping").size) == (1, 2)
    assert followed.registry.centre(log_id("dl.tongping")).log_account == before.account
