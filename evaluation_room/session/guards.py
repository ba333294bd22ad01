"""The conditions between stages: who still blocks the next step, with what, and since when."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from evaluation_room.review import open_points
from evaluation_room.scoring.tally import unmarked_sections
from evaluation_room.session.state import State
from evaluation_room.session.steps import PRE_START_FAULT_LIMIT, StageEntered, fault_deadline, fault_limit
from evaluation_room.stages import LINE, OVERLAYS, TRANSITIONS, Guard, Stage
from evaluation_room.tender import committee_size as committee
from evaluation_room.tender.definition import Centre, Seat
from records.errors import InvalidRecordError, WrongStageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """`who`: a seat (`JN-1`), a centre (`centre XA`) or `committee`; `what`: a stable code; `since`: RFC 3339."""

    who: str
    what: str
    since: str


def _nothing(_state: State) -> Iterator[Waiting]:
    return iter(())


def _seated(state: State) -> Iterator[Waiting]:
    """Everybody present at the booked place, and together a lawful committee; an absent member counts as expert."""
    experts = [state.expert(seat) for seat in state.definition.seats]
    roles = ["expert" if expert is None else expert.role for expert in experts]
    for fault in committee.faults(roles, minimum=state.definition.minimum_seats):
        yield Waiting(who="committee", what=fault, since=state.entered_at)
    named = [one for one in experts if one is not None and one.seat == state.definition.lead]
    if named and named[0].role != "expert":  # R44, 87号令45条
        yield Waiting(who=named[0].seat, what="lead-of-the-tenderer", since=state.entered_at)
    for seat in state.definition.seats:
        if not state.bound(seat):
            yield Waiting(who=seat.id, what="seat-not-bound", since=state.entered_at)


def _undertaken(state: State) -> Iterator[Waiting]:
    """R08: a member who declares a reason to recuse blocks the committee until replaced (条例46条)."""
    for seat in state.definition.seats:
        undertaking = state.seats[seat.id].undertaking
        if not state.bound(seat):
            yield Waiting(who=seat.id, what="seat-not-bound", since=state.entered_at)
        elif undertaking is None:
            yield Waiting(who=seat.id, what="undertaking-missing", since=state.entered_at)
        elif undertaking.recusal:
            yield Waiting(who=seat.id, what="recused", since=state.entered_at)


def _elected(state: State) -> Iterator[Waiting]:
    election = state.election
    for seat in () if election is None else election.missing:
        yield Waiting(who=seat, what="ballot-missing", since=state.entered_at)


def _blocked(blocks: Iterator[open_points.Block]) -> Iterator[Waiting]:
    return (Waiting(who=who, what=what, since=since) for who, what, since in blocks)


def _read(state: State) -> Iterator[Waiting]:
    return _blocked(open_points.unread(state.review, state.entered_at))


def _reviewed(state: State) -> Iterator[Waiting]:
    return _blocked(open_points.unlocked(state.review, state.stage, state.entered_at))


def _preliminary_done(state: State) -> Iterator[Waiting]:
    return _blocked(open_points.preliminary_done(state.review, state.entered_at))


def _clarified(state: State) -> Iterator[Waiting]:
    return _blocked(open_points.unanswered(state.review, state.entered_at))


def _all_rejected(state: State) -> Iterator[Waiting]:
    return _blocked(open_points.may_reject_all(state.review, state.entered_at))


def _too_few(state: State) -> Iterator[Waiting]:
    return _blocked(open_points.may_fail(state.review, state.entered_at))


def _sheets_locked(state: State) -> Iterator[Waiting]:
    """Nobody sees anything of another sheet before all are locked (87号令62条)."""
    cells = state.cells
    for sheet in state.sheets:
        if not sheet.locked:
            yield Waiting(who=sheet.seat, what="sheet-not-locked", since=state.entered_at)
        elif any(key not in sheet.cells or sheet.cells[key].unexplained(state.definition) for key in cells):
            yield Waiting(who=sheet.seat, what="sheet-incomplete", since=state.entered_at)
    if state.definition.review is not None:
        yield from _preliminary_done(state)  # motions and questions since then, and the remaining bids
    if state.all_locked:
        for _bidder, _section in unmarked_sections(state.definition, state.sheets, state.review):
            yield Waiting(who="committee", what="section-without-scores", since=state.entered_at)


def _tallies_equal(state: State) -> Iterator[Waiting]:
    """Every centre has computed the tally, with the same result as here."""
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


def _scores_checked(state: State) -> Iterator[Waiting]:
    """R26, R48: faults are corrected, warnings looked at before the scores are aggregated; then all compute again."""
    check = state.score_check
    for who, what in dict.fromkeys(check.open_points()) if check is not None else ():
        yield Waiting(who=who, what=what, since=state.entered_at)
    yield from _tallies_equal(state)


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
    """R23: every member consented and signed, dissented in writing or refused (条例53条), then the centres sealed."""
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


def _venue(centre: Centre) -> str:
    return f"centre {centre.code}"


GUARDS: Mapping[Guard, Callable[[State], Iterator[Waiting]]] = MappingProxyType(
    {
        Guard.NONE: _nothing,
        Guard.SEATED: _seated,
        Guard.UNDERTAKEN: _undertaken,
        Guard.ELECTED: _elected,
        Guard.READ: _read,
        Guard.REVIEWED: _reviewed,
        Guard.PRELIMINARY_DONE: _preliminary_done,
        Guard.SHEETS_LOCKED: _sheets_locked,
        Guard.TALLIES_EQUAL: _tallies_equal,
        Guard.SCORES_CHECKED: _scores_checked,
        Guard.REPORT_CONFIRMED: _report_confirmed,
        Guard.SIGNED: _signed,
        Guard.CLARIFIED: _clarified,
        Guard.IN_TIME: _nothing,  # by the time of the host's own entry: `may_step`
        Guard.ORDERED: _nothing,  # the order is a field of the host's own entry: steps.fields
        Guard.ALL_REJECTED: _all_rejected,
        Guard.TOO_FEW: _too_few,
    },
)


def waiting_for_next(state: State) -> tuple[Waiting, ...]:
    """Who blocks the procedure's next stage."""
    target = state.definition.after(state.stage)
    return () if target is None else waiting(state, target)


