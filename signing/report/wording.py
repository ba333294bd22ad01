"""The format of figures, money and times in the report: Chinese forms of integers, never a float."""

from datetime import timedelta, timezone
from decimal import Decimal

from records.ids import parse_instant

BEIJING = timezone(timedelta(hours=8))


def points(hundredths: int) -> str:
    """9206 → 92.06."""
    return f"{Decimal(hundredths).scaleb(-2):.2f}"


def yuan(fen: int) -> str:
    """8758220000 → 87,582,200.00."""
    return f"{Decimal(fen).scaleb(-2):,.2f}"


def ten_thousand_yuan(fen: int) -> str:
    """8758220000 → 8,758.22 (万元); a value with more than two places is shown in full."""
    amount = Decimal(fen).scaleb(-6)
    exact = amount.normalize()
    return f"{amount:,.2f}" if exact == exact.quantize(Decimal("0.01")) else f"{exact:,f}"


def beijing(moment: str) -> str:
    """2026-11-23T06:03:22.123Z → 2026年11月23日 14:03:22."""
    return f"{parse_instant(moment).astimezone(BEIJING):%Y年%m月%d日 %H:%M:%S}"
