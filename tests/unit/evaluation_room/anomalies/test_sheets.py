"""Single marks: identical sheets, objective items, and everything the law has corrected before aggregation."""

from evaluation_room.anomalies.finding import Severity
from evaluation_room.anomalies.indicator import Thresholds
from evaluation_room.anomalies.sheets import Marks, a07_identical, a09_objective, a10_faults
from evaluation_room.methods.case import Key
from evaluation_room.methods.factor import Factor

FACTORS = tuple(Factor(id=f"T{n}", section="technical", maximum=1000, step=50) for n in range(12))
LIMITS = Thresholds()


def sheet(*, marks: int = 500, **other: int | None) -> dict[Key, int | None]:
    return {("B1", factor.id): other.get(factor.id, marks) for factor in FACTORS}


def of(sheets: dict[str, dict[Key, int | None]], **changed: object) -> Marks:
    return Marks(factors=FACTORS, bidders=("B1",), sheets=sheets, **changed)  # type: ignore[arg-type]  # the tests change any field


def test_twelve_equal_marks_are_identical_sheets() -> None:
    (found,) = a07_identical(of({"E1": sheet(), "E2": sheet()}), LIMITS)
    assert (found.subject, found.value) == ({"expert": "E1", "other": "E2"}, "100.0 %")


def test_eleven_of_twelve_are_not() -> None:
    assert list(a07_identical(of({"E1": sheet(), "E2": sheet(T0=450)}), LIMITS)) == []


def test_nine_items_are_too_few_to_say_anything() -> None:
    few = of({"E1": sheet(), "E2": sheet()}, objective=frozenset({"T0", "T1", "T2"}))
    assert list(a07_identical(few, LIMITS)) == []


def test_an_objective_item_has_one_mark_and_an_abstention_is_no_other() -> None:
    objective = frozenset({"T3"})
    same = of({"E1": sheet(), "E2": sheet(T3=None)}, objective=objective)
    other = of({"E1": sheet(), "E2": sheet(T3=450)}, objective=objective)
    assert list(a09_objective(same, LIMITS)) == []
    (found,) = a09_objective(other, LIMITS)
    assert (found.severity, found.value, found.evidence) == (Severity.BLOCK, "4.50 5.00", {"E1": "5.00", "E2": "4.50"})


def test_every_fault_of_a_mark_blocks_and_is_named() -> None:
    wrong = sheet(T0=1050, T1=-50, T2=475, T3=None)
    del wrong["B1", "T4"]
    found = list(a10_faults(of({"E1": wrong}, sums={"E1": {"B1": 1}}), LIMITS))
    assert {one.subject["item"]: one.value for one in found} == {
        "T0": "out of range 10.50",
        "T1": "out of range -0.50",
        "T2": "off step 4.75",
        "T4": "missing",
        "sum": "stated 0.01",
    }
    assert {one.severity for one in found} == {Severity.BLOCK}


def test_a_right_sheet_with_a_right_sum_has_no_fault() -> None:
    assert list(a10_faults(of({"E1": sheet()}, sums={"E1": {"B1": 6000}}), LIMITS)) == []
