"""Who may be let in by which route, when, and on which seat: written down here once more, apart from the program.

A route of the application that is not listed here fails the matrix. Each row answers for one caller at one moment.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evaluation_room.stages import ENDED, SITTING, TERMINALS, Stage
from records.actors import Role


class Standing(StrEnum):
    """What an expert is to the evaluation that a route names."""

    MEMBER = "checked in, undertaking signed"
    SILENT = "checked in, undertaking not signed"
    NAMED = "named to a seat, not checked in"
    REPLACED = "replaced by another"
    FORMER = "sat; another is named to the seat for the next version"
    NEWCOMER = "named for the next version, to a seat where another sat"
    MISSED = "named, but the evaluation ended before the check-in"
    STRANGER = "an expert of this centre without a part in it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A person with a role, another centre, or nobody. `peer`: "venue" of the evaluation, or "elsewhere"."""

    role: Role | None = None
    standing: Standing | None = None
    peer: str = ""

    @property
    def name(self) -> str:
        return self.standing or self.role or self.peer or "nobody"

    @property
    def present(self) -> bool:
        return self.standing in {Standing.MEMBER, Standing.SILENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Where the evaluation stands. `below`: the stage under an overlay; `report`: whether one counts now."""

    name: str
    stage: Stage
    below: Stage
    report: bool
    aggregated: bool
    briefed: bool
    venue: bool

    @property
    def over(self) -> bool:
        return self.stage in ENDED | {Stage.SEALED}

    @property
    def published(self) -> bool:
        return self.stage in {Stage.SEALED, Stage.CLOSED}


Rule = Callable[[Caller, Moment], bool]


def roles(*allowed: Role) -> Rule:
    return lambda who, _when: who.role in allowed


OPERATOR, SUPERVISOR, EXPERT, AUDITOR = Role.OPERATOR, Role.SUPERVISOR, Role.EXPERT, Role.AUDITOR
STAFF, ANY_ROLE = roles(OPERATOR, SUPERVISOR), roles(*Role)


def everybody(_who: Caller, _when: Moment) -> bool:
    return True


def nobody(_who: Caller, _when: Moment) -> bool:
    return False


def any_centre(who: Caller, _when: Moment) -> bool:
    return who.peer != ""


def venue(who: Caller, when: Moment) -> bool:
    return who.peer == "venue" and when.venue


def venue_from_briefing(who: Caller, when: Moment) -> bool:
    return venue(who, when) and when.briefed


def may_check_in(who: Caller, when: Moment) -> bool:
    """Also a member, on another computer."""
    sitting = when.below in SITTING and when.stage not in TERMINALS
    return sitting and (who.present or who.standing is Standing.NAMED)


def enters_room(who: Caller, when: Moment) -> bool:
    return who.present or (who.standing is Standing.NAMED and not when.over)


def present_member(who: Caller, _when: Moment) -> bool:
    return who.present


def reads_bids(who: Caller, _when: Moment) -> bool:
    return who.standing is Standing.MEMBER


def reads_report(who: Caller, when: Moment) -> bool:
    return who.present and when.report


def sees_signing(who: Caller, when: Moment) -> bool:
    return reads_report(who, when) or STAFF(who, when)


def signs(who: Caller, when: Moment) -> bool:
    return who.present and when.stage is Stage.SIGNING


def tally(who: Caller, when: Moment) -> bool:
    return STAFF(who, when) and when.aggregated


def takes_evidence(who: Caller, when: Moment) -> bool:
    return who.role in {OPERATOR, SUPERVISOR, AUDITOR} and when.published


def published(_who: Caller, when: Moment) -> bool:
    return when.published


API, PEER = "/api/v1", "/peer/v1"
_PERSONS: Final[Mapping[str, Rule]] = {
    "POST /access/enrolment/options": everybody,
    "POST /access/enrolment": everybody,
    "POST /access/sign-in/options": everybody,
    "POST /access/sign-in": everybody,
    "POST /access/sign-out": ANY_ROLE,
    "GET /access/me": ANY_ROLE,
    "GET /openapi.json": everybody,
    "GET /samples": STAFF,
    "GET /tenders": STAFF,
    "POST /tenders": roles(OPERATOR),
    "GET /tenders/{project}": STAFF,
    "POST /tenders/{project}/invitation": roles(OPERATOR),
    "GET /invitations": STAFF,
    "POST /invitations/{id}/confirmation": roles(OPERATOR),
    "POST /invitations/{id}/refusal": roles(OPERATOR),
    "GET /catalogue": roles(OPERATOR),
    "GET /projects/{project}/seats": roles(OPERATOR),
    "PUT /projects/{project}/seats": roles(OPERATOR),
    "GET /projects/{project}/seats/near-ties": roles(OPERATOR),
    "GET /centre": STAFF,
    "POST /centre/followers/{name}/restart": roles(OPERATOR),
    "POST /alarms/{entry}/acknowledgement": roles(OPERATOR),
    "POST /operations/partition": roles(OPERATOR),
    "GET /sessions": STAFF,
    "POST /sessions": roles(OPERATOR),
    "GET /sessions/{session}": STAFF,
    "GET /sessions/{session}/tally": tally,
    "GET /sessions/{session}/standstills": STAFF,
    "POST /sessions/{session}/retry": roles(OPERATOR),
    "POST /sessions/{session}/stage": roles(SUPERVISOR),  # of the step that the matrix asks for: a suspension
    "POST /sessions/{session}/review": STAFF,
    "POST /sessions/{session}/replacement": roles(OPERATOR),
    "POST /sessions/{session}/again": roles(OPERATOR),
    "GET /room": roles(EXPERT),
    "GET /room/{session}": enters_room,
    "GET /room/{session}/chain": present_member,
    "GET /room/{session}/documents/{digest}": reads_bids,
    "POST /room/{session}/check-in/options": may_check_in,
    "POST /room/{session}/check-in": may_check_in,
    "POST /room/{session}/signal": present_member,
    "GET /signing/{session}": sees_signing,
    "GET /signing/{session}/report.pdf": reads_report,
    "POST /signing/{session}/consent/options": signs,
    "POST /signing/{session}/signature": signs,
}
_CENTRES: Final[Mapping[str, Rule]] = {
    "GET /hello": any_centre,
    "POST /invitations": any_centre,
    "POST /invitations/{id}/reply": any_centre,
    "GET /checkpoint": any_centre,
    "POST /cosignatures": any_centre,
    "POST /sessions": any_centre,
    "GET /sessions/{session}": venue,
    "GET /documents/{digest}": venue_from_briefing,
    "POST /links/{session}/signal": venue,
    "POST /signing/{session}/begin": nobody,  # the venue has no seat in these evaluations
    "POST /signing/{session}/finish": nobody,
    "POST /signing/{session}/seal": nobody,  # asked by a host of its guests, and this centre is the host
    "GET /signing/{session}/seal-certificate": nobody,
    "POST /signing/{session}/sealed": nobody,
}
_PUBLIC: Final[Mapping[str, Rule]] = {
    "POST /tsa": everybody,
    "GET /": everybody,
    "GET /search": everybody,
    "GET /evaluations/{session}": published,
    "GET /records/{index}": published,
    "GET /proposals": everybody,
    "GET /checkpoints/{size}": nobody,  # nothing is anchored in these evaluations
    "GET /explorer/api/v1/documents/{digest}": published,
    "GET /explorer/api/v1/evaluations/{session}": published,
    "GET /explorer/static/{name}": everybody,
    "GET /evidence/{session}.evidence.zip": takes_evidence,
    "GET /log/checkpoint": everybody,
    "GET /log/tile/{path:path}": everybody,
    "GET /mirrors/{origin}/checkpoint": everybody,
    "GET /mirrors/{origin}/tile/{path:path}": everybody,
    "GET /shared": everybody,
    "GET /console": everybody,  # the built application: code, no data
    "GET /room": everybody,
}
EXPECTED: Final[Mapping[tuple[str, str], Rule]] = {
    (row.partition(" ")[0], prefix + row.partition(" ")[2]): rule
    for prefix, rows in ((API, _PERSONS), (PEER, _CENTRES), ("", _PUBLIC))
    for row, rule in rows.items()
}
"""By method and path: may this caller be let in at this moment. HEAD is as GET."""

REFUSALS: Final = frozenset(
    {
        "csrf-mark-wrong", "document-unknown", "evaluation-unknown", "field-of-another-centre", "kind-not-in-stage",
        "not-a-venue", "not-checked-in", "not-found", "not-in-signing", "not-signed-in", "not-the-host",
        "peer-signature-missing", "record-unknown", "report-not-sealed", "role-not-permitted", "session-unknown",
        "supervisor-orders", "tally-too-early", "undertaking-missing",
    }
)  # fmt: skip
"""What a closed door says; every other code comes from somebody who looked at what was sent."""
