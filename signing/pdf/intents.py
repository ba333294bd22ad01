"""The visible statement of a signature: reason, place, appearance. Host and guest make the same from the same data."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from records.errors import InvalidRecordError
from records.strict_fields import Reader
from signing.keys.identity import Identity
from signing.pdf import marks
from signing.pdf.marks import MarkText
from signing.pdf.pades import Intent
from signing.report.signature_page import Place

_LONGEST_REASON = 1000


class Stance(StrEnum):
    AGREE = "agree"
    DISSENT = "dissent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """A member's opinion in signing; a dissent includes its reasons in the signature (条例53条)."""

    stance: Stance = Stance.AGREE
    reason: str = ""

    @classmethod
    def read(cls, decision: str, reason: str = "") -> "Opinion":
        """From the text of the consent; only a dissent has reasons. Raises InvalidRecordError("opinion-invalid")."""
        if decision not in {stance.value for stance in Stance}:
            raise InvalidRecordError("opinion-invalid")
        if decision == Stance.AGREE.value:
            return cls()
        if not 0 < len(reason.strip()) <= _LONGEST_REASON:
            raise InvalidRecordError("opinion-invalid", longest=_LONGEST_REASON)
        return cls(stance=Stance.DISSENT, reason=reason.strip())


AGREED = Opinion()


def intent_of(
    data: Reader, place: Place | None, opinion: Opinion, identity: Identity, *, at: datetime, fonts: Path
) -> Intent:
    """The intent of a signature at this place; without a place it is the platform's certification."""
    if place is None:
        return Intent(reason="平台认证：报告内容自此固定")
    owner = _owner(data, place)
    if place.kind == "seal":
        is_host = place.owner == data.part("host").text("code")
        standing = MarkText(name=owner.text("name_zh"), words="主场 · 电子签章" if is_host else "副场 · 电子签章")
        mark = marks.draw(place, standing, identity, at=at, fonts=fonts)
        return Intent(reason="确认评标报告并签章", location=owner.text("name_zh"), mark=mark)
    dissents = opinion.stance is Stance.DISSENT
    words = f"席位 {place.owner} · {owner.text('city_zh')}" + (" · 组长" if owner.flag("lead") else "")
    standing = MarkText(name=owner.text("name"), words=words, opinion="持不同意见，理由见签名" if dissents else "")
    return Intent(
        reason=f"持不同意见：{opinion.reason}" if dissents else "同意评标结果",
        location=owner.text("city_zh"),
        mark=marks.draw(place, standing, identity, at=at, fonts=fonts),
    )


def _owner(data: Reader, place: Place) -> Reader:
    if place.kind == "expert":
        return next(row for row in data.rows("committee") if row.text("seat") == place.owner)
    return next(row for row in [*data.rows("guests"), data.part("host")] if row.text("code") == place.owner)
