"""What is installed is what was looked at: the first tool by hash, and a list of all parts that forgets none."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
REQUIREMENTS = ROOT / "uv.requirements.txt"


def test_the_tool_that_installs_the_rest_is_installed_by_hash_alone() -> None:
    lines = [line for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    installs = [line for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if "pip install" in line]

    assert re.fullmatch(r"uv==\d+\.\d+\.\d+ \\", lines[0])
    assert [line for line in lines[1:] if not re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)] == []
    assert len(installs) == 1
    assert "--require-hashes -r uv.requirements.txt" in installs[0]


def test_the_lists_of_parts_name_every_package_of_both_locks(tmp_path: Path) -> None:
    installed = ["-o", ".venv/.ready", "-o", "node_modules/.ready"]  # by whoever runs this test: not once more
    subprocess.run(["make", *installed, "sbom", f"SBOM={tmp_path}"], cwd=ROOT, check=True)

    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"]
    python = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    browser = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert _listed(tmp_path / "python.cdx.json") == {
        (one["name"], one["version"]) for one in python if one["name"] != own
    }
    assert _listed(tmp_path / "npm.cdx.json") == {
        (place.rpartition("node_modules/")[2], one["version"]) for place, one in browser.items() if place
    }


def _listed(path: Path) -> set[tuple[str, str]]:
    bom = json.loads(path.read_text(encoding="utf-8"))
    assert bom["bomFormat"] == "CycloneDX"
    return {(one["name"], one["version"]) for one in bom["components"]}
