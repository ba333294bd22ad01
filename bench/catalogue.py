"""The list of benches. Each is a module with one `BENCH`, loaded on demand."""

import importlib
from typing import Final

from bench.measure import Bench
from records.errors import NotFoundError

NAMES: Final = (
    "canonical",
    "log-append",
    "log-bulk",
    "log-proofs",
    "gas",
    "anchor",
    "anchor-client",
    "verify",
    "seal",
    "sync",
    "fsck",
    "start",
)


def load(name: str) -> Bench:
    """NotFoundError("unknown-bench") lists the known ones."""
    if name not in NAMES:
        raise NotFoundError("unknown-bench", bench=name, known=", ".join(NAMES))
    found = importlib.import_module(f"bench.{name.replace('-', '_')}").BENCH
    assert isinstance(found, Bench)
    return found
