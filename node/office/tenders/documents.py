"""Stores PDF files under their digests; every incoming file is checked to be a readable PDF."""

import os
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError, UnavailableError
from records.ids import Digest, digest, parse_digest

LIMIT_BYTES: Final = 64 * 1024 * 1024
_HEAD: Final = re.compile(rb"%PDF-[12]\.[0-9][\r\n]")
_HEAD_WITHIN: Final = 1024
"""How far readers search for a header that is not at the start (ISO 32000, implementation note 13)."""
_END: Final = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
_TABLE: Final = re.compile(rb"\s*xref\b.*?\btrailer\b(.*?)\bstartxref\b", re.DOTALL)
_STREAM: Final = re.compile(rb"\s*\d+\s+\d+\s+obj\b(.*?)\bstream\b", re.DOTALL)
_ANY_TRAILER: Final = re.compile(rb"\btrailer\b(.*?)\bstartxref\b|/Type\s*/XRef\b(.*?)\bstream\b", re.DOTALL)
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_ENCRYPTED: Final = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R\b|<<)")
_TREE: Final = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d{1,6})|/Count\s+(\d{1,6})[^>]*?/Type\s*/Pages\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`pages` is 0 where the file keeps its page tree compressed."""

    digest: Digest
    size: int
    pages: int


def describe(data: bytes, *, name: str) -> Document:
    """The properties of a bid file. Every InvalidRecordError names the file.

    `document-too-large`, `not-a-pdf`; `document-encrypted`: nobody in the room could open it, or not everybody. Bytes
    before the header (as mail programs leave them) and after the end (as signing tools do) are taken: readers pass over
    them, and the digest covers them.
    """
    if len(data) > LIMIT_BYTES:
        raise InvalidRecordError("document-too-large", name=name, size=len(data), limit=LIMIT_BYTES)
    head, ends = _HEAD.search(data[:_HEAD_WITHIN]), list(_END.finditer(data))
    if not head or not ends:
        raise InvalidRecordError("not-a-pdf", name=name)
    if _is_encrypted(data[: ends[-1].end()], starts={0, head.start()}, offset=int(ends[-1][1])):
        raise InvalidRecordError("document-encrypted", name=name)
    counts = [int(first or second) for first, second in _TREE.findall(data)]
    return Document(digest=digest(data), size=len(data), pages=max(counts, default=0))


def _is_encrypted(data: bytes, *, starts: Collection[int], offset: int) -> bool:
    """Whether the newest trailer names an encryption, with any password, even an empty one.

    The trailer is found as a reader finds it, by the offset at the end, counted from the file's start or its header;
    where that leads nowhere, every trailer counts.
    """
    places = [start + offset for start in starts]
    found = next((one for at in places for one in (_TABLE.match(data, at), _STREAM.match(data, at)) if one), None)
    trailers = [found[1]] if found else [first or second for first, second in _ANY_TRAILER.findall(data)]
    return any(_ENCRYPTED.search(_ESCAPED.sub(_unescaped, trailer)) for trailer in trailers)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    """A letter of a name in its escaped form: #45 for E."""
    return bytes([int(escape[1], 16)])


class DocumentStore:
    """A directory of PDF files, each written whole or not at all."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, data: bytes, *, name: str) -> Document:
        """Store the file and return its properties; the same bytes twice are one file."""
        document = describe(data, name=name)
        path = self._path(document.digest)
        if not path.exists():
            _write_durably(path, data)
        return document

    def put_as(self, expected: Digest, data: bytes) -> Path:
        """Store a peer's file, if it is the requested one."""
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
