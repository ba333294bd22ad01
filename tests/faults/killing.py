"""Kills a process of its own, as by kill -9, at a step of what it does."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any

Step = tuple[object, str, bool]
"""Where to die: the owner of a function, its name, and whether after it (else before)."""


def die_at(step: Step, act: Callable[[], object]) -> None:
    """Act in a process of its own that is killed, as by kill -9, at the step."""

    def doomed() -> None:
        owner, name, after = step
        original = getattr(owner, name)

        def deadly(*arguments: Any, **named: Any) -> object:  # Any: whatever the function takes
            if after:
                original(*arguments, **named)
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError

        setattr(owner, name, deadly)
        act()

    process = multiprocessing.get_context("fork").Process(target=doomed)
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
