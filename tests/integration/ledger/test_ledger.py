"""The ledger against a real chain: what it anchors, what it reads back, and what it refuses to work with."""

import json
from collections.abc import Iterator

import pytest

from chain_gateway.checkpoints import Anchored, Signed
from chain_gateway.ledger import blocks
from chain_gateway.ledger.engines import GANACHE
from chain_gateway.ledger.ganache import CHAIN_ID
from chain_gateway.ledger.ledger import Ledger, log_id
from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    NotFoundError,
    NotPermittedError,
    UnavailableError,
)
from records.log import merkle
from records.strict_fields import read_object
from tests.integration.ledger.consortium import (
    CHAIN_KEYS,
    DL,
    FOUNDERS,
    JN,
    XA,
    Consortium,
    consortium,
    founded,
    free_port,
)

LEAVES = [merkle.leaf_hash(bytes([place])) for place in range(40)]
JN_LOG, XA_LOG = "jn.tongping", "xa.tongping"


@pytest.fixture(name="chain", scope="module")
def _chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    with consortium(tmp_path_factory.mktemp("chain")) as found:
        yield found


@pytest.fixture(name="world")
def _world(chain: Consortium) -> Consortium:
    """Fresh contracts on the one chain."""
    return founded(chain.chain)


def root(size: int) -> bytes:
    return merkle.root(LEAVES[:size])


def proof(old: int, new: int) -> list[bytes]:
    return merkle.consistency_path(LEAVES[:new], old)


def test_the_registry_reads_back_as_it_was_founded(world: Consortium) -> None:
    assert world.ledger(XA).centres() == FOUNDERS


def test_a_log_has_an_empty_head_before_its_first_checkpoint(world: Consortium) -> None:
    head = world.ledger(JN).head(JN_LOG)
    assert (head.size, head.root, head.block_number) == (0, bytes(32), 0)


def test_a_checkpoint_is_anchored_and_extended(world: Consortium) -> None:
    ledger = world.ledger(JN)
    ledger.anchor(JN_LOG, 0, 7, root(7), [])
    anchored = ledger.anchor(JN_LOG, 7, 40, root(40), proof(7, 40))
    head = world.ledger(DL).head(JN_LOG)
    assert (head.size, head.root, head.block_number) == (40, root(40), anchored.block_number)
    assert (anchored.size, anchored.root, anchored.chain_id) == (40, root(40), CHAIN_ID)
    assert anchored.contract == world.anchor_address


def test_the_transaction_of_a_head_is_found_again(world: Consortium) -> None:
    ledger = world.ledger(JN)
    anchored = ledger.anchor(JN_LOG, 0, 7, root(7), [])
    assert world.ledger(XA).anchored(JN_LOG, ledger.head(JN_LOG)) == anchored


def test_the_answers_of_the_chain_prove_themselves_offline(world: Consortium) -> None:
    assert_proves_itself(world.ledger(JN).anchor(JN_LOG, 0, 7, root(7), []))


def test_a_block_of_several_transactions_proves_itself_too(world: Consortium) -> None:
    ledgers = ((world.ledger(JN), JN_LOG), (world.ledger(XA), XA_LOG))
    world.ask("miner_stop")
    waiting = [(ledger, log, signed_and_sent(ledger, log)) for ledger, log in ledgers]
    world.ask("miner_start")
    first, second = [ledger.resend(log, signed) for ledger, log, signed in waiting]
    assert first.receipts_json == second.receipts_json
    assert len(json.loads(first.receipts_json)) == 2
    assert_proves_itself(first)
    assert_proves_itself(second)


def signed_and_sent(ledger: Ledger, log: str) -> Signed:
    signed = ledger._sign("anchor", [log_id(log), 0, 7, root(7), []])
    ledger._wire.send(signed)
    return signed


def assert_proves_itself(anchored: Anchored) -> None:
    block = read_object("block", anchored.block_json.encode())
    receipts = read_object("all", f'{{"all":{anchored.receipts_json}}}'.encode()).parts("all")
    assert "0x" + blocks.header_hash(block).hex() == anchored.block_hash
    assert "0x" + blocks.receipts_root(receipts).hex() == block.text("receiptsRoot")
    assert json.loads(anchored.receipt_json) in json.loads(anchored.receipts_json)
    assert json.loads(anchored.transaction_json)["hash"] == anchored.transaction


def test_an_inconsistent_root_is_refused_by_name_and_costs_nothing(world: Consortium) -> None:
    ledger = world.ledger(JN)
    ledger.anchor(JN_LOG, 0, 7, root(7), [])
    before = world.ask("eth_blockNumber")
    with pytest.raises(EvidenceMismatchError, match="inconsistent-root") as refused:
        ledger.anchor(JN_LOG, 7, 40, root(39), proof(7, 40))
    assert refused.value.values["new_root"] == "0x" + root(39).hex()
    assert world.ask("eth_blockNumber") == before


def test_a_checkpoint_from_an_old_head_is_a_conflict(world: Consortium) -> None:
    ledger = world.ledger(JN)
    ledger.anchor(JN_LOG, 0, 7, root(7), [])
    with pytest.raises(ConflictError, match="stale-head") as refused:
        ledger.anchor(JN_LOG, 0, 9, root(9), [])
    assert refused.value.values == {"log": "0x" + log_id(JN_LOG).hex(), "stored": 7, "given": 0}


