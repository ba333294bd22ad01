"""A member's acts besides scoring: votes for the lead, reviews, votes, judges, checks scores."""

import secrets
from collections.abc import Mapping

from node.demo.authenticator import Json
from node.demo.expert import Expert
from node.demo.script import Question
from records import canonical
from records.ids import b64u, digest

_REASON = "独立判断，理由已写入个人评分表"


async def vote_for(expert: Expert, candidate: str) -> None:
    """A ballot in the first round."""
    body: Json = {"round": 1, "candidate": candidate, "salt": b64u(secrets.token_bytes(16))}
    await expert.room.submit("ballot-cast", body, stage="ELECTING")


async def read_bids(expert: Expert) -> None:
    await expert.room.submit("reading-finished", {}, stage="READING")


async def review(expert: Expert, stage: str, fails: Mapping[tuple[str, str], str]) -> None:
    """Mark every bid by every item of the stage, and lock the table."""
    view = await expert.look()
    marks: list[Json] = []
    for bidder in sorted(one["id"] for one in view["bidders"]):
        for item in sorted(one["id"] for one in view["review"]["items"] if one["stage"] == stage):
            reason = fails.get((bidder, item))
            mark: Json = {"bidder": bidder, "item": item, "passed": reason is None}
            mark |= {"reason": reason} if reason else {}
            marks.append(mark)
            await expert.room.submit("review-marked", mark, stage=stage)
    table: Json = {"marks": marks, "stage": stage}
    await expert.room.submit(
        "review-locked", {"stage": stage, "table_digest": digest(canonical.encode(table))}, stage=stage
    )


async def ask(expert: Expert, question: Question, stage: str) -> str:
    """Draft a question to a bidder; return its name in the session."""
    body: Json = {
        "number": 1,
        "bidder": question.bidder,
        "issue": question.issue,
        "place": question.place,
        "question": question.question,
    }
    await expert.room.submit("clarification-drafted", body, stage=stage)
    return f"{expert.seat}.Q1"


async def accept(expert: Expert, clarification: str, stage: str) -> None:
    await expert.room.submit("answer-judged", {"clarification": clarification, "accepted": True}, stage=stage)


async def uphold_all(expert: Expert, stage: str) -> int:
    """Vote for every motion to reject; return how many."""
    moved = [one for one in (await expert.look())["review"]["rejections"] if "mine" not in one]
    for one in moved:
        await expert.room.submit("rejection-voted", {"rejection": one["id"], "upheld": True}, stage=stage)
    return len(moved)


async def settle_flags(expert: Expert) -> int:
    """Correct the own marks that a fault names, look at the clues where permitted; return how many were settled."""
    settled = 0
    for flag in (await expert.look())["score_check"]["flags"]:
        if flag["level"] == "BLOCK":
            settled += await _correct(expert, flag)
        elif flag["mine"] and "acknowledged" not in flag:
            body: Json = {"flag": flag["id"], "value": flag["value"], "conspicuous": False, "reason": _REASON}
            await expert.room.submit("warning-acknowledged", body, stage="SCORE_CHECK")
            settled += 1
    return settled


async def _correct(expert: Expert, flag: Json) -> int:
    """Correct this member's mistaken mark."""
    for place in flag["own"]:
        item = next(one for one in expert.view["items"] if one["id"] == place["item"])
        right = expert.points(place["bidder"], item)
        given = next(
            cell for cell in expert.cells if (cell["bidder"], cell["item"]) == (place["bidder"], place["item"])
        )
        if given["points"] != right:
            body: Json = {
                "flag": flag["id"],
                "ground": "objective-differs",
                **place,
                "points": right,
                "reason": "复核证明材料后更正",
            }
            await expert.room.submit("score-corrected", body, stage="SCORE_CHECK")
            return 1
    return 0
