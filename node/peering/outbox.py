"""One centre's messages to another: follows the journal and repeats each message until that centre has answered."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from journal import Entry
from node.http.versions import PEER
from node.office.invitation.desk import InvitationDesk
from node.office.invitation.invitation import Event, State, parse_terms
from node.peering.peers import UNREACHABLE
from records.canonical import Value
from records.errors import InvalidRecordError, UnavailableError
from records.facts import INVITATION_CONFIRMED, INVITATION_ISSUED, INVITATION_REFUSED, SEALINGS, SESSION_PREPARED
from records.ids import CentreCode, SessionId, b64u, parse_instant
from records.room_entry import SignedEntry

_ANSWERS = {INVITATION_CONFIRMED: Event.CONFIRM, INVITATION_REFUSED: Event.REJECT}


class Post(Protocol):
    """PeerClient.post. Any: JSON, checked by its reader."""

    def __call__(self, peer: CentreCode, path: str, value: Mapping[str, Any]) -> dict[str, Any]: ...


def concerns_one_message(error: UnavailableError) -> bool:
    """Whether the peer answered and could not take this one message: others may fare better."""
    return error.code != UNREACHABLE


class Outbox:
    """The messages to one peer. Every message is idempotent there, so a repetition does no harm."""

    def __init__(
        self,
        *,
        centre: CentreCode,
        peer: CentreCode,
        post: Post,
        invitations: InvitationDesk,
        opening: Callable[[SessionId], SignedEntry],
        sealed: Callable[[SessionId], bytes],
    ) -> None:
        self._centre = centre
        self._peer = peer
        self._post = post
        self._invitations = invitations
        self._opening = opening
        self._sealed = sealed

    def handle(self, entry: Entry) -> None:
        """For a journal follower. Raises UnavailableError while the peer does not answer."""
        if entry.type == INVITATION_ISSUED and entry.body.get("guest") == self._peer:
            self._invite(entry.body)
        elif entry.type in _ANSWERS and entry.body.get("guest") == self._centre:
            self._answer(_ANSWERS[entry.type], entry)
        elif entry.type == SESSION_PREPARED and self._is_guest(entry.body):
            self._open(SessionId(str(entry.value["session"])))
        elif entry.type in SEALINGS and entry.body.get("host") == self._centre and self._is_guest(entry.body):
            self._hand_over(SessionId(str(entry.value["session"])))

    def _hand_over(self, session: SessionId) -> None:
        self._post(self._peer, f"{PEER}/signing/{session}/sealed", {"document": b64u(self._sealed(session))})

    def _is_guest(self, body: Mapping[str, Value]) -> bool:
        guests = body.get("guests")
        return isinstance(guests, list) and str(self._peer) in guests

    def _open(self, session: SessionId) -> None:
        self._post(self._peer, f"{PEER}/sessions", {"opened": self._opening(session).to_wire()})

    def _invite(self, body: Mapping[str, Value]) -> None:
        terms = parse_terms(dict(body))
        view = self._post(self._peer, f"{PEER}/invitations", {"terms": terms.value()})
        received = _moment(view, State.RECEIVED)
        self._invitations.take_answer(terms.id, Event.RECEIVE, sender=self._peer, at=parse_instant(received))

    def _answer(self, event: Event, entry: Entry) -> None:
        if entry.body.get("host") != self._peer:
            return
        answer = {"event": event.value, "at": entry.value["at"], "reason_code": entry.body.get("reason_code", "")}
        self._post(self._peer, f"{PEER}/invitations/{entry.body['id']}/reply", answer)


def _moment(view: Mapping[str, Any], state: State) -> str:
    """Any: the peer's view of the invitation."""
    history = view.get("history")
    steps = history if isinstance(history, list) else []
    found = [step.get("at") for step in steps if isinstance(step, dict) and step.get("state") == state.value]
    if not found or not isinstance(found[0], str):
        raise InvalidRecordError("peer-answer-malformed")
    return found[0]
