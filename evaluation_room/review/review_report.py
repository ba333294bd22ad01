"""The review in report and pages: rejections, corrections, questions and answers, conclusions; never a mark.

Nothing that leaves the committee names a seat (R19): only its members learn who asked or moved something.
"""

from evaluation_room.review.outcome import Clarification, Rejection, ReviewOutcome
from evaluation_room.stages import PRELIMINARY, Stage
from evaluation_room.tender.definition import Definition
from evaluation_room.tender.review_items import LAWFUL_GROUNDS
from records.canonical import Value

Row = dict[str, Value]


def ground_name(definition: Definition, ground: str) -> str:
    """The ground in the wording of the law or of the tender file."""
    own = () if definition.review is None else definition.review.grounds
    return LAWFUL_GROUNDS.get(ground) or next((one.name_zh for one in own if one.code == ground), ground)


def rejections(outcome: ReviewOutcome) -> list[Value]:
    """Every motion to reject with the committee's decision (否决情况说明)."""
    return [rejection(outcome, one) for one in outcome.rejections]


def rejection(outcome: ReviewOutcome, one: Rejection) -> Row:
    return {
        "bidder": one.bidder,
        "ground": one.ground,
        "ground_zh": ground_name(outcome.definition, one.ground),
        "evidence": one.evidence,
        "by_law": one.bound,
        "later": one.later,
        "state": one.state.value,
        "upholding": one.upholding,
        "dismissing": one.dismissing,
    }


def clarifications(outcome: ReviewOutcome) -> list[Value]:
    """The questions that went out, in the order of their numbers, with the answers (澄清、说明、补正事项纪要)."""
    sent = [one for one in outcome.clarifications if one.relay.sent is not None]
    return [clarification(one) for one in sorted(sent, key=lambda one: one.relay.number)]


def clarification(one: Clarification) -> Row:
    row: Row = {"bidder": one.bidder, "issue": one.issue, "place": one.place, "question": one.question}
    return row | one.relay.value | {"state": one.state.value}


def corrections(outcome: ReviewOutcome) -> list[Value]:
    """Every arithmetic correction: the price as bid, each step, the corrected price, and the bidder's confirmation."""
    rows: list[Value] = []
    for bidder, one in sorted(outcome.host.corrections.items()):
        row: Row = {"bidder": bidder, "price_fen": one.price, "corrected_fen": one.corrected}
        row["steps"] = [step.value for step in one.steps]
        answer = outcome.host.confirmations.get(bidder)
        if answer is not None:
            row |= {
                "confirmed": answer.confirmed,
                "text": answer.text,
                "answered_at": outcome.host.confirmed_at[bidder],
            }
            row |= {"document": answer.document} if answer.document else {}
        rows.append(row)
    return rows


def conclusions(outcome: ReviewOutcome, stage: Stage) -> list[Value]:
    """The group's conclusions of one stage, with the reasons of a fail, but not their authors."""
    return [
        {
            "stage": stage.value,
            "bidder": one.bidder,
            "item": one.item.id,
            "passed": one.passed,
            "unanimous": one.unanimous,
            **({} if one.passed else {"reasons": sorted({mark.reason for mark in one.failing})}),
        }
        for one in outcome.conclusions(stage)
    ]


def reported(outcome: ReviewOutcome) -> Row:
    """The review's part of the report; without a review the two lists that every report has."""
    parts: Row = {"rejections": rejections(outcome), "clarifications": clarifications(outcome)}
    review = outcome.definition.review
    if review is None:
        return parts
    parts["review_items"] = [
        {"id": one.id, "stage": one.stage.value, "name_zh": one.name_zh, "name_en": one.name_en, "clause": one.clause}
        for one in review.items
    ]
    parts["conclusions"] = [row for stage in PRELIMINARY for row in conclusions(outcome, stage)]
    parts["corrections"] = corrections(outcome)
    parts["valid"] = list(outcome.valid)
    parts["competitive"] = {True: "yes", False: "no", None: "not-asked"}[outcome.competitive]
    return parts
