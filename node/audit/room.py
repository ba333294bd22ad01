"""The room's table against the records of its entries, in parallel: both hold the same bytes in the same order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from journal.expected_rows import UNACCOUNTED, Derived, compare_row, read
from records import canonical
from records.alteration import ABSENT, Alteration

QUERY: Final = "SELECT place, session, author, seq, kind, wire FROM room_entry ORDER BY place"
_TABLE: Final = "room_entry"
_BODY: Final = b',"body":'
_BEHIND: Final = b',"centre":'
_SEQ: Final = b'","seq":'
_HEAD: Final = len('{"entry":{"at":"2026-11-23T06:03:22.123Z')
_HEX: Final = 64
_OPENED: Final = "session-opened"
Key = tuple[str, str, int]


class _Taken(NamedTuple):
    """A record of an entry still without its row."""

    number: int
    record: bytes
    salt: bytes


class Room:
    """Takes each `room.entry-taken` record; reads the next row of the table for each."""

    def __init__(
        self,
        rows: Iterator[tuple[Any, ...]],
        *,
        report: Callable[[Alteration], None],
        opened: Callable[[Mapping[str, Any]], None],
    ) -> None:
        """`rows`: of QUERY (any: as the driver gives them). `opened` is called with the definition of every session."""
        self._rows = rows
        self._report = report
        self._opened = opened
        self._waiting_rows: dict[Key, tuple[Any, ...]] = {}
        self._waiting_records: dict[Key, _Taken] = {}
        self._last = (-1, -1)
        self._drawn: tuple[Any, ...] | None = None
        self._same = _Same()
        self.count = 0

    @property
    def _in_step(self) -> bool:
        return not self._waiting_rows and not self._waiting_records

    def derive_many(self, taken: Sequence[tuple[int, bytes, bytes]]) -> None:
        """As `derive`, for many: one row each, and one by one from the first that differs."""
        if self._drawn is not None or not self._in_step:
            rows: list[tuple[Any, ...]] = []
        else:
            rows = list(islice(self._rows, len(taken)))
        done = self._same.count(rows, [record for _, record, _ in taken])
        for (_, record, _), row in zip(taken[:done], rows, strict=False):
            if row[4] == _OPENED:
                self._look(row, record)
        if done:
            self._last = (taken[done - 1][0], rows[done - 1][0])
        self.count += done
        if done < len(taken):
            self._rows = chain(rows[done:], self._rows)
            self.derive(*taken[done])
            self.derive_many(taken[done + 1 :])

    def _look(self, row: tuple[Any, ...], record: bytes) -> None:
        if row[4] == _OPENED:
            self._opened(read(record)["body"]["entry"]["body"]["definition"])

    def derive(self, index: int, record: bytes, salt: bytes) -> None:
        self.count += 1
        row = self._next() if self._drawn else next(self._rows, None)
        if row is not None and self._in_step and self._same.count([row], [record]):
            self._last = (index, row[0])
            self._look(row, record)
            return
        self._slowly(row, _Taken(index, record, salt))

    def peek(self) -> bytes | None:
        """The next row's copy of a record's body."""
        row = self._next()
        self._drawn = row
        wire = row[5] if row is not None else None
        return wire if isinstance(wire, bytes) else None

    def skip(self) -> None:
        """Skip the next row: its record is altered beyond recognition, and reported already."""
        self._next()

    def _next(self) -> tuple[Any, ...] | None:
        row, self._drawn = self._drawn, None
        return row if row is not None else next(self._rows, None)

    def end(self) -> None:
        """Rows without a record, and records without a row."""
        while (row := self._next()) is not None:
            self._match(row, None)
        for key, row in self._waiting_rows.items():
            where = f"table {_TABLE}, row {row[0]}"
            self._report(
                Alteration(
                    where=where, field="row", expected=ABSENT, found=f"{UNACCOUNTED} ({' '.join(map(str, key))})"
                )
            )
        for taken in self._waiting_records.values():
            row_of = f"the row of record {taken.number}"
            self._report(
                Alteration(where=f"table {_TABLE}", index=taken.number, field="row", expected=row_of, found=ABSENT)
            )

    def _slowly(self, row: tuple[Any, ...] | None, taken: _Taken) -> None:
        """Out of step, or different: match by the key of an entry, then compare field by field."""
        entry = _entry(taken.record)
        if entry.get("kind") == _OPENED:
            self._opened(entry.get("body", {}).get("definition", {}))
        key = _key(entry)
        if row is not None and _nearly(row, key, entry):
            self._compare(row, taken)
            return
        self._match(row, (key, taken))

    def _match(self, row: tuple[Any, ...] | None, waiting: tuple[Key, _Taken] | None) -> None:
        if row is not None:
            self._waiting_rows[(row[1], row[2], row[3])] = row
        if waiting is not None:
            self._waiting_records[waiting[0]] = waiting[1]
        both = [key for key in self._waiting_rows if key in self._waiting_records]
        for key in both:
            self._compare(self._waiting_rows.pop(key), self._waiting_records.pop(key))

    def _compare(self, row: tuple[Any, ...], taken: _Taken) -> None:
        place, session, author, seq, kind, wire = row
        entry, body = _entry(taken.record), read(taken.record).get("body", {})
        columns = {name: entry.get(name) for name in ("session", "author", "seq", "kind")}
        derived = Derived(index=taken.number, salt=taken.salt, columns={**columns, "wire": canonical.encode(body)})
        found = {"session": session, "author": author, "seq": seq, "kind": kind, "wire": wire}
        for one in compare_row(_TABLE, (place,), derived, found):
            self._report(one)
        if (taken.number > self._last[0]) is not (place > self._last[1]):
            order = f"after {self._last[1]}" if taken.number > self._last[0] else f"before {self._last[1]}"
            where = f"table {_TABLE}, row {place}"
            self._report(
                Alteration(where=where, index=taken.number, field="place", expected=order, found=str(place), rank=0)
            )
        self._last = max(self._last, (taken.number, place))


class _Same:
    """Whether rows match their records' entries, in all their columns, compared as bytes.

    The first `,"body":` of a record is its own, since only texts precede it, in which quotes are escaped. For the same
    reason the last `","seq":` of an entry in wire form is the entry's: only names and a signature follow it.
    """

    def __init__(self) -> None:
        self._ends: dict[tuple[str, str, str], tuple[bytes, bytes, str]] = {}

    def count(self, rows: Sequence[tuple[Any, ...]], records: Sequence[bytes]) -> int:
        """How many match, up to the first that does not. Any: as the driver gives them.

        Slices and partitions: half the time of `startswith` and `find`, which parse their arguments anew at each call.
        """
        ends, done = self._ends, 0
        for (_, session, author, seq, kind, wire), record in zip(rows, records, strict=False):
            key = (session, author, kind)
            if type(wire) is not bytes:
                break
            front, middle, rest = ends[key] if key in ends else self._learn(key)
            behind = record.partition(_BODY)[2]
            size = len(wire)
            before, _, tail = wire.rpartition(_SEQ)
            says = f"{seq}{rest}".encode()
            if not (
                behind[:size] == wire
                and behind[size : size + len(_BEHIND)] == _BEHIND
                and wire[_HEAD : _HEAD + len(front)] == front
                and tail[: len(says)] == says
                and before[-_HEX - len(middle) : -_HEX] == middle
            ):
                break
            done += 1
        return done

    def _learn(self, key: tuple[str, str, str]) -> tuple[bytes, bytes, str]:
        session, author, kind = key
        front, middle = f'","author":"{author}","body":', f',"kind":"{kind}","previous":"sha256:'
        ends = self._ends[key] = (front.encode(), middle.encode(), f',"session":"{session}","stage":"')
        return ends


def _entry(record: bytes) -> dict[str, Any]:
    entry = read(record).get("body", {}).get("entry", {})
    return entry if isinstance(entry, dict) else {}


def _key(entry: Mapping[str, Any]) -> Key:
    return str(entry.get("session")), str(entry.get("author")), int(entry.get("seq", 0))


def _nearly(row: tuple[Any, ...], key: Key, entry: Mapping[str, Any]) -> bool:
    """Whether the next row is this entry's in spite of a difference: one part of its key may have been altered."""
    same = sum(one == other for one, other in zip((row[1], row[2], row[3]), key, strict=True))
    return same == len(key) or (same == len(key) - 1 and entry.get("kind") == row[4] and _wire_key(row[5]) == key)


def _wire_key(wire: object) -> Key | None:
    try:
        return _key(read(wire)["entry"]) if isinstance(wire, bytes) else None
    except (ValueError, KeyError, TypeError):
        return None
