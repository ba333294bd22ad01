"""A stage of the office work (办公环节), as the centre joins it: all that its package declares, in one place."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol

from fastapi import APIRouter
from sqlmodel import SQLModel
from starlette.requests import Request

from journal import Journal
from journal.expected_rows import Derived, Key
from records.actors import Actor, Role
from records.ids import CentreCode

STAFF: Final = frozenset({Role.OPERATOR, Role.SUPERVISOR})
OPERATOR: Final = frozenset({Role.OPERATOR})
ANYBODY: Final = frozenset(Role)

Roles = Mapping[tuple[str, str], frozenset[Role]]
"""By method and path below /api/v1, `{parameter}` for one part of it: who may call it."""
Derive = Callable[[int, bytes, bytes], None]
"""Takes a record by its index, with its salt."""


class StageAudit(Protocol):
    """What fsck derives of a stage's tables. It takes the records in their order; afterwards it knows the rows."""

    @property
    def derives(self) -> Mapping[str, Derive]:
        """By the type of record."""

    def opened(self, definition: Mapping[str, Any]) -> None:
        """A session was opened under this definition (any: as the room keeps it)."""

    @property
    def rows(self) -> Mapping[str, Callable[[], Mapping[Key, Derived]]]:
        """By table: its rows by their keys, once every record was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a stage's desk stands on."""

    centre: CentreCode
    journal: Journal
    files: Path
    clock: Callable[[], datetime]
    randomness: Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Who comes in: people of the own centre, and other centres."""

    actor: Callable[[Request], Actor]
    peer: Callable[[Request], Awaitable[CentreCode]]


Routes = Callable[[Ground, Doors], APIRouter]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeStage:
    """`unrecorded`: tables that no record accounts for, and why. `routes` and `peer_routes` open the stage's own desk.

    A stage without routes here has a desk that other parts use as well: node/centre.py opens it, node/app.py adds them.
    """

    name: str
    tables: tuple[type[SQLModel], ...]
    roles: Roles
    audit: Callable[[CentreCode], StageAudit] | None = None
    unrecorded: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    routes: Routes | None = None
    peer_routes: Routes | None = None
