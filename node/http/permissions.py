"""Who may call what: from method and path to roles, as the stages of the office declare it; all else is refused."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from node.http.versions import API
from node.office.stage import OPERATOR, STAFF, Roles
from node.office.stages import STAGES
from records.actors import Actor, Role
from records.errors import NotPermittedError

_EXPERT: Final = frozenset({Role.EXPERT})

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
    return re.compile(re.sub(r"\\\{[a-z]+\\\}", "[^/]+", re.escape(path)) + r"\Z")


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
