"""The score check as shown on pages: to a member every flag with its evidence, to the clerk which are open.

The console shows no mark before the aggregation, so its flags come without value and evidence.
"""

from evaluation_room.scoring.score_check import Flag, ScoreCheck
from evaluation_room.session.state import State
from evaluation_room.stages import Stage
from records.canonical import Value
from records.ids import SeatId

View = dict[str, Value]


def desk_check(state: State) -> View:
    """For the console."""
    check = state.score_check
    if check is None:
        return {}
    flags: list[Value] = [{**flag.outline, **_words(flag), **_finding(check, flag)} for flag in check.flags]
    return {"score_check": {"flags": flags, "corrections": len(check.corrections)}}


def room_check(state: State, seat: SeatId) -> View:
    """For a member: all flags, the own marks they name, and who settles what."""
    check = state.score_check
    if check is None:
        return {}
    flags: list[Value] = [
        {
            **flag.as_value,
            **_words(flag),
            **_finding(check, flag),
            "own": _own(flag, seat),
            "mine": seat in check.finders(flag),
        }
        for flag in check.flags
    ]
    return {
        "score_check": {
            "open": state.stage is Stage.SCORE_CHECK,
            "flags": flags,
            "corrections": check.corrections,
        }
    }


def _words(flag: Flag) -> View:
    """What is usual, in the other language of the interface."""
    return {"reference_zh": flag.reference_zh}


def _own(flag: Flag, seat: SeatId) -> list[Value]:
    return [{"bidder": bidder, "item": item} for one, bidder, item in flag.places if one == seat]


def _finding(check: ScoreCheck, flag: Flag) -> View:
    found = check.finding(flag)
    view: View = {"settled": check.settled(flag), "to_correct": check.to_correct(flag)}
    if found is not None:
        by, act = found
        view["acknowledged"] = {"by": str(by), "conspicuous": act.conspicuous, "reason": act.reason}
    return view
