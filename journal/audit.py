"""Audits the journal's own table in one pass: record, salt, commitment, leaf, the columns beside, the projects' chains.

What the commitment proves was canonical when it was written, so nothing is parsed here: the end of a record is compared
as bytes. Only what does not fit is looked at closely.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from journal.diagnosis import Around, Row, diagnose
from journal.store import LOST
from records.alteration import ABSENT, Alteration, decoded
from records.commitment import SALT_SIZE
from records.facts import RECORD_ERASED
from records.ids import ZERO_DIGEST, CentreCode

_sha256 = hashlib.sha256
_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))
_INNER_REST: Final = b"\x36" * 32
_OUTER_REST: Final = b"\x5c" * 32
"""HMAC-SHA-256 written out for keys of 32 bytes: half the time of a call that sets up a key for every record."""

Report = Callable[[str, Alteration], None]
"""Called with every alteration and the name of the check it fails."""
Derive = Callable[[int, bytes, bytes], None]
"""Called with each record of its type: index, bytes, salt."""

Taken = tuple[int, bytes, bytes]
"""The arguments of `Derive`, many records at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A table that keeps the bodies of one type of record in the same order: the next one, or pass over it."""

    peek: Callable[[], bytes | None]
    skip: Callable[[], None]


Link = tuple[int, str, int]
"""The end of a project's chain: the last number, its digest, and how many entries had been lost by then."""
_START: Final[Link] = (0, ZERO_DIGEST, 0)
_UNKNOWN: Final = ("", "")


