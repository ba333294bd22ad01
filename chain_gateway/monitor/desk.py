"""Raises alarms once, clears them when the condition holds again, and writes both to the journal."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from chain_gateway.monitor import store
from chain_gateway.monitor.alarms import (
    LONGEST_SUBJECT,
    LONGEST_VALUE,
    Alarm,
    AlarmName,
    acknowledged_fact,
    cleared_fact,
    raised_fact,
)
from chain_gateway.monitor.rules import Looked
from journal import Journal, Work
from records.errors import InvalidRecordError, NotFoundError
from records.ids import Author, PersonId, instant, parse_instant

SEEN_AGAIN: Final = timedelta(minutes=1)
"""Age of `last_seen` from which a look with the same result writes it again."""
LONGEST_REASON: Final = 500


class Alarms:
    """The open alarms of a centre. Never call it within the caller's own `Journal.work`.

    Every command raises the journal's errors (UnavailableError while the store does not answer); all of them may be
    repeated.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def raise_(self, name: AlarmName, subject: str, code: str, *, expected: object = "", found: object = "") -> None:
        """Raise an alarm. The same one is raised once; seen again, only `last_seen` changes.

        `code`: kebab-case, of an error or of a rule. `expected`, `found`: the expected and the found value, in words or
        figures that are not secret.
        """
        subject = subject[:LONGEST_SUBJECT]
        with self._journal.reading() as db:
            known = store.find(db, name, subject, code)
        if known is not None and not self._stale(known):
            return
        with self._journal.work() as work:
            known = store.find(work.db, name, subject, code)
            if known is not None:
                store.keep(work.db, replace(known, last_seen=instant(work.now)))
                return
            self._open(work, name, subject, code, expected=str(expected), found=str(found))

    def clear(self, name: AlarmName, subject: str, *, code: str = "") -> None:
        """Clear the alarms of this name and subject: all of them, or those of one code."""
        subject = subject[:LONGEST_SUBJECT]
        with self._journal.reading() as db:
            if not _chosen(store.of_subject(db, name, subject), code):
                return
        with self._journal.work() as work:
            for alarm in _chosen(store.of_subject(work.db, name, subject), code):
                store.drop(work.db, alarm)
                work.record(cleared_fact(alarm))

    def settle(self, looked: Looked) -> None:
        """Apply one look at a subject: its faults are raised, its other alarms of this name cleared."""
        for fault in looked.faults:
            self.raise_(looked.name, looked.subject, fault.code, expected=fault.expected, found=fault.found)
        codes = {fault.code for fault in looked.faults}
        with self._journal.reading() as db:
            gone = [one for one in store.of_subject(db, looked.name, looked.subject) if one.code not in codes]
        for alarm in gone:
            self.clear(looked.name, looked.subject, code=alarm.code)

    def open(self, name: AlarmName | None = None) -> tuple[Alarm, ...]:
        """The open alarms, all or those of one name, in the order in which they were raised."""
        with self._journal.reading() as db:
            return tuple(alarm for alarm in store.every(db) if name in (None, alarm.name))

    def acknowledge(self, entry: int, *, by: PersonId, reason: str) -> Alarm:
        """An operator has seen the alarm raised by this journal entry; it stays open until it is cleared.

        NotFoundError("alarm-unknown"), InvalidRecordError("reason-missing" | "reason-too-long").
        """
        reason = reason.strip()
        if not reason:
            raise InvalidRecordError("reason-missing")
        if len(reason) > LONGEST_REASON:
            raise InvalidRecordError("reason-too-long", maximum=LONGEST_REASON)
        with self._journal.work() as work:
            alarm = store.numbered(work.db, entry)
            if alarm is None:
                raise NotFoundError("alarm-unknown")
            alarm = replace(alarm, acknowledged_by=by, acknowledged_at=instant(work.now), reason=reason)
            store.keep(work.db, alarm)
            work.record(acknowledged_fact(alarm, author=Author(f"operator:{by}"), reason=reason))
        return alarm

    def _open(self, work: Work, name: AlarmName, subject: str, code: str, *, expected: str, found: str) -> None:
        entry = work.record(raised_fact(name, subject, code, expected=expected, found=found))
        now = instant(work.now)
        alarm = Alarm(
            name=name,
            subject=subject,
            code=code,
            expected=expected[:LONGEST_VALUE],
            found=found[:LONGEST_VALUE],
            first_seen=now,
            last_seen=now,
            entry=entry.index,
        )
        store.keep(work.db, alarm)

    def _stale(self, alarm: Alarm) -> bool:
        """In either direction: the clock may have been moved."""
        return abs(self._journal.now() - parse_instant(alarm.last_seen)) >= SEEN_AGAIN


def _chosen(alarms: list[Alarm], code: str) -> list[Alarm]:
    return [alarm for alarm in alarms if code in ("", alarm.code)]
