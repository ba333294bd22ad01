"""Figures as a notary reads them, without a float anywhere."""

import pytest

from records.ids import short_code
from signing.report.wording import beijing, points, ten_thousand_yuan, yuan


@pytest.mark.parametrize(("hundredths", "text"), [(0, "0.00"), (5, "0.05"), (9206, "92.06"), (-341, "-3.41")])
def test_points_have_two_places(hundredths: int, text: str) -> None:
    assert points(hundredths) == text


def test_money_is_grouped() -> None:
    assert yuan(8758220000) == "87,582,200.00"
    assert yuan(1) == "0.01"


def test_ten_thousands_lose_nothing() -> None:
    assert ten_thousand_yuan(8758220000) == "8,758.22"
    assert ten_thousand_yuan(8758220001) == "8,758.220001"


def test_times_are_beijing_times() -> None:
    assert beijing("2026-11-23T16:03:22.123Z") == "2026年11月24日 00:03:22"


def test_the_short_code_is_sixteen_digits_in_fours() -> None:
    assert short_code("sha256:9f4c71a20b3d55e1" + "0" * 48) == "9F4C-71A2-0B3D-55E1"
