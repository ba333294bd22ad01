"""The possible meanings of the text in the search box."""

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 200

_DIGEST: Final = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
_TRANSACTION: Final = re.compile(r"(?:0x)?([0-9a-f]{64})")
_RECORD: Final = re.compile(r"#?([0-9]{1,15})")
_BLOCK: Final = re.compile(r"(?:区块|block)?\s*([0-9]{1,15})")
_CODE: Final = re.compile(r"[A-Z]{2,4}")
_SESSION: Final = re.compile(r"[A-Z][A-Z0-9]{3,39}-[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """Every possible meaning of a text; empty or None where it is not possible."""

    digest: str = ""
    transaction: str = ""
    record: int | None = None
    block: int | None = None
    session: str = ""
    centre: str = ""
    words: str = ""


def meaning(text: str) -> Meaning:
    """Read the search box. A number may be a record or a block, 64 hexadecimal digits a document or a transaction."""
    words = " ".join(text.split())[:LONGEST]
    lower, upper = words.lower(), words.upper()
    record, block = _RECORD.fullmatch(words), _BLOCK.fullmatch(lower)
    digest, transaction = _DIGEST.fullmatch(lower), _TRANSACTION.fullmatch(lower)
    return Meaning(
        digest=f"sha256:{digest[1]}" if digest else "",
        transaction=f"0x{transaction[1]}" if transaction else "",
        record=int(record[1]) if record else None,
        block=int(block[1]) if block and not words.startswith("#") else None,
        session=upper if _SESSION.fullmatch(upper) else "",
        centre=upper if _CODE.fullmatch(upper) else "",
        words=words,
    )
