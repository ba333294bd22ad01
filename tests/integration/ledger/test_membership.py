"""The centres' votes from their command lines, on a real chain: who is a member, whose keys count, what is refused."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chain_gateway.checkpoints import CentreEntry
from chain_gateway.ledger.engines import GANACHE
from chain_gateway.ledger.ganache import CHAIN_ID, Ganache
from chain_gateway.ledger.ledger import Ledger, log_id
from chain_gateway.ledger.rpc import address_of
from chain_gateway.ledger.voting import ProposalKind
from chain_gateway.witness.known_keys import KnownKeys
from node import config as configuration
from node.chain.membership import Membership, card, open_membership, settle, write_card
from node.cli.cli import app, run
from node.config import Config
from node.foundation import utc_now
from node.keys import Rotated, make_next, next_keys, open_keys
from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    NotFoundError,
    NotPermittedError,
    TongpingError,
    WrongStageError,
)
from records.ids import CentreCode
from records.log import merkle
from tests.integration.ledger.consortium import free_port

JN, XA, DL, TJ = (CentreCode(code) for code in ("JN", "XA", "DL", "TJ"))
YEARS = timedelta(days=3650)
ROOT = merkle.leaf_hash(b"one")
CONFIG = """
[centre]
code = "{code}"
name_zh = "示例中心"
name_en = "Sample"
city_zh = "示例"
city_en = "Sample"

[server]
port = {port}

[storage]
database = "node.db"
files = "files"
keys = "keys"

