"""Passages of a session: each time it was in a stage, and each time it stood still over one."""

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation_room.session.steps import StageEntered
from evaluation_room.stages import Stage, label
from records.ids import Author


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One time the session was in a stage; `frontier` is the host's count when it closed it, None while open.

    `number`: 1 for the first time, and so on. `superseded`: the session went back behind it, so none of its entries
    count. `ended`: in a terminal, why.
    """

    stage: Stage
    entered_at: str
    frontier: Mapping[Author, int] | None = None
    number: int = 1
    superseded: bool = False
    ended: StageEntered | None = None

    @property
    def label(self) -> str:
        return label(self.stage, self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """One time the session stood still over a stage, as the host recorded it; `until` is empty while it lasts."""

    stage: Stage
    entered_at: str
    act: StageEntered
    until: str = ""
