"""After a recovery a centre writes nothing where it may have lost its own entries, until the others have returned them.

A centre that signs another entry in a place it filled before has two histories, and no venue accepts it any more
(`chain-fork`). The venues connected to this centre hold its entries; missing ones come by replication. Its entries to
its room leave only over those connections, so no third venue can hold more.
"""

import threading
from datetime import timedelta
from functools import cached_property

from evaluation_room.session.entry_times import CLOCKS_DIFFER
from evaluation_room.session.session import Session
from journal import Journal
from records import facts
from records.errors import UnavailableError
from records.ids import Author, CentreCode, SessionId, instant, parse_instant


class RecoveryHold:
    """The length of the own chain at the venues of each session, as they stated it to this process. Thread-safe."""

    def __init__(self, journal: Journal, centre: CentreCode) -> None:
        self._journal = journal
        self._centre = centre
        self._author = Author(f"centre:{centre}")
        self._lock = threading.Lock()
        self._lengths: dict[SessionId, dict[CentreCode, int]] = {}

    @cached_property
    def recovered_at(self) -> str:
        """When the journal was last recovered, by the own clock; empty when never. That only happens while stopped."""
        recovered = self._journal.find(type=facts.JOURNAL_RECOVERED)
        return str(recovered[-1].value["at"]) if recovered else ""

    def note_length(self, session: SessionId, venue: CentreCode, seq: int) -> None:
        """A venue holds the own chain up to here."""
        with self._lock:
            known = self._lengths.setdefault(session, {})
            known[venue] = max(seq, known.get(venue, 0))

    def check(self, session: Session) -> None:
        """UnavailableError("room-recovering") while this centre may have written more than it knows; that passes."""
        if not self._may_have_forgotten(session):
            return
        with self._lock:
            lengths = dict(self._lengths.get(session.id, {}))
        own = session.chain(self._author).seq
        for venue in _joined(session, self._centre):
            if lengths.get(venue, own + 1) > own:
                raise UnavailableError("room-recovering", session=session.id, centre=venue)

    def _may_have_forgotten(self, session: Session) -> bool:
        """Only in a session that was open, anywhere, before the recovery."""
        if not self.recovered_at:
            return False
        host = session.definition.host
        ahead = timedelta() if host.code == self._centre else CLOCKS_DIFFER
        opened = session.chain(host.author).entries[0].entry.at
        return opened <= instant(parse_instant(self.recovered_at) + ahead)


def _joined(session: Session, centre: CentreCode) -> list[CentreCode]:
    """The venues connected to this centre: of a host every guest, of a guest the host."""
    host = session.definition.host.code
    return [guest.code for guest in session.definition.guests] if host == centre else [host]
