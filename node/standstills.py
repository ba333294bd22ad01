"""Work of this centre that stands still while the rest continues: why, since when, and how to retry it."""

from collections.abc import Iterator, Sequence
from typing import Final

from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.desk import Alarms
from chain_gateway.monitor.rules import Fault, Looked
from journal import Follower, Journal, Standstill
from journal.set_aside import standstills
from records.errors import NotFoundError
from records.ids import SessionId, session_project

_WORK: Final = "work:"


class Standstills:
    """Over all followers of one centre: each sets aside failed work, by session or by project."""

    def __init__(self, journal: Journal, alarms: Alarms, followers: Sequence[Follower]) -> None:
        self._journal = journal
        self._alarms = alarms
        self._followers = followers

    def of(self, session: SessionId) -> list[Standstill]:
        """The standstills of this session, the oldest first."""
        with self._journal.reading() as db:
            return [one for one in standstills(db) if one.subject in _subjects(session)]

    def retry(self, session: SessionId) -> None:
        """Retry everything that keeps this session now; NotFoundError("nothing-set-aside")."""
        hastened = [one.set_aside.hasten(subject) for one in self._followers for subject in _subjects(session)]
        if not any(hastened):
            raise NotFoundError("nothing-set-aside", session=session)

    def looked(self) -> Iterator[Looked]:
        """An alarm for everything set aside and for every stopped follower; cleared once it continues."""
        with self._journal.reading() as db:
            found = {f"{_WORK}{one.follower}/{one.subject}": one.code for one in standstills(db)}
        for state in (one.state for one in self._followers):
            if state.stopped and state.name != "anchor":  # `missed-anchor` reports that one
                found[f"{_WORK}{state.name}"] = state.stopped
        for subject, code in found.items():
            fault = Fault(code=code, expected="the work goes on", found="it stands still")
            yield Looked(name=AlarmName.STANDSTILL, subject=subject, faults=(fault,))
        for alarm in self._alarms.open(AlarmName.STANDSTILL):
            if alarm.subject not in found:
                yield Looked(name=AlarmName.STANDSTILL, subject=alarm.subject)


def _subjects(session: SessionId) -> tuple[str, str]:
    return session, session_project(session)
