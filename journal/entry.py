"""One entry of the journal: a record's bytes, the salt that hides it and the leaf it gives the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from records.canonical import Value, decode, encode
from records.commitment import commit
from records.errors import EvidenceMismatchError, NotFoundError
from records.facts import Fact
from records.ids import CentreCode, Digest, digest, instant
from records.log import merkle

VERSION = 1
"""The version of the outer form; the version of the body is part of the type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The entry at `index` (from 0, without gaps) of a centre's journal; never changed once committed.

    `record` and `salt` may be gone (`empty`): erased on purpose, or lost and the leaf proven by a mirror of the log.
    """

    index: int
    record: bytes
    salt: bytes
    commitment: bytes
    leaf: bytes

    @property
    def empty(self) -> bool:
        """Only commitment and leaf are left: the log still proves that a record was here, not its content."""
        return not self.record

    @property
    def value(self) -> dict[str, Value]:
        """The record read back: {type, version, centre, project, [session], stage, author, seq, previous, at, body}.

        NotFoundError("content-gone") for an empty entry.
        """
        if self.empty:
            raise NotFoundError("content-gone", index=self.index)
        value = decode(self.record)
        if not isinstance(value, dict):
            raise EvidenceMismatchError("record-not-an-object", index=self.index)
        return value

    @property
    def type(self) -> str:
        return str(self.value["type"])

    @property
    def body(self) -> Mapping[str, Value]:
        body = self.value["body"]
        if not isinstance(body, dict):
            raise EvidenceMismatchError("body-not-an-object", index=self.index)
        return body

    @property
    def digest(self) -> Digest:
        """What the next record of the same project names as its previous."""
        return digest(self.record)


def write_record(fact: Fact, *, centre: CentreCode, seq: int, previous: Digest, at: datetime) -> bytes:
    """The canonical bytes of a fact in its place in the project's chain."""
    value: dict[str, Value] = {
        "type": fact.type,
        "version": VERSION,
        "centre": centre,
        "project": fact.project,
        "stage": str(fact.stage),
        "author": fact.author,
        "seq": seq,
        "previous": previous,
        "at": instant(at),
        "body": fact.body,
    }
    if fact.session:
        value["session"] = fact.session
    return encode(value)


def make_entry(index: int, record: bytes, salt: bytes) -> Entry:
    """The entry of a record: its commitment under the salt, and the leaf over the commitment."""
    commitment = commit(salt, record)
    return Entry(index=index, record=record, salt=salt, commitment=commitment, leaf=merkle.leaf_hash(commitment))


def empty_entry(index: int, commitment: bytes) -> Entry:
    """The entry of a lost record: only what the log itself holds of it."""
    return Entry(index=index, record=b"", salt=b"", commitment=commitment, leaf=merkle.leaf_hash(commitment))
