"""The text of files that people write and save: UTF-8 with or without a byte order mark, UTF-16 with it."""

import codecs
import tomllib
from typing import Any, Final

from records.errors import InvalidRecordError

LARGEST_TOML: Final = 1024 * 1024
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes, *, otherwise: str = "utf-8") -> str:
    """The text without its byte order mark. InvalidRecordError("not-unicode") for bytes of any other encoding.

    `otherwise`: the encoding of a text that has no mark.
    """
    try:
        return data.decode("utf-16" if data.startswith(_UTF16) else otherwise).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InvalidRecordError("not-unicode") from error


def read_toml(written: bytes | str) -> dict[str, Any]:  # Any: TOML as the parser gives it, read by strict_fields
    """The tables of a TOML file; TOML itself forbids doubled keys. InvalidRecordError("malformed-toml")."""
    text = decode(written) if isinstance(written, bytes) else written.removeprefix("\ufeff")
    if len(text) > LARGEST_TOML:
        raise InvalidRecordError("malformed-toml", reason=f"longer than {LARGEST_TOML} characters")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidRecordError("malformed-toml", reason=str(error)) from error
    except RecursionError as error:
        raise InvalidRecordError("malformed-toml", reason="nested too deeply") from error
