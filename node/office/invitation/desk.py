"""Commands on invitations, at the host (issue, take the answer) and at the guest (receive, confirm, refuse)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from journal import Journal, Work
from node.office.invitation import invitation as rules
from node.office.invitation import store
from node.office.invitation.invitation import Event, Invitation, State, Terms
from records.actors import Actor
from records.errors import ConflictError, InvalidRecordError, NotFoundError, NotPermittedError, UnavailableError
from records.facts import (
    INVITATION_CONFIRMED,
    INVITATION_ISSUED,
    INVITATION_RECEIVED,
    INVITATION_REFUSED,
    Fact,
)
from records.ids import Author, CentreCode, ProjectId, instant

_FACTS = {
    Event.ISSUE: INVITATION_ISSUED,
    Event.RECEIVE: INVITATION_RECEIVED,
    Event.CONFIRM: INVITATION_CONFIRMED,
    Event.REJECT: INVITATION_REFUSED,
}
_RESULT = {Event.RECEIVE: State.RECEIVED, Event.CONFIRM: State.CONFIRMED, Event.REJECT: State.REJECTED}
CLOCK_TOLERANCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The operator's request to another centre."""

    guest: CentreCode
    seats: int
    window_start: str
    window_end: str
    reply_deadline: str


class InvitationDesk:
    """`hosts`: whether a project is one of this centre's own tenders. A project has one host, here as everywhere."""

    def __init__(
        self,
        *,
        journal: Journal,
        centre: CentreCode,
        clock: Callable[[], datetime],
        hosts: Callable[[ProjectId], bool] = lambda _: False,
    ) -> None:
        self._journal = journal
        self._hosts = hosts
        self._centre = centre
        self._clock = clock

    def issue(self, project: ProjectId, title: str, request: Request, *, by: Actor) -> Invitation:
        """Ask another centre for seats. It is sent by the outbox, as soon as that centre answers."""
        with self._journal.work() as work:
            others = store.load_all(work.db, project)
            self._require_one_host(project, self._centre, others)
            earlier = sum(other.terms.guest == request.guest for other in others)
            terms = Terms(
                id=rules.id_of(project, self._centre, request.guest, earlier + 1),
                project=project,
                title=title,
                host=self._centre,
                guest=request.guest,
                seats=request.seats,
                window_start=request.window_start,
                window_end=request.window_end,
                reply_deadline=request.reply_deadline,
            )
            drafted = rules.draft(terms, at=work.now, others=others)
            return self._step(work, drafted, Event.ISSUE, speaker=self._centre, author=_operator(by), at=work.now)

    def receive(self, terms: Terms, *, sender: CentreCode) -> Invitation:
        """Accept receipt of an invitation (签收); a repetition changes nothing.

        Raises NotPermittedError("not-your-invitation"), ConflictError: invitation-differs, project-of-another-host.
        """
        if terms.host != sender or terms.guest != self._centre:
            raise NotPermittedError("not-your-invitation", centre=sender)
        with self._journal.work() as work:
            known = store.find(work.db, terms.id)
            if known is not None:
                if known.terms != terms:
                    raise ConflictError("invitation-differs", id=terms.id)
                return known
            self._require_one_host(terms.project, sender, store.load_all(work.db, terms.project))
            issued = Invitation(terms=terms, history=((State.ISSUED, instant(work.now)),))
            author = Author(f"centre:{self._centre}")
            return self._step(work, issued, Event.RECEIVE, speaker=self._centre, author=author, at=work.now)

    def confirm(self, id: str, *, by: Actor) -> Invitation:
        with self._journal.work() as work:
            known = store.load(work.db, id)
            project, host = known.terms.project, known.terms.host
            self._require_one_host(project, host, store.load_all(work.db, project))
            return self._step(work, known, Event.CONFIRM, speaker=self._centre, author=_operator(by), at=work.now)

    def refuse(self, id: str, reason_code: str, *, by: Actor) -> Invitation:
        with self._journal.work() as work:
            known = store.load(work.db, id)
            return self._step(
                work,
                known,
                Event.REJECT,
                speaker=self._centre,
                author=_operator(by),
                at=work.now,
                reason_code=reason_code,
            )

    def take_answer(
        self, id: str, event: Event, *, sender: CentreCode, at: datetime, reason_code: str = ""
    ) -> Invitation:
        """The guest's step, at the guest's own stated time. A repetition changes nothing."""
        if event not in _RESULT:
            raise InvalidRecordError("invitation-malformed")
        with self._journal.work() as work:
            known = store.load(work.db, id)
            if (known.terms.host, known.terms.guest) != (self._centre, sender):
                raise NotFoundError("invitation-unknown", id=id)  # a guest must not learn which others were asked
            if at > work.now + CLOCK_TOLERANCE:
                raise UnavailableError("time-in-the-future")  # one of two clocks: the answer comes again
            if _RESULT[event] in {state for state, _ in known.history} or _overtaken(known, event):
                return known
            author = Author(f"centre:{sender}")
            return self._step(work, known, event, speaker=sender, author=author, at=at, reason_code=reason_code)

    def invitations(self, project: ProjectId | None = None) -> list[Invitation]:
        """All invitations in their present state, sent and received."""
        with self._journal.reading() as db:
            return [invitation.at(self._clock()) for invitation in store.load_all(db, project)]

    def confirmed(self, project: ProjectId) -> list[Invitation]:
        return [invitation for invitation in self.invitations(project) if invitation.state is State.CONFIRMED]

    def _require_one_host(self, project: ProjectId, host: CentreCode, known: list[Invitation]) -> None:
        """Nobody evaluates a project that is another centre's: this one's own, or one it already takes part in."""
        hosts = {one.terms.host for one in known if one.state is State.CONFIRMED}
        if self._hosts(project):
            hosts.add(self._centre)
        if hosts - {host}:
            raise ConflictError("project-of-another-host", project=project, centre=host)

    def _step(
        self,
        work: Work,
        known: Invitation,
        event: Event,
        *,
        speaker: CentreCode,
        author: Author,
        at: datetime,
        reason_code: str = "",
    ) -> Invitation:
        following = known.step(event, by=speaker, at=at, reason_code=reason_code)
        store.save(work.db, following)
        body = following.terms.value() | ({"reason_code": reason_code} if reason_code else {})
        work.record(Fact(type=_FACTS[event], project=known.terms.project, author=author, body=body))
        return following


def _overtaken(known: Invitation, event: Event) -> bool:
    """The notice of receipt may arrive after the answer itself."""
    return event is Event.RECEIVE and known.state in {State.CONFIRMED, State.REJECTED}


def _operator(actor: Actor) -> Author:
    return Author(f"operator:{actor.person}")
