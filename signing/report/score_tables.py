"""The annexes of the report with figures: each member's marks, and the group's results."""

from collections import Counter
from collections.abc import Mapping

from records.strict_fields import Reader
from signing.report.table import Block, paragraph, table
from signing.report.wording import points

_ABSTAINED = "弃权"


def individual(data: Reader) -> list[Block]:
    """One table per member: a row per item, a column per bidder, the reasons below."""
    blocks: list[Block] = []
    for member in data.rows("committee"):
        seat = member.text("seat")
        cells = {(row.text("item"), row.text("bidder")): row for row in data.rows("sheets") if row.text("seat") == seat}
        blocks.append(_sheet(data, member, cells))
        blocks.extend(
            paragraph(f"{seat} 对 {bidder} 的 {item} 说明：{row.text('reason')}")
            for (item, bidder), row in cells.items()
            if row.text_or("reason", "")
        )
    return blocks or [paragraph("没有个人评分表。")]


def _sheet(data: Reader, member: Reader, cells: Mapping[tuple[str, str], Reader]) -> Block:
    bidders, items = _bidders(data), data.rows("items")
    rows = [
        [f"{item.text('id')} {item.text('name_zh')}", points(item.integer("maximum"))]
        + [_cell(cells.get((item.text("id"), bidder))) for bidder in bidders]
        for item in items
    ]
    sums = [points(sum(_given(cells.get((item.text("id"), bidder))) for item in items)) for bidder in bidders]
    rows.append(["合计", points(sum(item.integer("maximum") for item in items)), *sums])
    caption = f"{member.text('seat')} {member.text('name')}({member.text('city_zh')})"
    widths = (6.0, 1.8, *([1.8] * len(bidders)))
    heads = ["评标因素", "满分", *bidders]
    return table(caption, heads, rows, "l" + "r" * (len(bidders) + 1), widths, strong_last=True)


def group(data: Reader) -> list[Block]:
    """One table per section of the method: a row per member, a column per bidder, the group's result last."""
    blocks = [_group_table(data, section.text("id")) for section in data.part("method").rows("sections")]
    return blocks or [paragraph("没有小组汇总表。")]


def _group_table(data: Reader, section: str) -> Block:
    bidders = _bidders(data)
    items = {item.text("id") for item in data.rows("items") if item.text("section") == section}
    sums = _sums(data, items)
    rows = [
        [f"{member.text('seat')} {member.text('name')}"]
        + [points(sums[member.text("seat"), bidder]) for bidder in bidders]
        for member in data.rows("committee")
    ]
    results = {row.text("bidder"): points(row.integer(section)) for row in data.rows("scores")}
    rows.append(["小组得分", *(results.get(bidder, "—") for bidder in bidders)])
    name = {"technical": "技术部分", "business": "商务部分"}.get(section, section)
    widths = (6.0, *([2.0] * len(bidders)))
    return table(name, ["成员", *bidders], rows, "l" + "r" * len(bidders), widths, strong_last=True)


def _bidders(data: Reader) -> list[str]:
    """The marked bidders: a bid rejected in the preliminary review has no column."""
    marked = {row.text("bidder") for row in data.rows("sheets")}
    return [row.text("id") for row in data.rows("bidders") if row.text("id") in marked or not marked]


def _sums(data: Reader, items: set[str]) -> Counter[tuple[str, str]]:
    """Each seat's marks for each bidder over these items."""
    sums: Counter[tuple[str, str]] = Counter()
    for row in data.rows("sheets"):
        if row.text("item") in items:
            sums[row.text("seat"), row.text("bidder")] += _given(row)
    return sums


def _cell(row: Reader | None) -> str:
    if row is None:
        return "未评"
    return _ABSTAINED if row.flag("abstained") else points(row.integer("points"))


def _given(row: Reader | None) -> int:
    return 0 if row is None or row.flag("abstained") else row.integer("points")
