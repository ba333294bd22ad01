"""The places of signatures and seals on the last pages of the report, in points from the top left corner.

The template draws the frames and pyHanko puts the form fields from the same numbers, so they cannot diverge.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

PAGE_HEIGHT = 841.89
LEFT, RIGHT = 70.87, 524.41
FIRST_TOP, NEXT_TOP, BOTTOM = 184.0, 110.0, 768.0
PLATFORM_FIELD = "platform"
"""The invisible field of the certification (DocMDP) signature."""

Kind = Literal["expert", "seal"]
_HEIGHT: dict[Kind, float] = {"expert": 50.0, "seal": 112.0}
_WIDTH: dict[Kind, float] = {"expert": 224.0, "seal": 250.0}
_GAP: dict[Kind, float] = {"expert": 6.0, "seal": 10.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One signature field: its name, its owner (a seat or a centre), and its box on page `page` of these pages."""

    field: str
    kind: Kind
    owner: str
    page: int
    x: float
    y: float
    width: float
    height: float


def expert_field(seat: str) -> str:
    return f"expert-{seat}"


def seal_field(centre: str) -> str:
    return f"seal-{centre}"


def places(seats: Iterable[str], centres: Iterable[str]) -> tuple[Place, ...]:
    """The boxes in signing order: members by seat as given, then guests' seals, the host's seal (given last) last."""
    wanted: list[tuple[Kind, str]] = [("expert", seat) for seat in seats]
    wanted += [("seal", centre) for centre in centres]
    placed: list[Place] = []
    page, y = 0, FIRST_TOP
    for kind, owner in wanted:
        if y + _HEIGHT[kind] > BOTTOM:
            page, y = page + 1, NEXT_TOP
        placed.append(_place(kind, owner, page, y))
        y += _HEIGHT[kind] + _GAP[kind]
    return tuple(placed)


def _place(kind: Kind, owner: str, page: int, y: float) -> Place:
    field = expert_field(owner) if kind == "expert" else seal_field(owner)
    width = _WIDTH[kind]
    return Place(
        field=field, kind=kind, owner=owner, page=page, x=RIGHT - width, y=y, width=width, height=_HEIGHT[kind]
    )
