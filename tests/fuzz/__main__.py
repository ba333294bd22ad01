"""`make fuzz`: looks at every parser of foreign bytes for a time, on all cores, and names the smallest crash."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait

from tests.fuzz.looking import fuzz
from tests.fuzz.targets import TARGETS

_OWN = get_context("fork")
"""Each parser in a process of its own, with its own bound of memory; what was imported is shared."""


def looked(names: Sequence[str], seconds: float) -> Iterator[tuple[str, int, str]]:
    """Name, number of inputs and crash of each target as it ends; as many at once as there are cores."""
    waiting, running = list(names), dict[Connection, str]()
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            name = waiting.pop(0)
            ours, theirs = _OWN.Pipe(duplex=False)
            _OWN.Process(target=_tell, args=(name, seconds, theirs), daemon=True).start()
            theirs.close()
            running[ours] = name
        for ended in wait(list(running)):
            assert isinstance(ended, Connection)
            name = running.pop(ended)
            try:
                yield ended.recv()
            except EOFError:
                yield name, 0, "its process ended without an answer: the stack is above\n"


def _tell(name: str, seconds: float, answer: Connection) -> None:
    answer.send(fuzz(name, seconds))


def main() -> int:
    """Fuzz the named targets, or all; 1 when one of them crashed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=600.0)
    options.add_argument("names", nargs="*", help="Targets; all without any.")
    asked = options.parse_args()
    names = asked.names or [target.name for target in TARGETS]
    crashed = 0
    for name, seen, crash in looked(names, asked.seconds):
        crashed += bool(crash)
        sys.stdout.write(f"{'CRASH' if crash else 'ok'}  {name}  {seen} inputs\n{crash}")
        sys.stdout.flush()
    sys.stdout.write(f"{crashed} crashes in {len(names)} parsers\n")
    return min(crashed, 1)


if __name__ == "__main__":
    sys.exit(main())
