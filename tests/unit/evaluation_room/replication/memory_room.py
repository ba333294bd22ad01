"""A room in memory with the real rules of a chain: signature, place, predecessor, dependency, idempotency."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ec

from records.canonical import Value
from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    NotPermittedError,
    TongpingError,
    UnavailableError,
    WrongStageError,
)
from records.ids import ZERO_DIGEST, Author, Digest, SessionId, instant
from records.room_entry import RoomEntry, SignedEntry, public_point, sign

SESSION = SessionId("E3701000076012345001-1")
HOST, GUEST, OTHER = Author("centre:JN"), Author("centre:XA"), Author("centre:DL")
HOST_SEAT, GUEST_SEAT = Author("seat:JN-1"), Author("seat:XA-1")
AUTHORS = (HOST, GUEST, OTHER, HOST_SEAT, GUEST_SEAT)
KEYS = {author: ec.derive_private_key(number, ec.SECP256R1()) for number, author in enumerate(AUTHORS, start=11)}
AT = datetime(2026, 11, 23, 6, 3, 22, 123000, tzinfo=UTC)


def entry(
    author: Author,
    seq: int,
    previous: Digest = ZERO_DIGEST,
    *,
    body: Mapping[str, Value] | None = None,
    kind: str = "score-entered",
    session: SessionId = SESSION,
    signer: Author | None = None,
) -> SignedEntry:
    """A signed entry; `signer` signs it with somebody else's key."""
    plain = RoomEntry(
        session=session,
        author=author,
        seq=seq,
        previous=previous,
        at=instant(AT),
        stage="DETAILED",
        kind=kind,
        body=dict(body or {}),
    )
    return sign(plain, KEYS[signer or author])


_WRITTEN: dict[tuple[Author, str], list[SignedEntry]] = {}


def chain(author: Author, length: int, *, text: str = "") -> list[SignedEntry]:
    """The first entries of an author, the same at every call (signatures are random); another text, another chain."""
    found = _WRITTEN.setdefault((author, text), [])
    while len(found) < length:
        previous = found[-1].entry.hash if found else ZERO_DIGEST
        found.append(entry(author, len(found) + 1, previous, body={"n": len(found) + 1, "text": text}))
    return found[:length]


class MemoryRoom:
    """A RoomPort. `log` is everything ever committed, in order: what survives when the process dies."""

    def __init__(self) -> None:
        self.log: list[SignedEntry] = []
        self.refusals: list[str] = []
        self.faults: list[str] = []
        """What the next entries from elsewhere suffer: "lost" fails before the commit, "unreported" after it."""
        self._callbacks: list[Callable[[SignedEntry], None]] = []
        self._lock = threading.RLock()

    def frontier(self, session: SessionId) -> Mapping[Author, int]:
        with self._lock:
            return {signed.entry.author: signed.entry.seq for signed in self.log if signed.entry.session == session}

    def heads(self, session: SessionId) -> Mapping[Author, Digest]:
        with self._lock:
            return {signed.entry.author: signed.entry.hash for signed in self.log if signed.entry.session == session}

    def entries_after(self, session: SessionId, frontier: Mapping[Author, int], limit: int) -> Sequence[SignedEntry]:
        with self._lock:
            own = [signed for signed in self.log if signed.entry.session == session]
        return [signed for signed in own if signed.entry.seq > frontier.get(signed.entry.author, 0)][:limit]

    def take(self, signed: SignedEntry, *, source: str) -> object:
        with self._lock:
            try:
                return self._take(signed, "" if source == "self" or not self.faults else self.faults.pop(0))
            except UnavailableError:
                raise
            except TongpingError as error:
                self.refusals.append(f"{source} {error}")
                raise

    def on_taken(self, callback: Callable[[SignedEntry], None]) -> Callable[[], None]:
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback) if callback in self._callbacks else None

    def write(
        self, author: Author, body: Mapping[str, Value] | None = None, kind: str = "score-entered"
    ) -> SignedEntry:
        """The author's next entry, taken here."""
        with self._lock:
            seq = self.frontier(SESSION).get(author, 0)
            previous = self.heads(SESSION).get(author, ZERO_DIGEST)
            signed = entry(author, seq + 1, previous, body=body, kind=kind)
            self.take(signed, source="self")
            return signed

    def _take(self, signed: SignedEntry, fault: str) -> str:
        found = signed.entry
        if found.author not in KEYS:
            raise NotPermittedError("unknown-author")
        signed.verify(public_point(KEYS[found.author].public_key()))
        own = [held for held in self.log if (held.entry.session, held.entry.author) == (found.session, found.author)]
        if found.seq <= len(own):
            if own[found.seq - 1].entry.hash != found.hash:
                raise EvidenceMismatchError("chain-fork", author=found.author, seq=found.seq)
            return "already-taken"
        self._check(found, own)
        if fault == "lost":
            raise UnavailableError("store-busy")
        self.log.append(signed)
        for callback in list(self._callbacks):
            callback(signed)
        if fault == "unreported":
            raise UnavailableError("store-busy")
        return "taken"

    def _check(self, found: RoomEntry, own: Sequence[SignedEntry]) -> None:
        if found.seq != len(own) + 1:
            raise ConflictError("out-of-order", seq=found.seq)
        if found.previous != (own[-1].entry.hash if own else ZERO_DIGEST):
            raise EvidenceMismatchError("chain-fork", author=found.author, seq=found.seq)
        if found.body.get("points", 0) == 9999:
            raise ConflictError("score-out-of-range")
        needs = found.body.get("after", {})
        assert isinstance(needs, dict)
        held = self.frontier(found.session)
        if any(held.get(Author(author), 0) < seq for author, seq in needs.items()):
            raise WrongStageError("not-yet")
