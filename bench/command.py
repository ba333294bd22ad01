"""What `tongping bench NAME` runs: progress on standard error, one line per figure on standard output."""

import argparse
import json
import sys
from collections.abc import Callable

from bench.catalogue import load
from node.cli.cli import configure_logs
from node.terminal import say, say_lines
from records.errors import TongpingError


def bench(name: str, *, for_programs: bool, say: Callable[[str], None], note: Callable[[str], None]) -> None:
    """Run one bench. NotFoundError("unknown-bench")."""
    found = load(name)
    for figure in found.run(lambda progress: note(f"  {name}: {progress}")):
        say(figure.to_json() if for_programs else _sentence(json.loads(figure.to_json())))
    if not for_programs:
        for point in found.not_shown:
            say(f"  not shown: {point}")


def _sentence(line: dict[str, object]) -> str:
    against = "" if line["peer"] is None else f" against {line['peer']}: {line['ratio']}× ({line['ratio_is']})"
    goal = f", goal {line['goal']}: {line['reached']}" if line["goal"] else ""
    return f"{line['case']}: {line['ours']} {line['unit']}{against}{goal}"


def main(arguments: list[str]) -> int:
    """0 whatever the figures are, 2 when there is no such bench or it could not run."""
    parser = argparse.ArgumentParser(prog="tongping bench")
    parser.add_argument("name")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    configure_logs()  # on standard error: standard output holds the figures alone
    try:
        told = say_lines if asked.json else say
        bench(asked.name, for_programs=asked.json, say=told, note=lambda line: say(line, error=True))
    except TongpingError as error:
        say(f"tongping: {error}", error=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
