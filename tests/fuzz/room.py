"""What seats and centres send each other during an evaluation, signed by their own keys or by nobody."""

import json
from dataclasses import replace
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from chain_gateway.evidence import bundle
from evaluation_room.replication import wire
from evaluation_room.session.kinds.registry import KINDS
from evaluation_room.session.session import Session
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Definition
from node.peering import signatures
from records import canonical
from records.errors import InvalidRecordError
from records.room_entry import SignedEntry
from tests.fuzz.evidence import REAL
from tests.fuzz.records import VECTORS
from tests.fuzz.spoiling import changed, spoiled
from tests.fuzz.target import Target
from tests.unit.evaluation_room.reviews import walked
from tests.unit.evaluation_room.rooms import Venue, forged, two_cities

ENTRIES: Final = json.loads(REAL[bundle.ENTRIES])
KNOWN: Final = Definition.read(ENTRIES[0]["entry"]["body"]["definition"])
_MESSAGES: Final = [one["text"] for one in json.loads((VECTORS / "messages.json").read_text("utf-8"))["messages"]]
_HEADERS: Final = {
    "signature-input": 'tongping=("@method" "@path" "@query" "content-digest" "tongping-to");created=1764000000;'
    'nonce="AAAAAAAAAAAAAAAAAAAAAA";keyid="JN";alg="ecdsa-p256-sha256";tag="tongping-peer"',
    "signature": "tongping=:" + "A" * 86 + "==:",
}


def _bodies() -> st.SearchStrategy[tuple[str, Any]]:
    """One body of every kind of the golden room, with something wrong in it. Any: JSON."""
    by_kind = {one["entry"]["kind"]: one["entry"]["body"] for one in ENTRIES}
    return st.sampled_from(sorted(by_kind)).flatmap(lambda kind: st.tuples(st.just(kind), changed([by_kind[kind]])))


def _read(given: tuple[str, Any]) -> None:  # Any: JSON
    kind, body = given
    canonical.encode(body)  # only what has a canonical form reaches a reader
    if not isinstance(body, dict):
        raise InvalidRecordError("bad-body")
    KINDS[kind].read(body, KNOWN)


@cache
def _passages() -> list[tuple[Session, SignedEntry]]:
    """Every entry of two evaluations, with the session just before it."""
    return [pair for venue in (two_cities()[0], walked(Stage.CLOSED)) for pair in _steps(venue)]


def _steps(venue: Venue) -> list[tuple[Session, SignedEntry]]:
    session, found = Session.open(venue.log[0], checks=venue.checks), []
    for signed in venue.log[1:]:
        found.append((session, signed))
        session, _ = session.take(signed, checks=venue.checks, direct=False)
    return found


@st.composite
def _entries(draw: st.DrawFn) -> tuple[Session, SignedEntry, Any]:
    session, signed = draw(st.sampled_from(_passages()))
    return session, signed, draw(changed([dict(signed.entry.body)]))


def _take(given: tuple[Session, SignedEntry, Any]) -> None:
    """An author's own key signs the body: only the reading and the rules can refuse it."""
    session, signed, body = given
    canonical.encode(body)
    again = forged(signed, body=body)
    for direct in (False, True):
        session.take(SignedEntry.from_wire(again.to_wire()), checks=_ACCEPT, direct=direct)


_ACCEPT: Final = replace(Venue.opened().checks)


TARGETS: Final = (
    Target(
        name="entry",
        inputs=changed(ENTRIES[:40]),
        parse=SignedEntry.from_wire,
    ),
    Target(name="body", inputs=_bodies(), parse=_read, examples=400),
    Target(name="room", inputs=_entries(), parse=_take, examples=60),
    Target(
        name="message",
        inputs=spoiled([text.encode() for text in _MESSAGES]).map(lambda data: data.decode("utf-8", "surrogateescape"))
        | changed([json.loads(text) for text in _MESSAGES]).map(
            lambda value: json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
        ),
        parse=wire.read,
    ),
    Target(
        name="definition",
        inputs=changed([ENTRIES[0]["entry"]["body"]["definition"]]),
        parse=Definition.read,
    ),
    Target(
        name="peer signature",
        inputs=st.sampled_from(sorted(_HEADERS)).flatmap(
            lambda name: spoiled([_HEADERS[name].encode()]).map(lambda data: {**_HEADERS, name: data.decode("latin-1")})
        ),
        parse=signatures.read_parameters,
    ),
)
