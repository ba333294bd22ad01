"""Rules for the journal's entries in sequence, and the growing root over them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.rules import Fault
from journal import Entry
from records.commitment import opens
from records.errors import TongpingError
from records.facts import ROOM_ENTRY_TAKEN
from records.ids import ZERO_DIGEST, Digest
from records.log import merkle
from records.room_entry import RoomEntry, SignedEntry

BLOCK: Final = 256
"""Entries checked together, and named together in an alarm: those of one tile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The subtrees that give the root of the first `size` leaves: one hash per bit of the size, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def extended(self, leaf: bytes) -> "Frontier":
        peaks, full = [*self.peaks, leaf], self.size
        while full & 1:
            right = peaks.pop()
            peaks[-1] = merkle.node_hash(peaks[-1], right)
            full >>= 1
        return Frontier(size=self.size + 1, peaks=tuple(peaks))

    def root(self) -> bytes:
        if not self.peaks:
            return merkle.EMPTY_ROOT
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = merkle.node_hash(peak, root)
        return root


@dataclass(frozen=True, slots=True, kw_only=True)
class Predecessor:
    """A record's predecessor in its project: number and digest (0 and zeros: none), and entries lost in between."""

    seq: int = 0
    digest: Digest = ZERO_DIGEST
    lost: int = 0


def block_of(index: int) -> str:
    """The subject that names an entry's block."""
    first = index - index % BLOCK
    return f"entries:{first}-{first + BLOCK - 1}"


def missing_indexes(start: int, end: int, entries: Sequence[Entry]) -> list[int]:
    """The missing places from `start` to before `end`."""
    there = {entry.index for entry in entries}
    return [index for index in range(start, end) if index not in there]


def altered(entry: Entry, tile_leaf: bytes | None) -> Iterator[Fault]:
    """Whether record, salt, commitment, leaf and tile of one entry still agree."""
    where = f"entry {entry.index}"
    if not entry.empty and not opens(entry.commitment, salt=entry.salt, record=entry.record):
        yield Fault(code="record-altered", expected=f"{where}: record and salt give its commitment", found=where)
    leaf = merkle.leaf_hash(entry.commitment)
    if leaf != entry.leaf:
        yield Fault(code="leaf-altered", expected=f"{where}: {leaf.hex()}", found=entry.leaf.hex())
    if tile_leaf is not None and tile_leaf != entry.leaf:
        yield Fault(code="tile-leaf-differs", expected=f"{where}: {tile_leaf.hex()}", found=entry.leaf.hex())


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The place a record claims in its chain. `taken`: it holds an entry of a room."""

    project: str
    seq: int
    previous: str
    session: str
    taken: bool


def place_of(entry: Entry) -> Place | None:
    """None where the record is gone or unreadable: then `altered` gives the reason."""
    try:
        value = entry.value
    except TongpingError:
        return None
    project, seq, previous, session = (value.get(key, "") for key in ("project", "seq", "previous", "session"))
    if not (isinstance(project, str) and type(seq) is int and isinstance(previous, str) and isinstance(session, str)):
        return None
    taken = value.get("type") == ROOM_ENTRY_TAKEN and bool(session)
    return Place(project=project, seq=seq, previous=previous, session=session, taken=taken)


def index_fault(index: int) -> Fault:
    return Fault(code="index-gap", expected=f"entry {index}", found="nothing stands there")


def chain_fault(place: Place, before: Predecessor) -> Fault | None:
    """Whether a record is the next of its project: number and hash continue from the one before."""
    if not before.seq < place.seq <= before.seq + 1 + before.lost:
        return Fault(code="seq-gap", expected=f"number {before.seq + 1}", found=f"number {place.seq}")
    if place.previous != before.digest:
        return Fault(code="previous-differs", expected=before.digest, found=place.previous)
    return None


def room_entry(entry: Entry) -> RoomEntry | None:
    try:
        return SignedEntry.from_wire(entry.value["body"]).entry
    except (TongpingError, KeyError, TypeError):
        return None


def room_faults(entries: Sequence[RoomEntry]) -> Iterator[tuple[str, Fault]]:
    """For one session's entries as they were taken: every author's chain has no gaps. Yields (author, fault)."""
    heads: dict[str, tuple[int, Digest]] = {}
    for entry in sorted(entries, key=lambda one: (one.author, one.seq)):
        seq, head = heads.get(entry.author, (0, ZERO_DIGEST))
        if entry.seq != seq + 1:
            yield entry.author, Fault(code="room-seq-gap", expected=f"entry {seq + 1}", found=f"entry {entry.seq}")
        elif entry.previous != head:
            yield entry.author, Fault(code="room-previous-differs", expected=head, found=entry.previous)
        heads[entry.author] = (entry.seq, entry.hash)


def kind_of(fault: Fault) -> AlarmName:
    """A gap, or a link that does not match."""
    return AlarmName.MISSING_SEQ if fault.code.endswith("-gap") else AlarmName.ALTERED_RECORD
