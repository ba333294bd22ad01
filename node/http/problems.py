"""Turns errors into RFC 9457 problem documents: the only module that knows status codes."""

from collections.abc import Mapping
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    NotFoundError,
    NotPermittedError,
    TongpingError,
    UnavailableError,
    WrongStageError,
)

MEDIA_TYPE = "application/problem+json"
_TYPE_PREFIX = "urn:tongping:problem:"
_log = structlog.get_logger(__name__)

STATUS: tuple[tuple[type[TongpingError], int], ...] = (
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (NotPermittedError, HTTPStatus.FORBIDDEN),
    (WrongStageError, HTTPStatus.CONFLICT),
    (ConflictError, HTTPStatus.CONFLICT),
    (InvalidRecordError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (EvidenceMismatchError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (UnavailableError, HTTPStatus.SERVICE_UNAVAILABLE),
)
_BY_CODE: Mapping[str, int] = {
    "not-signed-in": HTTPStatus.UNAUTHORIZED,
    "request-too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
_HTTP_CODES: Mapping[int, str] = {
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
    HTTPStatus.BAD_REQUEST: "malformed-request",
}


def status_of(error: TongpingError) -> int:
    known = _BY_CODE.get(error.code)
    if known is not None:
        return known
    return next((status for kind, status in STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)


def family_of(status: int) -> type[TongpingError]:
    """The family of a peer's answer, by its status."""
    if status == HTTPStatus.CONFLICT:
        return ConflictError
    if status == HTTPStatus.UNAUTHORIZED:
        return NotPermittedError
    known = next((kind for kind, of_kind in STATUS if of_kind == status), None)
    if known is None:
        return UnavailableError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else InvalidRecordError
    return known


def problem(status: int, code: str, values: Mapping[str, str | int] | None = None) -> JSONResponse:
    title = code.replace("-", " ").capitalize()
    body = {
        "type": _TYPE_PREFIX + code,
        "title": title,
        "status": int(status),
        "code": code,
        "values": dict(values or {}),
    }
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE)


def _on_own_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TongpingError)
    status = status_of(error)
    if isinstance(error, EvidenceMismatchError) or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request failed", method=request.method, code=error.code)
    return problem(status, error.code, error.values)


def _on_invalid_request(_request: Request, error: Exception) -> JSONResponse:
    """Names the first wrong field; never repeats the input, which may be private."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return problem(HTTPStatus.BAD_REQUEST, "malformed-json")
    field = ".".join(str(part) for part in first["loc"] if part != "body")
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request", {"field": field, "rule": first["type"]})


def _on_http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = _HTTP_CODES.get(error.status_code, "request-refused")
    response = problem(error.status_code, code)
    response.headers.update(error.headers or {})
    return response


def _on_bug(request: Request, error: Exception) -> JSONResponse:
    """A fault of ours. The error's text stays out of the answer and the log: it may quote private data."""
    _log.error("request failed", method=request.method, error=type(error).__name__)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error")


def install(app: FastAPI) -> None:
    app.add_exception_handler(TongpingError, _on_own_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_bug)
