"""What docs/interface.md says is what the code does: commands, keys, routes, records, entries, checks, contracts."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from pathlib import Path
from types import UnionType
from typing import Any

import pytest
import typer

from chain_gateway.disclosure import release
from chain_gateway.evidence import bundle
from chain_gateway.verifier.trust import load_trust
from evaluation_room.session.kinds.kind import Speaker
from evaluation_room.session.kinds.registry import KINDS
from evaluation_room.stages import Stage
from node import config as configuration
from node.app import application
from node.cli.cli import app
from node.config import PeerConfig
from node.evidence.verification import as_json, verify_bytes
from node.http import permissions, problems
from node.peering import signatures
from records import canonical
from records.actors import Role
from records.facts import ALL_TYPES, TYPES, Moment
from records.room_entry import SignedEntry
from tests.unit.json_schema import faults
from tests.unit.node.one_centre import Clock, centre_at, client_of

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "interface.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "docs" / "verdict.schema.json").read_text(encoding="utf-8"))
EVIDENCE = ROOT / "tests" / "vectors" / "evidence"
AT = datetime(2026, 11, 24, tzinfo=UTC)
CODE = re.compile(r"`([^`]+)`")

Row = tuple[str, ...]
Json = Any
"""Any: JSON as the parser gives it."""


def part(title: str) -> str:
    """The text under a heading, up to the next heading of the same level or above."""
    level = len(title) - len(title.lstrip("#"))
    begin = TEXT.index(f"\n{title}") + 1
    end = re.compile(rf"\n#{{1,{level}}} ").search(TEXT, begin + len(title))
    return TEXT[begin : end.start() if end else len(TEXT)]


def rows(text: str) -> list[Row]:
    """The rows of all tables of a text, without their headings."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    heads = {above for above, below in zip(text.splitlines(), text.splitlines()[1:], strict=False) if "|---" in below}
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines if line not in heads]


def first_codes(text: str) -> list[str]:
    """The code words in the first cells of the tables of a text."""
    return [word for row in rows(text) for word in CODE.findall(row[0])]


def code_blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


# --- command line --------------------------------------------------------------------------------------------------


def commands() -> Mapping[str, Any]:
    """Any: click's commands, whose class depends on typer's release."""
    group: Any = typer.main.get_command(app)
    found: Mapping[str, Any] = group.commands
    return found


def test_every_command_is_described_and_every_described_one_exists() -> None:
    assert re.findall(r"\n### `tongping (\w+)`", part("## Command line")) == list(commands())


@pytest.mark.parametrize("name", commands())
def test_every_option_is_described_and_every_described_one_exists(name: str) -> None:
    group = commands()[name]
    parts = [group, *getattr(group, "commands", {}).values()]
    options = {opt for one in parts for given in one.params if given.param_type_name == "option" for opt in given.opts}

    described = [word.split()[0] for word in first_codes(part(f"### `tongping {name}`")) if word.startswith("--")]
    assert sorted(described) == sorted(options - {"--help"})


def test_every_command_of_the_centres_votes_is_described_and_every_described_one_exists() -> None:
    described = [word.split()[2] for word in first_codes(part("### `tongping centre`")) if word.startswith("tongping")]
    assert sorted(described) == sorted(commands()["centre"].commands)


def test_every_role_a_person_can_have_is_named() -> None:
    row = next(row for row in rows(part("### `tongping enrol`")) if "--role" in row[0])

    assert set(CODE.findall(row[1])) == {role.value for role in Role}


# --- configuration -------------------------------------------------------------------------------------------------


def config_keys() -> Iterator[tuple[str, str, str, str]]:
    """Key, type, default and variable, as the table writes them."""
    for section, kind in configuration._SECTIONS.items():
        for one in fields(kind):
            key = f"{section}.{one.name}"
            yield key, _type(one.type), _default(one.default), f"TONGPING_{key.replace('.', '_').upper()}"
    for one in fields(PeerConfig):
        yield f"peers.{one.name}", _type(one.type), _default(one.default), "–"
    yield "trust", "path", "none", "TONGPING_TRUST"
    yield "demo", "true or false", "false", "TONGPING_DEMO"


def _type(kind: object) -> str:
    if kind is Path or isinstance(kind, UnionType):
        return "path"
    return {int: "whole number", bool: "true or false"}.get(kind, "text") if isinstance(kind, type) else "text"


def _default(value: object) -> str:
    if isinstance(value, Path):
        return f"{value.relative_to(configuration.INSTALLATION)} of the installation"
    return (
        "required" if value is MISSING else {"": "empty", "None": "none", "False": "false"}.get(str(value), str(value))
    )


def test_every_key_of_the_configuration_stands_in_the_table_with_type_default_and_variable() -> None:
    table = [tuple(cell.replace("`", "") for cell in row[:4]) for row in rows(part("## Configuration"))]

    assert table == list(config_keys())


