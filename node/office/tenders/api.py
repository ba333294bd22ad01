"""Routes of tenders: the samples available for registration, registering, the list."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.requests import Request

from node.office.tenders.desk import TenderDesk
from node.office.tenders.tender import Tender
from records.actors import Actor


class TenderIn(BaseModel):
    sample: str = Field(max_length=64)


def routes(desk: TenderDesk, actor: Callable[[Request], Actor]) -> APIRouter:
    router = APIRouter(prefix="/api", dependencies=[Depends(actor)])

    @router.get("/samples")
    def samples() -> list[dict[str, str]]:
        return desk.samples()

    @router.get("/tenders")
    def tenders() -> list[dict[str, Any]]:
        return [summary(tender) for tender in desk.tenders()]

    @router.post("/tenders", status_code=201)
    def register(body: TenderIn, by: Annotated[Actor, Depends(actor)]) -> dict[str, Any]:
        return summary(desk.register(body.sample, by=by))

    return router


def summary(tender: Tender) -> dict[str, Any]:
    """Any: JSON for the console."""
    return {"project": tender.project, **tender.public, "bidder_count": len(tender.bidders)}
