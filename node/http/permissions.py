"""Who may call what: one table from method and path to roles; any other call is refused."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from node.http.versions import API
from records.actors import Actor, Role
from records.errors import NotPermittedError

_STAFF: Final = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_OPERATOR: Final = frozenset({Role.OPERATOR})
_EXPERT: Final = frozenset({Role.EXPERT})
_ANYBODY: Final = frozenset(Role)

_OFFICE: Final[Mapping[tuple[str, str], frozenset[Role]]] = {
    ("POST", "/access/sign-out"): _ANYBODY,
    ("GET", "/access/me"): _ANYBODY,
    ("GET", "/centre"): _STAFF,
    ("POST", "/centre/followers/{name}/restart"): _OPERATOR,
    ("POST", "/alarms/{entry}/acknowledgement"): _OPERATOR,
    ("GET", "/samples"): _STAFF,
    ("GET", "/tenders"): _STAFF,
    ("POST", "/tenders"): _OPERATOR,
    ("GET", "/tenders/{project}"): _STAFF,
    ("POST", "/tenders/{project}/invitation"): _OPERATOR,
    ("GET", "/invitations"): _STAFF,
    ("POST", "/invitations/{id}/confirmation"): _OPERATOR,
    ("POST", "/invitations/{id}/refusal"): _OPERATOR,
    ("GET", "/catalogue"): _OPERATOR,
    ("GET", "/projects/{project}/seats"): _OPERATOR,
    ("PUT", "/projects/{project}/seats"): _OPERATOR,
    ("GET", "/projects/{project}/seats/near-ties"): _OPERATOR,
    ("GET", "/sessions"): _STAFF,
    ("POST", "/sessions"): _OPERATOR,
    ("GET", "/sessions/{session}"): _STAFF,
    ("GET", "/sessions/{session}/tally"): _STAFF,
    ("GET", "/sessions/{session}/standstills"): _STAFF,
    ("POST", "/sessions/{session}/retry"): _OPERATOR,
    ("POST", "/sessions/{session}/stage"): _STAFF,
    ("POST", "/sessions/{session}/replacement"): _OPERATOR,
    ("POST", "/sessions/{session}/again"): _OPERATOR,
    ("POST", "/sessions/{session}/review"): _STAFF,
    ("POST", "/operations/partition"): _OPERATOR,
    ("GET", "/room"): _EXPERT,
    ("GET", "/room/{session}"): _EXPERT,
    ("GET", "/room/{session}/chain"): _EXPERT,
    ("GET", "/room/{session}/documents/{digest}"): _EXPERT,
    ("POST", "/room/{session}/check-in/options"): _EXPERT,
    ("POST", "/room/{session}/check-in"): _EXPERT,
    ("POST", "/room/{session}/signal"): _EXPERT,
    ("GET", "/signing/{session}"): _EXPERT | _STAFF,
    ("GET", "/signing/{session}/report.pdf"): _EXPERT,
    ("POST", "/signing/{session}/consent/options"): _EXPERT,
    ("POST", "/signing/{session}/signature"): _EXPERT,
}
ROUTES: Final[Mapping[tuple[str, str], frozenset[Role]]] = {
    (method, API + path): roles for (method, path), roles in _OFFICE.items()
} | {("GET", "/evidence/{session}.evidence.zip"): _STAFF | {Role.AUDITOR}}


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


def require(actor: Actor, *, method: str, path: str) -> None:
    """Refuse a caller without the role (R12: only experts enter a room): NotPermittedError("role-not-permitted")."""
    if actor.role not in roles_for(method, path):
        raise NotPermittedError("role-not-permitted", role=actor.role.value)