def test_the_example_configuration_is_one(tmp_path: Path) -> None:
    (example,) = code_blocks(part("## Configuration"), "toml")

    config = configuration.parse(tomllib.loads(example), directory=tmp_path, environment={})

    assert config.centre.code == "JN"
    assert [peer.code for peer in config.peers] == ["XA"]


# --- routes --------------------------------------------------------------------------------------------------------


def documented(title: str) -> dict[tuple[str, str], str]:
    table = rows(part(title))
    return {(row[0].strip("`"), row[1].strip("`")): row[2] for row in table if row[1].startswith("`/")}


def test_every_route_of_the_roles_table_is_documented_with_its_roles() -> None:
    table = {route: who for route, who in documented("### Routes").items() if who != "anyone"}

    assert table == {route: ", ".join(sorted(role.value for role in who)) for route, who in permissions.ROUTES.items()}


def test_every_route_a_centre_serves_is_documented_and_every_documented_one_is_served(tmp_path: Path) -> None:
    described = application(centre_at(tmp_path, Clock())).openapi()["paths"]
    served = {(method.upper(), path) for path, methods in described.items() for method in methods}

    elsewhere = {("GET", "/api/v1/openapi.json")}  # does not describe itself
    needs = {  # a chain, a chain, a demonstration
        ("GET", "/peer/v1/checkpoint"),
        ("POST", "/peer/v1/cosignatures"),
        ("POST", "/api/v1/operations/partition"),
    }
    assert set(documented("### Routes")) | set(documented("## Between centres")) == served | elsewhere | needs


@pytest.mark.parametrize(
    "path", ["/", "/search", "/evaluations/{session}", "/records/{index}", "/checkpoints/{size}", "/proposals"]
)
def test_every_page_named_is_served(tmp_path: Path, path: str) -> None:
    client = client_of(centre_at(tmp_path, Clock()))

    assert f"`{path}" in part("### Routes")
    assert client.get(path).headers["content-type"].startswith("text/html")


def test_every_example_of_a_problem_is_one() -> None:
    (block,) = code_blocks(part("### Problem documents"), "json")

    for line in block.splitlines():
        given = json.loads(line)
        assert bytes(problems.problem(given["status"], given["code"], given["values"]).body) == line.encode()


def test_every_status_is_described() -> None:
    told = {int(row[0]) for row in rows(part("### Problem documents"))}

    assert {int(status) for _, status in problems.STATUS} | {int(one) for one in problems._BY_CODE.values()} <= told


# --- between centres -----------------------------------------------------------------------------------------------


def test_the_example_of_a_signature_base_is_what_is_signed() -> None:
    example = next(one for one in code_blocks(part("### Signature"), "text") if "@signature-params" in one)
    parameters = signatures.read_parameters(
        {"signature": "", "signature-input": "tongping=" + example.rpartition('"@signature-params": ')[2].strip()}
    )
    message = signatures.Message(method="GET", path="/peer/v1/checkpoint", query="from=0", body=b"", to="JN")

    assert signatures.base(message, signatures.content_digest(b""), parameters).decode() == example.rstrip("\n")


def test_every_refusal_of_the_gate_between_centres_is_described() -> None:
    folder = ROOT / "node" / "peering"
    source = "".join((folder / name).read_text(encoding="utf-8") for name in ("gate.py", "signatures.py"))
    raised = set(re.findall(r'(?:NotPermitted|Unavailable)Error\("([a-z-]+)"', source))

    assert set(first_codes(part("### Checked in this order"))) == raised


# --- records and entries -------------------------------------------------------------------------------------------


def test_every_record_type_is_listed_with_the_moment_of_its_disclosure() -> None:
    moments = {f"T{one.value}": one for one in Moment if one is not Moment.NEVER} | {"never": Moment.NEVER}

    told = {CODE.findall(row[0])[0]: moments[row[3]] for row in rows(part("### Types"))}
    assert told == {kind: release(kind).earliest for kind in ALL_TYPES}
    names = {CODE.findall(row[0])[0]: row[1] for row in rows(part("### Types"))}
    assert names == {kind: one.name_zh for kind, one in TYPES.items()}


def test_the_example_of_a_record_is_canonical_and_has_the_fields_of_the_table() -> None:
    section = part("## Records")
    (example,) = code_blocks(section, "json")

    value = canonical.decode(example.strip().encode())
    assert isinstance(value, dict)
    assert value.keys() | {"session"} == set(first_codes(section.partition("### ")[0]))


def test_every_code_of_the_canonical_form_is_named() -> None:
    source = (ROOT / "records" / "canonical.py").read_text(encoding="utf-8")

    assert set(re.findall(r'InvalidRecordError\("([a-z-]+)"', source)) <= set(CODE.findall(part("### Canonical form")))


