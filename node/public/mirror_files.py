"""Serves the copies of other centres' logs publicly: a silent centre's records can still be proven."""

from collections.abc import Collection

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from chain_gateway.witness.mirror import Mirror, Mirrors
from node.public.log_files import NOTE, TILE, checkpoint_answer, kept_answer, named, tile_answer
from records.errors import NotFoundError


def routes(mirrors: Mirrors, origins: Collection[str]) -> APIRouter:
    """The mirrors of these logs, each as its own centre would serve it. 404: log-unknown, nothing-published."""
    router = APIRouter(prefix="/mirrors", tags=["mirrors"])

    def mirror_of(origin: str) -> Mirror:
        if origin not in origins:
            raise NotFoundError("log-unknown")
        return mirrors.of(origin)

    @router.get("/{origin}/checkpoint", response_class=Response, responses=kept_answer(NOTE))
    @router.head("/{origin}/checkpoint", response_class=Response, include_in_schema=False)
    def checkpoint(request: Request, origin: str) -> Response:
        return checkpoint_answer(request, mirror_of(origin).log)

    @router.get("/{origin}/tile/{path:path}", response_class=Response, responses=kept_answer(TILE))
    @router.head("/{origin}/tile/{path:path}", response_class=Response, include_in_schema=False)
    def tile(request: Request, origin: str, path: str) -> Response:
        return tile_answer(request, mirror_of(origin).log.read(named(path)))

    return router
