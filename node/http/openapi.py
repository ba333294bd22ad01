"""The interface document (OpenAPI 3.1): what the routes say of themselves, who may call each, how each may refuse."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, TypeAdapter

from node.http.permissions import ROUTES
from node.http.problems import MEDIA_TYPE
from node.http.versions import PEER

Json = dict[str, Any]
"""Any: an interface document is whatever JSON the specification allows."""
SAFE: Final = frozenset({"get", "head"})
_SCHEMAS: Final = "#/components/schemas/{model}"

TAGS: Final[Mapping[str, str]] = {
    "access": "Passkeys and signing in.",
    "centre": "The centre itself: peers, chain, background work, alarms.",
    "tenders": "Registered tenders (招标项目).",
    "invitations": "Invitations to other centres (副场邀请).",
    "catalogue": "The own experts, and who sits on the own seats.",
    "sessions": "Evaluation sessions (评标会话) as the console conducts and sees them.",
    "room": "The room of one member of the committee.",
    "signing": "The report, consent and signatures.",
    "explorer": "What is public of sealed evaluations, and the evidence bundles.",
    "log": "The own log, as C2SP tlog-tiles.",
    "mirrors": "The copies of other centres' logs, as C2SP tlog-tiles.",
    "timestamp": "Time by RFC 3161.",
    "peers": "What centres ask each other; every request is signed.",
}
SECURITY: Final[Mapping[str, Json]] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "tongping-<centre code>",
        "description": "Set by signing in: HttpOnly, SameSite=Strict, good for twelve hours. `x-roles`: who may call.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "`csrf` of the person signed in; every method but GET and HEAD needs it beside the cookie.",
    },
    "peerSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": (
            "HTTP message signature (RFC 9421) with the sender's entry key, beside `Signature-Input`, `Content-Digest` "
            "and `Tongping-To`; the covered parts and parameters are fixed, see docs/interface.md."
        ),
    },
}
_REFUSALS: Final[Mapping[int, str]] = {
    400: "No JSON: `malformed-json`, `malformed-request`.",
    401: "Nobody is signed in: `not-signed-in`.",
    403: "Not permitted: the role (`role-not-permitted`), the CSRF mark (`csrf-mark-wrong`), passkey, PIN, signature.",
    404: "Unknown, or not for the caller to know.",
    409: "In conflict with what is there, or the wrong stage.",
    408: "The body came too slowly: `request-too-slow`.",
    413: "The body is too large: `request-too-large`.",
    422: "What was sent breaks a rule (`invalid-request` names the field), or evidence does not match.",
    429: "This network address asked too much: `too-many-requests`, with Retry-After.",
    500: "A fault of the program: `internal-error`.",
    503: "Not now: a peer, the chain or the store does not answer.",
}
_MORE: Final[Mapping[tuple[str, str], frozenset[int]]] = {
    ("get", "/sessions/{session}/tally"): frozenset({409}),
    ("get", "/room/{session}/documents/{digest}"): frozenset({409}),
    ("get", "/signing/{session}"): frozenset({409}),
    ("get", "/signing/{session}/report.pdf"): frozenset({409}),
    ("get", "/evidence/{session}.evidence.zip"): frozenset({409, 503}),
    ("get", "/log/checkpoint"): frozenset({404}),
    ("get", "/checkpoint"): frozenset({404, 409, 503}),
    ("get", "/sessions/{session}"): frozenset({409}),
    ("get", "/hello"): frozenset({503}),
}
"""What a reading route may refuse with besides what its parameters and its callers say."""
_VERSIONED: Final = re.compile(r"\A/(?:api|peer)/v[0-9]+(?=/)")


class Problem(BaseModel):
    """Why a request was refused (RFC 9457). `code` is stable, and what programs go by; docs/errors.md lists them all.

    `values` hold what a sentence for people needs, never a score, a secret or a person's name.
    """

    type: Annotated[str, Field(pattern=r"^urn:tongping:problem:[a-z0-9-]+$")]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    code: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    values: dict[str, str | int]


class Interface(FastAPI):
    """An application that describes itself as whole as it is: security and problems with every route."""

    def openapi(self) -> Json:
        if not self.openapi_schema:
            self.openapi_schema = described(super().openapi())
        return self.openapi_schema


def operation_id(route: APIRoute) -> str:
    """Unique, and the name that generated clients show."""
    tag = str(route.tags[0]) if route.tags else "page"
    return f"{tag}_{route.name}"


def described(document: Json) -> Json:
    """The document of the framework with what it cannot know."""
    for path, method, operation in operations(document):
        access = access_of(method, path)
        operation["security"] = _security(access, method)
        roles = ROUTES.get((method.upper(), path))
        if roles is not None:
            operation["x-roles"] = sorted(role.value for role in roles)
        operation["responses"].pop("422", None)  # the framework's own form, which nobody is answered in
        for status in sorted(refusals(path, method, operation, access)):
            operation["responses"][str(status)] = {"$ref": f"#/components/responses/Refused{status}"}
    components = document.setdefault("components", {})
    schemas = {
        name: schema
        for name, schema in components.get("schemas", {}).items()
        if name not in {"HTTPValidationError", "ValidationError"}
    }
    schemas["Problem"] = TypeAdapter(Problem).json_schema(ref_template=_SCHEMAS)
    components["schemas"] = dict(sorted(schemas.items()))
    components["responses"] = {f"Refused{status}": _refused(text) for status, text in _REFUSALS.items()}
    components["securitySchemes"] = dict(SECURITY)
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    document["info"]["summary"] = "One trading centre of a joint bid evaluation."
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    return document


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """(path, method, operation) of every route."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


Access = Literal["session", "peer", "public"]


def access_of(method: str, path: str) -> Access:
    """Who is asked for: somebody signed in, another centre, or nobody."""
    if (method.upper(), path) in ROUTES:
        return "session"
    return "peer" if path.startswith(f"{PEER}/") else "public"


def _security(access: Access, method: str) -> list[dict[str, list[str]]]:
    if access == "session":
        wanted: dict[str, list[str]] = {"session": []}
        return [wanted if method in SAFE else wanted | {"csrf": []}]
    return [{"peerSignature": []}] if access == "peer" else []


def refusals(path: str, method: str, operation: Json, access: Access) -> set[int]:
    """The statuses that a caller of this route has to expect."""
    found = {500} | _MORE.get((method, _VERSIONED.sub("", path)), frozenset())
    found |= {"session": {401, 403}, "peer": {403, 503}, "public": set()}[access]
    found.add(429)
    if operation.get("parameters"):
        found.add(422)
    if "{" in path:
        found.add(404)
    if "requestBody" in operation:
        found |= {400, 408, 413, 422}
    if method not in SAFE:
        found |= {403, 404, 408, 409, 413, 503}
    return {int(status) for status in found}


def _refused(text: str) -> Json:
    content = {MEDIA_TYPE: {"schema": {"$ref": _SCHEMAS.format(model="Problem")}}}
    return {"description": text, "content": content}
