"""Audits one centre: records, leaves, tiles, roots, anchored heads, mirrors, and every table against the records."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final

import orjson
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel import Session

from chain_gateway.checkpoints import Head, origin_of
from journal.audit import Copy, EntryAudit
from journal.expected_rows import Derived, Key, compare
from journal.store import AUDITED, converted, open_for_reading, position, raw_rows, size
from node import migrations
from node.audit import gateway, mirrors, reports, tables, trust_anchors
from node.audit.alarms import OpenAlarms
from node.audit.findings import Found
from node.audit.log import LogAudit, read_checkpoint, signed
from node.audit.published import Published
from node.audit.room import QUERY, Room
from node.config import Config
from node.office.stages import STAGES
from records import facts, gc_pause
from records.alteration import Alteration
from records.errors import TongpingError, UnavailableError
from records.proof import Verdict

Progress = Callable[[int, int], None]
"""Called with the number of records done and the number of all."""
PUBLISHER: Final = "publish"
RECORDS: Final = ("records.commitment", "records.columns", "records.chain")
_MALFORMED: Final = (KeyError, TypeError, AttributeError, ValueError, TongpingError)
"""The errors of reading a record that matches its commitment but not the form of its type."""


def audit(config: Config, *, offline: bool, progress: Progress) -> Verdict:
    """Audit a centre, running or not; nothing is changed.

    NotFoundError("centre-not-started", "store-missing"); UnavailableError("schema-differs") for a database of another
    version of this program.
    """
    keys = trust_anchors.log_keys(config)
    origin = origin_of(config.centre.code)
    heads = trust_anchors.heads(config, list(keys), offline=offline)
    directory = config.storage.files / "log"
    checkpoint, error = read_checkpoint(directory, keys[origin])
    engine = open_for_reading(config.storage.database)
    try:
        with converted(), Session(engine) as db:
            _check_schema(db)
            one = _Audit(config, db, origin=origin, keys=keys, heads=heads)
            with gc_pause.at_rest():
                one.read(directory if directory.is_dir() else None, checkpoint.size if checkpoint else 0, progress)
            one.compare()
            one.log(checkpoint, error)
            return one.found.verdict()
    finally:
        engine.dispose()


def _check_schema(db: Session) -> None:
    script = ScriptDirectory.from_config(migrations.configuration(None))
    known = db.connection().execute(text("SELECT version_num FROM alembic_version")).scalar()
    if known != script.get_current_head():
        raise UnavailableError("schema-differs", found=str(known), needs=str(script.get_current_head()))


class _Audit:
    """One audit in progress."""

    def __init__(
        self, config: Config, db: Session, *, origin: str, keys: dict[str, tuple[str, ...]], heads: trust_anchors.Heads
    ) -> None:
        self.found = Found()
        self._config = config
        self._db = db
        self._origin = origin
        self._keys = keys
        self._chain = heads
        self._size = size(db)
        self._office = [stage.audit(config.centre.code) for stage in STAGES if stage.audit is not None]
        self._reports = reports.Reports()
        self._alarms = OpenAlarms()
        self._anchorings = gateway.Anchorings()
        self._published = Published(position(db, PUBLISHER)[0])
        rows = chain.from_iterable(raw_rows(db, QUERY))
        self._room = Room(rows, report=partial(self.found.report, "table.room_entry"), opened=self._opened)
        self._roots: dict[int, bytes] = {}

    def _opened(self, definition: Mapping[str, Any]) -> None:
        """Any: as the room keeps it."""
        for part in self._office:
            part.opened(definition)

    def read(self, directory: Path | None, durable: int, progress: Progress) -> None:
        """The single pass over the journal; every part that derives rows takes its records on the way."""
        entries = EntryAudit(
            self._config.centre.code,
            report=self.found.report,
            derive=self._derives(),
            many={facts.ROOM_ENTRY_TAKEN: self._room.derive_many},
            copies={facts.ROOM_ENTRY_TAKEN: Copy(peek=self._room.peek, skip=self._room.skip)},
        )
        log = LogAudit(
            directory, durable=durable, sizes=[*self._sizes(durable), self._size], name="log", report=self.found.report
        )
        for batch in raw_rows(self._db, f"SELECT {AUDITED} FROM journal_entry ORDER BY entry_index"):  # noqa: S608 - our own columns
            entries.feed(batch)
            log.feed(batch)
            progress(entries.size, self._size)
        entries.end()
        log.end()
        self._room.end()
        self._roots = log.roots
        empty = f", {entries.lost + entries.erased:,} of them without content" if entries.lost or entries.erased else ""
        for check in RECORDS:
            self.found.checked(check, f"{entries.size:,} records{empty}")
        if directory is None:
            self.found.absent("log.tiles", "no log on disk")
        else:
            self.found.checked("log.entries", f"bundles of the first {durable:,} entries")
            self.found.checked("log.tiles", f"{log.compared:,} files compared")

    def _derives(self) -> dict[str, Callable[[int, bytes, bytes], None]]:
        """Which part takes which record types; several parts may take the same type."""
        derived = [part.derives for part in (self._reports, self._alarms, self._anchorings, self._published)]
        wanted: dict[str, list[Callable[[int, bytes, bytes], None]]] = {facts.ROOM_ENTRY_TAKEN: [self._room.derive]}
        for part in (*(stage.derives for stage in self._office), *derived):
            for kind, derive in part.items():
                wanted.setdefault(kind, []).append(partial(self._take, derive))
        return {kind: one[0] if len(one) == 1 else partial(_each, tuple(one)) for kind, one in wanted.items()}

    def _take(self, derive: Callable[[int, bytes, bytes], None], index: int, record: bytes, salt: bytes) -> None:
        """Pass a record on. One that its part cannot read is a finding, not the end of the audit."""
        try:
            derive(index, record, salt)
        except _MALFORMED:
            self.found.report("records.columns", _misshapen(f"record {index}", "body"))

    def _sizes(self, durable: int) -> Iterator[int]:
        """Where a root was signed or anchored."""
        yield durable
        yield from (row["size"] for row in tables.rows(self._db, "gateway_checkpoint"))
        head = self._chain.heads.get(self._origin)
        if head is not None:
            yield head.size

    def compare(self) -> None:
        """Every table that can be derived from the records."""
        for stage in self._office:
            for name, rows in stage.rows.items():
                self._table(name, tables.key(name), rows)
        self.found.checked("table.room_entry", f"{self._room.count:,} rows")
        self._table("signing_report", ("session",), lambda: self._reports.reports)
        self._table("signing_signature", ("session", "field"), lambda: self._reports.signatures)
        self._table("explorer_record", ("entry_index",), lambda: self._published.records)
        self._table("explorer_evaluation", ("session",), lambda: self._published.evaluations)
        self._table("explorer_tender", ("project",), lambda: self._published.tenders)
        self._table("monitor_alarm", ("name", "subject", "code"), lambda: self._alarms.rows)
        for alteration in reports.signed_for_two(tables.rows(self._db, "signing_signature")):
            self.found.report("signatures.holders", alteration)
        self.found.checked("signatures.holders", "nobody signed a report for two")
        self._positions()
        self._files()
        self._gateway()
        for name, reason in tables.NOT_DERIVABLE.items():
            self.found.absent(f"table.{name}", reason)

    def _table(self, name: str, key: tuple[str, ...], derived: Callable[[], Mapping[Key, Derived]]) -> None:
        try:
            expected = derived()
        except _MALFORMED:
            self.found.report(f"table.{name}", _misshapen(f"table {name}", "records behind it"))
            return
        for alteration in compare(name, key, expected, tables.rows(self._db, name)):
            self.found.report(f"table.{name}", alteration)
        self.found.checked(f"table.{name}", f"{len(expected):,} rows")

    def _positions(self) -> None:
        for row in tables.rows(self._db, "journal_position"):
            if not 0 <= row["position"] <= self._size:
                where = f"table journal_position, row {row['name']}"
                most, found = f"at most {self._size}", str(row["position"])
                self.found.report(
                    "table.journal_position", Alteration(where=where, field="position", expected=most, found=found)
                )
        self.found.checked("table.journal_position", f"none beyond the journal's {self._size:,} entries")

    def _files(self) -> None:
        """The files that the tables name: reports and bid files by their digests."""
        kept = self._config.storage.files
        for alteration in reports.report_files(tables.rows(self._db, "signing_report"), kept / "reports"):
            self.found.report("files.reports", alteration)
        self.found.checked("files.reports", "every report has the digest under which it lies")
        tenders = [_tender(row["value"]) for row in tables.rows(self._db, "tender")]
        for alteration in reports.bid_files(tenders, kept / "documents"):
            self.found.report("files.documents", alteration)
        self.found.checked("files.documents", "every bid file has the digest that its tender names")

    def _gateway(self) -> None:
        origin, keys = self._origin, self._keys
        rows = list(tables.rows(self._db, "gateway_checkpoint"))
        for alteration in gateway.checkpoints(
            rows, self._anchorings, origin=origin, keys=keys[origin], root=self._roots.get
        ):
            self.found.report("table.gateway_checkpoint", alteration)
        self.found.checked("table.gateway_checkpoint", f"{len(rows):,} checkpoints, each over the root of its records")
        seen = list(tables.rows(self._db, "gateway_witness"))
        witnesses = trust_anchors.witness_keys(self._config)
        own = witnesses.get(self._config.centre.code, ())
        for alteration in gateway.witnessed(seen, self._anchorings, keys=keys, own=own):
            self.found.report("table.gateway_witness", alteration)
        given = list(tables.rows(self._db, "gateway_cosignature"))
        for alteration in gateway.cosignatures(given, {row["size"]: row["note"] for row in rows}, witnesses):
            self.found.report("table.gateway_cosignature", alteration)
        self.found.checked("table.gateway_cosignature", f"{len(given):,} lines, each over the note of its checkpoint")
        for alteration in gateway.forks(tables.rows(self._db, "gateway_fork"), keys):
            self.found.report("table.gateway_fork", alteration)
        self.found.checked("table.gateway_fork", "every note is signed by the log it is evidence against")
        self.found.checked("table.gateway_witness", f"{len(seen):,} checkpoints of other logs")
        self._heads(self._chain.heads)
        for check, one in mirrors.compare(self._config.storage.files / "mirrors", seen, self._chain.heads, keys):
            if one is None:
                self.found.checked(check, "bundles, tiles and root fit its note")
            else:
                self.found.report(check, one)

    def _heads(self, heads: Mapping[str, Head]) -> None:
        """The own head on the chain."""
        check = "chain.head"
        if not self._chain.asked:
            self.found.absent(check, "offline" if self._config.chain.rpc else "no chain configured")
            return
        head = heads[self._origin]
        root = self._roots.get(head.size)
        if root is None:
            short = Alteration(where=check, field="size", expected=str(head.size), found=str(self._size))
            self.found.report(check, short)
        elif root != head.root:
            self.found.report(check, Alteration(where=check, field="root", expected=head.root.hex(), found=root.hex()))
        self.found.checked(check, f"{head.size:,} entries anchored")

    def log(self, checkpoint: Any, error: Any) -> None:
        """The checkpoint beside the tiles. Any: the result of read_checkpoint."""
        if checkpoint is None and error is None:
            self.found.absent("log.checkpoint", "no checkpoint on disk")
            return
        for alteration in signed(checkpoint, error, name="log", origin=self._origin, roots=self._roots):
            self.found.report("log.checkpoint", alteration)
        self.found.checked("log.checkpoint", f"{checkpoint.size if checkpoint else 0:,} entries signed")


def _misshapen(where: str, field: str) -> Alteration:
    return Alteration(where=where, field=field, expected="the form of its type", found="another form")


def _each(derives: Sequence[Callable[[int, bytes, bytes], None]], index: int, record: bytes, salt: bytes) -> None:
    for derive in derives:
        derive(index, record, salt)


def _tender(value: str) -> dict[str, Any]:
    """A tender as its row holds it; empty for an unreadable one, which the comparison reports. Any: JSON."""
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
