"""The tender file's rules for the preliminary review (初步评审): items, grounds of rejection, approvals."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from evaluation_room.stages import PRELIMINARY, Stage
from records import strict_fields
from records.canonical import Value
from records.errors import InvalidRecordError

LAWFUL_GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        "F51-1": "投标文件未经投标单位盖章和单位负责人签字",
        "F51-2": "投标联合体没有提交共同投标协议",
        "F51-3": "投标人不符合国家或者招标文件规定的资格条件",
        "F51-4": "同一投标人提交两个以上不同的投标文件或者投标报价",
        "F51-5": "投标报价低于成本或者高于招标文件设定的最高投标限价",
        "F51-6": "投标文件没有对招标文件的实质性要求和条件作出响应",
        "F51-7": "投标人有串通投标、弄虚作假、行贿等违法行为",
        "W21": "不能合理说明低价或者不能提供相关证明材料",
        "W22": "拒不按照要求对投标文件进行澄清、说明或者补正",
        "W25": "投标文件存在重大偏差",
    },
)
"""The seven grounds of 招标投标法实施条例51条, and three of 评标委员会和评标方法暂行规定 (21, 22, 25条)."""
CEILING: Final = "F51-5"
NO_ANSWER: Final = "W22"
LOW_PRICE: Final = "W21"
NOT_CORRECTED: Final = "F51-6"
"""A bidder who does not accept the correction of its arithmetic is unresponsive (暂行规定19条)."""
FEWEST_VALID: Final = 3
"""Fewer than three valid bids: the committee has to decide whether they compete (暂行规定27条)."""
_OWN = re.compile(r"T-[A-Za-z0-9][A-Za-z0-9-]{0,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """One item to pass or fail. `clause`: in the tender file; `ground`: of rejection, for a bid that fails it."""

    id: str
    stage: Stage
    name_zh: str
    name_en: str
    clause: str
    ground: str

    @classmethod
    def read(cls, value: Value) -> "ReviewItem":
        body = strict_fields.fields(value, "id", "stage", "name_zh", "name_en", "clause", "ground")
        item = cls(
            id=strict_fields.short_id(body, "id"),
            stage=strict_fields.choice(body, "stage", Stage),
            name_zh=strict_fields.text(body, "name_zh"),
            name_en=strict_fields.text(body, "name_en"),
            clause=strict_fields.text(body, "clause"),
            ground=strict_fields.text(body, "ground"),
        )
        if item.stage not in PRELIMINARY:
            raise InvalidRecordError("review-item-stage", item=item.id)
        return item


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnGround:
    """A ground of rejection added by the tender file, with its clause (条例49条: otherwise it is no ground)."""

    code: str
    name_zh: str
    name_en: str
    clause: str

    @classmethod
    def read(cls, value: Value) -> "OwnGround":
        """R17: no ground may be the reference price (标底): a bid outside its range is not out (条例50条)."""
        body = strict_fields.fields(value, "code", "name_zh", "name_en", "clause")
        ground = cls(
            code=strict_fields.text(body, "code"),
            name_zh=strict_fields.text(body, "name_zh"),
            name_en=strict_fields.text(body, "name_en"),
            clause=strict_fields.text(body, "clause"),
        )
        if not _OWN.fullmatch(ground.code):
            raise InvalidRecordError("bad-id", field="code")
        if "标底" in ground.name_zh:
            raise InvalidRecordError("ground-by-reference-price", ground=ground.code)
        return ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The tender file's preliminary review (R13: no other standard, 条例49条).

    `supervised`: a supervisor approves each question to a bidder before it goes out, and each answer.
    """

    items: tuple[ReviewItem, ...]
    grounds: tuple[OwnGround, ...] = ()
    supervised: bool = False

    @classmethod
    def read(cls, value: Value, stages: Sequence[Stage]) -> "Review":
        body = strict_fields.fields(value, "items", optional={"grounds", "supervised"})
        review = cls(
            items=tuple(ReviewItem.read(one) for one in strict_fields.array(body, "items")),
            grounds=tuple(OwnGround.read(one) for one in strict_fields.array(body, "grounds"))
            if "grounds" in body
            else (),
            supervised=strict_fields.flag(body, "supervised") if "supervised" in body else False,
        )
        review._check(stages)
        return review

    def _check(self, stages: Sequence[Stage]) -> None:
        strict_fields.distinct([item.id for item in self.items], field="review")
        strict_fields.distinct([ground.code for ground in self.grounds], field="grounds")
        if Stage.PRELIM_DONE not in stages:
            raise InvalidRecordError("stage-missing", stage=Stage.PRELIM_DONE.value)
        for item in self.items:
            if item.stage not in stages:
                raise InvalidRecordError("stage-missing", stage=item.stage.value)
            if not self.knows(item.ground):
                raise InvalidRecordError("unknown-ground", item=item.id)
        for stage in PRELIMINARY:
            if stage in stages and not self.of(stage):
                raise InvalidRecordError("review-without-items", stage=stage.value)

    def knows(self, ground: str) -> bool:
        """R16: the statutory grounds and those the tender file lists, no others (条例51条)."""
        return ground in LAWFUL_GROUNDS or ground in {one.code for one in self.grounds}

    def of(self, stage: Stage) -> tuple[ReviewItem, ...]:
        return tuple(item for item in self.items if item.stage is stage)

    def item(self, name: str) -> ReviewItem | None:
        return next((item for item in self.items if item.id == name), None)
