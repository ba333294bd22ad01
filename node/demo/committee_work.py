"""The committee's work in the optional stages: election, reading, review, score check."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from node.demo import member
from node.demo.expert import Expert
from node.demo.person import Person
from node.demo.script import Question, Script
from records.ids import SessionId, instant


class Play(Protocol):
    """The part of the story that this module needs."""

    host: Person
    experts: list[Expert]
    session: SessionId
    stages: list[str]

    @property
    def script(self) -> Script: ...

    def after(self, stage: str) -> str: ...

    async def enter(self, stage: str) -> None: ...

    async def everybody(self, acts: Iterable[Awaitable[None]]) -> None: ...

    async def stage_ready(self, stage: str) -> None: ...

    async def stage_is(self, *stages: str) -> bool: ...

    async def until(self, what: str, condition: Callable[..., Awaitable[bool]], *given: Any) -> None: ...


_REVIEWS: Final = {"PRELIM_FORM": "形式评审", "PRELIM_QUAL": "资格评审", "PRELIM_RESP": "响应性评审"}
_ASKED_IN: Final = "PRELIM_RESP"


def before_scoring(story: Play) -> Iterator[tuple[str, Awaitable[str]]]:
    """The steps between the undertakings and the scores that this procedure has."""
    if "ELECTING" in story.stages:
        yield "election", _elect(story)
    if "READING" in story.stages:
        yield "reading", _read(story)
    for stage in _REVIEWS:
        if stage in story.stages:
            yield "review", _review(story, stage)
    if "PRELIM_DONE" in story.stages:
        yield "rejections", _decide(story)


def after_scoring(story: Play) -> Iterator[tuple[str, Awaitable[str]]]:
    if "SCORE_CHECK" in story.stages:
        yield "score-check", _check_scores(story)


async def _elect(story: Play) -> str:
    await story.enter("ELECTING")
    lead = story.experts[0].seat
    await story.everybody(member.vote_for(expert, lead) for expert in story.experts)
    await story.stage_ready(story.after("ELECTING"))
    return f"席位 {lead} 当选组长"


async def _read(story: Play) -> str:
    await story.enter("READING")
    await story.everybody(member.read_bids(expert) for expert in story.experts)
    await story.stage_ready(story.after("READING"))
    return "已熟悉招标文件和投标文件"


async def _review(story: Play, stage: str) -> str:
    await story.enter(stage)
    question = story.script.question if stage == _ASKED_IN else None
    if question is not None:
        await _clarify(story, question)
    await story.everybody(member.review(expert, stage, story.script.fails) for expert in story.experts)
    await story.until(f"every table of {stage}", _all_tables_locked, story)
    asked = f"，向 {question.bidder} 发出澄清并获答复" if question is not None else ""
    return f"{_REVIEWS[stage]}表已全部锁定{asked}"


async def _all_tables_locked(story: Play) -> bool:
    cockpit = await story.host.get(f"/api/v1/sessions/{story.session}")
    return all(seat["locked"] for seat in cockpit["seats"])


async def _clarify(story: Play, question: Question) -> None:
    """A member asks, the host relays question and answer, every member judges the answer."""
    asker = story.experts[0]
    name = await member.ask(asker, question, _ASKED_IN)
    reply_by = instant(datetime.now(UTC) + timedelta(hours=2))
    for kind, more in (
        ("clarification-sent", {"reply_by": reply_by}),
        ("clarification-delivered", {}),
        ("clarification-answered", {"text": question.answer}),
    ):
        carried = {"kind": kind, "body": {"clarification": name, **more}}
        await story.host.post(f"/api/v1/sessions/{story.session}/review", carried)
    for expert in story.experts:
        await story.until("the answer at every seat", _answered, expert, name)
    await story.everybody(member.accept(expert, name, _ASKED_IN) for expert in story.experts)


async def _answered(expert: Expert, name: str) -> bool:
    questions = (await expert.look())["review"]["clarifications"]
    return any(one["id"] == name and one.get("answer") for one in questions)


async def _decide(story: Play) -> str:
    await story.enter("PRELIM_DONE")
    for expert in story.experts:
        await story.until("the motions at every seat", _sees_motions, story, expert)
    await story.everybody(_vote(expert) for expert in story.experts)
    await story.stage_ready(story.after("PRELIM_DONE"))
    cockpit = await story.host.get(f"/api/v1/sessions/{story.session}")
    out = [one["bidder"] for one in cockpit["review"]["rejections"] if one["state"] == "UPHELD"]
    return f"否决 {'、'.join(out)}，其余投标有效" if out else "全部投标有效"


async def _sees_motions(story: Play, expert: Expert) -> bool:
    moved = {one["bidder"] for one in (await expert.look())["review"]["rejections"]}
    return moved == {bidder for bidder, _item in story.script.fails}


async def _vote(expert: Expert) -> None:
    await member.uphold_all(expert, "PRELIM_DONE")


async def _check_scores(story: Play) -> str:
    """Faults are corrected, the lead looks at the clues, until the session continues."""
    await story.until("the score check", story.stage_is, "SCORE_CHECK", "AGGREGATED", "REPORT_DRAFT", "SIGNING")
    settled = 0
    while await story.stage_is("SCORE_CHECK"):
        for expert in story.experts:
            if expert.room.stage == "SCORE_CHECK" and "score_check" in await expert.look():
                settled += await member.settle_flags(expert)
        await asyncio.sleep(0.2)
    return f"处理核验提示 {settled} 条"
