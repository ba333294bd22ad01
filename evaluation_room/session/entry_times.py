"""When an entry says it was written: near its receipt at its own centre, within its stage, not before the last one.

The one clock rule of the room. The time is the author's own statement, and rules use it (deadlines, standstills,
order of events); so whoever receives it first holds it to the own clock. A centre that gets the entry by replication
cannot: the line may have been cut for hours. It holds the order alone.
"""

from datetime import datetime, timedelta
from typing import Final

from records.errors import InvalidRecordError
from records.ids import instant, parse_instant
from records.room_entry import RoomEntry

CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""How far apart the clocks of a browser, its centre and another centre may be."""
WAITS_AT_MOST: Final = timedelta(hours=12)
"""How long an entry may wait in a browser that does not reach its centre; longer than any fault may last."""


def check_receipt(entry: RoomEntry, received: datetime, *, entered: str) -> None:
    """At the author's own centre: neither ahead of the receipt, nor long before it, nor before its stage (`entered`).

    Raises InvalidRecordError: entry-time-ahead, entry-time-past.
    """
    ahead = instant(received + CLOCKS_DIFFER)
    if entry.at > ahead:
        raise InvalidRecordError("entry-time-ahead", at=entry.at, received=instant(received))
    if entry.at < max(instant(received - WAITS_AT_MOST), instant(parse_instant(entered) - CLOCKS_DIFFER)):
        raise InvalidRecordError("entry-time-past", at=entry.at, received=instant(received))


def check_order(before: RoomEntry | None, entry: RoomEntry, *, back: timedelta) -> None:
    """Everywhere: not before the entry it follows, but for `back`. Raises InvalidRecordError("entry-time-back")."""
    if before is None or entry.at >= before.at:
        return
    if parse_instant(before.at) - parse_instant(entry.at) > back:
        raise InvalidRecordError("entry-time-back", author=entry.author, seq=entry.seq)


def not_before(before: RoomEntry | None, at: str) -> str:
    """The time for an honest author's next entry: a clock that was set back stands still until it has caught up."""
    return at if before is None else max(at, before.at)
