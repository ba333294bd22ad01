"""Watching the other centres' logs: what is no news, what waits, and what stays an alarm."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chain_gateway.checkpoints import Delivery
from chain_gateway.monitor.desk import Alarms
from chain_gateway.witness.desk import WitnessDesk
from chain_gateway.witness.mirror import ReadTile
from node.chain import witness_loop as watch_module
from node.chain.witness_loop import PATIENCE, WitnessLoop
from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    NotFoundError,
    TongpingError,
    UnavailableError,
)
from records.ids import CentreCode, b64u
from records.log.tiles import Tile
from tests.unit.journal.made_journal import open_journal

XA = CentreCode("XA")


@pytest.fixture(name="alarms")
def _alarms(tmp_path: Path) -> Alarms:
    return Alarms(open_journal(tmp_path))


def opened(alarms: Alarms) -> list[tuple[str, str, str]]:
    return [(alarm.name.value, alarm.subject, alarm.code) for alarm in alarms.open()]


def no_tiles(tile: Tile) -> bytes:
    raise AssertionError(tile)


class Witness(WitnessDesk):
    """Has seen seven entries; remembers what it was shown, and answers with the error it was given."""

    def __init__(self, error: TongpingError | None = None, lines: Sequence[Delivery] = ()) -> None:
        self.error = error
        self.shown: list[tuple[str, str, Sequence[bytes]]] = []
        self.read: ReadTile = no_tiles
        self.lines = list(lines)
        self.confirmed: list[Delivery] = []
        self.withdrawn: list[Delivery] = []

    def last_seen(self, origin: str) -> int:
        return 7 if origin == "xa.tongping" else 0

    def cosign_peer(self, origin: str, note: str, path: Sequence[bytes], read: ReadTile) -> Any:
        """Any: nobody looks at it."""
        self.shown.append((origin, note, path))
        self.read = read
        if self.error is not None:
            raise self.error

    def undelivered(self, origin: str) -> tuple[Delivery, ...]:
        return tuple(line for line in self.lines if line.origin == origin)

    def delivered(self, delivery: Delivery) -> None:
        self.confirmed.append(delivery)
        self.lines.remove(delivery)

    def withdraw(self, delivery: Delivery) -> None:
        self.withdrawn.append(delivery)
        self.lines.remove(delivery)


SHOWN: Mapping[str, Any] = {"note": "the note", "path": []}
FIRST, SECOND = (Delivery(origin="xa.tongping", size=size, line=f"line {size}") for size in (7, 9))


class Peer:
    """Another centre: gives one answer to every question, and to every line what `refusals` has for its size."""

    def __init__(self, answer: Mapping[str, Any] | TongpingError, refusals: Mapping[int, TongpingError] = {}) -> None:
        self.answer = answer
        self.refusals = dict(refusals)
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.told: list[tuple[str, Mapping[str, Any]]] = []

    def ask(self, _peer: CentreCode, path: str) -> dict[str, Any]:  # Any: the peer's JSON
        self.asked.append(path)
        if isinstance(self.answer, TongpingError):
            raise self.answer
        return dict(self.answer)

    def fetch(self, _peer: CentreCode, path: str) -> bytes:
        self.asked.append(path)
        if path not in self.files:
            raise NotFoundError("tile-unknown")
        return self.files[path]

    def tell(self, _peer: CentreCode, path: str, value: Mapping[str, Any]) -> dict[str, Any]:  # Any: as above
        if (refusal := self.refusals.get(value["size"])) is not None:
            raise refusal
        self.told.append((path, value))
        return {}


def watching(witness: Witness, peer: Peer, alarms: Alarms) -> WitnessLoop:
    return WitnessLoop(
        witness, (XA,), ask=peer.ask, fetch=peer.fetch, tell=peer.tell, every=timedelta(seconds=5), alarms=alarms
    )


def watch(witness: Witness, answer: Mapping[str, Any] | TongpingError, alarms: Alarms) -> tuple[WitnessLoop, list[str]]:
    """Any: the peer's JSON. The list fills with the paths that were asked for."""
    peer = Peer(answer)
    return watching(witness, peer, alarms), peer.asked


