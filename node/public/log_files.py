"""Serves the own log publicly in the form of static files: the signed checkpoint and the tiles it covers.

Format and caching: c2sp.org/tlog-tiles. Entries beyond the public checkpoint are not shown: the rate at which a centre
writes would reveal what it is preparing.
"""

import hashlib
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from journal import TileLog
from records.answers import file_answer
from records.errors import InvalidRecordError, NotFoundError
from records.log.tiles import Tile, parse_path

NOTE: Final = "text/plain; charset=utf-8"
TILE: Final = "application/octet-stream"
IMMUTABLE: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
FRESH: Final = {"Cache-Control": "public, max-age=5, must-revalidate"}
_NOT_MODIFIED: Final = 304


def kept_answer(media_type: str) -> dict[int | str, dict[str, Any]]:
    """What the interface document says of a file that may be known already. Any: JSON."""
    return {**file_answer(media_type), _NOT_MODIFIED: {"description": "What If-None-Match names is still right."}}


def routes(log: TileLog) -> APIRouter:
    """404: nothing-published, tile-unknown, and the codes of a malformed tile path (`tile-path…`)."""
    router = APIRouter(prefix="/log", tags=["log"])

    @router.get("/checkpoint", response_class=Response, responses=kept_answer(NOTE))
    @router.head("/checkpoint", response_class=Response, include_in_schema=False)
    def checkpoint(request: Request) -> Response:
        return checkpoint_answer(request, log)

    @router.get("/tile/{path:path}", response_class=Response, responses=kept_answer(TILE))
    @router.head("/tile/{path:path}", response_class=Response, include_in_schema=False)
    def tile(request: Request, path: str) -> Response:
        return tile_answer(request, log.shown(named(path)))

    return router


def named(path: str) -> Tile:
    """The tile for the rest of an address; anything else is not found."""
    try:
        return parse_path(f"tile/{path}")
    except InvalidRecordError as error:
        raise NotFoundError(error.code) from error


def checkpoint_answer(request: Request, log: TileLog) -> Response:
    """The published note: cached for a few seconds at most."""
    return _answer(request, log.checkpoint().encode(), NOTE, FRESH)


def tile_answer(request: Request, data: bytes) -> Response:
    """A tile: its content never changes."""
    return _answer(request, data, TILE, IMMUTABLE)


def _answer(request: Request, data: bytes, media_type: str, caching: dict[str, str]) -> Response:
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {**caching, "ETag": tag}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    return Response(data, media_type=media_type, headers=headers)
