"""Who still blocks a stage of the review: each as (who, what, since), for the guards."""

from collections.abc import Iterator
from typing import TypeAlias

from evaluation_room.review.clarifications import ClarificationState
from evaluation_room.review.standing import Clarification, Standing
from evaluation_room.stages import Stage

Block: TypeAlias = tuple[str, str, str]


def unread(standing: Standing, since: str) -> Iterator[Block]:
    """READING: every member has read the tender file and the bids."""
    for seat, part in standing.seats.items():
        if not part.read_at:
            yield seat, "reading-not-finished", since


def unlocked(standing: Standing, stage: Stage, since: str) -> Iterator[Block]:
    """A stage of the preliminary review: every member has locked every bid and item."""
    for seat, part in standing.seats.items():
        if not part.table(stage).locked:
            yield seat, "review-not-locked", since


def undecided(standing: Standing, since: str) -> Iterator[Block]:
    """What the committee and the host centre still have to settle: motions, corrections, questions."""
    host = f"centre {standing.definition.host.code}"
    for motion in standing.rejections:
        for seat in motion.missing:
            yield seat, "rejection-vote-missing", max(motion.raised_at, since)
    for bidder in standing.host.corrections:
        if bidder not in standing.host.confirmations:
            yield host, "correction-not-confirmed", since
    for question in standing.clarifications:
        if question.open:
            yield from _open(question, host, since)


def _open(question: Clarification, host: str, since: str) -> Iterator[Block]:
    unseen = question.supervised and question.relay.answer is None
    if question.state is not ClarificationState.ANSWERED or unseen:
        yield host, "clarification-open", max(question.drafted_at, since)
        return
    for seat in question.missing:
        yield seat, "answer-not-judged", max(question.relay.answered_at, since)


def unanswered(standing: Standing, since: str) -> Iterator[Block]:
    """CLARIFYING: every question that went out has come to its answer or to the end of its time."""
    for question in standing.clarifications:
        if question.relay.sent is not None and not question.relay.over:
            yield f"centre {standing.definition.host.code}", "clarification-open", question.relay.sent_at or since


def too_few(standing: Standing, since: str) -> Iterator[Block]:
    """R20: three valid bids, or the committee's resolution that fewer still compete (暂行规定27条, 87号令43条)."""
    left = len(standing.valid)
    if left == 0:
        yield "committee", "no-valid-bidder", since
    elif left < standing.definition.fewest and standing.definition.method.fails_when_few:
        yield "committee", "too-few-valid-bidders", since
    elif standing.competition_asked:
        for seat in standing.competition_missing():
            yield seat, "competition-vote-missing", since
        if standing.competitive is False:
            yield "committee", "competition-lacking", since


def preliminary_done(standing: Standing, since: str) -> Iterator[Block]:
    """PRELIM_DONE: everything settled, and enough bids left."""
    blocks = list(undecided(standing, since))
    yield from blocks
    if not blocks:
        yield from too_few(standing, since)


def may_reject_all(standing: Standing, since: str) -> Iterator[Block]:
    """否决全部投标: nothing is left, or the committee found that what is left does not compete (暂行规定27条)."""
    blocks = list(undecided(standing, since))
    yield from blocks
    if blocks:
        return
    if standing.competition_asked:
        for seat in standing.competition_missing():
            yield seat, "competition-vote-missing", since
        if standing.competitive:
            yield "committee", "bids-still-compete", since
    elif standing.valid:
        yield "committee", "enough-valid-bidders", since


def may_fail(standing: Standing, since: str) -> Iterator[Block]:
    """废标: procurement with fewer than three valid bids (87号令43条)."""
    blocks = list(undecided(standing, since))
    yield from blocks
    few = len(standing.valid) < standing.definition.fewest
    if not blocks and not (few and standing.definition.method.fails_when_few):
        yield "committee", "enough-valid-bidders", since
