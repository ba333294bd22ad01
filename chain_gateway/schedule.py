"""When checkpoints are anchored and how long their calldata is: neither may tell an observer what happened."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from records.errors import InvalidRecordError

PROOF_NODES: Final = 40
"""Every payload is as long as one whose consistency proof has so many nodes: enough for 2^39 records."""
_WORD: Final = 32
_SELECTOR: Final = 4
_HEAD_WORDS: Final = 6
"""Log, old size, new size, root, offset of the proof, number of its nodes."""
PAYLOAD_BYTES: Final = _SELECTOR + (_HEAD_WORDS + PROOF_NODES) * _WORD
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING: Final = timedelta(0)


def padded(calldata: bytes) -> bytes:
    """Fill the calldata of an anchor with zero bytes to the one length that all have; the contract passes over them.

    InvalidRecordError("payload-too-long") for a proof of more than 40 nodes: no log is that large.
    """
    if len(calldata) > PAYLOAD_BYTES:
        raise InvalidRecordError("payload-too-long", size=len(calldata), maximum=PAYLOAD_BYTES)
    return calldata.ljust(PAYLOAD_BYTES, b"\0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Checkpoints at the multiples of an interval; without an interval, at once."""

    interval: timedelta

    def pause(self, now: datetime, *, since_last: timedelta | None) -> timedelta:
        """How long to wait for the next checkpoint: until the next multiple of the interval.

        `now` is the wall clock, which may jump; `since_last` is the time since the last checkpoint by a clock that
        does not. A multiple less than half an interval after the last checkpoint is passed over. So, whatever the wall
        clock does, checkpoints are between half and one and a half intervals apart: never a burst, never a stop.
        """
        if not self.interval:
            return _NOTHING
        until_next = self.interval - (now - _EPOCH) % self.interval
        if since_last is not None and since_last + until_next < self.interval / 2:
            until_next += self.interval
        return until_next
