"""Write the tables of docs/indicators.md from the declarations in evaluation_room/anomalies/."""

import re
from fractions import Fraction
from pathlib import Path

from evaluation_room.anomalies.catalogue import INDICATORS

PAGE = Path(__file__).parent / "indicators.md"


def table() -> str:
    rows = ["| id | indicator | computed | usual is | severity |", "|---|---|---|---|---|"]
    for one in INDICATORS.values():
        cells = (one.id, f"{one.name_zh} · {one.name_en}", one.formula, one.reference, one.severity)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def thresholds() -> str:
    limits = dict.fromkeys(limit for one in INDICATORS.values() for limit in one.limits)
    return ", ".join(f"`{limit.name}` {_plain(limit.default)}" for limit in limits)


def _plain(amount: Fraction) -> str:
    return f"{float(amount):g}"  # for readers alone


def page(text: str) -> str:
    """The page with the text between its marks written again."""
    for name, part in (("indicators", table()), ("thresholds", thresholds())):
        between = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", re.DOTALL)
        text, places = between.subn(lambda found, part=part: f"{found[1]}{part}{found[2]}", text)
        assert places == 1, name
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
