"""From the office to the room: the definition of an evaluation from tender, invitation and named seats."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation_room.committee.recusal import NearTie, parties
from evaluation_room.committee.replacement import ReplacementGround
from evaluation_room.desk import RoomDesk
from evaluation_room.methods.case import TERMS
from evaluation_room.session import reevaluation
from evaluation_room.session.session import Session
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import FROM_TENDER, FROM_TENDER_IF_GIVEN, OF_BIDDER, Definition
from evaluation_room.tender.reevaluation_ground import ANOTHER_COMMITTEE, ReevaluationGround
from node.config import CentreConfig, Config, PeerConfig
from node.http.versions import PEER
from node.office.catalogue.desk import CatalogueDesk, Chosen
from node.office.invitation.desk import InvitationDesk
from node.office.invitation.invitation import Invitation
from node.office.tenders.desk import TenderDesk
from node.office.tenders.documents import DocumentStore
from node.office.tenders.tender import Tender
from node.rooms import recusals
from records import canonical
from records.actors import Actor
from records.canonical import Value
from records.errors import InvalidRecordError, NotFoundError, NotPermittedError, WrongStageError
from records.ids import CentreCode, Digest, PersonId, ProjectId, SeatId, SessionId, parse_instant
from records.room_entry import SignedEntry

Fetch = Callable[[CentreCode, str], bytes]
"""PeerClient.fetch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """The expert who takes an own seat instead of its present member, and why."""

    seat: SeatId
    chosen: Chosen
    ground: ReplacementGround
    reason: str


def definition(
    tender: Tender,
    *,
    host: CentreConfig,
    entry_key: str,
    seats: Mapping[SeatId, PersonId],
    confirmed: Sequence[Invitation],
    peers: Mapping[str, PeerConfig],
) -> dict[str, Value]:
    """The definition that opens a session. The guests' seats are numbers only: the host does not know who sits there.

    Raises WrongStageError: invitation-not-confirmed, seats-not-named.
    """
    if not confirmed:
        raise WrongStageError("invitation-not-confirmed", project=tender.project)
    if not seats:
        raise WrongStageError("seats-not-named", project=tender.project)
    return {
        "project": str(tender.project),
        **{key: tender.value[key] for key in FROM_TENDER},
        **{key: tender.value[key] for key in FROM_TENDER_IF_GIVEN if key in tender.value},
        "bidders": [{key: bid[key] for key in (*OF_BIDDER, *sorted(TERMS & bid.keys()))} for bid in tender.bidders],
        "host": _centre(host, entry_key),
        "guests": [_guest(invitation, peers) for invitation in confirmed],
        "seats": _all_seats(seats, confirmed, host.code),
        "opened_at": tender.value["opening_at"],
    }


def _centre(centre: CentreConfig | PeerConfig, entry_key: str) -> dict[str, Value]:
    return {
        "code": str(centre.code),
        "name_zh": centre.name_zh,
        "name_en": centre.name_en,
        "city_zh": centre.city_zh or centre.name_zh,
        "city_en": centre.city_en or centre.name_en,
        "entry_key": entry_key,
    }


def _guest(invitation: Invitation, peers: Mapping[str, PeerConfig]) -> Value:
    peer = peers.get(invitation.terms.guest)
    if peer is None:
        raise InvalidRecordError("peer-unknown", peer=invitation.terms.guest)
    return _centre(peer, peer.entry_key)


def _all_seats(own: Iterable[SeatId], confirmed: Sequence[Invitation], host: CentreCode) -> list[Value]:
    """The host's seats as named, then those of every confirmed invitation by number."""
    named: list[Value] = [{"id": str(seat), "centre": str(host)} for seat in own]
    return named + [seat for invitation in confirmed for seat in _seats(invitation)]


def _seats(invitation: Invitation) -> list[Value]:
    guest = str(invitation.terms.guest)
    return [{"id": f"{guest}-{number}", "centre": guest} for number in range(1, invitation.terms.seats + 1)]


