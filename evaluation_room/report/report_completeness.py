"""Whether a report has its ten contents (R25, 暂行规定42条), each complete and consistent with the others (pure)."""

from collections.abc import Mapping
from typing import Final

from evaluation_room.review.clarifications import ClarificationState
from records.canonical import Value
from records.errors import EvidenceMismatchError

Row = Mapping[str, Value]
_BASICS: Final = ("project", "title", "tenderer", "opened_at", "control_price_fen")
_OF_A_MEMBER: Final = ("seat", "name", "specialty", "role")
_OF_A_BID: Final = ("id", "name", "price_fen")
_OPEN: Final = frozenset(
    {ClarificationState.SENT.value, ClarificationState.DELIVERED.value, ClarificationState.ANSWERED.value}
)
"""A question that went out, with an answer that the committee has not settled."""


def check(data: Row) -> None:
    """Return when all ten are there; EvidenceMismatchError("report-incomplete") lists the numbers of the others."""
    missing = [str(number) for number, there in enumerate(_contents(data), 1) if not there]
    if missing:
        raise EvidenceMismatchError("report-incomplete", contents=" ".join(missing))


def _contents(data: Row) -> tuple[bool, ...]:
    """For each of the ten, in the order of the article, whether it is there and agrees with the rest."""
    opening = {str(one.get("id")) for one in _rows(data, "opening")}
    ranking = _names(data, "ranking")
    decided = [str(one.get("bidder")) for one in _rows(data, "rejections") if one.get("state") == "UPHELD"]
    compared = {str(one.get("bidder")) for one in _rows(data, "scores")} | set(_part(data, "evaluated"))
    left = _names(data, "valid") if "valid" in data else ranking
    return (
        _whole([data], _BASICS),
        _whole(_rows(data, "committee"), _OF_A_MEMBER),
        _whole(_rows(data, "opening"), _OF_A_BID),
        set(ranking) <= set(left) <= opening,
        _whole(_rows(data, "rejections"), ("bidder", "ground_zh", "evidence"), some=False)
        and not set(decided) & set(left),
        bool(_part(data, "method")) and ("items" in data),
        set(ranking) <= compared,
        len(set(ranking)) == len(ranking),
        _names(data, "candidates") == ranking[: len(_names(data, "candidates"))],
        _whole(_rows(data, "clarifications"), ("bidder", "question"), some=False)
        and not any(one.get("state") in _OPEN for one in _rows(data, "clarifications")),
    )


def _rows(data: Row, name: str) -> list[Row]:
    value = data.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def _part(data: Row, name: str) -> Row:
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}


def _names(data: Row, name: str) -> list[str]:
    value = data.get(name)
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _whole(rows: list[Row], names: tuple[str, ...], *, some: bool = True) -> bool:
    """Every row has all of these fields; and there is one, where there must be."""
    return (bool(rows) or not some) and all(row.get(name) for row in rows for name in names)