def waiting(state: State, target: Stage) -> tuple[Waiting, ...]:
    """Who blocks the step to the target, and with what; empty when it may be taken."""
    guard = TRANSITIONS.get((state.stage, target))
    if guard is None:
        return ()
    forward = state.stage in LINE and target in LINE
    return (*GUARDS[guard](state), *((*_pushed_back(state), *_replaced_late(state)) if forward else ()))


def _pushed_back(state: State) -> Iterator[Waiting]:
    """After a rollback every member acknowledges it before the session continues."""
    for seat in state.definition.seats:
        if state.seats[seat.id].acknowledged < len(state.rollbacks):
            yield Waiting(who=seat.id, what="rollback-not-acknowledged", since=state.rollbacks[-1].at)


def _replaced_late(state: State) -> Iterator[Waiting]:
    """R09: a member seated after the host had closed the stage has to undertake first: the session goes back."""
    for seat in state.definition.seats:
        if state.begins(seat) > state.void_below(seat):
            yield Waiting(who=seat.id, what="replaced-late", since=state.entered_at)


def may_enter(state: State, target: Stage) -> None:
    """Return when the host may enter the target now, otherwise WrongStageError with the reason.

    `no-such-transition`: never lawful. `stage-not-next`: not the next stage of this tender's procedure, nor the one an
    overlay leads back to. `stage-not-ready`: somebody still blocks.
    """
    origin = state.stage
    guard = TRANSITIONS.get((origin, target))
    if guard is None:
        raise WrongStageError("no-such-transition", origin=origin.value, target=target.value)
    if is_way_back(origin, target) and target not in leads_to(state):
        raise WrongStageError("stage-not-next", origin=origin.value, target=target.value)
    blocked = waiting(state, target)
    if blocked:
        first = blocked[0]
        raise WrongStageError("stage-not-ready", who=first.who, what=first.what, blocked=len(blocked))


def is_way_back(origin: Stage, target: Stage) -> bool:
    """Whether the step leads along the line, back onto it, or back into a clarification."""
    return target in LINE or (target is Stage.CLARIFYING and origin in OVERLAYS)


def leads_to(state: State) -> set[Stage | None]:
    """The targets of such a step: the procedure's next stage, or the one below the overlay."""
    if state.overlay is None:
        return {state.definition.after(state.stage)}
    return {under(state), state.overlay.act.back_to}


def under(state: State) -> Stage:
    """The stage below an overlay, which it leads back to: the open passage, or the clarification it broke into."""
    for overlay in reversed(state.overlays if state.overlay is not None else ()):
        if overlay.stage is Stage.CLARIFYING or overlay.act.origin not in OVERLAYS:
            break
        if overlay.act.origin is Stage.CLARIFYING:
            return Stage.CLARIFYING
    return state.passage.stage


def may_step(state: State, act: StageEntered, at: str) -> None:
    """Return when the host may take exactly this step now: its fields fit, and the fault's limit is not over."""
    may_enter(state, act.target)
    if act.target is Stage.INTERRUPTED:
        _check_fault(state, act, at)
    if act.target is Stage.ROLLBACK_REQ:
        _check_request(state, act)
    overlay = state.overlay
    if overlay is not None and overlay.stage is Stage.INTERRUPTED and is_way_back(act.origin, act.target):
        _check_in_time(state, overlay.act, act, at)


def _check_fault(state: State, act: StageEntered, at: str) -> None:
    if act.venue is None or state.definition.centre(act.venue) is None:
        raise InvalidRecordError("unknown-centre")
    if not state.history[0].entered_at <= act.since <= at:
        raise InvalidRecordError("fault-time", since=act.since)


def earlier(state: State) -> tuple[Stage, ...]:
    """The stages the session may go back to: the passed ones, check-in first."""
    return tuple(passage.stage for passage in state.standing[1:-1])


def _check_request(state: State, act: StageEntered) -> None:
    """Back to a passed stage; the named seat has asked for exactly this."""
    if act.back_to not in earlier(state):
        raise WrongStageError("rollback-not-back", stage=act.back_to.value if act.back_to else "")
    if act.requested_by is not None:
        part = state.seats.get(act.requested_by)
        asked = part is not None and part.request is not None and part.request.back_to is act.back_to
        if not asked or state.lead not in {None, act.requested_by}:
            raise WrongStageError("rollback-not-requested", seat=act.requested_by)


def _check_in_time(state: State, fault: StageEntered, act: StageEntered, at: str) -> None:
    """Within the limit the session continues; after a fault before the start also later, if the tenderer so decided."""
    deadline = fault_deadline(state.passage.stage, fault.since)
    before_start = fault_limit(state.passage.stage) == PRE_START_FAULT_LIMIT
    if at > deadline and not (before_start and act.decision):
        raise WrongStageError("fault-lasted", since=fault.since, until=deadline)
