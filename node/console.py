"""Routes across office and room: the centre itself, one tender with its surroundings, opening a session."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel, Field
from starlette.requests import Request

from chain_gateway.monitor.api import AlarmOut
from chain_gateway.monitor.api import view as alarm_view
from evaluation_room.answers.room import SignedEntryOut
from evaluation_room.answers.session import CentreNameOut, LinkOut
from evaluation_room.answers.tender import BidderOut, ItemOut, StageName
from evaluation_room.committee.replacement import ReplacementGround
from evaluation_room.tender.reevaluation_ground import ReevaluationGround
from journal import FollowerState, Standstill
from node.centre import Centre
from node.config import PeerConfig
from node.office.catalogue.api import SelectionIn, SelectionOut
from node.office.catalogue.desk import Chosen
from node.office.catalogue.store import Seating
from node.office.invitation.api import InvitationOut
from node.office.invitation.api import view as invitation_view
from node.office.tenders.api import TenderOut, summary
from node.rooms.sessions import Replacement
from records import canonical
from records.actors import Actor
from records.answers import Out, file_answer
from records.errors import NotFoundError, TongpingError
from records.ids import (
    CentreCode,
    Digest,
    ProjectId,
    SeatId,
    instant,
    parse_centre,
    parse_digest,
    parse_person,
    parse_project,
    parse_seat,
    parse_session,
)
from records.room_entry import SignedEntry
from records.strict_fields import LONGEST_REASON

_PDF = "application/pdf"


class ReplacementIn(BaseModel):
    """The expert who takes a seat instead of its present member, why (R09), and how it was selected (R06, R05)."""

    seat: str = Field(max_length=16)
    expert: str = Field(max_length=64)
    ground: ReplacementGround
    reason: str = Field(min_length=1, max_length=LONGEST_REASON)
    selection: SelectionIn
    lack_reason: str = Field("", max_length=LONGEST_REASON)


class SessionIn(BaseModel):
    project: str = Field(max_length=40)


class AgainIn(BaseModel):
    """复议: `ground` is one of evaluation_room.tender.reevaluation_ground.ReevaluationGround."""

    ground: ReevaluationGround
    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


class OpenedIn(BaseModel):
    """Any: a signed entry on the wire, read strictly by records.room_entry."""

    opened: dict[str, Any]


class NearTieOut(Out):
    """A seat whose expert may be tied to a party; `written`: how the file names whom it means, `name`: the party."""

    seat: str
    relation: str
    written: str
    party: str
    name: str


class PartitionIn(BaseModel):
    peer: str = Field(max_length=4)
    on: bool


class PeerOut(CentreNameOut):
    """Another centre and how it is reached."""

    link: LinkOut


class ChainOut(Out):
    """The chain as this centre sees it; `fault`: the code of why its head cannot be had."""

    configured: bool
    chain_id: int | None = None
    contract: str | None = None
    entries: int | None = None
    size: int | None = None
    transaction: str | None = None
    block: int | None = None
    head: int | None = None
    fault: str | None = None


class FollowerOut(Out):
    """Work behind the journal; `stopped`: the code of the error that stopped it."""

    name: str
    position: int
    lag: int
    stopped: str | None


class OwnCentreOut(CentreNameOut):
    peers: list[PeerOut]
    chain: ChainOut
    alarms: list[AlarmOut]
    followers: list[FollowerOut]


class WholeTenderOut(TenderOut):
    items: list[ItemOut]
    stages: list[str]


class SeatPlaceOut(Out):
    """A seat: the own ones with who sits there, the guests' by number alone."""

    seat: str
    centre: str
    expert: str | None = None
    name: str | None = None
    specialty: str | None = None
    selection: SelectionOut | None = None
    reason: str | None = None


class TenderDetailOut(Out):
    """One tender with all around it; `invitation` is the last one."""

    tender: WholeTenderOut
    bidders: list[BidderOut]
    seats: list[SeatPlaceOut]
    invitation: InvitationOut | None = None
    invitations: list[InvitationOut] | None = None
    session: str | None = None
    stage: StageName | None = None


class SessionNameOut(Out):
    session: str


class StandstillOut(Out):
    """What of a session's background work stands still, and at which error."""

    follower: str
    code: str
    since: str


class PartitionOut(Out):
    peer: str
    on: bool


