"""The input of each engine: equal to published vectors, the same for every member, and without a secret."""

import json
import tomllib
from pathlib import Path

from chain_gateway.consortium import clique, qbft
from chain_gateway.consortium.files import public_files
from chain_gateway.consortium.members import parse_members
from chain_gateway.consortium.signer_keys import SignerSecrets
from tests.unit.chain_gateway.consortium.made_members import secrets_of, with_keys

ROOT = Path(__file__).parents[4]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "consortium.json").read_text(encoding="utf-8"))
SAMPLE = ROOT / "deploy" / "consortium"


def test_the_extra_data_of_qbft_is_the_published_one() -> None:
    vector = VECTORS["qbft_extra_data"]
    assert qbft.extra_data(vector["validators"]) == vector["extra_data"]


def test_the_extra_data_of_clique_lists_the_signers_in_order() -> None:
    vector = VECTORS["clique_extra_data"]
    assert clique.extra_data(vector["signers"]) == vector["extra_data"]


def test_a_node_has_the_address_of_its_key() -> None:
    vector = VECTORS["node"]
    secrets = SignerSecrets(seal=bytes(31) + b"\1", node=bytes.fromhex(vector["private_key"]), password="")
    assert secrets.node_id == vector["node_id"]
    assert secrets.signer.lower() == vector["address"]


def test_every_signer_seals_and_every_account_has_money() -> None:
    value = json.loads(clique.genesis(with_keys()))
    assert value["config"]["chainId"] == 20260
    assert value["config"]["clique"] == {"period": 1, "epoch": 30000}
    assert set(value["alloc"]) == {member.account[2:] for member in with_keys().members}
    assert all(member.signer[2:].lower() in value["extraData"] for member in with_keys().members)


def test_a_validator_is_its_nodes_address() -> None:
    value = json.loads(qbft.genesis(with_keys()))
    assert all(member.validator[2:] in value["extraData"] for member in with_keys().members)
    assert value["config"]["zeroBaseFee"] is True


def test_every_signer_knows_all_others_and_not_itself() -> None:
    known = with_keys()
    for member in known.members:
        others = [other.enode for other in known.members if other != member]
        assert tomllib.loads(clique.config(known, member)) == {"Node": {"P2P": {"StaticNodes": others}}}
        assert json.loads(qbft.static_nodes(known, member)) == others


def test_only_members_connect_and_only_their_accounts_send() -> None:
    value = tomllib.loads(qbft.permissions(with_keys()))
    assert value["nodes-allowlist"] == [member.enode for member in with_keys().members]
    assert value["accounts-allowlist"] == [member.account for member in with_keys().members]


def test_what_a_validator_is_configured_with_is_toml() -> None:
    value = tomllib.loads(qbft.config(with_keys().members[0]))
    assert value["p2p-port"] == 30311
    assert value["discovery-enabled"] is False


def test_besu_is_said_not_to_have_run_here() -> None:
    files = public_files(with_keys())
    assert qbft.NOT_RUN in files["besu/runbook.md"]
    assert qbft.NOT_RUN in files["besu/jn/config.toml"]


def test_no_public_file_holds_a_secret() -> None:
    text = "".join(public_files(with_keys()).values())
    secrets = [secrets_of(place) for place in range(4)]
    assert not [one for one in secrets if one.seal.hex() in text or one.node.hex() in text]


def test_a_signer_is_started_without_a_way_to_move_its_head() -> None:
    script = clique.start_script(with_keys(), with_keys().members[0])
    assert "--http.api=eth,net,web3,clique" in script


def test_the_sample_is_what_the_command_makes_of_the_sample_members_file() -> None:
    expected = public_files(parse_members((SAMPLE / "members.toml").read_text(encoding="utf-8")))
    found = {
        path.relative_to(SAMPLE).as_posix(): path.read_text(encoding="utf-8")
        for path in SAMPLE.rglob("*")
        if path.is_file() and path.name != "README.md"
    }
    assert found == dict(expected)
