"""Evaluation files for tests: a small one that can be changed, and the sentences around refusals."""

from collections.abc import Mapping
from typing import Any

from evaluation_room.methods.case import read_file
from evaluation_room.methods.engine import evaluate
from evaluation_room.methods.result import Result
from records.errors import TongpingError

File = dict[str, Any]
"""Any: an evaluation file taken apart and put together wrongly."""
TECHNICAL = {"A": [3400, 3350, 3500, 3200, 3600, 3450, 3300], "B": [3000, 3100, 2950, 3300, 3200, 3050, 3150],
             "C": [3600, 3500, 3700, 2800, 3650, 3550, 3400]}  # fmt: skip
BUSINESS = {"A": 850, "B": 900, "C": 700}
PRICES = {"A": 1000000, "B": 950000, "C": 980000}


def comprehensive(**changed: object) -> File:
    """V-TOTAL as a file of version 2."""
    sheets = [
        {
            "expert": f"E{place + 1}",
            "marks": {one: {"technical": TECHNICAL[one][place], "business": BUSINESS[one]} for one in PRICES},
        }
        for place in range(7)
    ]
    return {
        "method": {
            "name": "comprehensive",
            "version": 2,
            "sections": [
                {"id": "technical", "weight": 4000, "aggregate": "trimmed", "trim_above": 4},
                {"id": "business", "weight": 1000, "aggregate": "mean"},
            ],
            "price": {"weight": 5000, "variant": "B1", "e1": 100, "e2": 50},
        },
        "bidders": [{"id": bidder, "price_fen": price} for bidder, price in PRICES.items()],
        "sheets": sheets,
        **changed,
    }


def by_price(prices: Mapping[str, int], price: Mapping[str, object] | None = None, **changed: object) -> File:
    """A file in which everybody's five experts give full marks, so that prices alone decide."""
    rule = {"weight": 6000, "variant": "B1", "e1": 200, "e2": 100} if price is None else dict(price)
    return {
        "method": {
            "name": "comprehensive",
            "version": 2,
            "sections": [{"id": "technical", "weight": 10000 - int(str(rule["weight"])), "aggregate": "mean"}],
            "price": rule,
        },
        "bidders": [{"id": bidder, "price_fen": fen} for bidder, fen in prices.items()],
        "sheets": [
            {"expert": f"E{n}", "marks": {one: {"technical": 10000 - int(str(rule["weight"]))} for one in prices}}
            for n in range(1, 6)
        ],
        **changed,
    }


def lowest(prices: Mapping[str, int], **method: object) -> File:
    return {
        "method": {"name": "lowest-evaluated", "version": 2, **method},
        "bidders": [{"id": bidder, "price_fen": fen} for bidder, fen in prices.items()],
    }


def result(file: File) -> Result:
    return evaluate(*read_file(file))


def code(file: File) -> str:
    """The code with which the file is refused, "" when it is not."""
    try:
        result(file)
    except TongpingError as error:
        return error.code
    return ""


def figures(found: Result) -> dict[str, str]:
    return {step.figure: step.value for step in found.steps}