class EntryAudit:
    """Takes the rows in their order and calls `report` at once for each alteration."""

    def __init__(
        self,
        centre: CentreCode,
        *,
        report: Report,
        derive: Mapping[str, Derive],
        many: Mapping[str, Callable[[Sequence[Taken]], None]] | None = None,
        copies: Mapping[str, Copy] | None = None,
    ) -> None:
        """By record type: `derive` rebuilds a table from the records; `copies` knows what a body was.

        `many`: takes the records of the most frequent type in batches; that type is in `derive` as well.
        """
        self._head = f',"centre":"{centre}","previous":"'
        self._tails: dict[tuple[str, str, str], tuple[str, str]] = {}
        self._centre = centre
        self._report = report
        self._derive = {**derive, RECORD_ERASED: self._erasure}
        self._many = many or {}
        self._waiting: list[Taken] = []
        self._copies = copies or {}
        self._chains: dict[str, Link] = {}
        self._missing: dict[int, Alteration] = {}
        self._erased: set[int] = set()
        self.size = 0
        self.lost = 0
        self.erased = 0

    def feed(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Audit the next rows. Any: as the driver gives them, in the order of `Row`.

        A sound batch is audited column by column, any other row by row.
        """
        columns = tuple(zip(*rows, strict=True))
        if rows and self._fit(columns):
            self._follow(rows)
        else:
            for row in rows:
                self._look(row)
        self._flush()

    def _fit(self, columns: tuple[tuple[Any, ...], ...]) -> bool:
        """Whether record, salt, digest, commitment and leaf of every row fit each other. Any: as in `feed`."""
        numbers, *_, digests, records, salts, commitments, leaves = columns
        if numbers != tuple(range(self.size, self.size + len(numbers))):
            return False
        if {type(one) for one in records} != {bytes} or {type(one) for one in salts} != {bytes}:
            return False
        sha256 = _sha256
        inner = [
            sha256(salt.translate(_INNER) + _INNER_REST + record).digest()
            for salt, record in zip(salts, records, strict=True)
        ]
        outer = [
            sha256(salt.translate(_OUTER) + _OUTER_REST + one).digest() for salt, one in zip(salts, inner, strict=True)
        ]
        return (
            {len(salt) for salt in salts} == {SALT_SIZE}
            and outer == list(commitments)
            and [sha256(b"\x00" + one).digest() for one in outer] == list(leaves)
            and ["sha256:" + sha256(record).hexdigest() for record in records] == list(digests)
        )

    def _follow(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """The chains through rows that fit in themselves. Any: as in `feed`."""
        chains, tails, derives, head, lost_now = self._chains, self._tails, self._derive, self._head, self.lost
        many, waiting = self._many, self._waiting
        for row in rows:
            number, type_, project, session, seq, digest, record, salt, _, _ = row
            last, previous, lost = chains.get(project, _START)
            middle, rest = tails.get((project, session, type_), _UNKNOWN)
            end = f"{head}{previous}{middle}{seq}{rest}".encode()
            if seq != last + 1 + lost_now - lost or not (record[-len(end) :] == end or self._ends_right(row, previous)):
                self._altered(Row._make(row), last + 1 + lost_now - lost, previous)
                continue
            chains[project] = (seq, digest, lost_now)
            if type_ in many:
                waiting.append((number, record, salt))
            elif type_ in derives:
                derives[type_](number, record, salt)
        self.size += len(rows)

    def _flush(self) -> None:
        """Hand over the waiting records before anything that must follow them."""
        for derive in self._many.values():
            if self._waiting:
                derive(self._waiting)
        self._waiting.clear()

    def _look(self, row: tuple[Any, ...]) -> None:
        """One row of a batch in which something does not fit. Any: as in `feed`."""
        number, _, project, _, _, _, record, salt, _, _ = row
        if number != self.size:
            self._not_dense(number)
        self.size = number + 1
        if type(record) is not bytes or type(salt) is not bytes:
            self._without_content(Row._make(row))
            return
        kept, self.size = self.size, number
        if self._fit(tuple((value,) for value in row)):
            self._follow((row,))
            return
        self.size = kept
        last, previous, lost = self._chains.get(project, _START)
        self._altered(Row._make(row), last + 1 + self.lost - lost, previous)

    def end(self) -> None:
        """Report what no later record explained."""
        for index, alteration in sorted(self._missing.items()):
            if index in self._erased:
                self.erased += 1
            else:
                self._report("records.commitment", alteration)

    def _ends_right(self, row: tuple[Any, ...], previous: str) -> bool:
        """Whether the record ends with just what the columns and the chain say. Any: as `feed` was given it.

        The compared text holds no brace, so it is the end of the outermost object. The text between the numbers is
        cached: the next record of this type in this session usually ends alike.
        """
        type_, project, session, seq, record = *row[1:5], row[6]
        middle = f'","project":"{project}","seq":'
        within = f',"session":"{session}"' if session else ""
        front = f'{self._head}{previous}{middle}{seq}{within},"stage":"'.encode()
        start = record.rfind(front)
        if start < 0:
            return False
        stage = record[start + len(front) : record.find(b'"', start + len(front))].decode()
        rest = f'{within},"stage":"{stage}","type":"{type_}","version":1}}'
        self._tails[project, session, type_] = (middle, rest)
        return bool(record[start:] == f"{self._head}{previous}{middle}{seq}{rest}".encode())

    def _altered(self, row: Row, seq: int, previous: str) -> None:
        """Name the alteration and continue with the fields that are still right, so that it is reported only once."""
        self._flush()
        copy = self._copies.get(row.type)
        around = Around(centre=self._centre, seq=seq, previous=previous, body=copy.peek() if copy else None)
        diagnosis = diagnose(row, around)
        for check, alteration in diagnosis.found:
            self._report(check, alteration)
        if diagnosis.record is None:
            if copy:
                copy.skip()
            self._chains[row.project] = (row.seq or seq, row.digest or ZERO_DIGEST, self.lost)
            return
        value = decoded(diagnosis.record)
        says = value if isinstance(value, dict) else {}
        project, own, kind = str(says.get("project", row.project)), says.get("seq"), str(says.get("type", row.type))
        digest = "sha256:" + _sha256(diagnosis.record).hexdigest()
        self._chains[project] = (own if isinstance(own, int) else seq, digest, self.lost)
        if kind in self._derive:
            self._derive[kind](row.number, diagnosis.record, row.salt or b"")

    def _without_content(self, row: Row) -> None:
        """Check the leaf, all that is left; a record neither lost nor erased is missing."""
        leaf = _sha256(b"\x00" + row.commitment).digest()
        if leaf != row.leaf:
            self._report("records.commitment", _of(row, "leaf", leaf.hex(), row.leaf.hex(), rank=0))
        if row.type == LOST and row.seq is None:
            self.lost += 1
            return
        field = "record" if not isinstance(row.record, bytes) else "salt"
        self._missing[row.number] = _of(row, field, f"what {row.commitment.hex()} commits to", ABSENT)
        last, _, lost = self._chains.get(row.project, _START)
        seq = last + 1 + self.lost - lost
        if row.seq != seq:
            self._report("records.chain", _of(row, "seq", str(seq), str(row.seq), rank=0))
        self._chains[row.project] = (row.seq or seq, row.digest or ZERO_DIGEST, self.lost)

    def _erasure(self, _number: int, record: bytes, _salt: bytes) -> None:
        self._erased.add(erased_index(record))

    def _not_dense(self, index: int) -> None:
        missing = f"record {self.size}"
        self._report(
            "records.chain",
            Alteration(
                where=missing, index=self.size, field="index", expected=str(self.size), found=str(index), rank=0
            ),
        )


def _of(row: Row, field: str, expected: str, found: str, rank: int = 1) -> Alteration:
    return Alteration(
        where=f"record {row.number}", index=row.number, field=field, expected=expected, found=found, rank=rank
    )


def erased_index(record: bytes) -> int:
    """Which record an erasure names; -1 when the bytes are wrong, which is reported elsewhere."""
    digits = record.partition(b'"body":{"index":')[2].partition(b",")[0]
    return int(digits) if digits.isdigit() else -1
