"""The report's data (评标报告数据): its whole content, from the session alone, the same bytes in every city.

All times come from entries; nothing here depends on where or when it runs.
"""

from evaluation_room.report import interruptions, report_completeness
from evaluation_room.review import review_report
from evaluation_room.scoring.sheets import Sheet
from evaluation_room.session import occupancy
from evaluation_room.session.session import Session
from evaluation_room.session.state import State
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Centre, Seat
from records.canonical import Value
from records.errors import WrongStageError

_AS_DEFINED = ("title", "title_en", "tenderer", "method", "control_price_fen", "opened_at", "items")


def report_data(session: Session) -> dict[str, Value]:
    """The data of the report with the ten contents (R25, 暂行规定42条).

    WrongStageError before REPORT_DRAFT; EvidenceMismatchError("report-incomplete") when one of the ten is incomplete.
    """
    state = session.state
    if not state.reached(Stage.REPORT_DRAFT):
        raise WrongStageError("report-too-early", stage=state.stage.value)
    tally, definition = state.tally(), state.definition
    data: dict[str, Value] = {
        "session": str(session.id),
        "project": str(definition.project),
        **{name: definition.value[name] for name in _AS_DEFINED},
        "host": _centre(definition.host),
        "guests": [_centre(guest) for guest in definition.guests],
        "drafted_at": state.entered(Stage.REPORT_DRAFT),
        "bidders": [_bidder(one) for one in _objects(definition.value["bidders"])],
        "committee": [_member(state, seat) for seat in definition.seats],
        "opening": [_bidder(one) for one in _objects(definition.value["bidders"])],
        "sheets": [row for sheet in tally.sheets for row in _rows(sheet)],
        **({"benchmark": tally.benchmark} if tally.benchmark else {}),
        **tally.compared,
        "scores": [score.value for score in tally.scores],
        "ranking": list(tally.ranking),
        "candidates": list(tally.candidates),
        "parallel": [list(group) for group in tally.parallel],
        **tally.explained,
        **review_report.reported(state.review),
        **_checked(state),
        **_optional_parts(state),
        "tally_digest": tally.digest,
    }
    report_completeness.check(data)
    return data


def _optional_parts(state: State) -> dict[str, Value]:
    """The parts that not every evaluation has: the one it repeats, more time, and returns to an earlier stage."""
    previous, optional = state.definition.previous, dict[str, Value]()
    if previous is not None:
        optional["previous"] = state.definition.value["previous"]
    rows: list[Value] = [interruptions.rollback_view(one) for one in state.rollbacks]
    extensions: list[Value] = [one.value for one in state.time.extensions]
    return optional | ({"rollbacks": rows} if rows else {}) | ({"extensions": extensions} if extensions else {})


def _objects(value: Value) -> list[dict[str, Value]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list | tuple) else []


def _centre(centre: Centre) -> dict[str, Value]:
    return {"code": str(centre.code), "name_zh": centre.name_zh, "name_en": centre.name_en}


def _bidder(value: dict[str, Value]) -> dict[str, Value]:
    return {name: value[name] for name in ("id", "name", "uscc", "price_fen", "duration_days")}


def _member(state: State, seat: Seat) -> dict[str, Value]:
    expert, centre = state.expert(seat), state.definition.centre(seat.centre)
    if expert is None or centre is None:
        raise WrongStageError("seat-not-bound", seat=seat.id)
    return {
        "seat": str(seat.id),
        "centre": str(seat.centre),
        "city_zh": centre.city_zh,
        "city_en": centre.city_en,
        "name": expert.name,
        "role": expert.role,
        "specialty": expert.specialty,
        "lead": state.lead == seat.id,
        **_replaced(state, seat),
    }


def _replaced(state: State, seat: Seat) -> dict[str, Value]:
    """The earlier members of a seat, with the ground (R09); nothing for a seat that never changed."""
    rows: list[Value] = [
        {"name": member.name, "ground": act.ground.value, "reason": act.reason}
        for member, act in occupancy.before(state.bindings(seat), state.replacements(seat))
    ]
    return {"replaced": rows} if rows else {}


def _checked(state: State) -> dict[str, Value]:
    """The score check: every flag with the committee's finding, and every corrected mark (R26, R48)."""
    check = state.score_check
    if check is None:
        return {}
    flags: list[Value] = []
    for flag in check.flags:
        found = check.finding(flag)
        decided: dict[str, Value] = {} if found is None else {"by": str(found[0]), "reason": found[1].reason}
        flags.append({**flag.as_value, **decided, "conspicuous": found is not None and found[1].conspicuous})
    return {"score_check": {"flags": flags, "findings": check.findings, "corrections": check.corrections}}


def _rows(sheet: Sheet) -> list[dict[str, Value]]:
    return [{"seat": str(sheet.seat), **sheet.cells[key].value} for key in sorted(sheet.cells)]
