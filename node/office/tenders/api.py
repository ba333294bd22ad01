"""Routes of tenders: the samples available for registration, registering, the list."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.requests import Request

from evaluation_room.answers.tender import MethodOut
from node.office.tenders.desk import TenderDesk
from node.office.tenders.tender import Tender
from records.actors import Actor
from records.answers import Out


class TenderIn(BaseModel):
    sample: str = Field(max_length=64)


class SampleOut(Out):
    id: str
    title: str


class TenderOut(Out):
    """What the notice itself says, and how many bid."""

    project: str
    title: str
    title_en: str
    tenderer: str
    control_price_fen: int
    opening_at: str
    method: MethodOut
    bidder_count: int


def routes(desk: TenderDesk, actor: Callable[[Request], Actor]) -> APIRouter:
    router = APIRouter(tags=["tenders"], dependencies=[Depends(actor)])

    @router.get("/samples", response_model=list[SampleOut])
    def samples() -> list[dict[str, str]]:
        return desk.samples()

    @router.get("/tenders", response_model=list[TenderOut])
    def tenders() -> list[dict[str, Any]]:
        return [summary(tender) for tender in desk.tenders()]

    @router.post("/tenders", status_code=201, response_model=TenderOut)
    def register(body: TenderIn, by: Annotated[Actor, Depends(actor)]) -> dict[str, Any]:
        return summary(desk.register(body.sample, by=by))

    return router


def summary(tender: Tender) -> dict[str, Any]:
    """Any: JSON for the console."""
    return {"project": tender.project, **tender.public, "bidder_count": len(tender.bidders)}
