"""The result with its derivation (计算过程): every figure with its inputs, its rule and its rounding."""

from evaluation_room.session.session import Session
from evaluation_room.stages import Stage
from records.canonical import Value
from records.errors import WrongStageError


def tally_view(session: Session) -> dict[str, Value]:
    """Ranking and trace, for the console; WrongStageError("tally-too-early") before the scores are aggregated."""
    state = session.state
    if not state.reached(Stage.AGGREGATED):
        raise WrongStageError("tally-too-early", stage=state.stage.value)
    tally = state.tally()
    scores = {score.bidder: score.value for score in tally.scores}
    evaluated = tally.result.evaluated
    ranking: list[Value] = [
        scores.get(bidder) or {"bidder": bidder, "evaluated_fen": evaluated[bidder]} for bidder in tally.ranking
    ]
    return {
        "digest": tally.digest,
        "bidders": [{"id": one.id, "name": one.name} for one in state.definition.bidders],
        "ranking": ranking,
        "candidates": list(tally.candidates),
        "remarks": [one.as_value for one in tally.result.remarks],
        "trace": [step.as_value for step in tally.result.steps],
    }
