"""The other centres: signed requests to them, and what is known of them from their answers."""

import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self

import httpx2
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey

from node.config import PeerConfig
from node.http.problems import MEDIA_TYPE, family_of
from node.peering import signatures
from node.peering.signatures import Message, Parameters
from records import strict_json
from records.errors import InvalidRecordError, TongpingError, UnavailableError
from records.ids import CentreCode, b64u, unb64u

_SECOND: Final = timedelta(seconds=1)
_FIRST_FAILURE: Final = 400
MOST_ANSWERED: Final = 64 * 1024 * 1024
_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_CODE: Final = 64
UNREACHABLE: Final = "peer-unreachable"
"""No answer at all: only said here, never by a peer that answers."""
_TIMEOUT: Final = httpx2.Timeout(30.0, connect=3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The maximum size of an answer, in bytes, and the maximum time for its body."""

    most: int
    seconds: float


LOOSE: Final = Bound(most=MOST_ANSWERED, seconds=600.0)
"""For rare requests to other centres: documents and reports."""


class Cut:
    """The peers this centre neither hears nor sends to (demonstrations and tests)."""

    def __init__(self) -> None:
        self._peers: set[str] = set()

    def set(self, peer: CentreCode, *, on: bool) -> None:
        if on:
            self._peers.add(peer)
        else:
            self._peers.discard(peer)

    def check(self, peer: str) -> None:
        if peer in self._peers:
            raise UnavailableError(UNREACHABLE, peer=peer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The last known state of a peer, and since when."""

    state: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A peer's answer, read whole."""

    status: int
    media_type: str
    body: bytes
    date: str = ""


class PeerClient:
    """Sends requests to other centres. All failures are ours; a peer that does not answer: UnavailableError."""

    def __init__(
        self,
        *,
        centre: CentreCode,
        key: EllipticCurvePrivateKey,
        peers: Mapping[CentreCode, PeerConfig],
        cut: Cut,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes],
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._centre = centre
        self._key = key
        self._peers = peers
        self._cut = cut
        self._clock = clock
        self._randomness = randomness
        self._reach = {peer: Reach(state="down", since=clock()) for peer in peers}
        self._differences: dict[CentreCode, int] = {}
        self._http = httpx2.Client(timeout=_TIMEOUT, trust_env=False, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def post(self, peer: CentreCode, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """Any: JSON both ways; the caller checks the answer."""
        return _json_object(peer, self._ask(peer, "POST", path, json.dumps(value).encode()))

    def get(self, peer: CentreCode, path: str, *, bound: Bound = LOOSE) -> dict[str, Any]:
        """Any: as in `post`."""
        return _json_object(peer, self._ask(peer, "GET", path, b"", bound))

    def fetch(self, peer: CentreCode, path: str, *, bound: Bound = LOOSE) -> bytes:
        return self._ask(peer, "GET", path, b"", bound).body

    def reach(self, peer: CentreCode) -> Reach:
        return self._reach[peer]

    def clock_difference(self, peer: CentreCode) -> int | None:
        """Seconds by which this centre's clock was ahead of the peer's (behind: negative) at its last answer."""
        return self._differences.get(peer)

    def _compare_clocks(self, peer: CentreCode, answer: Answer, asked: datetime) -> None:
        """The answer's Date, in whole seconds, lies between question and answer, or the clocks differ."""
        try:
            shown = parsedate_to_datetime(answer.date)
            early, late = asked - _SECOND - shown, self._clock() - shown
        except (ValueError, TypeError):  # no date, or none with a time zone
            return
        ahead, behind = early.total_seconds(), late.total_seconds()
        self._differences[peer] = int(ahead) if ahead > 0 else int(behind) if behind < 0 else 0

    def _note(self, peer: CentreCode, state: str) -> None:
        if self._reach[peer].state != state:
            self._reach[peer] = Reach(state=state, since=self._clock())

    def _ask(self, peer: CentreCode, method: str, path: str, body: bytes, bound: Bound = LOOSE) -> Answer:
        known = self._peers.get(peer)
        if known is None:
            raise InvalidRecordError("peer-unknown", peer=peer)
        self._cut.check(peer)
        request = self._http.build_request(method, known.url.rstrip("/") + path, content=body)
        request.headers.update(self._signed(peer, request, body))
        asked = self._clock()
        try:
            answer = self._read(peer, request, bound)
        except httpx2.HTTPError as error:
            self._note(peer, "down")
            raise UnavailableError(UNREACHABLE, peer=peer) from error
        self._note(peer, "connected")
        self._compare_clocks(peer, answer, asked)
        if answer.status >= _FIRST_FAILURE:
            raise _refusal(peer, answer)
        return answer

    def _read(self, peer: CentreCode, request: httpx2.Request, bound: Bound) -> Answer:
        """The answer, given up once it is larger or slower than any that another centre has to give here."""
        until = time.monotonic() + bound.seconds
        response = self._http.send(request, stream=True)
        try:
            body = bytearray()
            for part in response.iter_bytes():
                body += part
                if len(body) > bound.most:
                    raise InvalidRecordError("peer-answer-too-large", peer=peer, most=bound.most)
                if time.monotonic() > until:
                    raise UnavailableError("peer-too-slow", peer=peer, seconds=int(bound.seconds))
        finally:
            response.close()
        media_type = response.headers.get("content-type", "")
        date = response.headers.get("date", "")
        return Answer(status=response.status_code, media_type=media_type, body=bytes(body), date=date)

    def _signed(self, peer: CentreCode, request: httpx2.Request, body: bytes) -> dict[str, str]:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        message = Message(method=request.method, path=path, query=query, body=body, to=peer)
        parameters = Parameters(
            keyid=self._centre, created=int(self._clock().timestamp()), nonce=b64u(self._randomness(16))
        )
        headers = signatures.sign(message, parameters, self._key)
        return headers | ({"content-type": "application/json"} if body else {})


class Webhook:
    """Posts to an address outside the consortium, signed with this centre's entry key as requests to peers are."""

    def __init__(
        self,
        url: str,
        *,
        centre: CentreCode,
        key: EllipticCurvePrivateKey,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes],
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._url = url
        self._centre = centre
        self._key = key
        self._clock = clock
        self._randomness = randomness
        self._http = httpx2.Client(timeout=_TIMEOUT, trust_env=False, transport=transport)

    def post(self, value: Mapping[str, Any], *, once: str) -> None:
        """Any: JSON. `once`: constant for the same news, so that a receiver recognises a repetition.

        UnavailableError while the receiver does not take it: "webhook-unreachable", "webhook-refused" (any status but
        2xx: a misconfigured receiver will be repaired).
        """
        body = json.dumps(value, ensure_ascii=False).encode()
        request = self._http.build_request("POST", self._url, content=body)
        raw, _, query = request.url.raw_path.decode("ascii").partition("?")
        to = request.url.netloc.decode("ascii")
        message = Message(method="POST", path=raw, query=query, body=body, to=to)
        created = int(self._clock().timestamp())
        parameters = Parameters(keyid=self._centre, created=created, nonce=b64u(self._randomness(16)))
        request.headers.update(signatures.sign(message, parameters, self._key))
        request.headers.update({"content-type": "application/json", "idempotency-key": once})
        try:
            response = self._http.send(request, stream=True)  # only its status matters
            response.close()
        except httpx2.HTTPError as error:
            raise UnavailableError("webhook-unreachable") from error
        if not response.is_success:
            raise UnavailableError("webhook-refused", status=response.status_code)


def _json_object(peer: CentreCode, answer: Answer) -> dict[str, Any]:
    """Any: as in PeerClient.post."""
    try:
        value = strict_json.read(answer.body)
    except InvalidRecordError as error:
        raise InvalidRecordError("peer-answer-malformed", peer=peer) from error
    if not isinstance(value, dict):
        raise InvalidRecordError("peer-answer-malformed", peer=peer)
    return value


def _refusal(peer: CentreCode, answer: Answer) -> TongpingError:
    """The peer's problem document as our error: the family by its status, the code unchanged.

    The status alone decides the family, also beside a document that cannot be read: a peer that is busy stays so.
    """
    family = family_of(answer.status)
    problem: dict[str, Any] = {}  # Any: as in PeerClient.post
    if answer.media_type.startswith(MEDIA_TYPE):
        with suppress(InvalidRecordError):
            problem = _json_object(peer, answer)
    code, given = problem.get("code"), problem.get("values")
    told = isinstance(code, str) and len(code) <= _LONGEST_CODE and _CODE.fullmatch(code) and code != UNREACHABLE
    if not told:
        return family("peer-refused", peer=peer, status=answer.status)
    values = (
        {key: part for key, part in given.items() if isinstance(part, str | int)} if isinstance(given, dict) else {}
    )
    return family(str(code), **(values | {"peer": str(peer)}))


def public_key(point: str) -> EllipticCurvePublicKey:
    """Raises InvalidRecordError(peer-key-malformed)."""
    try:
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), unb64u(point))
    except (ValueError, InvalidRecordError) as error:
        raise InvalidRecordError("peer-key-malformed") from error
