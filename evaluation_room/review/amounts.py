"""Sums of money in words (大写金额): Chinese capital numerals to fen and back."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from records.errors import InvalidRecordError

DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_SPELLED: Final = str.maketrans("圆圓〇○正億萬貳參叄陸兩两", "元元零零整亿万贰叁叁陆贰贰")
"""Variants of the characters in such sums, and their standard forms."""
_PREFIX = re.compile(r"^(?:(?:人民币|RMB|CNY|¥|大写(?:金额)?|\(大写\)|\(人民币\)):?)*", re.IGNORECASE)
_NONZERO: Final = DIGITS[1:]
_SUM = re.compile(
    r"(?:(?P<yuan>[^元角分整]+)元)?零?(?:(?P<jiao>[^元角分整零])角)?零?(?:(?P<fen>[^元角分整零])分)?整?",
)
_FOUR = re.compile(rf"(?:零?[{_NONZERO}][拾佰仟])*(?:零?[{_NONZERO}])?|拾[{_NONZERO}]?")
_UNITS: Mapping[str, int] = MappingProxyType({"拾": 10, "佰": 100, "仟": 1000})
MOST_FEN: Final = 10**15


def read_words(text: str) -> int:
    """The amount in fen; InvalidRecordError("amount-in-words") for anything but a sum of money."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).translate(_SPELLED)
    plain = _PREFIX.sub("", plain, count=1)
    found = _SUM.fullmatch(plain)
    if not plain or found is None or not (found["yuan"] or found["jiao"] or found["fen"]):
        raise InvalidRecordError("amount-in-words")
    yuan = _whole(found["yuan"]) if found["yuan"] else 0
    fen = yuan * 100 + _digit(found["jiao"]) * 10 + _digit(found["fen"])
    if fen > MOST_FEN:
        raise InvalidRecordError("amount-in-words")
    return fen


def write_words(fen: int) -> str:
    """The sum in capital numerals, as banks write it."""
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    text = f"{_written(yuan)}元" if yuan or not rest else ""
    if not rest:
        return f"{text}整"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif yuan:
        text += DIGITS[0]
    return text + (f"{DIGITS[cents]}分" if cents else "整")


def _digit(text: str | None) -> int:
    if not text:
        return 0
    if text not in DIGITS:
        raise InvalidRecordError("amount-in-words")
    return DIGITS.index(text)


def _whole(text: str) -> int:
    """The number before 元: groups of up to four digits, 亿 before 万; 万亿 is a group of 万 before 亿."""
    if text == DIGITS[0]:
        return 0
    upper, hundred_million, lower = text.rpartition("亿")
    if hundred_million:
        return _myriads(upper) * 10**8 + (_myriads(lower) if lower else 0)
    return _myriads(lower)


def _myriads(text: str) -> int:
    upper, myriad, lower = text.rpartition("万")
    if myriad:
        return _group(upper) * 10**4 + (_group(lower) if lower else 0)
    return _group(lower)


def _group(text: str) -> int:
    """Up to four digits: each unit once and smaller than the one before; a zero only for omitted digits."""
    plain, total, least = text.removeprefix(DIGITS[0]), 0, 10**4
    for digit, unit in _pairs(plain):
        size = _UNITS.get(unit, 1)
        if size >= least or digit == 0:
            _refuse()
        total, least = total + digit * size, size
    return total


def _pairs(text: str) -> list[tuple[int, str]]:
    if not text or not _FOUR.fullmatch(text):
        _refuse()
    if text.startswith("拾"):
        text = f"壹{text}"
    return [(DIGITS.index(one[0]), one[1:]) for one in re.findall(rf"[{_NONZERO}][拾佰仟]?", text)]


def _refuse() -> int:
    raise InvalidRecordError("amount-in-words")


def _written(yuan: int) -> str:
    """Groups of eight digits: 亿 between them, 万 within them; a zero for omitted digits."""
    if not yuan:
        return DIGITS[0]
    upper, lower = divmod(yuan, 10**8)
    if not upper:
        return _eight(lower)
    gap = DIGITS[0] if lower and lower < 10**7 else ""
    return f"{_eight(upper)}亿{gap}{_eight(lower)}"


def _eight(number: int) -> str:
    upper, lower = divmod(number, 10**4)
    if not upper:
        return _four(lower)
    gap = DIGITS[0] if lower and lower < 10**3 else ""
    return f"{_four(upper)}万{gap}{_four(lower)}"


def _four(group: int) -> str:
    text, gap = "", False
    for unit in ("仟", "佰", "拾", ""):
        digit = group // _UNITS.get(unit, 1) % 10
        if not digit:
            gap = bool(text)
            continue
        text, gap = text + (DIGITS[0] if gap else "") + DIGITS[digit] + unit, False
    return text
