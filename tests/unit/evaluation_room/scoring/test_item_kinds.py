"""How items are marked: from below, by deduction, pass or fail, fixed marks; and which marks want a written reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation_room.anomalies.observations import of_session
from evaluation_room.methods.case import read_file
from evaluation_room.methods.factor import Factor, FactorKind, Reasons
from evaluation_room.scoring.sheets import Cell, Sheet
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Definition, Item
from records.canonical import Value
from records.errors import InvalidRecordError, WrongStageError
from records.ids import SeatId
from tests.unit.evaluation_room.rooms import Venue, definition, one_city

SEATS = [f"JN-{number}" for number in range(1, 6)]
PLAIN: dict[str, Value] = {"section": "technical", "name_zh": "评审项", "name_en": "Item", "minimum": 0, "step": 50}
ITEM: dict[str, Value] = {**PLAIN, "id": "T1", "maximum": 2500}


def opened(**marking: Value) -> Definition:
    return Definition.read(with_item(**marking))


def with_item(**marking: Value) -> dict[str, Value]:
    other: dict[str, Value] = {**PLAIN, "id": "T2", "maximum": 1500}
    business: dict[str, Value] = {**PLAIN, "id": "S1", "section": "business", "maximum": 1000}
    return definition(seats=SEATS, items=[{**ITEM, **marking}, other, business])


def factor(**changed: object) -> Factor:
    return Factor(id="T1", section="technical", maximum=1000, step=50, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_kind", "mark", "code"),
    [
        ({}, 950, ""),
        ({}, 975, "score-off-step"),
        ({}, 1050, "score-out-of-range"),
        ({"kind": FactorKind.DEDUCT}, 950, ""),
        ({"kind": FactorKind.DEDUCT}, 975, "score-off-step"),
        ({"kind": FactorKind.QUALIFIED}, 1000, ""),
        ({"kind": FactorKind.QUALIFIED}, 0, ""),
        ({"kind": FactorKind.QUALIFIED}, 500, "score-not-fixed"),
        ({"values": (0, 300, 1000)}, 300, ""),
        ({"values": (0, 300, 1000)}, 350, "score-not-fixed"),
        ({"values": (0, 300, 1000)}, 1050, "score-out-of-range"),
    ],
)
def test_an_item_takes_its_own_marks_alone(given_kind: dict[str, object], mark: int, code: str) -> None:
    assert factor(**given_kind).fault(mark) == code


@given(st.integers(-100, 1200), st.sampled_from(list(FactorKind)), st.sampled_from([(), (0, 300, 1000)]))
def test_a_mark_that_is_allowed_passes_the_check_and_another_is_never_repeated(
    mark: int, kind: FactorKind, values: tuple[int, ...]
) -> None:
    item = factor(kind=kind, values=() if kind is FactorKind.QUALIFIED else values)
    if item.fault(mark):
        with pytest.raises(InvalidRecordError) as refused:
            item.check(mark)
        assert mark not in {
            one for name, one in refused.value.values.items() if name not in {"minimum", "maximum", "step"}
        }
    else:
        item.check(mark)
        assert item.minimum <= mark <= item.maximum


@pytest.mark.parametrize(
    ("reasons", "wanted"),
    [
        (Reasons.NONE, []),
        (Reasons.ALWAYS, [0, 500, 1000]),
        (Reasons.EXTREMES, [0, 1000]),
        (Reasons.DEDUCTIONS, [0, 500]),
    ],
)
def test_which_marks_want_a_reason(reasons: Reasons, wanted: list[int]) -> None:
    assert [mark for mark in (0, 500, 1000) if factor(reasons=reasons).wants_reason(mark)] == wanted


@pytest.mark.parametrize(
    ("marking", "code"),
    [
        ({"kind": "guess"}, "unknown-value"),
        ({"reasons": "sometimes"}, "unknown-value"),
        ({"values": [0]}, "item-values"),
        ({"values": [0, 2500, 300]}, "item-values"),
        ({"values": [0, 300]}, "item-values"),
        ({"values": [100, 2500]}, "item-values"),
        ({"values": [0, 0, 2500]}, "item-values"),
        ({"values": [0, 2500], "kind": "pass"}, "item-values"),
        ({"values": ["0", "2500"]}, "wrong-type"),
    ],
)
def test_a_wrong_item_is_refused(marking: dict[str, Value], code: str) -> None:
    with pytest.raises(InvalidRecordError, match=code):
        opened(**marking)


def test_a_definition_keeps_how_its_items_are_marked() -> None:
    item = opened(kind="deduct", values=[0, 1250, 2500], reasons="deductions").item("T1")

    assert isinstance(item, Item)
    assert (item.kind, item.values, item.reasons) == (FactorKind.DEDUCT, (0, 1250, 2500), Reasons.DEDUCTIONS)


def marked(room: Venue, reason: str) -> None:
    for bidder in ("B1", "B2"):
        room.score("JN-1", bidder, "T2", 1000)
        room.score("JN-1", bidder, "S1", 500)
        body: dict[str, Value] = {"bidder": bidder, "item": "T1", "points": 2000}
        room.write("seat:JN-1", "score-entered", body | ({"reason": reason} if reason else {}))


def test_a_sheet_without_a_reason_that_is_wanted_cannot_be_locked() -> None:
    room = one_city(Stage.DETAILED, with_item(reasons="deductions"))
    marked(room, "")
    with pytest.raises(WrongStageError, match="reason-missing") as refused:
        room.lock("JN-1")
    assert refused.value.values == {"seat": "JN-1", "missing": 2}

    marked(room, "工期保障措施不足")
    room.lock("JN-1")
    assert room.session.state.seats[SeatId("JN-1")].sheet.locked


def test_an_abstention_has_its_own_reason_and_wants_no_other() -> None:
    known = opened(reasons="always")
    cell = Cell.read({"bidder": "B1", "item": "T1", "abstained": True, "reason": "材料不清"}, known)

    assert not cell.unexplained(known)
    assert not Sheet(seat=SeatId("JN-1")).write(cell).locked


def evaluated(mark: int, *, reasons: bool) -> dict[str, Value]:
    marks: dict[str, Value] = {"B1": {"T1": mark}, "B2": {"T1": 7000}, "B3": {"T1": 0}}
    sheet: dict[str, Value] = {"expert": "E1", "marks": marks}
    if reasons:
        sheet["reasons"] = {bidder: {"T1": "不足"} for bidder in ("B1", "B2", "B3")}
    return {
        "title": "项目",
        "method": {
            "name": "low-price-first",
            "version": 2,
            "kind": "goods",
            "sections": [{"id": "technical", "weight": 7000, "aggregate": "mean"}],
            "price": {"weight": 3000},
        },
        "items": [
            {"id": "T1", "section": "technical", "maximum": 7000, "values": [0, 3500, 7000], "reasons": "always"}
        ],
        "bidders": [{"id": one, "name": one, "price_fen": 100} for one in ("B1", "B2", "B3")],
        "sheets": [sheet],
    }


def test_an_evaluation_file_holds_to_the_same_rules() -> None:
    with pytest.raises(InvalidRecordError, match="score-not-fixed"):
        read_file(evaluated(3550, reasons=True))
    with pytest.raises(InvalidRecordError, match="reason-missing"):
        read_file(evaluated(3500, reasons=False))
    _method, case = read_file(evaluated(3500, reasons=True))
    assert case.factors[0].fixed == (0, 3500, 7000)


def test_a_mark_that_is_none_of_the_fixed_ones_is_a_finding_in_what_was_observed() -> None:
    items = [{"id": "T1", "maximum": 1000, "values": [0, 500, 1000]}]
    sheets = [{"expert": "E1", "marks": {"B1": {"T1": 700}}}]
    found = of_session({"items": items, "bidders": [{"id": "B1"}], "sheets": sheets}).found  # type: ignore[dict-item]

    assert [(one.indicator, one.value, one.threshold) for one in found] == [
        ("A10", "none of the fixed marks 7.00", "0.00 5.00 10.00")
    ]
