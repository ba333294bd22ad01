"""The invitation (要约) between a host and a guest centre: its states, its one transition table, its steps."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from records.canonical import Value
from records.errors import ConflictError, InvalidRecordError, NotPermittedError, WrongStageError
from records.ids import CentreCode, ProjectId, instant, parse_centre, parse_instant, parse_project


class State(StrEnum):
    DRAFT = "DRAFT"  # 草拟
    ISSUED = "ISSUED"  # 已发出
    RECEIVED = "RECEIVED"  # 已签收
    COUNTERED = "COUNTERED"  # 副场改约
    CONFIRMED = "CONFIRMED"  # 已确认
    REJECTED = "REJECTED"  # 已拒绝
    EXPIRED = "EXPIRED"  # 逾期失效
    CHANGE_PENDING = "CHANGE_PENDING"  # 变更待确认
    LOCKED = "LOCKED"  # 已锁定
    IN_SESSION = "IN_SESSION"  # 执行中
    COMPLETED = "COMPLETED"  # 已完成
    CANCELLED = "CANCELLED"  # 主场取消
    WITHDRAWN = "WITHDRAWN"  # 副场退出
    ABORTED = "ABORTED"  # 异常中止


class Event(StrEnum):
    ISSUE = "issue"  # 发出
    RECEIVE = "receive"  # 签收
    CONFIRM = "confirm"  # 确认
    REJECT = "reject"  # 拒绝
    COUNTER = "counter"  # 改约
    ACCEPT = "accept"  # 接受改约
    DECLINE = "decline"  # 不接受改约
    TIMEOUT = "timeout"  # 逾期
    CHANGE = "change"  # 变更
    SETTLE = "settle"  # 变更有结果
    LOCK = "lock"  # 锁定
    CANCEL = "cancel"  # 取消
    WITHDRAW = "withdraw"  # 退出
    START = "start"  # 启动
    FINISH = "finish"  # 完成
    ABORT = "abort"  # 中止


class Side(StrEnum):
    HOST = "host"
    GUEST = "guest"
    EITHER = "either"
    TIMER = "timer"


TRANSITIONS: Final[Mapping[tuple[State, Event], tuple[Side, State]]] = {
    (State.DRAFT, Event.ISSUE): (Side.HOST, State.ISSUED),
    (State.ISSUED, Event.RECEIVE): (Side.GUEST, State.RECEIVED),
    (State.ISSUED, Event.CONFIRM): (Side.GUEST, State.CONFIRMED),
    (State.RECEIVED, Event.CONFIRM): (Side.GUEST, State.CONFIRMED),
    (State.ISSUED, Event.REJECT): (Side.GUEST, State.REJECTED),
    (State.RECEIVED, Event.REJECT): (Side.GUEST, State.REJECTED),
    (State.ISSUED, Event.COUNTER): (Side.GUEST, State.COUNTERED),
    (State.RECEIVED, Event.COUNTER): (Side.GUEST, State.COUNTERED),
    (State.COUNTERED, Event.ACCEPT): (Side.HOST, State.CONFIRMED),
    (State.COUNTERED, Event.DECLINE): (Side.HOST, State.REJECTED),
    (State.ISSUED, Event.TIMEOUT): (Side.TIMER, State.EXPIRED),
    (State.RECEIVED, Event.TIMEOUT): (Side.TIMER, State.EXPIRED),
    (State.COUNTERED, Event.TIMEOUT): (Side.TIMER, State.EXPIRED),
    (State.CONFIRMED, Event.CHANGE): (Side.EITHER, State.CHANGE_PENDING),
    (State.CHANGE_PENDING, Event.SETTLE): (Side.EITHER, State.CONFIRMED),
    (State.CONFIRMED, Event.LOCK): (Side.TIMER, State.LOCKED),
    (State.CONFIRMED, Event.CANCEL): (Side.HOST, State.CANCELLED),
    (State.LOCKED, Event.CANCEL): (Side.HOST, State.CANCELLED),
    (State.CONFIRMED, Event.WITHDRAW): (Side.GUEST, State.WITHDRAWN),
    (State.LOCKED, Event.START): (Side.EITHER, State.IN_SESSION),
    (State.IN_SESSION, Event.FINISH): (Side.HOST, State.COMPLETED),
    (State.IN_SESSION, Event.ABORT): (Side.HOST, State.ABORTED),
}
ENDED: Final = frozenset(
    {State.REJECTED, State.EXPIRED, State.COMPLETED, State.CANCELLED, State.WITHDRAWN, State.ABORTED}
)
REFUSAL_REASONS: Final = ("no-free-seats", "equipment-maintenance", "specialty-missing", "other")
"""无空余工位, 设备检修, 专业不足, 其他."""
_BEFORE_DEADLINE: Final = frozenset({Event.RECEIVE, Event.CONFIRM, Event.REJECT, Event.COUNTER})
MOST_SEATS: Final = 50
LONGEST_TITLE: Final = 400
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The host's request. Times are RFC 3339 in UTC."""

    id: str
    project: ProjectId
    title: str
    host: CentreCode
    guest: CentreCode
    seats: int
    window_start: str
    window_end: str
    reply_deadline: str

    def value(self) -> dict[str, Value]:
        return {
            "id": self.id,
            "project": self.project,
            "title": self.title,
            "host": self.host,
            "guest": self.guest,
            "seats": self.seats,
            "window_start": self.window_start,
            "window_end": self.window_end,
            "reply_deadline": self.reply_deadline,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """`history` holds every state with the moment it began; the last one is the present."""

    terms: Terms
    history: tuple[tuple[State, str], ...]
    reason_code: str = ""

    @property
    def state(self) -> State:
        return self.history[-1][0]

    def at(self, now: datetime) -> "Invitation":
        """The present invitation: one that was not answered in time has expired by itself (逾期失效)."""
        deadline = self.terms.reply_deadline
        if (self.state, Event.TIMEOUT) not in TRANSITIONS or instant(now) <= deadline:
            return self
        return replace(self, history=(*self.history, (State.EXPIRED, deadline)))

    def step(self, event: Event, *, by: CentreCode, at: datetime, reason_code: str = "") -> "Invitation":
        """The next value. Raises WrongStageError(invitation-not-open), NotPermittedError(not-your-invitation)."""
        now = self.at(at) if event in _BEFORE_DEADLINE else self
        following = TRANSITIONS.get((now.state, event))
        if following is None:
            raise WrongStageError("invitation-not-open", state=now.state.value, event=event.value)
        side, state = following
        if by not in self._speakers(side):
            raise NotPermittedError("not-your-invitation", centre=by, event=event.value)
        if event is Event.REJECT and reason_code not in REFUSAL_REASONS:
            raise InvalidRecordError("refusal-reason-unknown")
        return replace(now, history=(*now.history, (state, instant(at))), reason_code=reason_code)

    def _speakers(self, side: Side) -> tuple[CentreCode, ...]:
        return {
            Side.HOST: (self.terms.host,),
            Side.GUEST: (self.terms.guest,),
            Side.EITHER: (self.terms.host, self.terms.guest),
            Side.TIMER: (),
        }[side]


def id_of(project: ProjectId, host: CentreCode, guest: CentreCode, number: int | str) -> str:
    """An invitation's id. It includes the host, so that no centre can replace another one's invitation."""
    return f"{project}-{host}-{guest}-{number}"


def draft(terms: Terms, *, at: datetime, others: Sequence[Invitation]) -> Invitation:
    """A new invitation, not sent yet. `others` are those for the same project; a guest has at most one open."""
    check(terms)
    if terms.reply_deadline <= instant(at) or terms.window_start <= instant(at):
        raise InvalidRecordError("invitation-times", key="reply_deadline")
    live = [other for other in others if other.at(at).state not in ENDED and other.terms.guest == terms.guest]
    if live:
        raise ConflictError("invitation-open-already", id=live[0].terms.id)
    return Invitation(terms=terms, history=((State.DRAFT, instant(at)),))


def check(terms: Terms) -> None:
    """Terms that are consistent in themselves, from any sender."""
    parse_project(terms.project)
    if parse_centre(terms.host) == parse_centre(terms.guest):
        raise InvalidRecordError("guest-is-host")
    before, _, number = terms.id.rpartition("-")
    if f"{before}-" != id_of(terms.project, terms.host, terms.guest, "") or not _NUMBER.fullmatch(number):
        raise InvalidRecordError("invitation-id")
    if not 0 < len(terms.title) <= LONGEST_TITLE:
        raise InvalidRecordError("invitation-title", longest=LONGEST_TITLE)
    if not 0 < terms.seats <= MOST_SEATS:
        raise InvalidRecordError("invitation-seats", seats=terms.seats, maximum=MOST_SEATS)
    start, end = parse_instant(terms.window_start), parse_instant(terms.window_end)
    if not parse_instant(terms.reply_deadline) <= start < end:
        raise InvalidRecordError("invitation-times", key="window")


def parse_terms(value: Value) -> Terms:
    """Terms from a record or a peer's message; InvalidRecordError(invitation-malformed) otherwise."""
    if not isinstance(value, dict) or set(value) != set(Terms.__dataclass_fields__):
        raise InvalidRecordError("invitation-malformed")
    texts = {key: part for key, part in value.items() if key != "seats"}
    seats = value["seats"]
    if not isinstance(seats, int) or isinstance(seats, bool) or not all(isinstance(t, str) for t in texts.values()):
        raise InvalidRecordError("invitation-malformed")
    plain = {key: str(part) for key, part in texts.items()}
    terms = Terms(
        id=plain["id"],
        project=ProjectId(plain["project"]),
        title=plain["title"],
        host=CentreCode(plain["host"]),
        guest=CentreCode(plain["guest"]),
        seats=seats,
        window_start=plain["window_start"],
        window_end=plain["window_end"],
        reply_deadline=plain["reply_deadline"],
    )
    check(terms)
    return terms
