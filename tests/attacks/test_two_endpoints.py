"""Nobody learns where a centre writes to the chain: pages, headers and answers name the public's endpoint alone."""

import re
import shlex
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from chain_gateway.consortium.files import public_files
from node.config import ConfigError, load
from records.actors import Role
from tests.attacks.secrecy.route_sweep import CONSTANT, routes_of
from tests.unit.chain_gateway.consortium.made_members import with_keys
from tests.unit.node.one_centre import CHAIN, Clock, application_of, centre_at, client_of, signed_in

WRITES = "http://writes-here.internal:8545"
READS = "https://reads-here.example"
TWO = replace(CHAIN, rpc=WRITES, public_rpc=READS)
DEPLOYED = Path(__file__).parents[2] / "deploy" / "consortium" / "geth"


def told(client: TestClient, paths: list[str]) -> str:
    """All that these paths answer, with the headers."""
    answers = [client.get(path) for path in paths]
    return "\n".join(f"{answer.headers}\n{answer.text}" for answer in answers)


@pytest.mark.parametrize("role", [None, *Role])
def test_no_answer_names_where_the_centre_writes(tmp_path: Path, role: Role | None) -> None:
    centre = centre_at(tmp_path, Clock(), chain=TWO)
    client = client_of(centre) if role is None else signed_in(centre, role)
    paths = [path for method, path in routes_of(application_of(centre)) if method == "GET" and "stream" not in path]
    for name, value in CONSTANT.items():
        paths = [path.replace(name, value) for path in paths]

    everything = told(client, [re.sub(r"\{[^}]*\}", "1", path) for path in paths])

    assert "writes-here" not in everything
    assert f"connect-src 'self' {READS};" in everything


def test_the_public_pages_are_given_the_publics_endpoint(tmp_path: Path) -> None:
    assert centre_at(tmp_path, Clock(), chain=TWO).public.settings.rpc == READS


def test_without_one_of_its_own_the_public_reads_where_the_centre_writes(tmp_path: Path) -> None:
    assert centre_at(tmp_path, Clock(), chain=CHAIN).public.settings.rpc == CHAIN.rpc


@pytest.mark.parametrize(
    "chain",
    [
        f'rpc = "{WRITES}"\npublic_rpc = "https://user:word@reads.example"',
        'rpc = "http://user:word@writes.example"',
        f'rpc = "{WRITES}"\npublic_rpc = "ftp://reads.example"',
        f'rpc = "{WRITES}"\npublic_rpc = "reads.example"',
        f'rpc = "{WRITES}"\npublic_rpc = "https://reads.example; script-src *"',
        f'rpc = "{WRITES}"\npublic_rpc = "https://reads.example *"',
        f'rpc = "{WRITES}"\npublic_rpc = "https://[reads"',
        f'public_rpc = "{READS}"',
    ],
)
def test_an_endpoint_that_may_not_be_shown_is_refused_by_its_key(tmp_path: Path, chain: str) -> None:
    path = tmp_path / "tongping.toml"
    path.write_text(
        '[centre]\ncode = "JN"\nname_zh = "济南"\nname_en = "Jinan"\ncity_zh = "济南"\ncity_en = "Jinan"\n'
        '[server]\nport = 8101\n[storage]\ndatabase = "jn.db"\nfiles = "files"\nkeys = "keys"\n'
        f"[chain]\n{chain}\n",
        encoding="utf-8",
    )

    with pytest.raises(ConfigError) as raised:
        load(path, {})

    assert (raised.value.code, raised.value.values["key"]) == ("config-invalid", "chain.public_rpc")


def doors(script: str) -> dict[str, str]:
    """The switches of a start script that open a door, or an account behind one."""
    words = [word.removeprefix("--") for word in shlex.split(script, comments=True) if word.startswith("--")]
    switches = dict(word.partition("=")[::2] for word in words)
    names = ("http.addr", "http.vhosts", "http.corsdomain", "ws", "ws.addr", "graphql", "authrpc.addr")
    return {name: switches[name] for name in names if name in switches}


def test_the_start_script_of_a_signer_opens_its_unlocked_account_to_its_own_machine_alone() -> None:
    made = {path: text for path, text in public_files(with_keys()).items() if path.endswith("start.sh")}
    shipped = {str(path): path.read_text(encoding="utf-8") for path in DEPLOYED.glob("*/start.sh")}

    assert (len(made), len(shipped)) == (4, 4)
    assert {path: doors(text) for path, text in (made | shipped).items()} == {
        path: {"http.addr": "127.0.0.1"} for path in made | shipped
    }


def test_a_start_script_gives_no_program_a_way_to_accounts() -> None:
    apis = [
        word.partition("=")[2].split(",")
        for text in public_files(with_keys()).values()
        for word in text.split()
        if word.startswith("--http.api=")
    ]

    assert apis == [["eth", "net", "web3", "clique"]] * 4


def test_a_validator_of_besu_answers_its_own_machine_alone() -> None:
    configs = [tomllib.loads(text) for path, text in public_files(with_keys()).items() if path.endswith("/config.toml")]
    hosts = [config["rpc-http-host"] for config in configs if "rpc-http-host" in config]

    assert hosts == ["127.0.0.1"] * 4
