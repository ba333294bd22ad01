"""Of every method: no order changes anything, full marks hold, better is never worse, and rounding is exact."""

from copy import deepcopy
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation_room.methods.aggregate import kept
from evaluation_room.methods.arithmetic import geometric_mean, mean, rounded, whole
from evaluation_room.methods.case import Drawn
from evaluation_room.methods.price import price_scores
from evaluation_room.methods.pricing import PriceRule, read_price
from evaluation_room.methods.result import Result
from tests.examples import share
from tests.unit.evaluation_room.methods.evaluations import File, result

FEN = st.integers(1, 2**53 - 1)
NEAR = st.integers(900_000, 1_100_000)
QUICK = settings(max_examples=share(150), deadline=None)
WIDE = Context(prec=400, rounding=ROUND_HALF_UP, Emax=10**6, Emin=-(10**6))


@st.composite
def rules(draw: st.DrawFn) -> PriceRule:
    variant = draw(st.sampled_from(["B1", "B2", "B3", "B4", "B5", "B6", "B7"]))
    rule: File = {
        "weight": draw(st.integers(1, 10000)),
        "variant": variant,
        "e1": draw(st.integers(0, 1000)),
        "e2": draw(st.integers(0, 1000)),
    }
    if draw(st.booleans()):
        rule["offset_places"] = draw(st.integers(3, 8))
    if variant in {"B2", "B3", "B4"}:
        rule |= {"highest_from": draw(st.integers(4, 8)), "lowest_from": draw(st.integers(4, 8))}
    rule |= {"reductions": [draw(st.integers(0, 900))]} if variant == "B3" else {}
    rule |= {"ceiling_factors": [draw(st.integers(8000, 10000))],
             "ceiling_weights": [draw(st.integers(0, 6000))]} if variant == "B4" else {}  # fmt: skip
    kinds = ["not-above-mean", "both-means", "mean-and-lowest"]
    rule |= {"second": draw(st.sampled_from(kinds))} if variant == "B5" else {}
    return read_price(rule, full_mark=10000)


@st.composite
def files(draw: st.DrawFn) -> File:
    """Three to six bidders, five to nine experts, one of the methods with marks."""
    bidders = [f"B{n}" for n in range(draw(st.integers(3, 6)))]
    experts = [f"E{n}" for n in range(draw(st.sampled_from([5, 7, 9])))]
    aggregates = st.sampled_from(["mean", "trimmed", "trimmed-by-factor", "median"])
    sections = [
        {"id": "technical", "weight": 4000, "aggregate": draw(aggregates)},
        {"id": "business", "weight": 1000, "full_mark": 2000, "aggregate": draw(aggregates)},
    ]
    method: File = {"name": "comprehensive", "version": 2, "sections": sections, "nine_members": 9}
    method |= {"price": {"weight": 5000, "variant": "B2", "e1": 200, "e2": 100}}
    if draw(st.booleans()):
        method |= {"name": "low-price-first", "kind": "goods", "price": {"weight": 5000}, "deduction": 1500}
    marks = st.fixed_dictionaries({"technical": st.integers(0, 4000), "business": st.integers(0, 2000)})
    return {
        "method": method,
        "bidders": [{"id": one, "price_fen": draw(NEAR), "small": draw(st.booleans())} for one in bidders],
        "sheets": [{"expert": expert, "marks": {one: draw(marks) for one in bidders}} for expert in experts],
    }


def shuffled(file: File, order: Random) -> File:
    other = deepcopy(file)
    order.shuffle(other["bidders"])
    order.shuffle(other["sheets"])
    for sheet in other["sheets"]:
        sheet["marks"] = dict(order.sample(sorted(sheet["marks"].items()), len(sheet["marks"])))
    return other


def outcome_of(found: Result) -> object:
    scores = sorted((score.bidder, score.value["total"], score.price, sorted(score.sections.items()))
                    for score in found.scores)  # fmt: skip
    return scores, found.ranking, found.places, set(found.parallel), found.candidates


@QUICK
@given(file=files(), order=st.randoms(use_true_random=False))
def test_the_order_of_bidders_experts_and_marks_changes_nothing(file: File, order: Random) -> None:
    assert outcome_of(result(shuffled(file, order))) == outcome_of(result(file))


@QUICK
@given(file=files())
def test_totals_stay_within_full_marks_and_the_order_follows_them(file: File) -> None:
    found = result(file)
    weights = {section["id"]: section["weight"] for section in file["method"]["sections"]}
    totals = {score.bidder: score.total for score in found.scores}
    for score in found.scores:
        assert 0 <= score.price <= 5000
        assert all(0 <= points <= weights[section] for section, points in score.sections.items())
        assert score.total <= 10000
    assert [totals[one] for one in found.ranking] == sorted(totals.values(), reverse=True)


