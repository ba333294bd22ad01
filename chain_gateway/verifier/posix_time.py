"""Converts the POSIX seconds in blocks and cosignatures to times that can be compared with a key's window."""

from datetime import UTC, datetime
from typing import Final

from records.errors import InvalidRecordError

_LAST: Final = 253_402_300_799
"""9999-12-31T23:59:59Z; no key is valid later."""


def moment(seconds: int) -> datetime:
    """Raises InvalidRecordError("time-impossible") for a time outside the years 1970 to 9999."""
    if not 0 <= seconds <= _LAST:
        raise InvalidRecordError("time-impossible", seconds=str(seconds))
    return datetime.fromtimestamp(seconds, UTC)
