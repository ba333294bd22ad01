"""Routes of the catalogue: the centre's own experts, and naming them to seats."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.requests import Request

from evaluation_room.tender.selection import How, Selection, Special
from node.office.catalogue.desk import CatalogueDesk
from records.actors import Actor
from records.answers import Out
from records.errors import InvalidRecordError
from records.ids import ProjectId, parse_person, parse_project, parse_seat
from records.strict_fields import LONGEST_REASON

_MOST_SEATS = 50


class AssignmentIn(BaseModel):
    """`reason`: why this expert, though the file lacks a legal requirement."""

    seat: str = Field(max_length=8)
    expert: str = Field(max_length=64)
    reason: str = Field("", max_length=LONGEST_REASON)


class SelectionIn(BaseModel):
    """How the experts were selected; read strictly by evaluation_room.tender.selection."""

    how: str = Field(max_length=16)
    special: str | None = Field(None, max_length=16)
    approval: str | None = Field(None, max_length=LONGEST_REASON)

    def read(self) -> Selection:
        return Selection.read(self.model_dump(exclude_none=True))


class SeatsIn(BaseModel):
    assignments: list[AssignmentIn] = Field(max_length=_MOST_SEATS)
    selection: SelectionIn


class ExpertOut(Out):
    """An expert of the own catalogue; `lacks`: what the file lacks of what the law asks (R05)."""

    id: str
    name: str
    specialty: str
    employer: str
    lacks: list[str]


class SelectionOut(Out):
    """How the expert was decided on (R06)."""

    how: Annotated[How, Field(strict=False)]
    special: Annotated[Special, Field(strict=False)] | None = None
    approval: str | None = None


class SeatingOut(Out):
    seat: str
    expert: str
    selection: SelectionOut | None = None
    reason: str | None = None


class NamedSeatingOut(SeatingOut):
    name: str


class AssignmentsOut(Out):
    """Who sits on the own seats, in the form in which they are named."""

    assignments: list[NamedSeatingOut]


class SeatsOut(Out):
    seats: list[SeatingOut]


def routes(
    desk: CatalogueDesk,
    actor: Callable[[Request], Actor],
    *,
    asked: Callable[[ProjectId], int | None],
    in_session: Callable[[ProjectId], bool],
) -> APIRouter:
    """`asked`: how many seats another centre requested of this one in a project, None when this centre is the host.

    `in_session`: whether the project's evaluation has begun.
    """
    router = APIRouter(tags=["catalogue"], dependencies=[Depends(actor)])

    @router.get("/catalogue", response_model=list[ExpertOut])
    def catalogue() -> list[dict[str, Any]]:
        return [
            {
                "id": expert.id,
                "name": expert.name,
                "specialty": expert.specialty,
                "employer": expert.employer,
                "lacks": list(expert.lacks),
            }
            for expert in desk.experts()
        ]

    @router.get("/projects/{project}/seats", response_model=AssignmentsOut)
    def named_seats(project: str) -> dict[str, list[dict[str, Any]]]:
        """The members of the own seats, in the form in which they are named; none for an unknown project."""
        seatings = desk.seatings(parse_project(project))
        return {
            "assignments": [
                {"seat": seat, **one.body(), "name": desk.expert(one.expert).name} for seat, one in seatings.items()
            ]
        }

    @router.put("/projects/{project}/seats", response_model=SeatsOut)
    def name_seats(project: str, body: SeatsIn, by: Annotated[Actor, Depends(actor)]) -> dict[str, Any]:
        wanted = parse_project(project)
        assignments = {parse_seat(item.seat): parse_person(item.expert) for item in body.assignments}
        if len(assignments) != len(body.assignments):
            raise InvalidRecordError("seat-named-twice")
        named = desk.name_seats(
            wanted,
            assignments,
            selection=body.selection.read(),
            reasons={parse_seat(item.seat): item.reason for item in body.assignments},
            asked=asked(wanted),
            by=by,
            in_session=in_session(wanted),
        )
        return {"seats": [{"seat": seat, **one.body()} for seat, one in named.items()]}

    return router
