"""How pages show a session off its line: why it stands still, the possible steps, and its returns (pure)."""

from evaluation_room.session import guards
from evaluation_room.session.passages import Overlay
from evaluation_room.session.state import Rollback, State
from evaluation_room.session.steps import by_supervisor, fault_deadline, fields
from evaluation_room.stages import LINE, TRANSITIONS, Stage
from records.canonical import Value
from records.ids import SeatId

View = dict[str, Value]


def standstill(state: State) -> View:
    """`overlay` while one lasts, with a fault's deadline (`until`); `ended` where the session ended early."""
    if state.overlay is not None:
        return {"overlay": _overlay(state, state.overlay)}
    end = state.passage.ended
    if end is None:
        return {}
    over = state.standing[-2].stage.value
    ended: View = {"stage": end.target.value, "over": over, "since": state.entered_at, "reason": end.reason}
    return {"ended": ended | ({"order": end.order} if end.order else {})}


def _overlay(state: State, overlay: Overlay) -> View:
    act = overlay.act
    view: View = {"stage": overlay.stage.value, "over": state.passage.stage.value, "since": overlay.entered_at}
    if guards.under(state) is not state.passage.stage:
        view["broke_into"] = guards.under(state).value
    texts = {
        "reason": act.reason,
        "order": act.order,
        "cause": act.cause,
        "venue": act.venue or "",
        "began": act.since,
    }
    view |= {name: str(text) for name, text in texts.items() if text}
    if act.since:
        view["until"] = fault_deadline(state.passage.stage, act.since)
    if act.back_to is not None:
        view["back_to"] = act.back_to.value
    return view | ({"requested_by": str(act.requested_by)} if act.requested_by else {})


def history(state: State) -> View:
    """The rollbacks so far, and the members' present requests; the console's part of it."""
    asked: list[Value] = [
        {"seat": str(seat), "back_to": part.request.back_to.value, "reason": part.request.reason}
        for seat, part in state.seats.items()
        if part.request is not None
    ]
    went: list[Value] = [rollback_view(one) for one in state.rollbacks]
    return {"rollbacks": went, "requests": asked}


def rollback_view(rollback: Rollback) -> View:
    """When the session went back, to where, why, on whose review, and what no longer counts."""
    request, review = rollback.request, rollback.review
    return {
        "at": rollback.at,
        "back_to": review.target.value,
        "reason": request.reason,
        "order": review.order,
        "superseded": list(rollback.superseded),
    }


def pushed_back(state: State, seat: SeatId) -> View:
    """The last rollback as shown to an expert, with the labels that no longer count, and if it was acknowledged."""
    if not state.rollbacks:
        return {}
    last = state.rollbacks[-1]
    superseded: list[Value] = [passage.label for passage in state.history if passage.superseded]
    number = len(state.rollbacks)
    view: View = {"number": number, **rollback_view(last), "superseded": superseded}
    return {"rollback": view | {"acknowledged": state.seats[seat].acknowledged >= number}}


def steps_off_line(state: State) -> list[Value]:
    """Every unblocked step of the table that leads off the line or back onto it, with the fields it must state."""
    return [_step(state, target) for target in Stage if _offered(state, target)]


def _offered(state: State, target: Stage) -> bool:
    if (state.stage, target) not in TRANSITIONS or (state.stage in LINE and target in LINE):
        return False
    if guards.is_way_back(state.stage, target) and target not in guards.leads_to(state):
        return False
    if target is Stage.ROLLBACK_REQ and not guards.earlier(state):
        return False
    return not guards.waiting(state, target)


def _step(state: State, target: Stage) -> View:
    required, optional = fields(state.stage, target)
    view: View = {"to": target.value, "by": "supervisor" if by_supervisor(state.stage, target) else "operator"}
    needs: list[Value] = [*sorted(required)]
    may: list[Value] = [*sorted(optional)]
    view |= {"needs": needs, "may": may}
    if target is Stage.ROLLBACK_REQ:
        view["back_to"] = [stage.value for stage in guards.earlier(state)]
    return view
