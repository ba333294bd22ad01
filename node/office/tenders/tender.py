"""A registered tender: its required content, and the part that is public from the first day."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from evaluation_room.methods.document import Method
from evaluation_room.stages import Stage
from evaluation_room.tender.review_items import Review
from records import strict_fields
from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import ProjectId, check_uscc, parse_instant, parse_project
from records.text import names

_Answer = TypeVar("_Answer")
FEWEST_BIDDERS: Final = 3
_TEXTS: Final = ("title", "title_en", "tenderer")
_PUBLIC: Final = (*_TEXTS, "control_price_fen", "opening_at", "method")
_LONGEST_TEXT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """`value` is canonical: project, title, tenderer, prices, method, items, stages, bidders with files, `review`."""

    project: ProjectId
    value: Mapping[str, Value]

    @property
    def title(self) -> str:
        return str(self.value["title"])

    @property
    def public(self) -> dict[str, Value]:
        """The content of the notice itself (T0): neither bidders nor their prices."""
        return {key: self.value[key] for key in _PUBLIC}

    @property
    def bidders(self) -> list[Mapping[str, Value]]:
        return _objects(self.value, "bidders")

    @property
    def documents(self) -> set[str]:
        """The digests of all bid files."""
        files = [file for bidder in self.bidders for file in _objects(bidder, "documents")]
        return {str(file["sha256"]) for file in files}


def parse(value: Value) -> Tender:
    """A complete tender. InvalidRecordError: tender-incomplete, tender-invalid, uscc-check-digit, too-few-bidders."""
    if not isinstance(value, dict):
        raise InvalidRecordError("tender-invalid", key="tender")
    for key in _TEXTS:
        _text(value, key)
    _amount(value, "control_price_fen")
    parse_instant(_text(value, "opening_at"))
    for key in ("stages", "items", "bidders"):
        if not isinstance(_present(value, key), list):
            raise InvalidRecordError("tender-invalid", key=key)
    if not isinstance(_present(value, "method"), dict):
        raise InvalidRecordError("tender-invalid", key="method")
    Method.read(value["method"])
    if "review" in value:
        named = [name for name in value["stages"] if isinstance(name, str)]
        Review.read(value["review"], [Stage(name) for name in named if name in Stage.__members__])
    _check_bidders(_objects(value, "bidders"))
    return Tender(project=parse_project(_present(value, "project")), value=value)


def cleaned(value: Mapping[str, Any]) -> dict[str, Any]:
    """A tender as it comes in (any: unchecked JSON): all text in NFC, its names as `records.text.names` keeps them.

    Only registration asks for this: what a centre took in before is read as it is.
    """
    taken: dict[str, Any] = _composed(value)
    for key in _TEXTS:
        _clean(taken, key)
    if isinstance(taken.get("authorities"), list):
        taken["authorities"] = [
            names.clean(one, field="authorities") if isinstance(one, str) else one for one in taken["authorities"]
        ]
    for item in _rows(taken, "items"):
        _clean(item, "name_zh")
        _clean(item, "name_en")
    for bidder in _rows(taken, "bidders"):
        _clean(bidder, "name")
        if isinstance(bidder.get("uscc"), str):
            bidder["uscc"] = names.clean_code(bidder["uscc"])
        for document in _rows(bidder, "documents"):
            _clean(document, "name")
    return taken


def check_distinct(tender: Tender) -> None:
    """No two bidders of a new tender bear one name, however it is written: InvalidRecordError("bidder-repeated")."""
    if len({names.folded(str(bidder["name"])) for bidder in tender.bidders}) != len(tender.bidders):
        raise InvalidRecordError("bidder-repeated", key="name")


def _composed(value: Any) -> Any:
    """A copy with every text in NFC. Any: unchecked JSON."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_composed(one) for one in value]
    return {key: _composed(part) for key, part in value.items()} if isinstance(value, dict) else value


def _rows(value: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of a list, where there is one. Any: unchecked JSON."""
    found = value.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _clean(value: dict[str, Any], key: str) -> None:
    """Any: unchecked JSON; what is no text, or blank, is left for `parse` to name."""
    if isinstance(value.get(key), str) and value[key].strip():
        value[key] = names.clean(value[key], field=key)


def _check_bidders(bidders: list[Mapping[str, Value]]) -> None:
    if len(bidders) < FEWEST_BIDDERS:
        raise InvalidRecordError("too-few-bidders", bidders=len(bidders), minimum=FEWEST_BIDDERS)
    for bidder in bidders:
        _text(bidder, "id")
        _text(bidder, "name")
        _amount(bidder, "price_fen")
        _amount(bidder, "duration_days")
        check_uscc(_present(bidder, "uscc"))
        _objects(bidder, "documents")
    for key in ("id", "uscc"):
        if len({str(bidder[key]) for bidder in bidders}) != len(bidders):
            raise InvalidRecordError("bidder-repeated", key=key)


def _present(value: Mapping[str, Value], key: str) -> Value:
    if key not in value:
        raise InvalidRecordError("tender-incomplete", key=key)
    return value[key]


def _text(value: Mapping[str, Value], key: str) -> str:
    text = _asked(key, lambda: strict_fields.text(value, key, longest=_LONGEST_TEXT))
    if not text.strip():
        raise InvalidRecordError("tender-invalid", key=key)
    return text


def _amount(value: Mapping[str, Value], key: str) -> int:
    return _asked(key, lambda: strict_fields.integer(value, key, minimum=1))


def _objects(value: Mapping[str, Value], key: str) -> list[Mapping[str, Value]]:
    return _asked(key, lambda: [strict_fields.table({key: one}, key) for one in strict_fields.array(value, key)])


def _asked(key: str, question: Callable[[], _Answer]) -> _Answer:
    """The answer of the strict reader; of a tender it is said which key is absent, and which is wrong."""
    try:
        return question()
    except InvalidRecordError as error:
        raise InvalidRecordError(
            "tender-incomplete" if error.code == "missing-field" else "tender-invalid", key=key
        ) from error
