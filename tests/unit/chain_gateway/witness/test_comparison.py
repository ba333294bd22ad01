"""Asking several centres for one log shows whether they have one history."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from chain_gateway.checkpoints import Head
from chain_gateway.witness.comparison import Copy, compare
from journal.tiles import TileLog
from records.errors import NotFoundError, UnavailableError
from records.log.checkpoint import Checkpoint, open_note, sign_note
from records.log.merkle import EMPTY_ROOT, leaf_hash
from records.log.tiles import Tile
from tests.integration.ledger.consortium import DL, LOG_KEYS, XA, vkey

ORIGIN = "xa.tongping"
ENTRIES = [leaf_hash(place.to_bytes(2)) for place in range(600)]
REWRITTEN = [*ENTRIES[:99], leaf_hash(b"rewritten"), *ENTRIES[100:]]


@pytest.fixture(name="make")
def _make(tmp_path: Path) -> Callable[[str, Sequence[bytes]], Copy]:
    def make(source: str, entries: Sequence[bytes]) -> Copy:
        log = TileLog(tmp_path / source)
        log.extend(0, entries)
        checkpoint = Checkpoint(origin=ORIGIN, size=log.size, root=log.root)
        note = sign_note(checkpoint, name=ORIGIN, key=LOG_KEYS[XA])
        return Copy(source=source, note=lambda: note, read=log.read)

    return make


def outcomes(copies: Sequence[Copy], head: Callable[[], Head] | None = None) -> dict[str, str]:
    checks = compare("log.XA", origin=ORIGIN, keys=[vkey(XA)], copies=copies, head=head)
    return {check.name: check.outcome.value for check in checks}


Make = Callable[[str, Sequence[bytes]], Copy]


def test_copies_of_one_history_agree_however_far_each_has_come(make: Make) -> None:
    copies = [make("own", ENTRIES), make("JN", ENTRIES[:257]), make("DL", ENTRIES[:1]), make("TJ", ENTRIES)]

    assert set(outcomes(copies).values()) == {"pass"}
    assert len(outcomes(copies)) == 4


def test_a_log_that_shows_two_histories_is_found(make: Make) -> None:
    copies = [make("own", REWRITTEN), make("JN", ENTRIES[:500]), make("DL", ENTRIES[:99])]

    assert outcomes(copies) == {"log.XA.own": "pass", "log.XA.JN": "fail", "log.XA.DL": "pass"}


def test_two_histories_of_one_length_are_found(make: Make) -> None:
    assert sorted(outcomes([make("own", REWRITTEN), make("JN", ENTRIES)]).values()) == ["fail", "pass"]


@pytest.mark.parametrize(("history", "outcome"), [(ENTRIES, "pass"), (REWRITTEN, "fail")])
def test_the_chain_is_a_witness_too(make: Make, history: Sequence[bytes], outcome: str) -> None:
    anchored = open_note(make("anchored", history[:300]).note(), [vkey(XA)])
    head = Head(size=300, root=anchored.root, block_number=7)

    assert outcomes([make("own", ENTRIES)], lambda: head) == {"log.XA.own": "pass", "log.XA.chain": outcome}


def test_a_chain_ahead_of_every_copy_or_without_the_log_says_nothing(make: Make) -> None:
    ahead, empty = Head(size=601, root=b"x" * 32, block_number=7), Head(size=0, root=bytes(32), block_number=0)

    for head in (ahead, empty):
        assert outcomes([make("own", ENTRIES)], lambda head=head: head)["log.XA.chain"] == "absent"  # type: ignore[misc] # bound now


@pytest.mark.parametrize("error", [UnavailableError("peer-unreachable"), NotFoundError("nothing-published")])
def test_a_centre_that_shows_nothing_is_no_fault(make: Make, error: Exception) -> None:
    def silent() -> str:
        raise error

    dead = Copy(source="own", note=silent, read=no_tiles)

    assert outcomes([dead, make("JN", ENTRIES)]) == {"log.XA.own": "absent", "log.XA.JN": "pass"}


def test_a_note_of_another_key_or_log_is_a_fault_of_who_shows_it(make: Make) -> None:
    other = Checkpoint(origin="dl.tongping", size=0, root=EMPTY_ROOT)
    foreign = sign_note(Checkpoint(origin=ORIGIN, size=0, root=EMPTY_ROOT), name=ORIGIN, key=LOG_KEYS[DL])
    misnamed = sign_note(other, name=ORIGIN, key=LOG_KEYS[XA])

    for note in (foreign, misnamed, "no note"):
        copies = [Copy(source="JN", note=lambda note=note: note, read=no_tiles), make("own", ENTRIES)]  # type: ignore[misc] # bound now
        assert outcomes(copies) == {"log.XA.JN": "fail", "log.XA.own": "pass"}


def test_tiles_that_do_not_give_the_signed_root_are_the_fault_of_who_serves_them_alone(make: Make) -> None:
    good, largest = make("JN", ENTRIES[:300]), make("own", ENTRIES)
    bent = Copy(source="own", note=largest.note, read=lambda tile: bytes(len(largest.read(tile))))
    bare = Copy(source="own", note=largest.note, read=lack)

    for one in (bent, bare):
        assert outcomes([one, good]) == {"log.XA.own": "fail", "log.XA.JN": "pass"}


def no_tiles(tile: Tile) -> bytes:
    raise AssertionError(tile)


def lack(tile: Tile) -> bytes:
    raise NotFoundError("tile-unknown", path=tile.path)
