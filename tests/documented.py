"""Holds every answer of a centre to its interface document: a status that the route does not name fails the test."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from httpx2 import Response

DOCUMENT: Final = Path(__file__).parent.parent / "docs" / "openapi.json"
PROBLEM: Final = "application/problem+json"


@cache
def document() -> dict[str, Any]:
    """Any: JSON of the interface document as it is committed."""
    loaded: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return loaded


@cache
def _templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Paths without parameters first: they go before the same path with one."""
    paths = sorted(document()["paths"], key=lambda path: (path.count("{"), path))
    return tuple((_pattern(path), path) for path in paths)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[a-z]+\\\}", lambda found: ".+" if "path" in found[0] else "[^/]+", re.escape(path)))


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """Any: JSON. What the document says of this request; None for a page, or a method that the path does not have."""
    wanted = "get" if method == "HEAD" else method.lower()
    for pattern, template in _templates():
        if pattern.fullmatch(path):
            found: dict[str, Any] | None = document()["paths"][template].get(wanted)
            return found
    return None


def check(response: Response) -> None:
    """A hook for HTTP clients. AssertionError where the answer's status is not documented or a refusal no problem."""
    request = response.request
    operation = operation_of(request.method, request.url.path)
    if operation is None:
        return
    asked = f"{request.method} {request.url.path}"
    assert str(response.status_code) in operation["responses"], f"{asked} answers {response.status_code}"
    if response.status_code >= 400:
        assert response.headers["content-type"] == PROBLEM, f"{asked} refuses without a problem document"
