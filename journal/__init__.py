"""The journal: every record once, in order; audit trail, outbox and leaves of the Merkle log in one."""

from journal.entry import Entry
from journal.follower import Follower, FollowerState
from journal.merkle_log import MerkleLog
from journal.set_aside import SetAside, Standstill
from journal.store import open_engine
from journal.tiles import TileLog
from journal.work import Journal, Work

__all__ = [
    "Entry",
    "Follower",
    "FollowerState",
    "Journal",
    "MerkleLog",
    "SetAside",
    "Standstill",
    "TileLog",
    "Work",
    "open_engine",
]
