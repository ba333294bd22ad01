"""Keeps PDF files under the name of their digest; whatever comes in is checked to be what it claims."""

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError, UnavailableError
from records.ids import Digest, digest, parse_digest

LIMIT_BYTES: Final = 64 * 1024 * 1024
_HEAD: Final = re.compile(rb"%PDF-[12]\.[0-9][\r\n]")
_TREE: Final = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d{1,6})|/Count\s+(\d{1,6})[^>]*?/Type\s*/Pages\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`pages` is 0 where the file keeps its page tree compressed."""

    digest: Digest
    size: int
    pages: int


def describe(data: bytes, *, name: str) -> Document:
    """What a bid file is. Raises InvalidRecordError: not-a-pdf, document-too-large."""
    if len(data) > LIMIT_BYTES:
        raise InvalidRecordError("document-too-large", name=name, size=len(data), limit=LIMIT_BYTES)
    if not _HEAD.match(data) or b"%%EOF" not in data[-1024:] or b"startxref" not in data[-2048:]:
        raise InvalidRecordError("not-a-pdf", name=name)
    counts = [int(first or second) for first, second in _TREE.findall(data)]
    return Document(digest=digest(data), size=len(data), pages=max(counts, default=0))


class DocumentStore:
    """A directory of PDF files, each written whole or not at all."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, data: bytes, *, name: str) -> Document:
        """Keep the file and say what it is; the same bytes twice are one file."""
        document = describe(data, name=name)
        path = self._path(document.digest)
        if not path.exists():
            _write_durably(path, data)
        return document

    def put_as(self, expected: Digest, data: bytes) -> Path:
        """Keep a file that a peer sent, if it is the one that was asked for."""
        if digest(data) != expected:
            raise EvidenceMismatchError("document-digest", expected=expected)
        self.put(data, name=expected)
        return self._path(expected)

    def path(self, wanted: Digest) -> Path:
        path = self._path(wanted)
        if not path.exists():
            raise NotFoundError("document-unknown", digest=wanted)
        return path

    def holds(self, wanted: Digest) -> bool:
        return self._path(wanted).exists()

    def _path(self, wanted: Digest) -> Path:
        return self._directory / f"{parse_digest(wanted).partition(':')[2]}.pdf"


def _write_durably(path: Path, data: bytes) -> None:
    """Point of no return: the name appears only after the bytes are on the disk."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with partial.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UnavailableError("disk-unavailable", reason=error.strerror or "unknown") from error
