"""An entry that is taken while the link reads the room for others goes out all the same."""

import asyncio
import time
from collections.abc import Mapping, Sequence

from records.ids import Author, SessionId
from records.room_entry import SignedEntry
from tests.integration.replication.replication_boards import JN, XA, board, run, to_venue, until
from tests.unit.evaluation_room.replication.memory_room import GUEST, HOST, SESSION, MemoryRoom


class BusyRoom(MemoryRoom):
    """While its entries are being read for the other venue, one more is written: the answer does not hold it yet."""

    def __init__(self) -> None:
        super().__init__()
        self.writes_left = 0

    def entries_after(self, session: SessionId, frontier: Mapping[Author, int], limit: int) -> Sequence[SignedEntry]:
        found = super().entries_after(session, frontier, limit)
        if self.writes_left > 0 and found:
            self.writes_left -= 1
            self.write(HOST)
            time.sleep(0.05)  # the event loop learns of the entry before it gets this answer
        return found


def test_what_is_written_while_the_link_reads_reaches_the_other_venue() -> None:
    async def test() -> None:
        host_room, guest_room = BusyRoom(), MemoryRoom()
        host, guest = board(host_room, JN), board(guest_room, XA)
        guest.connect(SESSION, JN, to_venue(host, XA))
        await until(lambda: guest.links(SESSION)[JN].state == "connected")
        guest_room.write(GUEST)
        await until(lambda: len(host_room.log) == 1)
        host_room.writes_left = 1
        host_room.write(HOST)
        await until(lambda: len(host_room.log) == len(guest_room.log) == 3)
        assert host_room.heads(SESSION) == guest_room.heads(SESSION)
        await asyncio.gather(guest.close(), host.close())

    run(test)
