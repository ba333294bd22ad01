"""The monitor's alarms and the evidence of forks against their records: every column, and rows nobody raised."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from journal.expected_rows import compare
from node.audit import gateway
from node.audit.alarms import OpenAlarms
from records import canonical, facts
from records.log.checkpoint import Checkpoint, sign_note, verifier_key

AT = "2026-11-23T06:03:22.123Z"
SALT = b"\x07" * 32
ALARM = {"alarm": "witness.fork", "subject": "xa.tongping", "code": "forked", "expected": "a", "found": "b"}
ROW = {
    "name": "witness.fork",
    "subject": "xa.tongping",
    "code": "forked",
    "expected": "a",
    "found": "b",
    "first_seen": AT,
    "last_seen": AT,
    "entry": 3,
    "acknowledged_by": "op-1",
    "acknowledged_at": AT,
    "reason": "known",
}
KEY = ("name", "subject", "code")
ORIGIN = "xa.tongping"
LOG_KEY = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)
KEYS = {ORIGIN: (verifier_key(ORIGIN, LOG_KEY.public_key()),)}
SHOWN = sign_note(Checkpoint(origin=ORIGIN, size=5, root=b"\x02" * 32), name=ORIGIN, key=LOG_KEY)
FORK = {"origin": ORIGIN, "size": 5, "root": b"\x02" * 32, "shown": SHOWN}


def alarms(*, cleared: bool = False) -> OpenAlarms:
    """One alarm, raised at 3 and acknowledged by an operator, and perhaps cleared."""
    told = OpenAlarms()
    said: list[tuple[str, int, dict[str, object]]] = [
        (facts.MONITOR_ALARM_RAISED, 3, {"body": ALARM}),
        (facts.MONITOR_ALARM_ACKNOWLEDGED, 4, {"author": "operator:op-1", "body": {"raised": 3, "reason": "known"}}),
    ]
    if cleared:
        said.append((facts.MONITOR_ALARM_CLEARED, 5, {"body": {"raised": 3}}))
    for kind, index, parts in said:
        told.derives[kind](index, canonical.encode({"at": AT, **parts}), SALT)  # type: ignore[dict-item]  # JSON
    return told


def faults(row: dict[str, Any] | None, *, cleared: bool = False) -> list[tuple[str, str, int | None]]:
    rows = [] if row is None else [row]
    told = compare("monitor_alarm", KEY, alarms(cleared=cleared).rows, rows)
    return [(one.where, one.field, one.index) for one in told]


def test_an_open_alarm_as_it_was_raised_is_sound() -> None:
    assert faults(ROW) == []


@pytest.mark.parametrize("column", sorted({*ROW} - {*KEY, "last_seen"}))
def test_a_column_of_an_alarm_is_told_with_the_record_that_raised_it(column: str) -> None:
    other = 4 if column == "entry" else "other"

    assert faults({**ROW, column: other}) == [("table monitor_alarm, row witness.fork xa.tongping forked", column, 3)]


def test_an_alarm_taken_out_is_told() -> None:
    assert [(field, index) for _, field, index in faults(None)] == [("row", 3)]


def test_an_alarm_that_was_cleared_may_not_stand_there() -> None:
    assert faults(None, cleared=True) == []
    assert [(field, index) for _, field, index in faults(ROW, cleared=True)] == [("row", None)]


@pytest.mark.parametrize("column", KEY)
def test_an_alarm_of_another_name_was_never_raised(column: str) -> None:
    assert sorted(index is None for _, _, index in faults({**ROW, column: "other"})) == [False, True]


def fork_faults(**changes: object) -> list[tuple[str, str]]:
    return [(one.where, one.field) for one in gateway.forks([{**FORK, **changes}], KEYS)]


def test_a_fork_whose_note_its_log_signed_is_sound() -> None:
    assert fork_faults() == []


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [("size", 6, "note.size"), ("root", b"\x03" * 32, "note.root"), ("shown", SHOWN.replace("— xa", "— ya"), "note")],
)
def test_a_fork_that_is_not_what_the_log_signed_is_told(column: str, value: object, field: str) -> None:
    ((where, told),) = fork_faults(**{column: value})

    assert (where.startswith(f"table gateway_fork, row {ORIGIN} "), told) == (True, field)
