"""JSON that costs its reader more than its writer, or that two programs read differently, for the tests of readers."""

from typing import Final

FLAT: Final = b"[" + b"[]," * (6 << 20) + b"[]]"
"""Eighteen MiB that become half a GiB of empty arrays; packed, twenty kilobytes."""
DEEP: Final = b"[" * 4000
HALF_A_CHARACTER: Final = b'{"a":"\\ud800"}'
HALF_A_KEY: Final = b'{"\\ud800":1,"\\ud800":2}'
HUGE: Final = b'{"price_fen":1e999999999}'
LONG: Final = b'{"price_fen":' + b"9" * 5000 + b"}"
DOUBLED: Final = b'{"a":1,"a":2}'

ALL: Final = (FLAT, DEEP, HALF_A_CHARACTER, HALF_A_KEY, HUGE, LONG, DOUBLED)
NAMES: Final = ("flat", "deep", "half a character", "half a key", "huge", "long", "doubled")
