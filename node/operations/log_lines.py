"""What a line of the log may say: words and figures of the program, never which evaluation, person, seat or city.

Logs leave the centre's own hands (collectors, support), and an operator who reads them need not know the guest of an
evaluation, nor its members (两随机四不知). What exactly stands still is shown to who signs in: on the console.
"""

import hashlib
import hmac
import json
import logging
import secrets
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, Final

import structlog

from node.terminal import escaped

PLAIN: Final = frozenset(
    {"event", "level", "timestamp", "code", "error", "where", "pause", "method", "kind", "text", "at", "alarm"}
    | {"member", "logger"}
)
"""Fields that are written as they are; `member`: a centre of the consortium, in no evaluation's matter.

The value of every other field becomes a mark: the same value has the same mark until the process ends.
"""
_OUTBOX: Final = "outbox-"
_KEY: Final = secrets.token_bytes(32)
Error = tuple[type[BaseException], BaseException, TracebackType | None]


def mark(value: object) -> str:
    """Eight digits for a value that must not be read; without the key of this process nobody finds it by trying."""
    return "~" + hmac.digest(_KEY, str(value).encode(), hashlib.sha256).hex()[:8]


def follower_name(name: str) -> str:
    """Whose messages stand still would tell the guest of an evaluation: all outboxes are one."""
    return "outbox" if name.startswith(_OUTBOX) else name


def kept(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog's processor. Any: an event's fields are whatever a caller gave."""
    kept: dict[str, Any] = {}
    for name, value in event.items():
        if name == "exc_info":
            kept |= _fault(value)
        elif name == "follower":
            kept[name] = follower_name(str(value))
        else:
            kept[name] = value if name in PLAIN else mark(value)
    return kept


def _fault(given: object) -> dict[str, Any]:
    """The kind and the place of an error; its text may quote private values. Any: JSON."""
    if isinstance(given, BaseException):
        return fault_of((type(given), given, given.__traceback__))
    info = given if isinstance(given, tuple) else sys.exc_info()
    return fault_of((info[0], info[1], info[2])) if info[0] is not None else {}


def fault_of(error: Error) -> dict[str, Any]:
    """Any: JSON."""
    frames = traceback.extract_tb(error[2])
    return {"error": error[0].__name__, "where": [f"{frame.filename}:{frame.lineno}" for frame in frames]}


class LogLines(logging.Formatter):
    """One JSON object per line, whatever a library's message contains; of an error its kind and place alone."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        fields: dict[str, Any] = {"event": message, "logger": record.name}  # Any: JSON
        if record.exc_info and record.exc_info[0] is not None:
            fields["event"] = message.partition("\n")[0]  # asyncio prints the error itself on the lines below
            fields |= fault_of(record.exc_info)
        return escaped(json.dumps(fields, ensure_ascii=False))


def as_line(value: object, **options: Any) -> str:
    """An event as JSON on one line. Any: what structlog hands to json.dumps."""
    return escaped(json.dumps(value, ensure_ascii=False, **options))


PROCESSORS: Final = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    kept,
    structlog.processors.JSONRenderer(serializer=as_line),
)
