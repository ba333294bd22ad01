"""One-time enrolment codes: their form, and the part that is stored."""

import hashlib
from collections.abc import Callable

from records.text.names import folded_code

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 unambiguous characters
_GROUPS, _GROUP = 4, 4


def new_code(randomness: Callable[[int], bytes]) -> str:
    """Sixteen characters in groups of four, about 79 bits."""
    letters = "".join(_letters(randomness))
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def _letters(randomness: Callable[[int], bytes]) -> list[str]:
    letters: list[str] = []
    limit = 256 - 256 % len(_ALPHABET)  # bytes above would favour the first letters
    while len(letters) < _GROUPS * _GROUP:
        letters += [_ALPHABET[byte % len(_ALPHABET)] for byte in randomness(32) if byte < limit]
    return letters[: _GROUPS * _GROUP]


def digest_of(code: str) -> str:
    """The stored form of the code; spaces, hyphens, case and width do not matter."""
    return hashlib.sha256(b"tongping/enrolment/v1\x00" + folded_code(code).encode()).hexdigest()
