"""Rereads the whole journal continuously, block by block, and compares it with leaves, tiles and anchored roots."""

from collections.abc import Callable, Sequence

from chain_gateway.checkpoints import Head
from chain_gateway.monitor import rolling, store
from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.desk import Alarms
from chain_gateway.monitor.rolling import BLOCK, Frontier, Place, Predecessor
from chain_gateway.monitor.rules import Fault
from journal import Entry, Journal, TileLog
from records.errors import TongpingError, UnavailableError
from records.facts import ROOM_ENTRY_TAKEN
from records.log.tiles import Tree

TileLeaves = Callable[[int, int], Sequence[bytes | None]]
"""Returns the leaves in the log's tiles from one index to before another; None where they hold none (yet)."""
Found = list[tuple[AlarmName, str, Fault]]
_SWEPT = (AlarmName.ALTERED_RECORD, AlarmName.MISSING_SEQ)


def tile_leaves(tiles: TileLog) -> TileLeaves:
    """The leaves as the files hold them now: every tile is read again and compared with the one above it."""

    def leaves(start: int, end: int) -> Sequence[bytes | None]:
        size = tiles.size
        tree = Tree(size, tiles.read)
        return [tree.leaf(index) if index < size else None for index in range(start, end)]

    return leaves


def no_tiles(start: int, end: int) -> Sequence[bytes | None]:
    return [None] * (end - start)


