"""Passages of a session: each time it was in a stage, and each time it stood still over one."""

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation_room.session.steps import StageEntered
from evaluation_room.stages import Stage, label
from records.ids import Author


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One time the session was in a stage; `frontier` is what the host counted when it closed it, None while open.

    `number`: the how manieth time. `superseded`: the session went back behind it, so nothing said in it counts.
    `ended`: in a terminal, why.
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
    """One time the session stood still over a stage, as the host said it; `until` is empty while it lasts."""

    stage: Stage
    entered_at: str
    act: StageEntered
    until: str = ""
