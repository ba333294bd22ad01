"""Messages to text and back. All input is checked here, once, before any other part sees it (pure)."""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from evaluation_room.replication.messages import (
    Ack,
    Bye,
    Changed,
    Entries,
    Frontier,
    Heads,
    Hello,
    LinkStatus,
    Message,
    Ping,
    Pong,
    Positions,
    Refused,
    Venues,
)
from records import canonical, strict_fields
from records.canonical import MAX_INTEGER, Value
from records.errors import InvalidRecordError
from records.ids import Author, parse_author, parse_centre, parse_digest, parse_instant, parse_session
from records.room_entry import SignedEntry
from records.strict_fields import Body

BATCH_LIMIT = 64 * 1024
"""Bytes of one message of several entries, at most."""
MESSAGE_LIMIT = BATCH_LIMIT + 1024
"""Bytes of any message, at most: room for one entry of the full 64 KiB with its signature and wrapping."""
LINK_STATES = frozenset({"connected", "reconnecting", "down"})

_LONGEST_CODE = 64
_Answer = TypeVar("_Answer")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_STAGE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_EMPTY_BATCH = len(b'{"entries":[],"m":"entries"}')


def write(message: Message) -> str:
    """The text of a message."""
    return canonical.encode(message.value()).decode("utf-8")


def batches(entries: Iterable[SignedEntry]) -> tuple[Entries, ...]:
    """The entries, in order, in as few messages as their sizes allow."""
    found: list[list[SignedEntry]] = []
    size = BATCH_LIMIT + 1
    for entry in entries:
        length = len(canonical.encode(entry.to_wire())) + 1
        if size + length > BATCH_LIMIT:
            found.append([])
            size = _EMPTY_BATCH
        found[-1].append(entry)
        size += length
    return tuple(Entries(entries=tuple(batch)) for batch in found)


def read(text: object) -> Message:
    """The message behind the text, else InvalidRecordError: `message-` not-text, too-large, unknown or malformed."""
    if not isinstance(text, str):
        raise InvalidRecordError("message-not-text")
    if len(text) > MESSAGE_LIMIT or len(data := text.encode("utf-8", "surrogatepass")) > MESSAGE_LIMIT:
        raise InvalidRecordError("message-too-large", most=MESSAGE_LIMIT)
    value = canonical.decode(data)
    if not isinstance(value, dict) or not isinstance(kind := value.get("m"), str):
        raise InvalidRecordError("message-malformed", field="m")
    if kind not in _READERS:
        raise InvalidRecordError("message-unknown")
    keys, reader = _READERS[kind]
    return reader(_asked("keys", lambda: strict_fields.fields(value, "m", *keys)))


def _hello(value: Body) -> Hello:
    session = parse_session(value["session"])
    epoch = _count(value, "epoch", least=0)
    frontier, heads = _positions(value)
    return Hello(session=session, epoch=epoch, frontier=frontier, heads=heads)


def _heads(value: Body) -> Positions:
    frontier, heads = _positions(value)
    return Positions(frontier=frontier, heads=heads)


def _entries(value: Body) -> Entries:
    wires = _asked("entries", lambda: strict_fields.array(value, "entries"))
    if not wires:
        raise InvalidRecordError("message-malformed", field="entries")
    entries: list[SignedEntry] = []
    unreadable: list[Refused] = []
    for wire in wires:
        try:
            entries.append(SignedEntry.from_wire(wire))
        except InvalidRecordError as error:
            unreadable.append(_unreadable(wire, error))
    return Entries(entries=tuple(entries), unreadable=tuple(unreadable))


def _unreadable(wire: Value, error: InvalidRecordError) -> Refused:
    """The refusal of a malformed entry. Where not even author and place can be read, the message is wrong."""
    if not isinstance(wire, dict) or not isinstance(entry := wire.get("entry"), dict):
        raise error
    author = parse_author(entry.get("author"))
    seq = _count(entry, "seq", least=1)
    return Refused(author=author, seq=seq, code=error.code, values=dict(error.values))


def _refused(value: Body) -> Refused:
    author, seq = parse_author(value["author"]), _count(value, "seq", least=1)
    values = _object(value, "values")
    named = {name: item for name, item in values.items() if isinstance(item, str | int) and not isinstance(item, bool)}
    if len(named) != len(values):
        raise InvalidRecordError("message-malformed", field="values")
    return Refused(author=author, seq=seq, code=_form(_CODE, value, "code"), values=named)


def _venues(value: Body) -> Venues:
    links = {parse_centre(code): _link(link) for code, link in _object(value, "links").items()}
    confirmed = _object(value, "confirmed")
    return Venues(links=links, confirmed={parse_centre(code): _frontier(confirmed, code) for code in confirmed})


def _link(value: Value) -> LinkStatus:
    link = _asked("links", lambda: strict_fields.fields(value, "state", "since"))
    state = _asked("links", lambda: strict_fields.text(link, "state"))
    since = _asked("links", lambda: strict_fields.text(link, "since"))
    if state not in LINK_STATES:
        raise InvalidRecordError("message-malformed", field="links")
    parse_instant(since)
    return LinkStatus(state=state, since=since)


def _positions(value: Body) -> tuple[Frontier, Heads]:
    frontier = _frontier(value, "frontier")
    heads = {Author(author): parse_digest(head) for author, head in _object(value, "heads").items()}
    if heads.keys() != frontier.keys():
        raise InvalidRecordError("message-malformed", field="heads")
    return frontier, heads


def _frontier(value: Body, name: str) -> Frontier:
    """What is held under a name; whatever is wrong with it is said of the frontier."""
    named = _object({"frontier": value[name]}, "frontier")
    return {parse_author(author): _count({"frontier": seq}, "frontier", least=1) for author, seq in named.items()}


def _object(value: Body, name: str) -> Body:
    return _asked(name, lambda: strict_fields.table(value, name))


def _count(value: Body, name: str, *, least: int) -> int:
    return _asked(name, lambda: strict_fields.integer(value, name, minimum=least, maximum=MAX_INTEGER))


def _form(form: re.Pattern[str], value: Body, name: str) -> str:
    found = _asked(name, lambda: strict_fields.text(value, name, longest=_LONGEST_CODE))
    if not form.fullmatch(found):
        raise InvalidRecordError("message-malformed", field=name)
    return found


def _asked(name: str, question: Callable[[], _Answer]) -> _Answer:
    """The answer of the strict reader; whatever is wrong, a message has one code for it."""
    try:
        return question()
    except InvalidRecordError as error:
        raise InvalidRecordError("message-malformed", field=name) from error


_READERS: dict[str, tuple[frozenset[str], Callable[[Body], Message]]] = {
    "hello": (frozenset({"session", "epoch", "frontier", "heads"}), _hello),
    "heads": (frozenset({"frontier", "heads"}), _heads),
    "entries": (frozenset({"entries"}), _entries),
    "ack": (frozenset({"frontier"}), lambda value: Ack(frontier=_frontier(value, "frontier"))),
    "refused": (frozenset({"author", "seq", "code", "values"}), _refused),
    "ping": (frozenset({"n"}), lambda value: Ping(n=_count(value, "n", least=0))),
    "pong": (frozenset({"n"}), lambda value: Pong(n=_count(value, "n", least=0))),
    "venues": (frozenset({"links", "confirmed"}), _venues),
    "changed": (frozenset({"stage"}), lambda value: Changed(stage=_form(_STAGE, value, "stage"))),
    "bye": (frozenset({"code"}), lambda value: Bye(code=_form(_CODE, value, "code"))),
}
