"""Shows the progress of an audit: a bar on a terminal, a line at every tenth elsewhere, both on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_STEPS: Final = 10
_WORTH_IT: Final = 10_000
"""Below this number of records the audit ends before anybody could read a line about it."""


@contextmanager
def shown(say: Callable[[str], None], console: Console | None = None) -> Iterator[Callable[[int, int], None]]:
    """The audit's progress callback: (done, all). `say` writes a line where there is no terminal."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _steps(say)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("records", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _steps(say: Callable[[str], None]) -> Callable[[int, int], None]:
    steps_shown = 0

    def progress(done: int, total: int) -> None:
        nonlocal steps_shown
        step = done * _STEPS // total if total else _STEPS
        if step > steps_shown and total >= _WORTH_IT:
            steps_shown = step
            say(f"{done:,} of {total:,} records")

    return progress