def routes(centre: Centre, actor: Callable[[Request], Actor]) -> APIRouter:
    router = APIRouter(dependencies=[Depends(actor)])

    @router.get("/centre", tags=["centre"], response_model=OwnCentreOut)
    def own_centre() -> dict[str, Any]:
        return centre_view(centre)

    @router.post("/centre/followers/{name}/restart", tags=["centre"], response_model=FollowerOut)
    def restart(name: str) -> dict[str, Any]:
        """For an operator who has repaired the cause."""
        follower = centre.follower(name)
        follower.restart()
        return _follower_view(follower.state)

    @router.get("/tenders/{project}", tags=["tenders"], response_model=TenderDetailOut)
    def tender(project: str) -> dict[str, Any]:
        return tender_view(centre, parse_project(project))

    @router.get("/projects/{project}/seats/near-ties", tags=["catalogue"])
    def near_ties(project: str) -> list[NearTieOut]:
        """What to look at before the seats stand: a clue for people, nothing is refused for it."""
        return [
            NearTieOut(seat=seat, relation=tie.relation.value, written=tie.written, party=tie.party, name=tie.name)
            for seat, tie in centre.sessions.near_ties(parse_project(project))
        ]

    @router.post("/sessions", status_code=201, tags=["sessions"], response_model=SessionNameOut)
    def open_session(body: SessionIn) -> dict[str, str]:
        return {"session": centre.sessions.open(parse_project(body.project))}

    @router.post("/sessions/{session}/again", status_code=201, tags=["sessions"], response_model=SessionNameOut)
    def open_again(session: str, body: AgainIn) -> dict[str, str]:
        return {"session": centre.sessions.open_again(parse_session(session), body.ground, body.reason)}

    @router.post("/sessions/{session}/replacement", status_code=204, tags=["sessions"])
    def replace_member(session: str, body: ReplacementIn, by: Annotated[Actor, Depends(actor)]) -> Response:
        person, selection = parse_person(body.expert), body.selection.read()
        chosen = Chosen(person=person, selection=selection, lack_reason=body.lack_reason)
        change = Replacement(seat=parse_seat(body.seat), chosen=chosen, ground=body.ground, reason=body.reason)
        centre.sessions.replace_member(parse_session(session), change, by=by)
        return Response(status_code=204)

    _add_standstills(router, centre)
    if centre.config.demo:
        _add_operations(router, centre)
    return router


def _add_standstills(router: APIRouter, centre: Centre) -> None:
    @router.get("/sessions/{session}/standstills", tags=["sessions"], response_model=list[StandstillOut])
    def standstills(session: str) -> list[dict[str, Any]]:
        return [_standstill_view(one) for one in centre.standstills.of(parse_session(session))]

    @router.post("/sessions/{session}/retry", tags=["sessions"], status_code=204)
    def retry(session: str) -> Response:
        """For an operator who has repaired the cause; otherwise the session is retried by itself, but slowly."""
        centre.standstills.retry(parse_session(session))
        return Response(status_code=204)


def _add_operations(router: APIRouter, centre: Centre) -> None:
    """Only for a demonstration: cut the cable to another centre and mend it."""

    @router.post("/operations/partition", tags=["centre"], response_model=PartitionOut)
    async def partition(body: PartitionIn) -> dict[str, Any]:
        peer = parse_centre(body.peer)
        if centre.config.peer(peer) is None:
            raise NotFoundError("peer-unknown", peer=peer)
        centre.cut.set(peer, on=body.on)
        centre.links.board.partition(peer, on=body.on)
        return {"peer": peer, "on": body.on}


def peer_routes(centre: Centre, peer: Callable[[Request], Awaitable[CentreCode]]) -> APIRouter:
    router = APIRouter(tags=["peers"])

    @router.post("/sessions", response_model=SessionNameOut)
    def take_opening(body: OpenedIn, sender: Annotated[CentreCode, Depends(peer)]) -> dict[str, str]:
        return {"session": centre.sessions.take_opening(SignedEntry.from_wire(body.opened), sender=sender)}

    @router.get("/sessions/{session}", response_model=SignedEntryOut)
    def opening(session: str, sender: Annotated[CentreCode, Depends(peer)]) -> Response:
        opened = centre.sessions.opening_for(sender, parse_session(session))
        return Response(canonical.encode(opened.to_wire()), media_type="application/json")

    @router.get("/documents/{digest}", response_class=Response, responses=file_answer(_PDF))
    def document(digest: str, sender: Annotated[CentreCode, Depends(peer)]) -> FileResponse:
        return FileResponse(centre.sessions.document_for(sender, parse_hex(digest)), media_type=_PDF)

    return router


