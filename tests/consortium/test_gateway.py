"""The gateway on both chains, the same tests: contracts, anchors, cosignatures, and what is refused at the start."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chain_gateway.ledger.calldata import PAYLOAD_BYTES
from chain_gateway.ledger.rpc import Wire
from records.errors import EvidenceMismatchError, UnavailableError
from records.log import merkle
from tests.consortium.chains import KINDS, chain_of
from tests.faults.anchor.anchored_world import ORIGIN, AnchoredWorld
from tests.faults.anchor.test_anchor_faults import fail_once
from tests.integration.ledger.consortium import DL, FOUNDERS, JN, XA, Consortium

pytestmark = pytest.mark.timeout(900, method="signal")  # a thread's way out would leave signers behind


@pytest.fixture(name="chain", scope="module", params=KINDS)
def _chain(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    with chain_of(request.param, tmp_path_factory.mktemp("chain")) as found:
        yield found


@pytest.fixture(name="world", scope="module")
def _world(chain: Consortium, tmp_path_factory: pytest.TempPathFactory) -> AnchoredWorld:
    return AnchoredWorld(consortium=chain, directory=tmp_path_factory.mktemp("world"))


def test_the_registry_holds_the_founders(world: AnchoredWorld) -> None:
    assert [centre.code for centre in world.consortium.ledger(DL).centres()] == [JN, XA, DL]


def test_a_log_grows_on_the_chain_and_others_cosign_it(world: AnchoredWorld) -> None:
    world.write(5)
    assert world.desk().anchor_now().size == 5
    world.write(3)
    assert world.desk().anchor_now().size == 9
    world.assert_nothing_lost_nothing_doubled([5, 9])
    eyes = world.witness()
    shown = world.desk().extension(eyes.last_seen(ORIGIN))
    first = eyes.cosign_peer(ORIGIN, shown.note, shown.path, world.tiles())
    assert eyes.cosign_peer(ORIGIN, shown.note, shown.path, world.tiles()) == first
    given = world.consortium.ledger(DL).cosignatures(ORIGIN)
    assert [(one.witness, one.size, one.block_number) for one in given] == [(XA, 9, first.block_number)]


def test_what_was_sent_and_reported_lost_is_not_sent_twice(
    world: AnchoredWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write(1)
    sent = world.sent(JN)
    fail_once(monkeypatch, Wire, "send", done=True)
    with pytest.raises(UnavailableError):
        world.desk().anchor_now()
    size = world.desk().anchor_now().size
    assert (size, world.sent(JN)) == (world.consortium.ledger(JN).head(ORIGIN).size, sent + 1)


def test_every_checkpoint_has_calldata_of_one_length(world: AnchoredWorld) -> None:
    sent = [world.consortium.ask("eth_getTransactionByHash", name) for _, name in world.events("CheckpointAnchored")]
    lengths = {len(bytes.fromhex(one["input"][2:])) for one in sent if isinstance(one, dict)}
    assert lengths == {PAYLOAD_BYTES}


def test_a_checkpoint_is_proven_by_the_chains_own_answers(world: AnchoredWorld) -> None:
    ledger = world.consortium.ledger(XA)
    anchored = ledger.anchored(ORIGIN, ledger.head(ORIGIN))
    assert (anchored.chain_id, anchored.contract) == (world.consortium.chain_id, world.consortium.anchor_address)
    assert anchored.root == merkle.root(world.journal().leaves(anchored.size))
    assert ledger.block_hash(anchored.block_number) == anchored.block_hash


def test_another_genesis_is_refused(world: AnchoredWorld) -> None:
    right = world.consortium.genesis
    world.consortium.ledger(JN, genesis=right).check()
    with pytest.raises(EvidenceMismatchError, match="wrong-genesis"):
        world.consortium.ledger(JN, genesis="0x" + "00" * 32).head(ORIGIN)


def test_another_chain_id_is_refused(world: AnchoredWorld) -> None:
    with pytest.raises(EvidenceMismatchError, match="wrong-chain"):
        replace(world.consortium, chain_id=1).ledger(JN).head(ORIGIN)


@pytest.mark.parametrize(
    ("address", "code"),
    [("0x" + "11" * 20, "contract-missing"), ("registry", "contract-foreign")],
    ids=["nothing there", "another contract"],
)
def test_a_contract_that_is_not_ours_is_refused(world: AnchoredWorld, address: str, code: str) -> None:
    foreign = world.consortium.registry_address if address == "registry" else address
    ledger = replace(world.consortium, anchor_address=foreign).ledger(JN)
    with pytest.raises(EvidenceMismatchError, match=code):
        ledger.head(ORIGIN)


def test_the_accounts_of_the_founders_are_distinct() -> None:
    assert len({founder.log_account for founder in FOUNDERS}) == 3
