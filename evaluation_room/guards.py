"""The conditions between stages: who still blocks the next step, with what, and since when."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from evaluation_room import committee
from evaluation_room.definition import Centre, Seat
from evaluation_room.stages import TRANSITIONS, Guard, Stage
from evaluation_room.state import State
from evaluation_room.tally import unmarked_sections
from records.errors import WrongStageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """`who`: a seat (`JN-1`), a centre (`centre XA`) or `committee`; `what`: a stable code; `since`: RFC 3339."""

    who: str
    what: str
    since: str


def _nothing(_state: State) -> Iterator[Waiting]:
    return iter(())


def _seated(state: State) -> Iterator[Waiting]:
    """Everybody present at the booked place, and together a lawful committee; who is not here yet counts as expert."""
    experts = [state.expert(seat) for seat in state.definition.seats]
    roles = ["expert" if expert is None else expert.role for expert in experts]
    for fault in committee.faults(roles, minimum=state.definition.minimum_seats):
        yield Waiting(who="committee", what=fault, since=state.entered_at)
    for seat in state.definition.seats:
        if not state.bound(seat):
            yield Waiting(who=seat.id, what="seat-not-bound", since=state.entered_at)


def _undertaken(state: State) -> Iterator[Waiting]:
    for seat in state.definition.seats:
        undertaking = state.seats[seat.id].undertaking
        if undertaking is None:
            yield Waiting(who=seat.id, what="undertaking-missing", since=state.entered_at)
        elif undertaking.recusal:
            yield Waiting(who=seat.id, what="recused", since=state.entered_at)


def _sheets_locked(state: State) -> Iterator[Waiting]:
    """Nobody sees anything of another sheet before all are locked (87号令62条)."""
    for sheet in state.sheets:
        if not sheet.locked:
            yield Waiting(who=sheet.seat, what="sheet-not-locked", since=state.entered_at)
    if state.all_locked:
        for _bidder, _section in unmarked_sections(state.definition, state.sheets):
            yield Waiting(who="committee", what="section-without-scores", since=state.entered_at)


def _tallies_equal(state: State) -> Iterator[Waiting]:
    """Every centre has computed the tally, and each got what is computed here."""
    if not state.all_locked:
        yield Waiting(who="committee", what="sheet-not-locked", since=state.entered_at)
        return
    here = state.tally().digest
    for centre in state.definition.centres:
        part = state.centres[centre.code]
        if part.tally is None:
            yield Waiting(who=_venue(centre), what="tally-missing", since=state.entered_at)
        elif part.tally != here:
            yield Waiting(who=_venue(centre), what="tally-differs", since=part.tally_at)


def _report_confirmed(state: State) -> Iterator[Waiting]:
    """Every guest drew up the host's report itself and got the same bytes."""
    drafted = state.host.report
    if drafted is None:
        yield Waiting(who=_venue(state.definition.host), what="report-not-drafted", since=state.entered_at)
    for guest in state.definition.guests:
        part = state.centres[guest.code]
        if part.report is None:
            since = state.host.report_at or state.entered_at
            yield Waiting(who=_venue(guest), what="report-not-confirmed", since=since)
        elif drafted is not None and part.report != drafted:
            yield Waiting(who=_venue(guest), what="report-differs", since=part.report_at)


def _signed(state: State) -> Iterator[Waiting]:
    """Every member consented and signed or refused (条例53条), then the centres sealed."""
    missing = [waiting for seat in state.definition.seats for waiting in _unsigned(state, seat)]
    yield from missing
    sealed = state.host.sealed
    if sealed is None:
        last = max((one.at for part in state.centres.values() for one in part.signings.values()), default="")
        since = state.entered_at if missing else max(last, state.entered_at)
        yield Waiting(who=_venue(state.definition.host), what="report-not-sealed", since=since)
    elif sealed.digest != state.report:
        yield Waiting(who=_venue(state.definition.host), what="report-differs", since=state.host.sealed_at)


def _unsigned(state: State, seat: Seat) -> Iterator[Waiting]:
    part = state.seats[seat.id]
    if part.consent is None:
        yield Waiting(who=seat.id, what="consent-missing", since=state.entered_at)
    elif state.signs(seat) and state.signing(seat) is None:
        yield Waiting(who=seat.id, what="signature-missing", since=part.consent_at)


def _unwritten(state: State) -> Iterator[Waiting]:
    yield Waiting(who="committee", what="transition-not-available", since=state.entered_at)


def _venue(centre: Centre) -> str:
    return f"centre {centre.code}"


GUARDS: Mapping[Guard, Callable[[State], Iterator[Waiting]]] = MappingProxyType(
    {
        Guard.NONE: _nothing,
        Guard.SEATED: _seated,
        Guard.UNDERTAKEN: _undertaken,
        Guard.SHEETS_LOCKED: _sheets_locked,
        Guard.TALLIES_EQUAL: _tallies_equal,
        Guard.REPORT_CONFIRMED: _report_confirmed,
        Guard.SIGNED: _signed,
        Guard.UNWRITTEN: _unwritten,
    },
)


def waiting(state: State, target: Stage) -> tuple[Waiting, ...]:
    """Who blocks the step to the target, and with what; nothing when it may be taken."""
    guard = TRANSITIONS.get((state.stage, target))
    return () if guard is None else tuple(GUARDS[guard](state))


def may_enter(state: State, target: Stage) -> None:
    """Return when the host may enter the target now, else WrongStageError with the reason.

    `no-such-transition`: never lawful. `transition-not-available`: lawful, its rule is not written yet.
    `stage-not-next`: not the next stage of this tender's procedure. `stage-not-ready`: somebody still blocks.
    """
    origin = state.stage
    guard = TRANSITIONS.get((origin, target))
    if guard is None:
        raise WrongStageError("no-such-transition", origin=origin.value, target=target.value)
    if guard is Guard.UNWRITTEN:
        raise WrongStageError("transition-not-available", origin=origin.value, target=target.value)
    if target is not state.definition.after(origin):
        raise WrongStageError("stage-not-next", origin=origin.value, target=target.value)
    blocked = tuple(GUARDS[guard](state))
    if blocked:
        first = blocked[0]
        raise WrongStageError("stage-not-ready", who=first.who, what=first.what, blocked=len(blocked))
