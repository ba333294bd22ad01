"""Who may call what: from method and path to roles, as the stages of the office declare it; all else is refused.

Of an expert every route asks for a standing besides, which node/rooms/expert_gate.py finds out.
"""

import re
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Final

from node.http.versions import API
from node.office.stage import OPERATOR, STAFF, Roles
from node.office.stages import STAGES
from records.actors import Actor, Role
from records.errors import NotPermittedError

_EXPERT: Final = frozenset({Role.EXPERT})


class Standing(IntEnum):
    """What an expert is in the session that a route names; each includes those before it."""

    SIGNED_IN = 0
    """No session is asked for."""
    NAMED = 1
    """Named to a seat and free to check in, or sat on it; once the evaluation is over, sat on it."""
    CHECKED_IN = 2
    """The seat's present member: an own passkey confirmed its key."""
    READS_REPORT = 3
    """The same, while the report of this session counts: agreed on by all centres and not superseded."""


STANDINGS: Final[Mapping[tuple[str, str], Standing]] = {
    ("GET", "/access/me"): Standing.SIGNED_IN,
    ("POST", "/access/sign-out"): Standing.SIGNED_IN,
    ("GET", "/room"): Standing.SIGNED_IN,
    ("GET", "/room/{session}"): Standing.NAMED,
    ("GET", "/room/{session}/chain"): Standing.CHECKED_IN,
    ("GET", "/room/{session}/documents/{digest}"): Standing.CHECKED_IN,
    ("POST", "/room/{session}/check-in/options"): Standing.NAMED,
    ("POST", "/room/{session}/check-in"): Standing.NAMED,
    ("POST", "/room/{session}/signal"): Standing.CHECKED_IN,
    ("GET", "/signing/{session}"): Standing.READS_REPORT,
    ("GET", "/signing/{session}/report.pdf"): Standing.READS_REPORT,
    ("POST", "/signing/{session}/consent/options"): Standing.READS_REPORT,
    ("POST", "/signing/{session}/signature"): Standing.READS_REPORT,
}
"""Every route that an expert may call; one that is missing here is closed to experts whatever its roles say."""

_OTHERS: Final[Roles] = {
    ("GET", "/centre"): STAFF,
    ("POST", "/centre/followers/{name}/restart"): OPERATOR,
    ("POST", "/alarms/{entry}/acknowledgement"): OPERATOR,
    ("GET", "/sessions"): STAFF,
    ("POST", "/sessions"): OPERATOR,
    ("GET", "/sessions/{session}"): STAFF,
    ("GET", "/sessions/{session}/tally"): STAFF,
    ("GET", "/sessions/{session}/standstills"): STAFF,
    ("POST", "/sessions/{session}/retry"): OPERATOR,
    ("POST", "/sessions/{session}/stage"): STAFF,
    ("POST", "/sessions/{session}/replacement"): OPERATOR,
    ("POST", "/sessions/{session}/again"): OPERATOR,
    ("POST", "/sessions/{session}/review"): STAFF,
    ("POST", "/operations/partition"): OPERATOR,
    ("GET", "/room"): _EXPERT,
    ("GET", "/room/{session}"): _EXPERT,
    ("GET", "/room/{session}/chain"): _EXPERT,
    ("GET", "/room/{session}/documents/{digest}"): _EXPERT,
    ("POST", "/room/{session}/check-in/options"): _EXPERT,
    ("POST", "/room/{session}/check-in"): _EXPERT,
    ("POST", "/room/{session}/signal"): _EXPERT,
    ("GET", "/signing/{session}"): _EXPERT | STAFF,
    ("GET", "/signing/{session}/report.pdf"): _EXPERT,
    ("POST", "/signing/{session}/consent/options"): _EXPERT,
    ("POST", "/signing/{session}/signature"): _EXPERT,
}
ROUTES: Final[Mapping[tuple[str, str], frozenset[Role]]] = {
    (method, API + path): roles
    for declared in (*(stage.roles for stage in STAGES), _OTHERS)
    for (method, path), roles in declared.items()
} | {("GET", "/evidence/{session}.evidence.zip"): STAFF | {Role.AUDITOR}}


def _pattern(path: str) -> re.Pattern[str]:
    named = re.sub(r"\\\{([a-z]+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
    return re.compile(named + r"\Z")


_STANDING_PATTERNS: Final = tuple(
    (method, _pattern(API + path), standing) for (method, path), standing in STANDINGS.items()
)
_PATTERNS: Final = tuple((method, _pattern(path), roles) for (method, path), roles in ROUTES.items())


def roles_for(method: str, path: str) -> frozenset[Role]:
    """The roles that may call this concrete path; none when the table has no row for it."""
    wanted = "GET" if method == "HEAD" else method
    found: Iterable[frozenset[Role]] = (
        roles for of_method, pattern, roles in _PATTERNS if of_method == wanted and pattern.match(path)
    )
    return next(iter(found), frozenset())


def require(actor: Actor, method: str, path: str) -> None:
    """Refuse a caller without the role (R12: only experts enter a room): NotPermittedError("role-not-permitted")."""
    if actor.role not in roles_for(method, path):
        raise NotPermittedError("role-not-permitted", role=actor.role.value)


def standing_for(method: str, path: str) -> tuple[Standing, str]:
    """What this concrete path asks of an expert, and the session it names; role-not-permitted for all other paths."""
    wanted = "GET" if method == "HEAD" else method
    for of_method, pattern, standing in _STANDING_PATTERNS:
        found = pattern.match(path) if of_method == wanted else None
        if found is not None:
            return standing, found.groupdict().get("session", "")
    raise NotPermittedError("role-not-permitted", role=Role.EXPERT.value)
