"""R41: in procurement the price weighs 30 % (goods) or 10 % (services) at least; none is left out (87号令55条)."""

import pytest

from evaluation_room.methods.document import Method
from records.canonical import Value
from records.errors import InvalidRecordError


def document(kind: str, weight: int, **more: Value) -> dict[str, Value]:
    sections: list[Value] = [{"id": "technical", "weight": 10_000 - weight, "aggregate": "mean"}]
    price: dict[str, Value] = {"weight": weight}
    return {"name": "low-price-first", "version": 2, "kind": kind, "sections": sections, "price": price, **more}


@pytest.mark.parametrize(("kind", "least"), [("goods", 3000), ("services", 1000)])
def test_a_price_that_weighs_less_is_refused(kind: str, least: int) -> None:
    assert Method.read(document(kind, least)).price is not None
    with pytest.raises(InvalidRecordError, match="price-weight-too-low"):
        Method.read(document(kind, least - 1))


def test_no_price_is_left_out_of_the_base() -> None:
    low: dict[str, Value] = {"share": 8500, "leave_out_of_base": True}
    with pytest.raises(InvalidRecordError, match="prices-are-not-trimmed"):
        Method.read(document("goods", 3000, low_price=low))
