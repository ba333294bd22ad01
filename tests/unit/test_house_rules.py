"""The rules of the house that no linter knows: short functions, short modules, a sentence on top, honest names."""

import ast
import json
import re
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("records", "journal", "evaluation_room", "signing", "chain_gateway", "node")
MODULES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "versions" not in path.parts
)
FORBIDDEN = {"common", "utils", "helpers", "manager", "base", "misc", "service"}
LONGEST_FUNCTION = 60
MOST_SUBJECTS = 14
SOURCES = {".py", ".ts", ".vue", ".js", ".cjs", ".css", ".html", ".sol", ".typ"}
DATA = {"vectors", "node_modules", "dist", "__pycache__"}
LONGEST_MODULE = 400


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_a_module_is_short_and_says_what_it_is_for() -> None:
    long = {_name(one) for one in MODULES if len(one.read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE}
    mute = {_name(one) for one in MODULES if _tree(one).body and not ast.get_docstring(_tree(one))}

    assert long == set()
    assert mute == set()
    assert {_name(one) for one in MODULES if one.stem in FORBIDDEN} == set()


def test_no_function_is_longer_than_sixty_lines() -> None:
    functions = [
        (f"{_name(path)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for path in MODULES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    assert {name: lines for name, lines in functions if lines > LONGEST_FUNCTION} == {}


def test_web3_and_the_compiler_are_imported_by_their_adapters_alone() -> None:
    importers = {_name(path) for path in MODULES if _imports(path) & {"web3", "solcx"}}

    assert importers == {
        "chain_gateway/ledger/compiler.py",
        "chain_gateway/ledger/ledger.py",
        "chain_gateway/ledger/registry.py",
        "chain_gateway/ledger/rpc.py",
    }


def test_a_node_opens_its_ledger_in_one_place_that_knows_the_genesis() -> None:
    openers = {_name(path) for path in MODULES if "Ledger" in _called(path)}

    assert openers - {"chain_gateway/ledger/ledger.py"} == {"node/chain/ledger.py"}


def test_nothing_that_is_installed_imports_what_stays_with_the_sources() -> None:
    importers = {_name(path) for path in MODULES if _imports(path) & {"bench", "tests", "docs", "samples"}}

    assert importers == set()


def test_webrtc_is_imported_by_the_channel_alone() -> None:
    importers = {_name(path) for path in MODULES if _imports(path) & {"aiortc", "aioice", "av"}}

    assert importers == {"evaluation_room/replication/channel.py"}


def test_the_http_client_is_imported_by_peers_and_by_the_demo_alone() -> None:
    importers = {_name(path) for path in MODULES if _imports(path) & {"httpx2", "requests", "urllib3"}}

    assert importers <= {
        "node/peering/peers.py",
        "node/demo/person.py",
        "chain_gateway/ledger/rpc.py",
        "signing/keys/timestamps.py",
    }


def test_the_sources_say_nothing_of_the_machine_they_were_written_on() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*MODULES, ROOT / "Makefile", ROOT / "README.md")]

    assert not [text for text in texts if "/work/" in text or "/root/" in text or "pypi.org" in text]


def test_no_folder_holds_more_than_fourteen_subjects() -> None:
    """Files that share their first word, up to `_` or `.`, are one family and count as one (strict_json, strict_text).

    Data is not counted: vectors, samples, what is built.
    """
    tops = [ROOT / name for name in (*PACKAGES, "bench", "docs", "contracts", "web", "tests", "deploy")]
    folders = [folder for top in tops for folder in (top, *top.rglob("*")) if folder.is_dir()]
    crowded = {_name(folder): len(_families(folder)) for folder in folders if not DATA & set(folder.parts)}

    assert {name: count for name, count in crowded.items() if count > MOST_SUBJECTS} == {}


def _families(folder: Path) -> set[str]:
    names = [path.name for path in folder.iterdir() if path.is_file() and path.suffix in SOURCES]
    return {re.split(r"[_.]", name, maxsplit=1)[0] for name in names if name != "__init__.py"}


def test_the_version_of_the_package_and_of_the_pages_is_one_and_no_module_repeats_it() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    pages = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["version"]

    assert pages == version
    assert [_name(path) for path in MODULES if f'"{version}"' in path.read_text(encoding="utf-8")] == []


def _called(path: Path) -> set[str]:
    """The names of what a module calls or makes."""
    calls = (node.func for node in ast.walk(_tree(path)) if isinstance(node, ast.Call))
    return {one.id for one in calls if isinstance(one, ast.Name)}


@cache
def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found