[chain]
rpc = "{rpc}"
chain_id = 1337
anchor = "{anchor}"
registry = "{registry}"
genesis = "{genesis}"
"""


@dataclass(frozen=True, slots=True)
class World:
    """Four centres' folders on one chain; three are members."""

    directory: Path

    def file(self, code: str) -> str:
        return str(self.directory / code / "tongping.toml")

    def config(self, code: str) -> Config:
        return configuration.load(Path(self.file(code)), environment={})

    def hand(self, code: str) -> Membership:
        return open_membership(self.config(code))

    def says(self, code: str, *arguments: str) -> list[str]:
        """What a command prints; it must succeed."""
        result = CliRunner().invoke(app, ["centre", *arguments, "--config", self.file(code)], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output.splitlines()

    def refused(self, code: str, *arguments: str) -> TongpingError:
        """The error of ours with which a command ends."""
        with pytest.raises(TongpingError) as refused:
            CliRunner().invoke(app, ["centre", *arguments, "--config", self.file(code)], catch_exceptions=False)
        return refused.value

    def decide(self, *arguments: str, voters: tuple[str, ...] = ("XA",)) -> str:
        """Proposed by JN, voted for, executed by JN; returns the number of the proposal."""
        number = self.says(JN, *arguments)[0].split()[0]
        for voter in voters:
            self.says(voter, "vote", number)
        self.says(JN, "execute", number)
        return number


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chain")


@pytest.fixture(name="chain", scope="module")
def _chain(folder: Path) -> Iterator[Ganache]:
    keys = [open_keys(folder / code / "keys", code) for code in (JN, XA, DL, TJ)]
    accounts = [address_of(one.chain_secret) for one in keys]
    with Ganache(directory=folder / "ganache", port=free_port(), accounts=accounts) as chain:
        yield chain


@pytest.fixture(name="world")
def _world(chain: Ganache, folder: Path, tmp_path: Path) -> World:
    """Fresh contracts, and a fresh copy of the four funded key folders."""
    for code in (JN, XA, DL, TJ):
        (tmp_path / code / "keys").mkdir(parents=True)
        for name in ("log", "witness", "entry", "chain"):
            pem = (folder / code / "keys" / f"{name}.pem").read_bytes()
            (tmp_path / code / "keys" / f"{name}.pem").write_bytes(pem)
        _write(tmp_path, code, chain.rpc)
    world = World(tmp_path)
    founding = [
        card(world.config(code), open_keys(tmp_path / code / "keys", code), now=utc_now(), validity=YEARS)
        for code in (JN, XA, DL)
    ]
    founder = open_keys(tmp_path / JN / "keys", JN).chain_secret
    ledger = Ledger.deploy(chain.rpc, chain_id=CHAIN_ID, account_key=founder, engine=GANACHE, founding=founding)
    for code in (JN, XA, DL, TJ):
        _write(tmp_path, code, chain.rpc, ledger)
    return world


def _write(directory: Path, code: str, rpc: str, ledger: Ledger | None = None) -> None:
    anchor, registry, genesis = (ledger.anchor_address, ledger.registry_address, ledger.genesis) if ledger else [""] * 3
    text = CONFIG.format(code=code, port=9000, rpc=rpc, anchor=anchor, registry=registry, genesis=genesis)
    (directory / code / "tongping.toml").write_text(text, encoding="utf-8")


def test_the_centres_are_listed_with_their_accounts_and_the_votes_needed(world: World) -> None:
    lines = world.says(DL, "list")
    assert [line.split()[:2] for line in lines[:3]] == [["JN", "member"], ["XA", "member"], ["DL", "member"]]
    assert lines[3:] == ["3 members, 2 votes needed"]
    assert world.says(DL, "proposals") == []


def test_a_centre_is_added_by_its_card_and_anchors(world: World) -> None:
    path = world.directory / "tj.json"
    path.write_text("\n".join(world.says(TJ, "card")), encoding="utf-8")
    number = world.decide("add", str(path))
    assert [line.split()[:2] for line in world.says(TJ, "list")[:4]][3] == ["TJ", "member"]
    assert world.hand(TJ).registry.rules().threshold == 3
    (line,) = world.says(TJ, "proposals")
    assert line.startswith(f"{number}  executed  addition of TJ: account 0x")
    assert "by JN  2 of 3 votes (JN XA)" in line
    world.hand(TJ).ledger.anchor("tj.tongping", 0, 1, ROOT, [])
    assert world.hand(JN).ledger.head("tj.tongping").root == ROOT


def test_a_removed_centre_is_listed_as_removed_and_can_do_nothing_more(world: World) -> None:
    path = world.directory / "tj.json"
    path.write_text(write_card(_card(world, TJ)), encoding="utf-8")
    world.decide("add", str(path))
    world.hand(TJ).ledger.anchor("tj.tongping", 0, 1, ROOT, [])
    open_one = world.says(TJ, "threshold", "4")[0].split()[0]
    world.decide("remove", "TJ", voters=("XA", "DL"))
    assert world.says(JN, "list")[3].split()[:2] == ["TJ", "removed"]
    with pytest.raises(NotPermittedError, match="account-not-valid"):
        world.hand(TJ).ledger.anchor("tj.tongping", 1, 2, ROOT, [ROOT])
    assert world.refused(TJ, "vote", open_one).code == "not-member"
    assert world.hand(JN).registry.proposal(int(open_one)).votes == ()
    assert world.hand(JN).ledger.head("tj.tongping").size == 1


def test_a_rotation_of_all_keys_keeps_the_old_ones_for_the_overlap(world: World) -> None:
    before = open_keys(world.config(JN).storage.keys, JN)
    number = world.says(JN, "rotate-key", "--key", "log", "--key", "witness", "--key", "chain")[0].split()[0]
    assert world.says(JN, "list")[0].split()[2] == address_of(before.chain_secret)
    world.says(XA, "vote", number)
    assert world.says(JN, "execute", number)[-1] == "new keys taken: restart this centre"
    after = open_keys(world.config(JN).storage.keys, JN)
    entry = world.hand(XA).registry.centre(log_id("jn.tongping"))
    assert (entry.log_account, entry.verifier_key) == (address_of(after.chain_secret), after.log_verifier)
    assert entry.witness_key == after.witness_verifier != before.witness_verifier
    assert entry.previous is not None
    assert entry.previous.log_account == address_of(before.chain_secret)
    assert after.previous_log is not None
    assert after.previous_log.private_bytes_raw() == before.log.private_bytes_raw()
    assert after.overlap_until == entry.previous.valid_until
    old = replace(world.hand(JN), keys=before)
    Ledger(
        old.ledger.rpc,
        chain_id=CHAIN_ID,
        anchor_address=old.ledger.anchor_address,
        registry_address=old.ledger.registry_address,
        account_key=before.chain_secret,
        engine=GANACHE,
        genesis=old.ledger.genesis,
    ).anchor("jn.tongping", 0, 1, ROOT, [])
    two = merkle.root([ROOT, ROOT])
    world.hand(JN).ledger.anchor("jn.tongping", 1, 2, two, merkle.consistency_path([ROOT, ROOT], 1))
    assert world.says(XA, "list")[1].startswith(f"    before: {address_of(before.chain_secret)}  until ")


def test_keys_that_wait_are_taken_at_the_next_start_and_not_before_the_vote(world: World) -> None:
    config = world.config(JN)
    before = open_keys(config.storage.keys, JN)
    number = world.says(JN, "rotate-key", "--key", "log")[0].split()[0]
    assert settle(config) == config
    assert open_keys(config.storage.keys, JN).log_verifier == before.log_verifier
    world.says(XA, "vote", number)
    world.says(XA, "execute", number)
    assert settle(config) == config
    after = open_keys(config.storage.keys, JN)
    assert after.log_verifier != before.log_verifier
    assert (after.chain_secret, after.witness_verifier) == (before.chain_secret, before.witness_verifier)
    assert next_keys(config.storage.keys, JN) is None


def test_the_same_keys_are_proposed_when_a_rotation_is_asked_for_again(world: World) -> None:
    directory = world.config(JN).storage.keys
    first = make_next(directory, JN, [Rotated.LOG])
    assert make_next(directory, JN, [Rotated.LOG]).log_verifier == first.log_verifier
    assert open_keys(directory, JN).log_verifier != first.log_verifier


def test_peers_learn_of_new_keys_from_the_registry(world: World) -> None:
    before = open_keys(world.config(JN).storage.keys, JN)
    world.decide("rotate-key", "--key", "log")
    between = open_keys(world.config(JN).storage.keys, JN)
    assert _known(world, before.log_verifier) == [before.log_verifier, between.log_verifier]
    world.decide("rotate-key", "--key", "log", "--overlap-days", "0")
    after = open_keys(world.config(JN).storage.keys, JN)
    assert _known(world, before.log_verifier) == [before.log_verifier, after.log_verifier]


def _known(world: World, configured: str) -> list[str]:
    """What XA, configured with this key, accepts of JN's log now."""
    known = KnownKeys(log_keys={JN: configured}, witness_keys={}, centres=world.hand(XA).ledger.centres, clock=utc_now)
    return list(known.of_log("jn.tongping"))


def test_a_threshold_and_an_endpoint_are_voted(world: World) -> None:
    world.decide("threshold", "3")
    assert world.says(JN, "list")[-1] == "3 members, 3 votes needed"
    world.decide("endpoint", "DL", "https://dl.example", voters=("XA", "DL"))
    assert world.says(JN, "list")[2].endswith("https://dl.example")


def test_readers_follow_a_successor_and_a_start_goes_there(world: World) -> None:
    first = world.hand(JN).ledger
    following = _second_anchor(world)
    world.decide("successor", following)
    assert world.says(DL, "list")[-1] == f"successor  {following}"
    assert first.successor() == following
    assert first.followed().anchor_address == following
    moved = settle(world.config(XA))
    assert (moved.chain.anchor, moved.chain.registry) == (following, first.registry_address)
    assert world.refused(JN, "successor", following).code == "successor-final"


def _second_anchor(world: World) -> str:
    from chain_gateway.ledger.compiler import compile_contracts

    ledger = world.hand(JN).ledger
    return ledger._wire.create(compile_contracts().anchor, [ledger.registry_address])


def test_a_successor_that_is_not_ours_is_not_followed(world: World) -> None:
    ledger = world.hand(JN).ledger
    world.decide("successor", ledger.registry_address)
    with pytest.raises((EvidenceMismatchError, TongpingError)):
        ledger.followed()
    config = world.config(XA)
    assert settle(config) == config


@pytest.mark.parametrize(
    ("arguments", "family", "text"),
    [
        (("remove", "DL"), InvalidRecordError, "too-few-centres: given=2 minimum=3"),
        (("remove", "BJ"), NotFoundError, "unknown-log"),
        (("remove", "dl"), InvalidRecordError, ""),
        (("threshold", "0"), InvalidRecordError, "threshold-out-of-range: given=0 minimum=2 maximum=3"),
        (("threshold", "4"), InvalidRecordError, "threshold-out-of-range: given=4 minimum=2 maximum=3"),
        (("endpoint", "DL", ""), InvalidRecordError, "incomplete-centre: code=DL"),
        (("successor", "0x" + "11" * 20), InvalidRecordError, "invalid-successor"),
        (("successor", "here"), InvalidRecordError, "address-invalid: given=here"),
        (("vote", "7"), NotFoundError, "unknown-proposal: id=7"),
        (("execute", "7"), NotFoundError, "unknown-proposal: id=7"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    world: World, arguments: tuple[str, ...], family: type[TongpingError], text: str
) -> None:
    error = world.refused(JN, *arguments)
    assert type(error) is family
    assert str(error).startswith(text)
    assert world.says(JN, "proposals") == []


def test_a_stranger_neither_proposes_votes_nor_executes(world: World) -> None:
    number = world.says(JN, "threshold", "3")[0].split()[0]
    for arguments in (("threshold", "3"), ("vote", number), ("execute", number)):
        error = world.refused(TJ, *arguments)
        assert (type(error), error.code) == (NotPermittedError, "not-member")


def test_a_vote_counts_once_and_a_proposal_is_executed_once(world: World) -> None:
    number = world.says(JN, "threshold", "3")[0].split()[0]
    assert type(world.refused(JN, "execute", number)) is WrongStageError
    assert world.refused(JN, "vote", number).code == "already-voted"
    world.says(XA, "vote", number)
    world.says(DL, "execute", number)
    error = world.refused(JN, "execute", number)
    assert (type(error), str(error)) == (ConflictError, f"already-executed: id={number}")


def test_a_vote_is_withdrawn_and_with_the_last_one_the_proposal(world: World) -> None:
    number = world.says(JN, "threshold", "3")[0].split()[0]
    world.says(XA, "vote", number)
    (line,) = world.says(XA, "withdraw", number)
    assert line.startswith(f"{number}  open  threshold: 3 votes  by JN  1 of 2 votes (JN)")
    error = world.refused(XA, "withdraw", number)
    assert (type(error), error.code) == (ConflictError, "not-voted")
    (line,) = world.says(JN, "withdraw", number)
    assert line.startswith(f"{number}  withdrawn  threshold: 3 votes  by JN  0 of 2 votes ()")
    assert str(world.refused(XA, "vote", number)) == f"already-withdrawn: id={number}"


def test_an_approved_proposal_ends_when_another_change_comes_first(world: World) -> None:
    old = world.says(JN, "endpoint", "DL", "https://old.example")[0].split()[0]
    world.says(XA, "vote", old)
    world.decide("endpoint", "DL", "https://new.example")
    assert world.says(DL, "proposals")[0].startswith(f"{old}  superseded  endpoint of DL: https://old.example")
    error = world.refused(XA, "execute", old)
    assert (type(error), error.code) == (WrongStageError, "proposal-superseded")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"code": "tj"}, "centre"),
        ({"log_account": "0x12"}, "document-invalid: document=card key=log_account"),
        ({"verifier_key": "tj.tongping+1+x"}, ""),
        ({"valid_until": "soon"}, ""),
    ],
)
def test_a_card_of_wrong_form_is_refused(world: World, change: dict[str, str], text: str) -> None:
    import json

    path = world.directory / "card.json"
    path.write_text(json.dumps(json.loads(write_card(_card(world, TJ))) | change), encoding="utf-8")
    error = world.refused(JN, "add", str(path))
    assert isinstance(error, InvalidRecordError)
    assert text in str(error)


