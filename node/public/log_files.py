"""Serves the own log to anybody, as static files would be: the signed checkpoint and the tiles that it covers.

Format and caching: c2sp.org/tlog-tiles. What the log holds beyond its public checkpoint is not shown: how much a centre
is writing just now would tell of what it is preparing.
"""

import hashlib
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from journal import TileLog
from records.errors import InvalidRecordError, NotFoundError
from records.tiles import Tile, parse_path

IMMUTABLE: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
FRESH: Final = {"Cache-Control": "public, max-age=5, must-revalidate"}
_NOT_MODIFIED: Final = 304


def routes(log: TileLog) -> APIRouter:
    """404: nothing-published, tile-unknown, and the codes of a path that names no tile (`tile-path…`)."""
    router = APIRouter(prefix="/log")

    @router.get("/checkpoint", response_class=Response)
    @router.head("/checkpoint", response_class=Response, include_in_schema=False)
    def checkpoint(request: Request) -> Response:
        return checkpoint_answer(request, log)

    @router.get("/tile/{path:path}", response_class=Response)
    @router.head("/tile/{path:path}", response_class=Response, include_in_schema=False)
    def tile(request: Request, path: str) -> Response:
        return tile_answer(request, log.shown(named(path)))

    return router


def named(path: str) -> Tile:
    """The tile behind the rest of an address; whatever names none is not found."""
    try:
        return parse_path(f"tile/{path}")
    except InvalidRecordError as error:
        raise NotFoundError(error.code) from error


def checkpoint_answer(request: Request, log: TileLog) -> Response:
    """The published note: kept by nobody for longer than a few seconds."""
    return _answer(request, log.checkpoint().encode(), "text/plain; charset=utf-8", FRESH)


def tile_answer(request: Request, data: bytes) -> Response:
    """A tile: what stands under its name never changes."""
    return _answer(request, data, "application/octet-stream", IMMUTABLE)


def _answer(request: Request, data: bytes, media_type: str, caching: dict[str, str]) -> Response:
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {**caching, "ETag": tag}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    return Response(data, media_type=media_type, headers=headers)
