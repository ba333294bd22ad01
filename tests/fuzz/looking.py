"""Looks at one parser for a time, with inputs nobody has thought of, and keeps the smallest crash."""

import faulthandler
import logging
import random
import resource
import time
import traceback
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from tests.fuzz.targets import TARGETS

MEMORY = 4 << 30
"""Bytes that one process may take: a parser that takes more crashes, and is named."""
SLOWEST = 60
"""Seconds after which an input counts as one that never ends: its stack is printed and the process ends."""
ROUND = 500
_PHASES = (Phase.generate, Phase.shrink)


def fuzz(name: str, seconds: float) -> tuple[str, int, str]:
    """The target's name, how many inputs it saw, and the crash with the smallest input that makes it, or nothing."""
    target = next(one for one in TARGETS if one.name == name)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    logging.disable(logging.CRITICAL)
    until, seen = time.monotonic() + seconds, 0

    def look(found: Any) -> None:  # Any: each parser takes its own kind of input
        nonlocal seen
        if time.monotonic() < until:
            seen += 1
            faulthandler.dump_traceback_later(SLOWEST, exit=True)
            target.answer(found)

    calm = settings(
        max_examples=ROUND, deadline=None, database=None, phases=_PHASES, verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    while time.monotonic() < until:
        try:
            seed(random.getrandbits(64))(calm(given(target.inputs)(look)))()
        except Exception:  # noqa: BLE001 - a crash of the parser, whatever it is, is what is looked for
            return name, seen, traceback.format_exc()
        finally:
            faulthandler.cancel_dump_traceback_later()
    return name, seen, ""