def test_every_kind_of_entry_is_listed_with_who_speaks_and_when() -> None:
    speakers = {
        "host": Speaker.HOST,
        "guest": Speaker.GUEST,
        "seat": Speaker.SEAT,
        "the seat's centre": Speaker.SEAT_CENTRE,
        "every centre": Speaker.CENTRE,
    }

    told = {CODE.findall(row[0])[0]: (speakers[row[1]], _stages(row[2])) for row in rows(part("### Kinds"))}
    assert told == {name: (kind.speaker, kind.stages) for name, kind in KINDS.items()}


def _stages(cell: str) -> frozenset[Stage]:
    named = [Stage(name) for name in CODE.findall(cell)]
    if "…" in cell:
        every = list(Stage)
        return frozenset(every[every.index(named[0]) : every.index(named[1]) + 1])
    return frozenset(named or Stage)


def test_the_example_of_an_entry_is_one() -> None:
    (example,) = code_blocks(part("## Room entries"), "json")

    signed = SignedEntry.from_wire(canonical.decode(example.strip().encode()))
    assert KINDS[signed.entry.kind].speaker is Speaker.SEAT


# --- evidence ------------------------------------------------------------------------------------------------------


def golden() -> tuple[bytes, bytes]:
    """The verdict of the golden bundle, and of the same bundle with one byte changed, as `--json` prints them."""
    trust = load_trust(EVIDENCE / "trust.json")
    data = next(EVIDENCE.glob("*.evidence.zip")).read_bytes()
    damaged = bytearray(data)
    damaged[data.index(b"%PDF") + 5000] ^= 1
    good, bad = (verify_bytes(one, trust, at=AT) for one in (data, bytes(damaged)))
    return as_json(good).encode(), as_json(bad).encode()


GOOD, BAD = (json.loads(text) for text in golden())


def test_every_check_of_the_golden_bundle_is_described_and_every_described_one_is_made() -> None:
    described = set(first_codes(part("### Named checks")))
    checked = {re.sub(r"^consent\.[A-Z]+-[0-9]+$", "consent.<seat>", check["name"]) for check in GOOD["checks"]}

    assert {
        re.sub(r"^(pdf\.signature|pdf\.signer|pdf\.timestamp)\..+", r"\1.<field>", name) for name in checked
    } == described


def test_every_member_of_a_bundle_is_described() -> None:
    described = first_codes(part("## Evidence bundle and trust file").partition("### ")[0])
    kinds = ["records/<index>.json", "records/<index>.salt", "proofs/<index>.json", "consents/<seat>.json"]
    kinds += ["certificates/<name>.pem", "revocation/<name>.pem", bundle.ANCHOR, bundle.COSIGNED, bundle.CONSISTENCY]

    assert sorted(described) == sorted([*bundle.REQUIRED, *kinds])


@pytest.mark.parametrize("verdict", [GOOD, BAD], ids=["good", "damaged"])
def test_a_real_verdict_has_the_form_of_the_schema(verdict: Json) -> None:
    assert list(faults(verdict, SCHEMA)) == []


def test_the_example_of_a_verdict_has_the_form_of_the_schema() -> None:
    (example,) = code_blocks(part("### Verdict as JSON"), "json")

    assert list(faults(json.loads(example), SCHEMA)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"ok": "yes", "checks": GOOD["checks"]},
        {"ok": True, "checks": []},
        {"ok": True, "checks": [{"name": "pdf.parse", "outcome": "pass", "reason": ""}]},
        {"ok": True, "checks": [{"name": "pdf.parse", "outcome": "maybe", "reason": "", "values": {}}]},
        {"ok": True, "checks": [{"name": "no dot", "outcome": "pass", "reason": "", "values": {}}]},
        {"ok": True, "checks": [{"name": "pdf.parse", "outcome": "pass", "reason": "", "values": {"x": 1.5}}]},
        {"ok": True, "checks": GOOD["checks"], "more": 1},
    ],
)
def test_the_schema_refuses_what_is_no_verdict(wrong: Json) -> None:
    assert list(faults(wrong, SCHEMA)) != []


# --- contracts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contract", "title"), [("EvidenceAnchor", "### EvidenceAnchor"), ("CentreRegistry", "### CentreRegistry")]
)
def test_every_function_event_and_error_of_a_contract_is_described(contract: str, title: str) -> None:
    source = (ROOT / "contracts" / "interfaces" / f"I{contract}.sol").read_text(encoding="utf-8")
    found = [
        f"{name}({' '.join(arguments.replace(' calldata', '').split())})"
        for name, arguments in re.findall(r"\n {4}(?:function|event|error) (\w+)\(([^)]*)\)", source)
    ]

    assert sorted(first_codes(part(title))) == sorted(found)