class Sweep:
    """One pass after another over the journal; its position is saved, so a restart continues there.

    A finding is raised at once. Only a pass made whole in one process clears what it did not find again: the position
    survives a restart, the findings before it do not.
    """

    def __init__(self, journal: Journal, alarms: Alarms, *, tiles: TileLeaves = no_tiles) -> None:
        self._journal = journal
        self._alarms = alarms
        self._tiles = tiles
        with journal.reading() as db:
            self._frontier, self._passes = store.sweep(db)
        self._whole = self._frontier.size == 0
        self._rooted = True
        self._found: set[tuple[AlarmName, str, str]] = set()

    @property
    def position(self) -> int:
        """Entries read in the present pass."""
        return self._frontier.size

    @property
    def passes(self) -> int:
        """Passes finished."""
        return self._passes

    def step(self, blocks: int, head: Head | None) -> None:
        """Read at most this number of blocks, or to the end of the log: the chain's head, otherwise the journal's.

        Entries beyond the head are read in the next pass, so that every pass ends at a root of the chain.
        """
        end = self._journal.size()
        if head is not None and 0 < head.size < end:
            end = head.size
        saved = self._frontier.size
        for _ in range(blocks):
            if self._frontier.size < end:
                self._block(min(self._frontier.size - self._frontier.size % BLOCK + BLOCK, end), head)
        if self._frontier.size >= end:
            self._finish()
        if self._frontier.size != saved:
            with self._journal.work() as work:
                store.keep_sweep(work.db, self._frontier, self._passes)

    def _block(self, end: int, head: Head | None) -> None:
        start = self._frontier.size
        entries = [entry for entry in self._journal.entries(start, end - start) if entry.index < end]
        found: Found = [
            (AlarmName.MISSING_SEQ, rolling.block_of(index), rolling.index_fault(index))
            for index in rolling.missing_indexes(start, end, entries)
        ]
        leaves, tile_fault = self._tile_leaves(start, end)
        if tile_fault is not None:
            found.append((AlarmName.ALTERED_RECORD, rolling.block_of(start), tile_fault))
        for entry in entries:
            for fault in rolling.altered(entry, leaves[entry.index - start]):
                found.append((AlarmName.ALTERED_RECORD, rolling.block_of(entry.index), fault))
        found += self._chain_faults(entries)
        found += self._room_faults(entries)
        found += self._grow(end, entries, head)
        self._raise(found)

    def _tile_leaves(self, start: int, end: int) -> tuple[Sequence[bytes | None], Fault | None]:
        """The leaves of a block from the tiles, or the fault in them."""
        try:
            return self._tiles(start, end), None
        except UnavailableError:
            raise
        except TongpingError as error:
            fault = Fault(code="tiles-unsound", expected="tiles that give the hashes above them", found=error.code)
            return no_tiles(start, end), fault

    def _chain_faults(self, entries: Sequence[Entry]) -> Found:
        """Heads are carried along within the block; the first of each project, and any after a gap, is looked up."""
        found: Found = []
        heads: dict[str, Predecessor] = {}
        for entry in entries:
            place = rolling.place_of(entry)
            if place is None:
                heads = {}
                continue
            before = heads.get(place.project) or self._before(place, entry.index)
            fault = rolling.chain_fault(place, before)
            if fault is not None:
                found.append((rolling.kind_of(fault), f"project:{place.project or '-'}", fault))
            heads[place.project] = Predecessor(seq=place.seq, digest=entry.digest)
        return found

    def _before(self, place: Place, index: int) -> Predecessor:
        number, digest, lost = self._journal.before(place.project, place.seq, index)
        return Predecessor(seq=number, digest=digest, lost=lost)

    def _room_faults(self, entries: Sequence[Entry]) -> Found:
        """Every session with entries in this block, checked as a whole."""
        sessions = {place.session for entry in entries if (place := rolling.place_of(entry)) and place.taken}
        found: Found = []
        for session in sorted(sessions):
            taken = self._journal.find(type=ROOM_ENTRY_TAKEN, session=session)
            acts = [act for one in taken if (act := rolling.room_entry(one)) is not None]
            for author, fault in rolling.room_faults(acts):
                found.append((rolling.kind_of(fault), f"room:{session}/{author}", fault))
        return found

    def _grow(self, end: int, entries: Sequence[Entry], head: Head | None) -> Found:
        """Extend the root over the block; the first difference at an anchored size locates the fault."""
        start = self._frontier.size
        with self._journal.reading() as db:
            roots = store.anchored_roots(db, start, end)
        if head is not None and start < head.size <= end:
            roots[head.size] = head.root  # the chain's own root, whatever the table holds
        leaves = {entry.index: entry.leaf for entry in entries}
        found: Found = []
        for index in range(start, end):
            if index not in leaves:
                self._rooted = False  # below a gap there is no root to compare
            self._frontier = self._frontier.extended(leaves.get(index, b"\0" * 32))
            size = index + 1
            if self._rooted and size in roots and (root := self._frontier.root()) != roots[size]:
                self._rooted = False
                found.append((AlarmName.ALTERED_RECORD, f"checkpoint:{size}", _root_fault(roots[size], root)))
        return found

    def _raise(self, found: Found) -> None:
        """Per subject every code once, at its first occurrence."""
        for name, subject, fault in found:
            if (name, subject, fault.code) not in self._found:
                self._found.add((name, subject, fault.code))
                self._alarms.raise_(name, subject, fault.code, expected=fault.expected, found=fault.found)

    def _finish(self) -> None:
        """The end of a pass: whatever it did not find again is cleared, if the pass was complete."""
        if self._whole:
            for name in _SWEPT:
                for alarm in self._alarms.open(name):
                    if alarm.code in CODES and (name, alarm.subject, alarm.code) not in self._found:
                        self._alarms.clear(name, alarm.subject, code=alarm.code)
        self._frontier, self._passes = Frontier(), self._passes + 1
        self._whole, self._rooted = True, True
        self._found.clear()


CODES = frozenset(
    {
        "index-gap",
        "leaf-altered",
        "previous-differs",
        "record-altered",
        "room-previous-differs",
        "room-seq-gap",
        "root-differs",
        "seq-gap",
        "tile-leaf-differs",
        "tiles-unsound",
    }
)
"""The codes that a pass raises, and so may clear."""


def _root_fault(anchored: bytes, root: bytes) -> Fault:
    return Fault(code="root-differs", expected=f"sha256:{anchored.hex()}", found=f"sha256:{root.hex()}")
