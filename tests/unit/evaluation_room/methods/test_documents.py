"""Every wrong method and every wrong file is refused with a code that says what is wrong."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from tests.unit.evaluation_room.methods.evaluations import File, code, comprehensive

Change = Callable[[File], object]


def price(**changed: object) -> Change:
    return lambda f: f["method"]["price"].update(changed)


def method(**changed: object) -> Change:
    return lambda f: f["method"].update(changed)


def bidder(**changed: object) -> Change:
    return lambda f: f["bidders"][0].update(changed)


def sheet(bidder: str, item: str, mark: object) -> Change:
    return lambda f: f["sheets"][0]["marks"].setdefault(bidder, {}).update({item: mark})


WRONG: list[tuple[str, Change, str]] = [
    ("no method", lambda f: f.pop("method"), "missing-field"),
    ("a field nobody knows", lambda f: f.update(colour="red"), "unknown-field"),
    ("weights under 100", price(weight=4999), "weights-not-100"),
    ("weights over 100", method(credit={"weight": 1}), "weights-not-100"),
    ("a method nobody knows", method(name="highest"), "unknown-method"),
    ("a version nobody knows", method(version=9), "unknown-method"),
    ("a version that is a text", method(version="2"), "wrong-type"),
    ("a variant nobody knows", price(variant="B8"), "unknown-variant"),
    ("a parameter of another variant", price(second="both-means"), "unknown-field"),
    ("B3 without its list", price(variant="B3"), "missing-field"),
    ("B3 with an empty list", price(variant="B3", reductions=[]), "empty-field"),
    ("B3 of several without a draw", price(variant="B3", reductions=[100, 200]), "draw-missing"),
    ("B3 with a draw of its own",
     lambda f: (price(variant="B3", reductions=[100, 200])(f), f.update(drawn={"reduction": 150})), "draw-not-in-list"),
    ("B3 that takes all", price(variant="B3", reductions=[10000]), "base-not-positive"),
    ("B4 without a ceiling", price(variant="B4", ceiling_factors=[9500], ceiling_weights=[4000]),
     "control-price-missing"),
    ("B5 of no kind", price(variant="B5", second="third"), "unknown-value"),
    ("trimming three", price(variant="B2", highest_from=3), "out-of-range"),
    ("an offset rounded to whole per cents", price(offset_places=2), "out-of-range"),
    ("an aggregate nobody knows", lambda f: f["method"]["sections"][0].update(aggregate="best"), "unknown-aggregate"),
    ("a section twice", lambda f: f["method"]["sections"].append(f["method"]["sections"][0]), "named-twice"),
    ("a section called credit", lambda f: f["method"]["sections"][0].update(id="credit"), "bad-id"),
    ("ties by a section that is not there", method(ties=["price", "beauty"]), "unknown-value"),
    ("a tie twice", method(ties=["price", "price"]), "named-twice"),
    ("four candidates", method(candidates=4), "out-of-range"),
    ("no low price rule at all", method(low_price={}), "missing-field"),
    ("a low price against nothing", method(low_price={"share": 8500, "against": "moon"}), "unknown-value"),
    ("a low price against a ceiling that is not there", method(low_price={"share": 8500, "against": "ceiling"}),
     "control-price-missing"),
    ("a deduction for goods on works", method(deduction=1000), "deduction-out-of-range"),
    ("a deduction of a quarter", method(kind="goods", deduction=2500), "deduction-out-of-range"),
    ("a deviation from elsewhere", method(deviation={"share": 3000, "from": "median"}), "unknown-value"),
    ("a floor except for an item that is not there", method(floor={"share": 6000, "except": ["T9"]}), "unknown-item"),
    ("a kind nobody knows", method(kind="weapons"), "unknown-value"),
    ("procurement with a price of no weight",
     lambda f: f.update(method={"name": "low-price-first", "version": 2, "kind": "goods",
                                "sections": [{"id": "technical", "weight": 7100, "aggregate": "mean"}],
                                "price": {"weight": 2900}}), "price-weight-too-low"),
    ("procurement of works by this formula",
     lambda f: f.update(method={"name": "low-price-first", "version": 2, "kind": "works", "sections": [],
                                "price": {"weight": 10000}}), "unknown-value"),
    ("procurement that leaves a low price out",
     lambda f: f.update(method={"name": "low-price-first", "version": 2, "kind": "goods",
                                "sections": f["method"]["sections"], "price": {"weight": 5000},
                                "low_price": {"share": 8500, "leave_out_of_base": True}}), "prices-are-not-trimmed"),
    ("no bidders", lambda f: f.update(bidders=[]), "empty-field"),
    ("a bidder twice", lambda f: f["bidders"].append(f["bidders"][0]), "named-twice"),
    ("a price of zero", bidder(price_fen=0), "price-not-positive"),
    ("a price below zero", bidder(price_fen=-1), "price-not-positive"),
    ("a price with a fraction", bidder(price_fen=1.5), "wrong-type"),
    ("a price that is a text", bidder(price_fen="100"), "wrong-type"),
    ("a price that is a truth", bidder(price_fen=True), "wrong-type"),
    ("a rate instead of a price", lambda f: f["bidders"][0].update(rate=f["bidders"][0].pop("price_fen")),
     "missing-field"),
    ("a reduction of everything",
     lambda f: (method(quote="reduction-rate")(f), f.update(bidders=[{"id": "A", "rate": 10000}])), "price-too-large"),
    ("a credit over its full mark",
     lambda f: (method(credit={"weight": 500, "full_mark": 100})(f), price(weight=4500)(f), bidder(credit=101)(f)),
     "credit-over-full-mark"),
    ("no sheets", lambda f: f.update(sheets=[]), "empty-field"),
    ("an expert twice", lambda f: f["sheets"].append(f["sheets"][0]), "named-twice"),
    ("a mark over the maximum", sheet("A", "technical", 4001), "score-out-of-range"),
    ("a mark under the minimum", sheet("A", "technical", -1), "score-out-of-range"),
    ("a mark for nobody", sheet("Z", "technical", 1), "unknown-cell"),
    ("a mark for nothing", sheet("A", "beauty", 1), "unknown-cell"),
    ("a mark that is a word", sheet("A", "technical", "good"), "wrong-type"),
    ("a mark left out", lambda f: f["sheets"][0]["marks"]["A"].pop("technical"), "unscored-cells"),
    ("marks that are a list", lambda f: f["sheets"][0].update(marks=[]), "wrong-type"),
    ("everybody abstains", lambda f: [one["marks"]["A"].update(technical="abstained") for one in f["sheets"]],
     "section-without-scores"),
    ("items that do not add up",
     lambda f: f.update(items=[{"id": "technical", "section": "technical", "maximum": 3000},
                               {"id": "business", "section": "business", "maximum": 1000}]), "section-weight"),
    ("an item of no section", lambda f: f.update(items=[{"id": "T", "section": "beauty", "maximum": 1}]),
     "unknown-section"),
    ("a mark off its step",
     lambda f: f.update(items=[{"id": "technical", "section": "technical", "maximum": 4000, "step": 500},
                               {"id": "business", "section": "business", "maximum": 1000}]), "score-off-step"),
    ("a lot for somebody else", lambda f: f.update(drawn={"order": ["Z"]}), "unknown-cell"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_a_wrong_file_is_refused_with_its_code(change: Change, expected: str) -> None:
    file = deepcopy(comprehensive())
    change(file)
    assert code(file) == expected


def test_the_file_that_is_changed_above_is_right() -> None:
    assert code(comprehensive()) == ""


def test_an_abstention_leaves_one_expert_out_and_does_not_count_as_zero() -> None:
    file = comprehensive()
    file["sheets"][0]["marks"]["C"]["technical"] = "abstained"
    assert code(file) == ""
