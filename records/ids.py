"""Names of things and the text forms shared by every record: identifiers, digests, binary, time."""

import base64
import binascii
import hashlib
import re
from datetime import UTC, datetime
from typing import NewType

from records.errors import InvalidRecordError

CentreCode = NewType("CentreCode", str)
"""交易中心代码: 2–4 upper-case letters, JN 济南."""
ProjectId = NewType("ProjectId", str)
"""标段编号, E3701000076012345001."""
SessionId = NewType("SessionId", str)
"""评标会话: `<project>-<n>`, n the version of the evaluation."""
SeatId = NewType("SeatId", str)
"""席位: `<centre>-<n>`, JN-1."""
Author = NewType("Author", str)
"""The author of a record: `seat:JN-1`, `centre:JN`, `operator:<person>`, `system:<name>`."""
PersonId = NewType("PersonId", str)
"""A person's opaque identifier, never the name."""
Digest = NewType("Digest", str)
"""`sha256:` and 64 lower-case hex digits."""

ZERO_DIGEST = Digest("sha256:" + "0" * 64)
"""The digest before the first entry of a chain."""

_CENTRE = r"[A-Z]{2,4}"
_PROJECT = r"[A-Z][A-Z0-9]{3,39}"
_SEAT = rf"{_CENTRE}-[1-9][0-9]{{0,2}}"
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_FORMS = {
    "centre": re.compile(_CENTRE),
    "project": re.compile(_PROJECT),
    "session": re.compile(rf"{_PROJECT}-[1-9][0-9]{{0,3}}"),
    "seat": re.compile(_SEAT),
    "person": re.compile(_NAME),
    "author": re.compile(rf"seat:{_SEAT}|centre:{_CENTRE}|(?:operator|system):{_NAME}"),
    "digest": re.compile(r"sha256:[0-9a-f]{64}"),
    "instant": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"),
    "base64url": re.compile(r"[A-Za-z0-9_-]*"),
    "uscc": re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}"),
}


def _match(form: str, text: object) -> str:
    if not isinstance(text, str) or not _FORMS[form].fullmatch(text):
        raise InvalidRecordError(f"bad-{form}")
    return text


def parse_centre(text: object) -> CentreCode:
    return CentreCode(_match("centre", text))


def parse_project(text: object) -> ProjectId:
    return ProjectId(_match("project", text))


def parse_session(text: object) -> SessionId:
    return SessionId(_match("session", text))


def parse_seat(text: object) -> SeatId:
    return SeatId(_match("seat", text))


def parse_person(text: object) -> PersonId:
    return PersonId(_match("person", text))


def parse_author(text: object) -> Author:
    return Author(_match("author", text))


def parse_digest(text: object) -> Digest:
    return Digest(_match("digest", text))


def session_project(session: SessionId) -> ProjectId:
    """The project a session evaluates."""
    return ProjectId(parse_session(session).rpartition("-")[0])


def seat_centre(seat: SeatId) -> CentreCode:
    """The centre a seat belongs to."""
    return CentreCode(parse_seat(seat).partition("-")[0])


def digest(data: bytes) -> Digest:
    """The SHA-256 of the data, in the text form of records."""
    return Digest("sha256:" + hashlib.sha256(data).hexdigest())


def short_code(digest: str) -> str:
    """The first 16 hex digits of a digest in fours, upper case: what people compare by eye, on paper and screen."""
    digits = digest.removeprefix("sha256:").removeprefix("0x")[:16].upper()
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


_STANDARD = bytes.maketrans(b"-_", b"+/")


def b64u(data: bytes) -> str:
    """Binary as text: base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64u(text: object) -> bytes:
    """The binary behind the text. Only the spelling of `b64u` is read: no padding, no stray low bits."""
    standard = _match("base64url", text).encode("ascii").translate(_STANDARD)
    padded = standard + b"=" * (-len(standard) % 4)
    try:
        data = binascii.a2b_base64(padded)
    except binascii.Error as error:
        raise InvalidRecordError("bad-base64url") from error
    if binascii.b2a_base64(data, newline=False) != padded:
        raise InvalidRecordError("bad-base64url")
    return data


def instant(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC, cut (never rounded up) to milliseconds. A time without zone is refused."""
    if moment.tzinfo is None:
        raise InvalidRecordError("time-without-zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def parse_instant(text: object) -> datetime:
    """The moment behind the text `instant` writes; no other form of RFC 3339 is read."""
    plain = _match("instant", text)
    try:
        return datetime.fromisoformat(plain)
    except ValueError as error:
        raise InvalidRecordError("bad-instant") from error


_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = [3**place % 31 for place in range(17)]


def check_uscc(text: object) -> str:
    """A 统一社会信用代码 with its check character right (GB 32100-2015), else `bad-uscc` or `uscc-check-digit`."""
    code = _match("uscc", text)
    weighted = sum(_USCC_ALPHABET.index(sign) * weight for sign, weight in zip(code, _USCC_WEIGHTS, strict=False))
    if code[17] != _USCC_ALPHABET[-weighted % 31]:
        raise InvalidRecordError("uscc-check-digit")
    return code
