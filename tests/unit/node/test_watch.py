"""Watching the other centres' logs: what is no news, what waits, and what stays an alarm."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chain_gateway.monitor.desk import Alarms
from chain_gateway.witness import WitnessDesk
from node.gateway import Watch
from records.errors import ConflictError, EvidenceMismatchError, NotFoundError, TongpingError, UnavailableError
from records.ids import CentreCode, b64u
from tests.unit.journal.made_journal import open_journal

XA = CentreCode("XA")


@pytest.fixture(name="alarms")
def _alarms(tmp_path: Path) -> Alarms:
    return Alarms(open_journal(tmp_path))


def opened(alarms: Alarms) -> list[tuple[str, str, str]]:
    return [(alarm.name.value, alarm.subject, alarm.code) for alarm in alarms.open()]


class Witness(WitnessDesk):
    """Has seen seven entries; remembers what it was shown, and answers with the error it was given."""

    def __init__(self, error: TongpingError | None = None) -> None:
        self.error = error
        self.shown: list[tuple[str, str, Sequence[bytes]]] = []

    def last_seen(self, origin: str) -> int:
        return 7 if origin == "xa.tongping" else 0

    def cosign_peer(self, origin: str, note: str, path: Sequence[bytes]) -> Any:  # Any: nobody looks at it
        self.shown.append((origin, note, path))
        if self.error is not None:
            raise self.error


def watch(witness: Witness, answer: Mapping[str, Any] | TongpingError, alarms: Alarms) -> tuple[Watch, list[str]]:
    """Any: the peer's JSON. The list fills with the paths that were asked for."""
    asked: list[str] = []

    def ask(_peer: CentreCode, path: str) -> dict[str, Any]:  # Any: as above
        asked.append(path)
        if isinstance(answer, TongpingError):
            raise answer
        return dict(answer)

    return Watch(witness, ask, (XA,), every=timedelta(seconds=5), alarms=alarms), asked


def test_what_extends_the_log_is_cosigned(alarms: Alarms) -> None:
    witness = Witness()
    watching, asked = watch(witness, {"note": "the note", "path": [b64u(b"a" * 32)]}, alarms)

    watching.look(XA)

    assert asked == ["/peer/checkpoint?from=7"]
    assert witness.shown == [("xa.tongping", "the note", [b"a" * 32])]


@pytest.mark.parametrize("path", [None, 5, "AAAA", {"a": 1}, ["!"], [5]])
def test_an_answer_of_wrong_form_is_an_alarm_and_the_watch_goes_on(path: object, alarms: Alarms) -> None:
    watching, _ = watch(Witness(), {"note": "the note", "path": path}, alarms)

    watching.look_safely(XA)

    assert [(name, subject) for name, subject, _ in opened(alarms)] == [("unwitnessed", "log:xa.tongping")]


@pytest.mark.parametrize(
    ("witness", "answer"),
    [
        (Witness(), NotFoundError("nothing-anchored")),
        (Witness(ConflictError("checkpoint-older")), {"note": "n", "path": []}),
    ],
)
def test_no_news_is_no_alarm(witness: Witness, answer: Mapping[str, Any] | TongpingError, alarms: Alarms) -> None:
    watching, _ = watch(witness, answer, alarms)

    watching.look_safely(XA)

    assert opened(alarms) == []


def test_a_peer_that_does_not_answer_is_asked_again_later(alarms: Alarms) -> None:
    watching, _ = watch(Witness(), UnavailableError("peer-unreachable"), alarms)

    watching.look_safely(XA)

    assert opened(alarms) == []


def test_a_fork_stays_an_alarm_until_the_log_fits_again(alarms: Alarms) -> None:
    witness = Witness(EvidenceMismatchError("log-forked"))
    watching, _ = watch(witness, {"note": "n", "path": []}, alarms)
    watching.look_safely(XA)
    assert opened(alarms) == [("fork", "log:xa.tongping", "log-forked")]

    witness.error = None
    watching.look_safely(XA)

    assert opened(alarms) == []
