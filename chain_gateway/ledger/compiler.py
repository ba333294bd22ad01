"""Compiles contracts/ with the pinned npm compiler, through py-solc-x, to the same bytecode as hardhat."""

import hashlib
import json
import os
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import solcx
from solcx.exceptions import SolcError

from chain_gateway.ledger.javascript import ROOT, node_binary, package
from records.errors import InvalidRecordError, UnavailableError

_SOURCES = ROOT / "contracts"
_SHIM = Path(__file__).with_name("solc_shim.cjs")
_PREFIX = "project/contracts/"  # hardhat's names for our sources: the compiler's input is identical
_KEPT = ROOT / "cache" / "contracts"
_FIRST_REGISTRY = "ce43ef2a80e84db16d6f63f71e25fc5e94399afcabc1a46cc0e280c09d3f2d05"
"""SHA-256 of the first form's code: it is read and anchored with as before until its members name a successor."""
_OUTPUT = ["abi", "evm.bytecode.object", "evm.deployedBytecode.object", "evm.deployedBytecode.immutableReferences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One compiled contract."""

    name: str
    abi: Sequence[Mapping[str, Any]]  # Any: the ABI is JSON, passed on to web3 alone
    creation: bytes
    runtime: bytes
    immutables: tuple[tuple[int, int], ...]
    """(start, length) of the immutable values in `runtime`, which the constructor fills."""

    def is_code(self, code: bytes) -> bool:
        """Whether `code`, read from a chain, is this contract."""
        if len(code) != len(self.runtime):
            return False
        found = bytearray(code)
        for start, length in self.immutables:
            found[start : start + length] = bytes(length)
        return bytes(found) == self.runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifacts:
    anchor: Artifact
    registry: Artifact


def is_first_registry(code: bytes) -> bool:
    """Whether `code`, read from a chain, is `CentreRegistry` as it was before proposals were bound."""
    return hashlib.sha256(code).hexdigest() == _FIRST_REGISTRY


@cache
def compile_contracts() -> Artifacts:
    """Both contracts. The first time takes some seconds; later the result is read from cache/ while no input changes.

    UnavailableError("solc-missing" | "node-missing" | "contracts-missing"); InvalidRecordError("contracts-refused")
    when compilation fails.
    """
    standard_input = _standard_input()
    kept = _KEPT / f"{_fingerprint(standard_input)}.json"
    output = _read(kept) or _keep(kept, _run(standard_input)["contracts"])
    return Artifacts(anchor=_artifact(output, "EvidenceAnchor"), registry=_artifact(output, "CentreRegistry"))


def _standard_input() -> dict[str, object]:
    files = sorted(_SOURCES.rglob("*.sol"))
    if not files:
        raise UnavailableError("contracts-missing")
    settings = json.loads((_SOURCES / "compiler.json").read_text(encoding="utf-8"))
    return {
        "language": "Solidity",
        "sources": {
            _PREFIX + file.relative_to(_SOURCES).as_posix(): {"content": file.read_text(encoding="utf-8")}
            for file in files
        },
        "settings": {**settings, "outputSelection": {"*": {"*": _OUTPUT}}},
    }


def _fingerprint(standard_input: dict[str, object]) -> str:
    """Everything the output depends on: the sources, the settings and the compiler itself."""
    program = hashlib.sha256(package("solc", "soljson.js").read_bytes()).hexdigest()
    return hashlib.sha256(json.dumps([program, standard_input], sort_keys=True).encode()).hexdigest()


def _read(kept: Path) -> dict[str, Any] | None:  # Any: the compiler's JSON, as below
    """An earlier output for the same input; None when there is none, or it cannot be read."""
    try:
        output = json.loads(kept.read_bytes())
    except (OSError, ValueError):
        return None
    return output if isinstance(output, dict) else None


def _keep(kept: Path, output: dict[str, Any]) -> dict[str, Any]:
    """Save an output for the next process, whole or not at all; a folder without write access is no error."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(output), encoding="utf-8")
        partial.replace(kept)
    except OSError:
        pass
    return output


def _run(standard_input: dict[str, object]) -> dict[str, Any]:  # Any: the compiler's JSON, decoded at once
    command = [node_binary(), _SHIM, package("solc", "index.js")]
    with tempfile.TemporaryDirectory() as directory:
        program = Path(directory) / "solc"  # py-solc-x wants one executable file and gives it its options
        program.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, command))} "$@"\n', encoding="utf-8")
        program.chmod(0o700)
        try:
            output: dict[str, Any] = solcx.compile_standard(standard_input, solc_binary=program)
        except SolcError as error:
            raise InvalidRecordError("contracts-refused") from error
        except OSError as error:
            raise UnavailableError("solc-missing") from error
    return output


def _artifact(output: dict[str, Any], name: str) -> Artifact:
    found = output[f"{_PREFIX}{name}.sol"][name]
    runtime = found["evm"]["deployedBytecode"]
    places = [place for places in runtime["immutableReferences"].values() for place in places]
    return Artifact(
        name=name,
        abi=found["abi"],
        creation=bytes.fromhex(found["evm"]["bytecode"]["object"]),
        runtime=bytes.fromhex(runtime["object"]),
        immutables=tuple((place["start"], place["length"]) for place in places),
    )