@QUICK
@given(file=files(), data=st.data())
def test_a_better_mark_never_lowers_a_total(file: File, data: st.DataObject) -> None:
    file["method"].pop("nine_members")  # who is left out may change with a mark, and then everything may
    sheet = data.draw(st.sampled_from(file["sheets"]))
    bidder = data.draw(st.sampled_from(file["bidders"]))["id"]
    before = {score.bidder: score.total for score in result(file).scores}
    sheet["marks"][bidder]["technical"] = data.draw(st.integers(sheet["marks"][bidder]["technical"], 4000))
    after = {score.bidder: score.total for score in result(file).scores}
    assert after[bidder] >= before[bidder]
    assert {**after, bidder: 0} == {**before, bidder: 0}


@QUICK
@given(prices=st.lists(FEN, min_size=1, max_size=9))
def test_lowest_price_first_never_gives_a_dearer_bid_more(prices: list[int]) -> None:
    found = price_scores(PriceRule(weight=3000, variant="B7", low_price_first=True), dict(enumerated(prices)))
    by_price = [found.points[name] for name, _ in sorted(enumerated(prices), key=lambda one: one[1])]
    assert by_price == sorted(by_price, reverse=True)
    assert by_price[0] == 3000


@QUICK
@given(rule=rules(), prices=st.lists(NEAR, min_size=1, max_size=9))
def test_a_price_further_from_the_base_on_the_same_side_never_scores_more(rule: PriceRule, prices: list[int]) -> None:
    found = price_scores(rule, dict(enumerated(prices)), ceiling=1_200_000)
    by_price = sorted(enumerated(prices), key=lambda one: one[1])
    above = [found.points[name] for name, price in by_price if price >= found.base.price]
    below = [found.points[name] for name, price in by_price if price <= found.base.price]
    assert above == sorted(above, reverse=True)
    assert below == sorted(below)


def enumerated(prices: list[int]) -> list[tuple[str, int]]:
    return [(f"B{place}", price) for place, price in enumerate(prices)]


# --- the same by Decimal --------------------------------------------------------------------------------------------


@given(numerator=st.integers(-(10**18), 10**18), denominator=st.integers(1, 10**6), places=st.integers(0, 6))
def test_rounding_is_that_of_decimal_half_up(numerator: int, denominator: int, places: int) -> None:
    with localcontext(WIDE):
        exact = Decimal(numerator) / Decimal(denominator)
        assert rounded(Fraction(numerator, denominator), places) == exact.quantize(Decimal(1).scaleb(-places))


@given(scores=st.lists(st.integers(0, 10000), min_size=1, max_size=15))
def test_the_mean_is_that_of_decimal(scores: list[int]) -> None:
    with localcontext(WIDE):
        assert whole(mean(kept("mean", scores, trim_above=4))) == int(
            (Decimal(sum(scores)) / len(scores)).quantize(Decimal(1))
        )


@given(prices=st.lists(FEN, min_size=1, max_size=9))
def test_the_geometric_mean_is_that_of_decimal(prices: list[int]) -> None:
    with localcontext(WIDE) as context:
        context.prec = 80
        logarithms = [Decimal(price).ln() for price in prices]
        root = (sum(logarithms, Decimal(0)) / len(prices)).exp()
        near = root.quantize(Decimal(10) ** -40)  # logarithms end somewhere; an exact root comes back as itself
        assert geometric_mean(prices) == int(near.quantize(Decimal(1)))


@QUICK
@given(rule=rules(), prices=st.lists(FEN, min_size=1, max_size=9))
def test_points_are_those_of_decimal(rule: PriceRule, prices: list[int]) -> None:
    """The linear formula once more, in decimals of four hundred digits."""
    found = price_scores(rule, dict(enumerated(prices)), ceiling=2**53 - 1, drawn=Drawn())
    with localcontext(WIDE):
        for name, price in enumerated(prices):
            ratio = (Decimal(price) - found.base.price) / found.base.price
            if rule.offset_places is not None:
                ratio = ratio.quantize(Decimal(1).scaleb(-rule.offset_places))
            lost = abs(ratio) * 100 * (rule.e1 if ratio > 0 else rule.e2)
            assert found.points[name] == max(0, int((rule.weight - lost).quantize(Decimal(1))))


# --- versions -------------------------------------------------------------------------------------------------------


@QUICK
@given(file=files(), variant=st.sampled_from(["B1", "B2"]))
def test_a_method_of_version_1_and_its_words_in_version_2_come_to_the_same(file: File, variant: str) -> None:
    """Sealed reports stay recomputable: version 1 is a set of parameters of the same engine."""
    price: File = {"weight": 5000, "variant": variant, "e1": 150, "e2": 75}
    sections = [
        {"id": "technical", "weight": 4000, "aggregate": "trimmed", "trim_above": 4},
        {"id": "business", "weight": 1000, "aggregate": "median"},
    ]
    for sheet in file["sheets"]:
        for row in sheet["marks"].values():
            row["business"] //= 2
    first = {"name": "comprehensive", "version": 1, "sections": sections, "price": price}
    rounding = {"offset_places": 4, "highest_from": 4, "lowest_from": 4} if variant == "B2" else {}
    second = first | {"version": 2, "price": price | rounding}
    assert result(file | {"method": first}).value == result(file | {"method": second}).value
