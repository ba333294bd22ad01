"""Messages to text and back. All input is checked here, once, before any other part sees it (pure)."""

import re
from collections.abc import Callable, Iterable, Mapping

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
from records import canonical
from records.canonical import MAX_INTEGER, Value
from records.errors import InvalidRecordError
from records.ids import Author, parse_author, parse_centre, parse_digest, parse_instant, parse_session
from records.room_entry import SignedEntry

BATCH_LIMIT = 64 * 1024
"""Bytes of one message of several entries, at most."""
MESSAGE_LIMIT = BATCH_LIMIT + 1024
"""Bytes of any message, at most: room for one entry of the full 64 KiB with its signature and wrapping."""
LINK_STATES = frozenset({"connected", "reconnecting", "down"})

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
    if value.keys() != keys | {"m"}:
        raise InvalidRecordError("message-malformed", field="keys")
    return reader(value)


def _hello(value: dict[str, Value]) -> Hello:
    session = parse_session(value["session"])
    epoch = _count(value["epoch"], "epoch", least=0)
    frontier, heads = _positions(value)
    return Hello(session=session, epoch=epoch, frontier=frontier, heads=heads)


def _heads(value: dict[str, Value]) -> Positions:
    frontier, heads = _positions(value)
    return Positions(frontier=frontier, heads=heads)


def _entries(value: dict[str, Value]) -> Entries:
    if not isinstance(wires := value["entries"], list) or not wires:
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
    seq = _count(entry.get("seq"), "seq", least=1)
    return Refused(author=author, seq=seq, code=error.code, values=dict(error.values))


def _refused(value: dict[str, Value]) -> Refused:
    author, seq = parse_author(value["author"]), _count(value["seq"], "seq", least=1)
    values = _object(value["values"], "values")
    named = {name: item for name, item in values.items() if isinstance(item, str | int) and not isinstance(item, bool)}
    if len(named) != len(values):
        raise InvalidRecordError("message-malformed", field="values")
    return Refused(author=author, seq=seq, code=_form(_CODE, value["code"], "code"), values=named)


def _venues(value: dict[str, Value]) -> Venues:
    links = {parse_centre(code): _link(link) for code, link in _object(value["links"], "links").items()}
    told = _object(value["confirmed"], "confirmed").items()
    return Venues(links=links, confirmed={parse_centre(code): _frontier(frontier) for code, frontier in told})


def _link(value: Value) -> LinkStatus:
    link = _object(value, "links")
    state, since = link.get("state"), link.get("since")
    if link.keys() != {"state", "since"} or not isinstance(state, str) or not isinstance(since, str):
        raise InvalidRecordError("message-malformed", field="links")
    if state not in LINK_STATES:
        raise InvalidRecordError("message-malformed", field="links")
    parse_instant(since)
    return LinkStatus(state=state, since=since)


def _positions(value: dict[str, Value]) -> tuple[Frontier, Heads]:
    frontier = _frontier(value["frontier"])
    heads = {Author(author): parse_digest(head) for author, head in _object(value["heads"], "heads").items()}
    if heads.keys() != frontier.keys():
        raise InvalidRecordError("message-malformed", field="heads")
    return frontier, heads


def _frontier(value: Value) -> Frontier:
    named = _object(value, "frontier").items()
    return {parse_author(author): _count(seq, "frontier", least=1) for author, seq in named}


def _object(value: Value, field: str) -> Mapping[str, Value]:
    if not isinstance(value, dict):
        raise InvalidRecordError("message-malformed", field=field)
    return value


def _count(value: Value | None, field: str, *, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MAX_INTEGER:
        raise InvalidRecordError("message-malformed", field=field)
    return value


def _form(form: re.Pattern[str], value: Value, field: str) -> str:
    if not isinstance(value, str) or len(value) > 64 or not form.fullmatch(value):  # noqa: PLR2004  # the longest code
        raise InvalidRecordError("message-malformed", field=field)
    return value


_READERS: dict[str, tuple[frozenset[str], Callable[[dict[str, Value]], Message]]] = {
    "hello": (frozenset({"session", "epoch", "frontier", "heads"}), _hello),
    "heads": (frozenset({"frontier", "heads"}), _heads),
    "entries": (frozenset({"entries"}), _entries),
    "ack": (frozenset({"frontier"}), lambda value: Ack(frontier=_frontier(value["frontier"]))),
    "refused": (frozenset({"author", "seq", "code", "values"}), _refused),
    "ping": (frozenset({"n"}), lambda value: Ping(n=_count(value["n"], "n", least=0))),
    "pong": (frozenset({"n"}), lambda value: Pong(n=_count(value["n"], "n", least=0))),
    "venues": (frozenset({"links", "confirmed"}), _venues),
    "changed": (frozenset({"stage"}), lambda value: Changed(stage=_form(_STAGE, value["stage"], "stage"))),
    "bye": (frozenset({"code"}), lambda value: Bye(code=_form(_CODE, value["code"], "code"))),
}
