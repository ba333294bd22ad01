"""The journal: every record once, in order; audit trail, outbox and leaves of the Merkle log in one."""

from journal.entry import Entry
from journal.follower import Follower, FollowerState
from journal.merkle_log import MerkleLog
from journal.store import open_engine
from journal.tiles import TileLog
from journal.work import Journal, Work

__all__ = ["Entry", "Follower", "FollowerState", "Journal", "MerkleLog", "TileLog", "Work", "open_engine"]
