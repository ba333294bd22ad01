"""What the words in the search box can mean, however they were typed, pasted or read off paper."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from records.text.names import folded

LONGEST: Final = 200
"""Characters that are looked at; whatever follows is left out, and the page says so."""
_FEWEST_DIGITS: Final = 8
"""Of a digest, from which on it is looked up: two groups of a short code."""

_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_NUMBER: Final = r"([0-9]{1,3}(?:[ ,][0-9]{3})+|[0-9]{1,15})"
_RECORD: Final = re.compile(rf"(?:(?:账本)?记录|record|entry|no\.?|第|#)*{_NUMBER}(?:号|条)?(?:记录)?")
_BLOCK: Final = re.compile(rf"(?:区块|block)?#?{_NUMBER}")
_SESSION: Final = re.compile(r"[A-Z][A-Z0-9]{3,39}-[1-9][0-9]{0,3}")
_DIGEST: Final = re.compile(r"(sha256:|0x)?([0-9a-f]{8,64})(?:\.\.\.?([0-9a-f]{4,}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hex:
    """Hexadecimal digits of a digest or a transaction: where it begins and, of an elided one, where it ends."""

    begins: str
    ends: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """Everything that some words could be; empty or None where they cannot. All of `words` must be found."""

    digest: Hex | None = None
    transaction: Hex | None = None
    record: int | None = None
    block: int | None = None
    session: str = ""
    words: tuple[str, ...] = ()


def readable(text: str) -> str:
    """The text of a search box on one line: narrow, without what nobody sees, cut to `LONGEST`."""
    plain = "".join(" " if sign.isspace() else sign for sign in unicodedata.normalize("NFKC", text[: 4 * LONGEST]))
    seen = "".join(sign for sign in plain if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})
    return " ".join(seen.split())[:LONGEST].strip()


def meaning(text: str) -> Meaning:
    """Read the search box. A number may be a record or a block, hexadecimal digits a document or a transaction."""
    line = readable(text).translate(_DASHES)
    lower = line.lower()
    record, block = _RECORD.fullmatch(_joined(lower)), _BLOCK.fullmatch(_joined(lower))
    session = _SESSION.fullmatch(line.upper().replace(" ", ""))
    digits = None if session else _DIGEST.fullmatch(re.sub(r"[ \-]", "", lower))
    found = Hex(begins=digits[2], ends=digits[3] or "") if digits else None
    return Meaning(
        digest=found if digits and digits[1] != "0x" else None,
        transaction=found if digits and digits[1] != "sha256:" else None,
        record=_number(record),
        block=_number(block) if not line.startswith("#") else None,
        session=session[0] if session else "",
        words=tuple(dict.fromkeys(one for one in map(folded, line.split()) if one)),
    )


def _joined(line: str) -> str:
    """Without the spaces beside words and signs; those between groups of digits stay."""
    return re.sub(r"(?<![0-9]) +| +(?![0-9])", "", line)


def _number(found: re.Match[str] | None) -> int | None:
    return int(re.sub(r"[ ,]", "", found[1])) if found else None
