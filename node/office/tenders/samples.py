"""Reads a tender and its bid files from a sample directory."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from node.office.tenders.documents import LIMIT_BYTES, Document
from node.office.tenders.tender import cleaned
from records import canonical, strict_json
from records.canonical import Value
from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError

TENDER_FILE: Final = "tender.json"
_TENDER_LIMIT: Final = 1024 * 1024
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def listing(directory: Path) -> list[dict[str, str]]:
    """Every sample: its id and title."""
    found = sorted(path.parent for path in directory.glob(f"*/{TENDER_FILE}") if _NAME.fullmatch(path.parent.name))
    return [{"id": path.name, "title": str(_tender(path).get("title", path.name))} for path in found]


def read(directory: Path, sample: str, keep: Callable[[bytes, str], Document]) -> Value:
    """The sample's tender with each bid file stored: `documents` then have sha256, size and pages."""
    place = directory / sample
    if not _NAME.fullmatch(sample) or not (place / TENDER_FILE).is_file():
        raise NotFoundError("sample-unknown")
    tender = cleaned(_tender(place))
    for bidder in _list(tender, "bidders"):
        bidder["documents"] = [_document(place, document, keep) for document in _list(bidder, "documents")]
    return canonical.decode(canonical.encode(tender))


def _tender(place: Path) -> dict[str, Any]:
    """Any: unchecked JSON; canonical.encode checks the subset, tender.parse the content."""
    path = place / TENDER_FILE
    if path.stat().st_size > _TENDER_LIMIT:
        raise InvalidRecordError("tender-too-large", limit=_TENDER_LIMIT)
    try:
        tender = strict_json.read_by_hand(path.read_bytes())
    except InvalidRecordError as error:
        raise InvalidRecordError(error.code, file=TENDER_FILE, **error.values) from error
    if not isinstance(tender, dict):
        raise InvalidRecordError("tender-invalid", key="tender")
    return tender


def _list(value: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Any: as in _tender."""
    items = value.get(key)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InvalidRecordError("tender-invalid", key=key)
    return items


def _document(place: Path, document: dict[str, Any], keep: Callable[[bytes, str], Document]) -> dict[str, Any]:
    """Any: as in _tender."""
    file = document.get("file")
    if not isinstance(file, str) or not _FILE.fullmatch(file) or not (place / file).is_file():
        raise InvalidRecordError("document-missing", file=str(file)[:100])
    if (place / file).stat().st_size > LIMIT_BYTES:
        raise InvalidRecordError("document-too-large", name=file, limit=LIMIT_BYTES)
    kept = keep((place / file).read_bytes(), file)
    expected = document.get("sha256", kept.digest)
    if expected != kept.digest:
        raise EvidenceMismatchError("document-digest", file=file)
    return {"name": document.get("name", file), "sha256": kept.digest, "size": kept.size, "pages": kept.pages}
