"""The open points that block a stage of the review, each as (who, what, since), for the guards."""

from collections.abc import Iterator
from typing import TypeAlias

from evaluation_room.review.clarifications import ClarificationState
from evaluation_room.review.outcome import Clarification, ReviewOutcome
from evaluation_room.stages import Stage

Block: TypeAlias = tuple[str, str, str]


def unread(outcome: ReviewOutcome, since: str) -> Iterator[Block]:
    """READING: every member has read the tender file and the bids."""
    for seat, part in outcome.seats.items():
        if not part.read_at:
            yield seat, "reading-not-finished", since


def unlocked(outcome: ReviewOutcome, stage: Stage, since: str) -> Iterator[Block]:
    """A stage of the preliminary review: every member has locked every bid and item."""
    for seat, part in outcome.seats.items():
        if not part.table(stage).locked:
            yield seat, "review-not-locked", since


def undecided(outcome: ReviewOutcome, since: str) -> Iterator[Block]:
    """What the committee and the host centre still have to settle: motions, corrections, questions."""
    host = f"centre {outcome.definition.host.code}"
    for motion in outcome.rejections:
        for seat in motion.missing:
            yield seat, "rejection-vote-missing", max(motion.raised_at, since)
    for bidder in outcome.host.corrections:
        if bidder not in outcome.host.confirmations:
            yield host, "correction-not-confirmed", since
    for question in outcome.clarifications:
        if question.open:
            yield from _open(question, host, since)


def _open(question: Clarification, host: str, since: str) -> Iterator[Block]:
    unseen = question.supervised and question.relay.answer is None
    if question.state is not ClarificationState.ANSWERED or unseen:
        yield host, "clarification-open", max(question.drafted_at, since)
        return
    for seat in question.missing:
        yield seat, "answer-not-judged", max(question.relay.answered_at, since)


def unanswered(outcome: ReviewOutcome, since: str) -> Iterator[Block]:
    """CLARIFYING: every question that went out is answered or past its deadline."""
    for question in outcome.clarifications:
        if question.relay.sent is not None and not question.relay.over:
            yield f"centre {outcome.definition.host.code}", "clarification-open", question.relay.sent_at or since


def too_few(outcome: ReviewOutcome, since: str) -> Iterator[Block]:
    """R20: three valid bids, or the committee's resolution that fewer still compete (暂行规定27条, 87号令43条)."""
    left = len(outcome.valid)
    if left == 0:
        yield "committee", "no-valid-bidder", since
    elif left < outcome.definition.fewest and outcome.definition.method.fails_when_few:
        yield "committee", "too-few-valid-bidders", since
    elif outcome.competition_asked:
        for seat in outcome.competition_missing():
            yield seat, "competition-vote-missing", since
        if outcome.competitive is False:
            yield "committee", "competition-lacking", since


def preliminary_done(outcome: ReviewOutcome, since: str) -> Iterator[Block]:
    """PRELIM_DONE: everything settled, and enough bids left."""
    blocks = list(undecided(outcome, since))
    yield from blocks
    if not blocks:
        yield from too_few(outcome, since)


def may_reject_all(outcome: ReviewOutcome, since: str) -> Iterator[Block]:
    """否决全部投标: no bid is left, or the committee found that the remaining ones do not compete (暂行规定27条)."""
    blocks = list(undecided(outcome, since))
    yield from blocks
    if blocks:
        return
    if outcome.competition_asked:
        for seat in outcome.competition_missing():
            yield seat, "competition-vote-missing", since
        if outcome.competitive:
            yield "committee", "bids-still-compete", since
    elif outcome.valid:
        yield "committee", "enough-valid-bidders", since


def may_fail(outcome: ReviewOutcome, since: str) -> Iterator[Block]:
    """废标: procurement with fewer than three valid bids (87号令43条)."""
    blocks = list(undecided(outcome, since))
    yield from blocks
    few = len(outcome.valid) < outcome.definition.fewest
    if not blocks and not (few and outcome.definition.method.fails_when_few):
        yield "committee", "enough-valid-bidders", since
