"""One person of the demo before their browser: cookies, CSRF and a passkey, over the same HTTP interface people use."""

import secrets
from dataclasses import dataclass, field
from typing import Any, Self

import httpx2

from node.demo.authenticator import Json, Passkey
from records.errors import InvalidRecordError, UnavailableError

TIMEOUT_SECONDS = 60.0
FIRST_FAILURE = 400


class RefusedError(InvalidRecordError):
    """The node answered with a problem document; the code is the node's."""


@dataclass(slots=True, kw_only=True)
class Person:
    """A browser session with one centre. Every request that fails raises RefusedError with the problem's code."""

    origin: str
    client: httpx2.AsyncClient
    passkey: Passkey
    csrf: str = ""
    me: Json = field(default_factory=dict)

    @classmethod
    def at(cls, origin: str) -> Self:
        client = httpx2.AsyncClient(base_url=origin, timeout=TIMEOUT_SECONDS, headers={"Origin": origin})
        return cls(origin=origin, client=client, passkey=Passkey(origin=origin, randomness=secrets.token_bytes))

    async def enrol(self, code: str) -> None:
        """Make a passkey with a one-time code and be signed in."""
        ceremony = await self.post("/api/v1/access/enrolment/options", {"code": code})
        credential = self.passkey.register(ceremony["publicKey"])
        answer = {"ceremony": ceremony["ceremony"], "credential": credential}
        self._signed_in(await self.post("/api/v1/access/enrolment", answer))

    async def sign_in(self) -> None:
        """Sign in again with the passkey."""
        ceremony = await self.post("/api/v1/access/sign-in/options", {})
        credential = self.passkey.assert_presence(ceremony["publicKey"])
        self._signed_in(
            await self.post("/api/v1/access/sign-in", {"ceremony": ceremony["ceremony"], "credential": credential})
        )

    async def get(self, path: str) -> Any:  # Any: whatever JSON the interface documents for the path
        return (await self._ask("GET", path)).json()

    async def fetch(self, path: str) -> bytes:
        return (await self._ask("GET", path)).content

    async def post(self, path: str, body: Json) -> Any:  # Any: as above
        return await self._send("POST", path, body)

    async def put(self, path: str, body: Json) -> Any:  # Any: as above
        return await self._send("PUT", path, body)

    async def close(self) -> None:
        await self.client.aclose()

    def _signed_in(self, me: Json) -> None:
        self.me, self.csrf = me, str(me["csrf"])

    async def _send(self, method: str, path: str, body: Json) -> Any:  # Any: as above
        answer = await self._ask(method, path, json=body)
        return answer.json() if answer.content else {}

    async def _ask(self, method: str, path: str, **content: Json) -> httpx2.Response:
        headers = {"X-CSRF-Token": self.csrf} if self.csrf else {}
        try:
            answer = await self.client.request(method, path, headers=headers, json=content.get("json"))
        except httpx2.TransportError as error:
            raise UnavailableError("node-unreachable", origin=self.origin) from error
        if answer.status_code >= FIRST_FAILURE:
            raise _refusal(answer)
        return answer


def _refusal(answer: httpx2.Response) -> RefusedError:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    code = str(problem.get("code", "unexpected-answer"))
    values = problem.get("values") or {}
    known: dict[str, str | int] = {str(key): str(value) for key, value in values.items()}
    return RefusedError(code, **known, status=answer.status_code, path=answer.request.url.path)
