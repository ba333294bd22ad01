"""The undertaking (承诺书) every member signs before seeing a bid, unless the member recuses (回避).

The browser shows exactly this text.
"""

from dataclasses import dataclass
from typing import Final

from records import ids, strict_fields
from records.errors import InvalidRecordError
from records.strict_fields import Body

LINES: Final = (
    "本人自愿参加本项目评标工作，并郑重承诺：",
    "一、遵守《中华人民共和国招标投标法》及其实施条例，客观、公正、独立地履行评审职责，对所提出的评审意见承担个人责任。",
    "二、严格按照招标文件规定的评标标准和方法评审，不采用招标文件未规定的标准和方法。",
    "三、不私下接触投标人，不收受投标人的财物或者其他好处，不向任何人征询确定中标人的意向。",
    "四、不对外透露投标文件的评审和比较、中标候选人的推荐情况以及与评标有关的其他情况。",
    "五、不与其他成员协商评分，不诱导、干涉他人独立评审。",
    "六、本人与投标人没有法律、法规规定应当回避的利害关系；发现应当回避的情形，立即申请回避。",
    "七、评审期间通讯工具已按要求存放，不使用未经许可的设备。",
)
TEXT: Final = "\n".join(LINES)
TEXT_DIGEST: Final = ids.digest(TEXT.encode())
"""The document that an `undertaking-signed` entry names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undertaking:
    """Which text the member signed, or the member's reason to recuse."""

    text_digest: str
    recusal: bool
    reason: str

    @classmethod
    def read(cls, body: Body) -> "Undertaking":
        strict_fields.fields(body, "recusal", optional={"text_digest", "reason"})
        recusal, reason = strict_fields.flag(body, "recusal"), strict_fields.reason(body)
        if recusal and not reason:
            raise InvalidRecordError("missing-field", field="reason")
        if not recusal:
            strict_fields.fields(body, "text_digest", "recusal")
        text = ids.parse_digest(body["text_digest"]) if "text_digest" in body else ""
        return cls(text_digest=text, recusal=recusal, reason=reason)
