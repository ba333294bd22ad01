"""Replacing a member (更换成员): on a lawful ground; the member's earlier acts are void (R09, 条例46、48条)."""

from dataclasses import dataclass
from enum import StrEnum

from records import ids, strict_fields
from records.ids import SeatId
from records.strict_fields import Body


class ReplacementGround(StrEnum):
    """Why a member may be replaced (条例48条: 回避事由、擅离职守、因健康等原因不能继续评标)."""

    RECUSAL = "recusal"  # 回避
    LEFT_POST = "left-post"  # 擅离职守
    HEALTH = "health"  # 因健康等原因不能继续
    ABSENCE = "absence"  # 缺席


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberReplaced:
    """The seat's own centre states it: its entries below `from_seq` are void, and the old key no longer signs."""

    seat: SeatId
    from_seq: int
    ground: ReplacementGround
    reason: str

    @classmethod
    def read(cls, body: Body) -> "MemberReplaced":
        strict_fields.fields(body, "seat", "from_seq", "ground", "reason")
        return cls(
            seat=ids.parse_seat(body["seat"]),
            from_seq=strict_fields.integer(body, "from_seq", minimum=1),
            ground=strict_fields.choice(body, "ground", ReplacementGround),
            reason=strict_fields.reason(body, needed=True),
        )
