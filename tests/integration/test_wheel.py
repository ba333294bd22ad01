"""The package as installed elsewhere: it holds every file its code reads, and runs without the sources."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("records", "journal", "evaluation_room", "signing", "chain_gateway", "node")
EVIDENCE = ROOT / "tests" / "vectors" / "evidence"


@pytest.fixture(name="installed", scope="module")
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked where nothing of the sources lies."""
    built, installed = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", built], cwd=ROOT, check=True)
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    return installed


def run(installed: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command of the installed package, in a folder of its own; the sources' folder is kept out of its way."""
    start = (
        f"import sys; sys.path[:] = [one for one in sys.path if one != {str(ROOT)!r}];"
        "import node; from node.cli.cli import main;"
        f"assert node.__file__.startswith({str(installed)!r}), node.__file__;"
        "sys.argv[0] = 'tongping'; main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-c", start, *arguments]
    return subprocess.run(command, cwd=installed, env=environment, capture_output=True, text=True, check=False)


def test_every_file_of_the_packages_is_in_the_wheel(installed: Path) -> None:
    files = [path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file()]
    names = [path.relative_to(ROOT) for path in files if "__pycache__" not in path.parts]

    assert len(names) > len(PACKAGES)
    assert [name for name in names if not (installed / name).is_file()] == []


def test_every_command_of_the_wheel_says_how_it_is_used(installed: Path) -> None:
    told = run(installed, "--help")

    assert (told.returncode, told.stderr) == (0, "")
    assert "verify" in told.stdout


def test_evidence_is_verified_by_the_wheel_alone(installed: Path) -> None:
    bundle = next(EVIDENCE.glob("*.evidence.zip"))
    told = run(installed, "verify", bundle, "--trust", EVIDENCE / "trust.json", "--ranking")

    assert (told.returncode, told.stderr) == (0, "")


def test_the_benches_stay_with_the_sources(installed: Path) -> None:
    told = run(installed, "bench", "canonical")

    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == "tongping: benches are part of the sources, not of the installed package\n"