def parse_hex(text: str) -> Digest:
    """A digest in its path form: the 64 hex digits alone."""
    return parse_digest(f"sha256:{text}")


def centre_view(centre: Centre) -> dict[str, Any]:
    """Any: JSON for the console."""
    own = centre.config.centre
    return {
        "code": own.code,
        "name_zh": own.name_zh,
        "name_en": own.name_en,
        "peers": [_peer_view(centre, peer) for peer in centre.config.peers],
        "chain": _chain_view(centre),
        "alarms": _alarms(centre),
        "followers": [_follower_view(follower.state) for follower in centre.followers],
    }


def _follower_view(state: FollowerState) -> dict[str, Any]:
    """Any: as above."""
    return {"name": state.name, "position": state.position, "lag": state.lag, "stopped": state.stopped}


def _standstill_view(one: Standstill) -> dict[str, Any]:
    """Any: as above."""
    return {"follower": one.follower, "code": one.code, "since": one.since}


def _alarms(centre: Centre) -> list[dict[str, Any]]:
    """The open alarms. Any: as above."""
    return [alarm_view(alarm) for alarm in centre.alarms.open()]


def _peer_view(centre: Centre, peer: PeerConfig) -> dict[str, Any]:
    """Any: as above. A peer's state is the worst of its sessions' links, or of its last answer."""
    found = [centre.links.statuses(session.id).get(peer.code) for session in centre.room.sessions()]
    links = sorted((link for link in found if link), key=lambda link: _BY_STATE[link.state])
    reach = centre.client.reach(peer.code)
    link = (links[0].state, links[0].since) if links else (reach.state, instant(reach.since))
    return {
        "code": peer.code,
        "name_zh": peer.name_zh,
        "name_en": peer.name_en,
        "link": {"state": link[0], "since": link[1]},
    }


_BY_STATE = {"down": 0, "reconnecting": 1, "connected": 2}


def _chain_view(centre: Centre) -> dict[str, Any]:
    """Any: as above."""
    if centre.gateway is None:
        return {"configured": False}
    view: dict[str, Any] = {
        "configured": True,
        "chain_id": centre.config.chain.chain_id,
        "contract": centre.gateway.ledger.anchor_address,
        "entries": centre.journal.size(),
    }
    latest = centre.gateway.anchor.latest()
    if latest is not None:
        view |= {"size": latest.size, "transaction": latest.transaction, "block": latest.block_number}
    try:
        view["head"] = centre.gateway.ledger.head(centre.keys.origin).size
    except TongpingError as error:
        view["fault"] = error.code
    return view


def tender_view(centre: Centre, project: ProjectId) -> dict[str, Any]:
    """Any: JSON for the console."""
    tender = centre.tenders.tender(project)
    view: dict[str, Any] = {
        "tender": summary(tender) | {"items": tender.value["items"], "stages": tender.value["stages"]},
        "bidders": tender.value["bidders"],
        "seats": _seats_view(centre, project),
    }
    invitations = centre.invitations.invitations(project)
    if invitations:
        view["invitation"] = invitation_view(invitations[-1])
        view["invitations"] = [invitation_view(invitation) for invitation in invitations]
    session = centre.sessions.of_project(project)
    if session is not None:
        view |= {"session": session.id, "stage": session.stage.value}
    return view


def _seats_view(centre: Centre, project: ProjectId) -> list[dict[str, Any]]:
    """The own seats with their experts; the guests' by number alone."""
    own = [_own_seat(centre, seat, one) for seat, one in centre.catalogue.seatings(project).items()]
    guests: list[dict[str, Any]] = [
        {"seat": f"{one.terms.guest}-{number}", "centre": str(one.terms.guest)}
        for one in centre.invitations.confirmed(project)
        if one.terms.guest != centre.config.centre.code
        for number in range(1, one.terms.seats + 1)
    ]
    return own + guests


def _own_seat(centre: Centre, seat: SeatId, seating: Seating) -> dict[str, Any]:
    """Including how the expert was selected: the supervisor sees it as well."""
    expert = centre.catalogue.expert(seating.expert)
    return {
        "seat": seat,
        "centre": str(centre.config.centre.code),
        **seating.body(),
        "name": expert.name,
        "specialty": expert.specialty,
    }
