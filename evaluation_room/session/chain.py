"""One author's chain of entries in a session: dense, linked by hashes, only ever longer."""

from dataclasses import dataclass
from typing import Final

from records.errors import EvidenceMismatchError, InvalidRecordError, UnavailableError
from records.ids import ZERO_DIGEST, Digest, digest
from records.room_entry import RoomEntry, SignedEntry

MOST_BYTES: Final = 2 * 1024 * 1024
"""Of one author's entries in a session: some four thousand marks. Thirty such authors fit into an evidence bundle, so
nobody keeps an evaluation from being proven by writing without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    entries: tuple[SignedEntry, ...] = ()
    head: Digest = ZERO_DIGEST
    """The hash of the last entry, zeros before the first."""
    size: int = 0
    """Bytes of all entries."""

    @property
    def seq(self) -> int:
        return len(self.entries)

    @property
    def last(self) -> RoomEntry | None:
        return self.entries[-1].entry if self.entries else None

    def after(self, seq: int) -> tuple[SignedEntry, ...]:
        return self.entries[seq:]

    def holds(self, entry: RoomEntry) -> bool:
        """Whether exactly this entry is here already."""
        return entry.seq <= self.seq and self.entries[entry.seq - 1].entry == entry

    def check_next(self, entry: RoomEntry) -> None:
        """Return when the entry comes next. A gap waits for the missing entries.

        Another entry in a place already filled, or on another predecessor, is a fork: never written over. One that
        makes the chain longer than MOST_BYTES is InvalidRecordError("chain-too-long"), in every city alike.
        """
        if entry.seq > self.seq + 1:
            raise UnavailableError("dependency-missing", author=entry.author, seq=entry.seq, needs="predecessor")
        if entry.seq <= self.seq or entry.previous != self.head:
            raise EvidenceMismatchError("chain-fork", author=entry.author, seq=entry.seq)
        if self.size + len(entry.encode()) > MOST_BYTES:
            raise InvalidRecordError("chain-too-long", author=entry.author, most=MOST_BYTES)

    def with_next(self, signed: SignedEntry) -> "Chain":
        data = signed.entry.encode()
        return Chain(entries=(*self.entries, signed), head=digest(data), size=self.size + len(data))
