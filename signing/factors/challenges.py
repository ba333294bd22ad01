"""The challenges passkeys sign: every act says what is done, in one form, and all of them are made here.

A challenge is SHA-256(act ‖ 0x00 ‖ canonical members). Its members are texts; one is a nonce of 32 random bytes, used
once, in base64url. The browser makes the same from what it shows (web/shared/records/challenges.ts) and asks the
passkey for nothing else; both are held to tests/vectors/challenges.json.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from records.canonical import encode
from records.errors import InvalidRecordError
from records.ids import Digest, SeatId, SessionId, b64u, digest, parse_digest, parse_seat, parse_session

NONCE_BYTES: Final = 32
CONSENT_VERSION: Final = 2
"""The version of a consent's challenge that is asked for now; the first did not say what was decided."""
_FIRST_CONSENT: Final = b"tongping/report-consent/v1"


class Act(StrEnum):
    """What a person confirms with a passkey; the value is the tag of its challenge."""

    ENROLMENT = "tongping/enrolment/v1"
    SIGN_IN = "tongping/sign-in/v1"
    SEAT_BINDING = "tongping/seat-binding/v1"
    REPORT_CONSENT = "tongping/report-consent/v2"


MEMBERS: Final[Mapping[Act, frozenset[str]]] = MappingProxyType(
    {
        Act.ENROLMENT: frozenset({"nonce", "site", "user"}),
        Act.SIGN_IN: frozenset({"nonce", "site"}),
        Act.SEAT_BINDING: frozenset({"nonce", "public_key", "seat", "session"}),
        Act.REPORT_CONSENT: frozenset({"decision", "nonce", "reason", "report", "seat", "session"}),
    }
)
"""What the challenge of each act covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A challenge and what it says; `nonce` makes it this one ceremony's."""

    act: Act
    nonce: bytes
    value: bytes


def enrolment(*, site: str, user: str, nonce: bytes) -> Challenge:
    """A passkey is made at this site (its origin) for this user handle (base64url)."""
    return _challenge(Act.ENROLMENT, {"site": site, "user": user}, nonce)


def sign_in(*, site: str, nonce: bytes) -> Challenge:
    """Somebody signs in at this site (its origin), and does nothing else."""
    return _challenge(Act.SIGN_IN, {"site": site}, nonce)


def seat_binding(session: SessionId, seat: SeatId, public_key: str, *, nonce: bytes) -> Challenge:
    """Bind a key: it speaks for this seat in this session."""
    said = {"session": parse_session(session), "seat": parse_seat(seat), "public_key": public_key}
    return _challenge(Act.SEAT_BINDING, said, nonce)


def report_consent(
    session: SessionId, seat: SeatId, *, report: Digest, decision: str, reason: str, nonce: bytes
) -> Challenge:
    """Decide on a report, from this seat and for this reason: the digest of its UTF-8, also of the empty text."""
    said = {
        "session": parse_session(session),
        "seat": parse_seat(seat),
        "report": parse_digest(report),
        "decision": decision,
        "reason": digest(reason.encode()),
    }
    return _challenge(Act.REPORT_CONSENT, said, nonce)


def first_report_consent(report: Digest, nonce: bytes) -> bytes:
    """The first version, in evidence of before: SHA-256(tag ‖ 0x00 ‖ the 32 bytes of the report's digest ‖ nonce).

    It covers neither the decision nor who decides, and is accepted only where old evidence is verified.
    """
    raw = bytes.fromhex(parse_digest(report).removeprefix("sha256:"))
    return hashlib.sha256(_FIRST_CONSENT + b"\x00" + raw + _checked(nonce)).digest()


def _challenge(act: Act, said: Mapping[str, str], nonce: bytes) -> Challenge:
    members = {**said, "nonce": b64u(_checked(nonce))}
    value = hashlib.sha256(act.value.encode() + b"\x00" + encode({**members})).digest()
    return Challenge(act=act, nonce=nonce, value=value)


def _checked(nonce: bytes) -> bytes:
    if len(nonce) != NONCE_BYTES:
        raise InvalidRecordError("nonce-size", bytes=len(nonce))
    return nonce
