"""How an expert came to a seat (专家的确定方式): drawn at random, or named for a special tender (pure)."""

from dataclasses import dataclass
from enum import StrEnum

from records import strict_fields
from records.canonical import Value
from records.strict_fields import Body


class How(StrEnum):
    DRAWN = "drawn"  # 随机抽取
    NAMED = "named"  # 直接确定


class Special(StrEnum):
    """特殊招标项目 (条例46条): why randomly drawn experts could hardly be equal to the task."""

    COMPLEX = "complex"  # 技术复杂
    SPECIALISED = "specialised"  # 专业性强
    STATE = "state"  # 国家有特殊要求


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A centre's statement about its experts on a committee; for a naming also the ground and its approval."""

    how: How
    special: Special | None = None
    approval: str = ""

    @classmethod
    def read(cls, body: Body) -> "Selection":
        """R06: experts are drawn; a special tender's may be named, with approval (招标投标法37条; 条例46、47条).

        Raises InvalidRecordError: "missing-field" for a naming without ground or approval, "unknown-field" for a draw
        that has them, and for any other fault of the fields.
        """
        strict_fields.fields(body, "how", optional={"special", "approval"})
        how = strict_fields.choice(body, "how", How)
        if how is How.DRAWN:
            strict_fields.fields(body, "how")
            return cls(how=how)
        strict_fields.fields(body, "how", "special", "approval")
        approval = strict_fields.written(body, "approval")
        return cls(how=how, special=strict_fields.choice(body, "special", Special), approval=approval)

    def body(self) -> dict[str, Value]:
        if self.special is None:
            return {"how": self.how.value}
        return {"how": self.how.value, "special": self.special.value, "approval": self.approval}
