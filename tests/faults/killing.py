"""Kills a process of its own, as by kill -9, at a chosen step."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any

Step = tuple[object, str, bool]
"""Where to die: the owner of a function, its name, and whether after it (else before)."""


def deadly(step: Step) -> None:
    """From now on this process is killed, as by kill -9, at the step."""
    owner, name, after = step
    original = getattr(owner, name)

    def killing(*arguments: Any, **named: Any) -> object:  # Any: whatever the function takes
        if after:
            original(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    setattr(owner, name, killing)


def die_at(step: Step, act: Callable[[], object]) -> None:
    """Act in a process of its own that is killed at the step.

    The process is forked: a thread that runs meanwhile may hold a lock, and the child would wait for it forever. Where
    a node runs in this process, kill a command instead (tests/faults/dying.py).
    """

    def doomed() -> None:
        deadly(step)
        act()

    process = multiprocessing.get_context("fork").Process(target=doomed)
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
