"""Canonical bytes per second: ours, which refuse values outside the subset, against the reference package."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import rfc8785

from bench.measure import Bench, Figure, Goal, compared, interleaved, per_second
from records import canonical
from records.canonical import Value
from tests.unit.evaluation_room.rooms import two_cities

TIMES = 40


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    say("a whole evaluation of two cities as room entries")
    host, _ = two_cities()
    entries: list[Value] = [signed.to_wire() for signed in host.log]
    record: Value = json.loads(Path("tests/vectors/record.json").read_text(encoding="utf-8"))["entries"][0]["record"]
    cases = {f"{len(entries)} room entries": entries, "one small record": [record]}
    return [_figure(case, values) for case, values in cases.items()]


def _figure(case: str, values: Sequence[Value]) -> Figure:
    assert [canonical.encode(value) for value in values] == [rfc8785.dumps(value) for value in values]
    times = TIMES if len(values) > 1 else TIMES * 100

    def ours() -> None:
        for value in values:
            canonical.encode(value)

    def peer() -> None:
        for value in values:
            rfc8785.dumps(value)

    pair = interleaved(per_second(ours, times, time.process_time), per_second(peer, times, time.process_time))
    return compared(pair, bench="canonical", case=case, unit="passes per CPU second", goal=Goal(floor=1, goal=3))


BENCH = Bench(
    name="canonical",
    question="How fast are records written as canonical bytes?",
    ours="`records.canonical.encode`, with its check of the subset",
    peer="`rfc8785.dumps`, the pure Python package",
    not_shown=(
        "decoding, which parses, checks and writes again",
        "floats, which our records refuse and the peer must format",
    ),
    run=run,
)
