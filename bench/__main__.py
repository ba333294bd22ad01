"""Runs all benches, or the named ones, each in its own process, and writes docs/benchmarks.md.

    python -m bench [NAME …]

The lines of a bench are kept in var/bench/, so that one can be measured again without the rest.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from bench.catalogue import NAMES, load
from bench.page import page

RESULTS = Path("var") / "bench"
PAGE = Path("docs") / "benchmarks.md"


def main(names: list[str]) -> int:
    RESULTS.mkdir(parents=True, exist_ok=True)
    failed = [name for name in names or NAMES if not _measured(name)]
    found = [(load(name), _lines(name)) for name in NAMES]
    PAGE.write_text(page(found, machine=_machine()), encoding="utf-8")
    return 1 if failed else 0


def _measured(name: str) -> bool:
    print(f"· {name}", file=sys.stderr)
    command = [sys.executable, "-m", "bench.command", name, "--json"]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - the command is ours
    if run.returncode == 0:
        (RESULTS / f"{name}.jsonl").write_text(run.stdout, encoding="utf-8")
        print(run.stdout, end="")
    return run.returncode == 0


def _lines(name: str) -> list[dict[str, object]]:
    path = RESULTS / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _machine() -> str:
    """The kind of machine, never its name."""
    kind = f"a shared {platform.system()} machine, {platform.machine()}, {os.cpu_count()} cores"
    return f"{kind}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
