"""`tongping bench NAME`: progress on standard error, one line per figure on standard output."""

import json
from collections.abc import Callable

from bench.catalogue import load


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
