"""Names and identifiers that decide (recusal, identity): how they are accepted, and how they are compared.

The entrances are strict (`clean`, `clean_code`); signed values are read unchanged and compared folded, so that no
spelling of a name hides it (docs/adr/0010-names-are-compared-folded.md).
"""

import re
import unicodedata
from typing import Final

from records.errors import InvalidRecordError
from records.text import glyphs

LONGEST_NAME: Final = 400
_VOWEL_SEPARATOR: Final = "\u180e"
"""The only format character that spelling needs: it occurs inside Mongolian words."""
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs without width or ink that Unicode does not classify as format characters."""
_VARIATIONS: Final = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Variation selectors: they choose a shape of the preceding letter, never another letter."""
_SHAPES: Final = str.maketrans(
    {
        **dict.fromkeys("\u3014\u3010\u3016\u3018\u300a\u3008[{<\u2329\u27e8", "("),
        **dict.fromkeys("\u3015\u3011\u3017\u3019\u300b\u3009]}>\u232a\u27e9", ")"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58", "-"),
        **dict.fromkeys("\u00b7\u2022\u2027\u2219\u22c5\u30fb\u0387\u3002", "."),
        **dict.fromkeys("\u2018\u2019\u02bc\u0060\u00b4\u2032\u201b", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u300c\u300d\u300e\u300f", '"'),
        **dict.fromkeys("\u3001\u060c", ","),
    }
)
"""Signs often typed for one another: brackets, dashes, the dot inside a person's name, quotation marks."""
_RADICALS: Final = str.maketrans(
    "\u2e8c\u2ea0\u2ec4\u2ec5\u2ec6\u2ec9\u2ecb\u2ed3\u2ed4\u2ed8\u2edb\u2edc\u2edd\u2ee2\u2ee3\u2ee4\u2ee5\u2ee6"
    "\u2ee8\u2ee9\u2eec\u2eee\u2ef0",
    "小民西见角贝车长门青风飞食马骨鬼鱼鸟麦黄齐齿龙",
)
"""Radicals that a copy from a PDF puts in place of the character; the others are folded by NFKC."""
_FORMS: Final = re.compile(
    "有限责任公司|股份有限公司|有限公司|集团公司|总公司|分公司|公司|集团|股份|责任|有限|co\\.?,?ltd\\.?|inc\\.?|corp\\.?|group"
)
"""The words for a firm's legal form, which do not identify it."""
_BRANCH: Final = "分公司"
"""A branch is not a legal person of its own: its staff work for the firm."""
_SIGNS: Final = re.compile(r"[\W_]+")
_FEWEST_OF_A_NAME: Final = 2
_CODE: Final = re.compile(r"[0-9A-Z]+")


def clean(text: str, *, field: str = "name") -> str:
    """The stored form of a name: NFC, without white space around it and with single spaces inside.

    InvalidRecordError names the field: "control-character" (a line feed, a tab, an escape), "invisible-character" (zero
    width, a direction mark, a blank letter), "lone-surrogate", "empty-field", "field-too-long", or
    "character-not-printable".
    """
    for sign in text.strip():
        _check(sign, field)
    found = " ".join(unicodedata.normalize("NFC", text).split())
    if not found:
        raise InvalidRecordError("empty-field", field=field)
    if len(found) > LONGEST_NAME:
        raise InvalidRecordError("field-too-long", field=field, longest=LONGEST_NAME)
    glyphs.check(found, field=field)
    return found


def _check(sign: str, field: str) -> None:
    category = unicodedata.category(sign)
    if category in {"Cc", "Zl", "Zp"}:
        raise InvalidRecordError("control-character", field=field)
    if category == "Cs":
        raise InvalidRecordError("lone-surrogate", field=field)
    if (category == "Cf" and sign != _VOWEL_SEPARATOR) or sign in _BLANK_LETTERS:
        raise InvalidRecordError("invisible-character", field=field)


def clean_code(text: str, *, field: str = "uscc") -> str:
    """The stored form of a code of letters and digits (统一社会信用代码, 身份证号): narrow, upper case, without spaces.

    Wide, small or grouped input is folded; any other character is left for the code's own check to refuse.
    """
    return "".join(unicodedata.normalize("NFKC", clean(text, field=field)).upper().split()).replace("-", "")


def folded(text: str) -> str:
    """A name for comparison only: width, case, spaces, brackets, dashes and invisible signs make no difference.

    Accepts everything, even what `clean` refuses, and folding again changes nothing.
    """
    found = _folded_once(text)
    while (again := _folded_once(found)) != found:
        found = again
    return found


def _folded_once(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", _VARIATIONS.sub("", text)).casefold().translate(_SHAPES).translate(_RADICALS)
    return unicodedata.normalize("NFKC", "".join(map(_sign, narrow)))


def _sign(sign: str) -> str:
    """One character for comparison: a digit of any script as 0–9, white space and invisible characters as nothing."""
    category = unicodedata.category(sign)
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    return "" if sign.isspace() or category in {"Cc", "Cf", "Cs"} or sign in _BLANK_LETTERS else sign


def folded_code(text: str) -> str:
    """A code for comparison only: the letters and digits of its folded form."""
    return "".join(_CODE.findall(folded(text).upper()))


def typed(text: str) -> str:
    """A PIN as intended: narrow, digits of any script as 0–9, without white space or invisible characters."""
    return "".join(map(_sign, unicodedata.normalize("NFKC", text)))


def near(one: str, other: str) -> bool:
    """Whether two different names may mean one firm: equal but for 有限公司, 集团, 股份 and signs, or a branch.

    For a person to look at; it decides nothing.
    """
    first, second = folded(one), folded(other)
    if first == second:
        return False
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= _FEWEST_OF_A_NAME and longer.startswith(shorter) and longer.endswith(_BRANCH):
        return True
    core = _core(first)
    return len(core) >= _FEWEST_OF_A_NAME and core == _core(second)


def _core(name: str) -> str:
    return _SIGNS.sub("", _FORMS.sub("", name))


def near_code(one: str, other: str) -> bool:
    """Whether two different codes are one slip apart: a character wrong, missing, extra, or two swapped."""
    first, second = folded_code(one), folded_code(other)
    if first == second or abs(len(first) - len(second)) > 1 or not first or not second:
        return False
    alike = _alike(first, second)
    left, right = first[alike:], second[alike:]
    swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]


def _alike(one: str, other: str) -> int:
    """The length of the common beginning of two texts."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))