class SessionDesk:
    """Opens evaluations at the host, joins them as a guest, and serves their bid files."""

    def __init__(
        self,
        *,
        config: Config,
        entry_key: str,
        room: RoomDesk,
        tenders: TenderDesk,
        invitations: InvitationDesk,
        catalogue: CatalogueDesk,
        documents: DocumentStore,
        fetch: Fetch,
    ) -> None:
        self._config = config
        self._centre = config.centre.code
        self._entry_key = entry_key
        self._room = room
        self._tenders = tenders
        self._invitations = invitations
        self._catalogue = catalogue
        self._documents = documents
        self._fetch = fetch

    def open(self, project: ProjectId) -> SessionId:
        """Open the evaluation of a project this centre hosts; its guests are notified by the outbox."""
        confirmed = [one for one in self._invitations.confirmed(project) if one.terms.host == self._centre]
        opening = definition(
            self._tenders.tender(project),
            host=self._config.centre,
            entry_key=self._entry_key,
            seats=self._catalogue.seats(project),
            confirmed=confirmed,
            peers={peer.code: peer for peer in self._config.peers},
        )
        self._check_own_seats(opening)
        if self._room.recovered:
            self._take_back(SessionId(f"{project}-1"), [one.terms.guest for one in confirmed])
        return self._room.prepare(opening)

    def open_again(self, old: SessionId, ground: ReevaluationGround, reason: str) -> SessionId:
        """Open the next version of an evaluation that this centre hosted (复议); its guests are notified likewise.

        The original committee sits again as agreed or, formed anew, the members now named and confirmed.
        """
        known = self._room.session(old)
        opening = reevaluation.again(known, ground, reason)
        if ground in ANOTHER_COMMITTEE:
            project = known.definition.project
            confirmed = [one for one in self._invitations.confirmed(project) if one.terms.host == self._centre]
            opening["seats"] = _all_seats(self._catalogue.seats(project), confirmed, self._centre)
        self._check_own_seats(opening)
        return self._room.prepare(opening)

    def _check_own_seats(self, opening: Mapping[str, Value]) -> None:
        """No member is seated who must recuse according to the own catalogue (R08); a guest checks at check-in."""
        found = Definition.read(opening)
        for person in self._catalogue.seats(found.project).values():
            recusals.check(self._catalogue.expert(person), found)

    def near_ties(self, project: ProjectId) -> list[tuple[SeatId, NearTie]]:
        """What those on the own seats may be tied to, but for how it is written; none for a project not known here."""
        session = self.of_project(project)
        if session is not None:
            among, at = parties(session.definition), session.definition.opened_at
        elif project in {tender.project for tender in self._tenders.tenders()}:
            tender = self._tenders.tender(project)
            among, at = recusals.parties_of(tender), str(tender.value["opening_at"])
        else:
            return []
        return [
            (seat, tie)
            for seat, person in self._catalogue.seats(project).items()
            for tie in recusals.near(self._catalogue.expert(person), among, at=parse_instant(at))
        ]

    def replace_member(self, session: SessionId, change: Replacement, *, by: Actor) -> None:
        """Replace the member on an own seat (R09): first an entry in the room, then the other expert may check in."""
        known = self._room.session(session)
        seat = known.definition.seat(change.seat)
        if seat is None or seat.centre != self._centre:
            raise NotFoundError("seat-unnamed", seat=change.seat)
        project = known.definition.project
        if not self._catalogue.may_replace(project, seat.id, change.chosen):
            return
        recusals.check(self._catalogue.expert(change.chosen.person), known.definition)
        if known.state.expert(seat) is not None:  # otherwise the seat is not taken yet, and there is nothing to void
            self._room.replace_member(session, seat.id, ground=change.ground.value, reason=change.reason)
        self._catalogue.replace(project, seat.id, change.chosen, by=by)

    def _take_back(self, session: SessionId, guests: Sequence[CentreCode]) -> None:
        """After a recovery: a session that was opened already, but is known only to its guests, is not opened twice.

        Raises UnavailableError while a guest does not answer.
        """
        for guest in guests:
            if self._room.frontier(session):
                return
            try:
                opened = self._fetch(guest, f"{PEER}/sessions/{session}")
            except NotFoundError:
                continue
            self._room.take(SignedEntry.from_wire(canonical.decode(opened)), source=f"centre:{guest}")

    def opening_for(self, sender: CentreCode, session: SessionId) -> SignedEntry:
        """The opening of a session for a venue of it that lost it. NotFoundError("session-unknown") for all others."""
        if self._room.session(session).definition.centre(sender) is None:
            raise NotFoundError("session-unknown", session=session)
        return self.opening(session)

    def opening(self, session: SessionId) -> SignedEntry:
        """The entry that opened a session, for the guests."""
        known = self._room.session(session)
        return known.chain(known.definition.host.author).entries[0]

    def take_opening(self, opened: SignedEntry, *, sender: CentreCode) -> SessionId:
        """Join a session that another centre hosts; a repetition changes nothing."""
        if opened.entry.author != f"centre:{sender}":
            raise NotPermittedError("not-the-host", centre=sender)
        self._room.take(opened, source=f"centre:{sender}")
        return opened.entry.session

    def of_project(self, project: ProjectId) -> Session | None:
        found = [session for session in self._room.sessions() if session.definition.project == project]
        return found[-1] if found else None

    def seats_stand(self, project: ProjectId) -> bool:
        """Whether the evaluation has begun; when the committee is formed anew, its seats are named once more."""
        session = self.of_project(project)
        return session is not None and session.stage is not Stage.REFORMED

    def document(self, session: SessionId, wanted: Digest) -> Path:
        """A bid file of this session; a guest fetches it once from the host and checks it."""
        known = self._room.session(session)
        if wanted not in documents_of(known):
            raise NotFoundError("document-unknown", digest=wanted)
        if self._documents.holds(wanted):
            return self._documents.path(wanted)
        host = known.definition.host.code
        return self._documents.put_as(wanted, self._fetch(host, f"{PEER}/documents/{wanted.partition(':')[2]}"))

    def document_for(self, sender: CentreCode, wanted: Digest) -> Path:
        """A bid file for a guest of a session that names it, once its members may read bids: from the briefing on."""
        for session in self._room.sessions():
            guests = {guest.code for guest in session.definition.guests}
            if sender in guests and session.state.reached(Stage.BRIEFING) and wanted in documents_of(session):
                return self._documents.path(wanted)
        raise NotFoundError("document-unknown", digest=wanted)


def documents_of(session: Session) -> set[Digest]:
    return {document.sha256 for bidder in session.definition.bidders for document in bidder.documents}
