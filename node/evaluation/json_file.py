"""Opens the files named on the command line: every fault is one of our errors."""

from pathlib import Path

from records import strict_json
from records.canonical import Value
from records.errors import InvalidRecordError, NotFoundError
from records.strict_json import LARGEST


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, or `file-not-found`, `file-unreadable`, `file-too-large`."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise NotFoundError("file-not-found", file=path.name) from error
    except OSError as error:
        raise InvalidRecordError("file-unreadable", file=path.name) from error
    if len(data) > LARGEST:
        raise InvalidRecordError("file-too-large", maximum=LARGEST)
    return data


def read_json(path: Path) -> Value:
    """The value in a file. Fractions and nulls are refused by the reader of the fields, by field name."""
    data = read_bytes(path)
    try:
        return strict_json.read_by_hand(data)
    except InvalidRecordError as error:
        raise InvalidRecordError(error.code, file=path.name, **error.values) from error