def test_what_extends_the_log_is_cosigned(alarms: Alarms) -> None:
    witness = Witness()
    watcher, asked = watch(witness, {"note": "the note", "path": [b64u(b"a" * 32)]}, alarms)

    assert watcher.look(XA)

    assert asked == ["/peer/v1/checkpoint?from=7"]
    assert witness.shown == [("xa.tongping", "the note", [b"a" * 32])]


@pytest.mark.parametrize("path", [None, 5, "AAAA", {"a": 1}, ["!"], [5]])
def test_an_answer_of_wrong_form_is_an_alarm_and_the_watch_goes_on(path: object, alarms: Alarms) -> None:
    watcher, _ = watch(Witness(), {"note": "the note", "path": path}, alarms)

    watcher.look_safely(XA)

    assert [(name, subject) for name, subject, _ in opened(alarms)] == [("unwitnessed", "log:xa.tongping")]


@pytest.mark.parametrize(
    ("witness", "answer"),
    [
        (Witness(), NotFoundError("nothing-anchored")),
        (Witness(ConflictError("checkpoint-older")), {"note": "n", "path": []}),
    ],
)
def test_no_news_is_no_alarm(witness: Witness, answer: Mapping[str, Any] | TongpingError, alarms: Alarms) -> None:
    watcher, _ = watch(witness, answer, alarms)

    watcher.look_safely(XA)

    assert opened(alarms) == []


def test_a_peer_that_does_not_answer_is_asked_again_later(alarms: Alarms) -> None:
    watcher, _ = watch(Witness(), UnavailableError("peer-unreachable"), alarms)

    watcher.look_safely(XA)

    assert opened(alarms) == []


def test_a_fork_stays_an_alarm_until_the_log_fits_again(alarms: Alarms) -> None:
    witness = Witness(EvidenceMismatchError("log-forked"))
    watcher, _ = watch(witness, {"note": "n", "path": []}, alarms)
    watcher.look_safely(XA)
    assert opened(alarms) == [("fork", "log:xa.tongping", "log-forked")]

    witness.error = None
    watcher.look_safely(XA)

    assert opened(alarms) == []


def test_tiles_are_fetched_from_the_logs_public_address(alarms: Alarms) -> None:
    witness, peer = Witness(), Peer(SHOWN)
    peer.files["/log/tile/0/000.p/7"] = b"seven hashes"
    watching(witness, peer, alarms).look(XA)

    assert witness.read(Tile(0, 0, 7)) == b"seven hashes"


def test_a_partial_tile_that_is_gone_is_cut_from_the_full_one(alarms: Alarms) -> None:
    witness, peer = Witness(), Peer(SHOWN)
    peer.files["/log/tile/0/000"] = bytes(range(256)) * 32
    watching(witness, peer, alarms).look(XA)

    assert witness.read(Tile(0, 0, 2)) == bytes(range(64))
    assert peer.asked[1:] == ["/log/tile/0/000.p/2", "/log/tile/0/000"]


