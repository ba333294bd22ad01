"""Who may call what: one table from method and path to roles; any other call is refused."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from records.actors import Actor, Role
from records.errors import NotPermittedError

_STAFF: Final = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_OPERATOR: Final = frozenset({Role.OPERATOR})
_EXPERT: Final = frozenset({Role.EXPERT})
_ANYBODY: Final = frozenset(Role)

ROUTES: Mapping[tuple[str, str], frozenset[Role]] = {
    ("POST", "/api/access/sign-out"): _ANYBODY,
    ("GET", "/api/access/me"): _ANYBODY,
    ("GET", "/api/centre"): _STAFF,
    ("POST", "/api/centre/followers/{name}/restart"): _OPERATOR,
    ("POST", "/api/alarms/{entry}/acknowledgement"): _OPERATOR,
    ("GET", "/api/samples"): _STAFF,
    ("GET", "/api/tenders"): _STAFF,
    ("POST", "/api/tenders"): _OPERATOR,
    ("GET", "/api/tenders/{project}"): _STAFF,
    ("POST", "/api/tenders/{project}/invitation"): _OPERATOR,
    ("GET", "/api/invitations"): _STAFF,
    ("POST", "/api/invitations/{id}/confirmation"): _OPERATOR,
    ("POST", "/api/invitations/{id}/refusal"): _OPERATOR,
    ("GET", "/api/catalogue"): _OPERATOR,
    ("GET", "/api/projects/{project}/seats"): _OPERATOR,
    ("PUT", "/api/projects/{project}/seats"): _OPERATOR,
    ("GET", "/api/projects/{project}/seats/near-ties"): _OPERATOR,
    ("GET", "/api/sessions"): _STAFF,
    ("POST", "/api/sessions"): _OPERATOR,
    ("GET", "/api/sessions/{session}"): _STAFF,
    ("GET", "/api/sessions/{session}/tally"): _STAFF,
    ("GET", "/api/sessions/{session}/standstills"): _STAFF,
    ("POST", "/api/sessions/{session}/retry"): _OPERATOR,
    ("POST", "/api/sessions/{session}/stage"): _STAFF,
    ("POST", "/api/sessions/{session}/replacement"): _OPERATOR,
    ("POST", "/api/sessions/{session}/again"): _OPERATOR,
    ("POST", "/api/sessions/{session}/review"): _STAFF,
    ("POST", "/api/operations/partition"): _OPERATOR,
    ("GET", "/api/room"): _EXPERT,
    ("GET", "/api/room/{session}"): _EXPERT,
    ("GET", "/api/room/{session}/chain"): _EXPERT,
    ("GET", "/api/room/{session}/documents/{digest}"): _EXPERT,
    ("POST", "/api/room/{session}/check-in/options"): _EXPERT,
    ("POST", "/api/room/{session}/check-in"): _EXPERT,
    ("POST", "/api/room/{session}/signal"): _EXPERT,
    ("GET", "/api/signing/{session}"): _EXPERT | _STAFF,
    ("GET", "/api/signing/{session}/report.pdf"): _EXPERT,
    ("POST", "/api/signing/{session}/consent/options"): _EXPERT,
    ("POST", "/api/signing/{session}/signature"): _EXPERT,
    ("GET", "/evidence/{session}.evidence.zip"): _STAFF | {Role.AUDITOR},
}


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