def test_a_card_with_anothers_key_or_account_is_refused(world: World) -> None:
    path = world.directory / "card.json"
    foreign = replace(_card(world, TJ), verifier_key=_card(world, XA).verifier_key)
    path.write_text(write_card(foreign), encoding="utf-8")
    assert str(world.refused(JN, "add", str(path))) == "document-invalid: document=card key=verifier_key"
    path.write_text(write_card(replace(_card(world, TJ), log_account=_card(world, XA).log_account)), encoding="utf-8")
    assert world.refused(JN, "add", str(path)).code == "invalid-account"


def test_a_centre_without_a_chain_or_never_started_says_so(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    config = world.config(JN)
    with pytest.raises(NotFoundError, match="chain-not-configured"):
        open_membership(replace(config, chain=replace(config.chain, rpc="")))
    nowhere = replace(config.storage, keys=world.directory / "nowhere")
    with pytest.raises(NotFoundError, match="centre-not-started"):
        open_membership(replace(config, storage=nowhere))
    with pytest.raises(SystemExit) as ended:
        run(lambda: world.hand(JN).registry.vote(3))
    assert ended.value.code == 2
    assert capsys.readouterr().err == "tongping: unknown-proposal: id=3\n"


def test_a_chain_that_does_not_answer_keeps_nobody_from_starting(world: World) -> None:
    config = world.config(JN)
    unreachable = replace(config, chain=replace(config.chain, rpc=f"http://127.0.0.1:{free_port()}"))
    assert settle(unreachable) == unreachable


def test_kinds_stand_in_the_contracts_order(world: World) -> None:
    registry = world.hand(JN).registry
    expires_at = utc_now() + timedelta(days=1)
    registry.propose_threshold(3, expires_at=expires_at)
    registry.propose_endpoint(log_id("dl.tongping"), "https://x", expires_at=expires_at)
    assert [one.kind for one in registry.proposals()] == [ProposalKind.THRESHOLD, ProposalKind.ENDPOINT]


def _card(world: World, code: CentreCode) -> CentreEntry:
    return card(world.config(code), open_keys(world.config(code).storage.keys, code), now=utc_now(), validity=YEARS)