def test_the_tiles_of_one_look_are_given_up_when_they_take_too_long(
    alarms: Alarms, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness, peer = Witness(), Peer(SHOWN)
    peer.files["/log/tile/0/000"] = bytes(8192)
    monkeypatch.setattr(watch_module, "LOOK_SECONDS", -1.0)
    watching(witness, peer, alarms).look(XA)

    with pytest.raises(UnavailableError, match="peer-too-slow"):
        witness.read(Tile(0, 0))


def test_a_watch_that_ends_does_not_wait_for_the_tiles_of_a_look(alarms: Alarms) -> None:
    witness, peer = Witness(), Peer(SHOWN)
    peer.files["/log/tile/0/000"] = bytes(8192)
    watcher = watching(witness, peer, alarms)
    watcher.look(XA)
    watcher.stop()

    with pytest.raises(UnavailableError, match="gateway-ending"):
        witness.read(Tile(0, 0))


def test_no_news_does_not_end_the_alarm_about_a_fork(alarms: Alarms) -> None:
    witness = Witness(EvidenceMismatchError("log-forked"))
    watcher, _ = watch(witness, SHOWN, alarms)
    watcher.look_safely(XA)

    witness.error = ConflictError("checkpoint-older")
    watcher.look_safely(XA)

    assert opened(alarms) == [("fork", "log:xa.tongping", "log-forked")]


def test_a_log_that_shows_us_what_is_not_on_the_chain_is_an_alarm_when_it_goes_on(alarms: Alarms) -> None:
    watcher, _ = watch(Witness(ConflictError("head-mismatch", size=9, given_size=7)), SHOWN, alarms)
    for _ in range(PATIENCE - 1):
        watcher.look_safely(XA)
    assert opened(alarms) == []

    watcher.look_safely(XA)

    assert opened(alarms) == [("unwitnessed", "log:xa.tongping", "log-beside-chain")]


def test_a_log_that_moves_on_between_the_looks_is_none(alarms: Alarms) -> None:
    peer = Peer(SHOWN)
    watcher = watching(Witness(ConflictError("head-mismatch", size=9, given_size=7)), peer, alarms)

    for place in range(2 * PATIENCE):
        peer.answer = {"note": f"note {place}", "path": []}
        watcher.look_safely(XA)

    assert opened(alarms) == []


def test_every_line_is_brought_to_the_logs_centre_and_only_then_done_with(alarms: Alarms) -> None:
    witness, peer = Witness(lines=[FIRST, SECOND]), Peer(SHOWN)

    watching(witness, peer, alarms).look(XA)

    assert peer.told == [
        ("/peer/v1/cosignatures", {"size": 7, "line": "line 7"}),
        ("/peer/v1/cosignatures", {"size": 9, "line": "line 9"}),
    ]
    assert witness.confirmed == [FIRST, SECOND]


def test_a_line_whose_post_is_lost_is_brought_again(alarms: Alarms) -> None:
    witness, peer = Witness(lines=[FIRST]), Peer(SHOWN, {7: UnavailableError("peer-unreachable")})
    watcher = watching(witness, peer, alarms)
    watcher.look_safely(XA)
    assert (witness.confirmed, opened(alarms)) == ([], [])

    peer.refusals.clear()
    watcher.look_safely(XA)

    assert witness.confirmed == [FIRST]


def test_a_line_that_is_refused_is_an_alarm_and_does_not_hold_up_the_others(alarms: Alarms) -> None:
    witness, peer = Witness(lines=[FIRST, SECOND]), Peer(SHOWN, {7: NotFoundError("checkpoint-unknown")})

    watching(witness, peer, alarms).look_safely(XA)

    assert (witness.confirmed, witness.lines) == ([SECOND], [FIRST])
    assert opened(alarms) == [("unwitnessed", "log:xa.tongping", "checkpoint-unknown")]


def test_a_line_refused_for_its_time_is_withdrawn_so_that_another_is_made(alarms: Alarms) -> None:
    witness, peer = Witness(lines=[FIRST]), Peer(SHOWN, {7: InvalidRecordError("cosignature-ahead", seconds=9000)})

    watching(witness, peer, alarms).look_safely(XA)

    assert (witness.withdrawn, witness.lines) == ([FIRST], [])
    assert opened(alarms) == [("unwitnessed", "log:xa.tongping", "cosignature-ahead")]


def test_a_fault_of_the_program_does_not_close_the_eyes(alarms: Alarms) -> None:
    peer = Peer(SHOWN)
    watcher = watching(Witness(), peer, alarms)
    peer.ask = None  # type: ignore[method-assign, assignment] # whatever goes wrong in the middle

    watcher.look_safely(XA)

    assert opened(alarms) == []
