"""Serves the copies of other centres' logs to anybody: what a silent centre wrote can still be proven."""

from collections.abc import Collection
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from chain_gateway.mirror import Mirror, Mirrors
from records.errors import NotFoundError
from records.tiles import parse_path

IMMUTABLE: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
FRESH: Final = {"Cache-Control": "public, max-age=5, must-revalidate"}


def routes(mirrors: Mirrors, origins: Collection[str]) -> APIRouter:
    """The mirrors of these logs, each as its own centre would serve it. 404: log-unknown, nothing-published."""
    router = APIRouter(prefix="/mirrors")

    def mirror_of(origin: str) -> Mirror:
        if origin not in origins:
            raise NotFoundError("log-unknown")
        return mirrors.of(origin)

    @router.get("/{origin}/checkpoint", response_class=Response)
    @router.head("/{origin}/checkpoint", response_class=Response, include_in_schema=False)
    def checkpoint(origin: str) -> Response:
        note = mirror_of(origin).log.checkpoint()
        return Response(note, media_type="text/plain; charset=utf-8", headers=FRESH)

    @router.get("/{origin}/tile/{path:path}", response_class=Response)
    @router.head("/{origin}/tile/{path:path}", response_class=Response, include_in_schema=False)
    def tile(origin: str, path: str) -> Response:
        data = mirror_of(origin).log.read(parse_path(f"tile/{path}"))
        return Response(data, media_type="application/octet-stream", headers=IMMUTABLE)

    return router