def test_a_centre_cannot_anchor_anothers_log(world: Consortium) -> None:
    with pytest.raises(NotPermittedError, match="not-log-account"):
        world.ledger(XA).anchor(JN_LOG, 0, 7, root(7), [])


def test_a_log_that_no_centre_keeps_is_unknown(world: Consortium) -> None:
    with pytest.raises(NotFoundError, match="unknown-log"):
        world.ledger(JN).anchor("bj.tongping", 0, 7, root(7), [])


def test_sending_the_same_bytes_again_anchors_once(world: Consortium) -> None:
    ledger = world.ledger(JN)
    kept: list[Signed] = []
    anchored = ledger.anchor(JN_LOG, 0, 7, root(7), [], before_sending=kept.append)
    assert ledger.resend(JN_LOG, kept[0]) == anchored


def test_another_centre_cosigns_a_head_once(world: Consortium) -> None:
    world.ledger(JN).anchor(JN_LOG, 0, 7, root(7), [])
    witness = world.ledger(XA)
    cosigned = witness.cosign(JN_LOG, 7, root(7))
    assert witness.cosign(JN_LOG, 7, root(7)) == cosigned
    found = world.ledger(DL).cosignatures(JN_LOG)
    assert [(one.witness, one.size, one.root, one.block_number) for one in found] == [
        (XA, 7, root(7), cosigned.block_number)
    ]


def test_a_centre_does_not_cosign_its_own_log(world: Consortium) -> None:
    ledger = world.ledger(JN)
    ledger.anchor(JN_LOG, 0, 7, root(7), [])
    with pytest.raises(NotPermittedError, match="own-log"):
        ledger.cosign(JN_LOG, 7, root(7))


def test_a_head_that_is_not_there_cannot_be_cosigned(world: Consortium) -> None:
    with pytest.raises(ConflictError, match="head-mismatch"):
        world.ledger(XA).cosign(JN_LOG, 7, root(7))


def changed(world: Consortium, **parts: object) -> Ledger:
    usual = {
        "chain_id": CHAIN_ID,
        "anchor_address": world.anchor_address,
        "registry_address": world.registry_address,
        "account_key": CHAIN_KEYS[JN],
        "engine": GANACHE,
        "genesis": world.genesis,
    }
    rpc = str(parts.pop("rpc", world.chain.rpc))
    return Ledger(rpc, **{**usual, **parts})  # type: ignore[arg-type]  # each test changes one part


def test_another_chain_is_refused(world: Consortium) -> None:
    with pytest.raises(EvidenceMismatchError) as refused:
        changed(world, chain_id=1).head(JN_LOG)
    assert str(refused.value) == f"wrong-chain: expected=1 found={CHAIN_ID}"


def test_a_chain_that_began_otherwise_is_refused(world: Consortium) -> None:
    with pytest.raises(EvidenceMismatchError, match="wrong-genesis"):
        changed(world, genesis="0x" + "00" * 32).head(JN_LOG)
    changed(world, genesis=world.genesis.upper().replace("0X", "0x")).check()


def test_an_address_without_a_contract_is_refused(world: Consortium) -> None:
    with pytest.raises(EvidenceMismatchError, match="contract-missing"):
        changed(world, anchor_address="0x" + "11" * 20).head(JN_LOG)


def test_a_contract_that_is_not_ours_is_refused(world: Consortium) -> None:
    with pytest.raises(EvidenceMismatchError, match="contract-foreign: contract=EvidenceAnchor"):
        changed(world, anchor_address=world.registry_address).head(JN_LOG)
    with pytest.raises(EvidenceMismatchError, match="contract-foreign: contract=CentreRegistry"):
        changed(world, registry_address=world.anchor_address).head(JN_LOG)


def test_an_anchor_bound_to_another_registry_is_refused(world: Consortium, chain: Consortium) -> None:
    other = founded(chain.chain)
    with pytest.raises(EvidenceMismatchError, match="registry-foreign"):
        changed(world, registry_address=other.registry_address).head(JN_LOG)


def test_an_account_without_money_says_so(world: Consortium) -> None:
    with pytest.raises(UnavailableError, match="account-unfunded"):
        Ledger.deploy(world.chain.rpc, chain_id=CHAIN_ID, account_key=b"\x77" * 32, engine=GANACHE, founding=FOUNDERS)


def test_a_founding_of_two_centres_is_refused(world: Consortium) -> None:
    with pytest.raises(InvalidRecordError, match="too-few-centres: given=2 minimum=3"):
        Ledger.deploy(
            world.chain.rpc, chain_id=CHAIN_ID, account_key=CHAIN_KEYS[JN], engine=GANACHE, founding=FOUNDERS[:2]
        )


def test_a_chain_that_does_not_answer_is_unavailable(world: Consortium) -> None:
    with pytest.raises(UnavailableError, match="chain-unreachable"):
        changed(world, rpc=f"http://127.0.0.1:{free_port()}").head(JN_LOG)


def test_something_that_is_no_chain_is_unavailable(world: Consortium) -> None:
    with pytest.raises(UnavailableError, match=r"chain-(answer-malformed|unreachable)"):
        changed(world, rpc=f"{world.chain.rpc}/nothing-here").head(JN_LOG)
