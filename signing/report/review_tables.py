"""Tables of the report for optional stages: review, corrected and evaluated prices, the score check."""

from records.strict_fields import Reader
from signing.report.table import Block, paragraph, table
from signing.report.wording import beijing, points, yuan

_AGAIN = {"R10": "条例第70条", "R26": "87号令第64条", "R30": "条例第56条", "REFORMED": "重新组建评标委员会"}
_THRESHOLDS = {"one mark": "各成员一致"}
_GROUNDS = {"objective-differs": "客观评审因素评分不一致", "conspicuous": "评标委员会认定畸高、畸低"}


def review(data: Reader) -> list[Block]:
    """The group's conclusions of the preliminary review, bidder by item; empty without a review."""
    if not data.has("conclusions"):
        return []
    names = {item.text("id"): item.text("name_zh") for item in data.rows("review_items")}
    rows = [
        [
            _stage(data, row.text("stage")),
            names.get(row.text("item"), row.text("item")),
            row.text("bidder"),
            "通过" if row.flag("passed") else "不通过",
            "一致" if row.flag("unanimous") else "多数",
            "；".join(row.texts("reasons")) if row.has("reasons") else "—",
        ]
        for row in data.rows("conclusions")
    ]
    heads = ["阶段", "评审项", "投标人", "结论", "形成方式", "不通过的理由"]
    return [table("初步评审结论", heads, rows, "llccll", (2.4, 4, 1.6, 1.6, 1.8, 4))]


def course(data: Reader) -> list[Block]:
    """The evaluation this one repeats, the added time, and its returns to an earlier stage; otherwise empty."""
    blocks: list[Block] = []
    if data.has("previous"):
        before = data.part("previous")
        ground = _AGAIN.get(before.text("ground"), before.text("ground"))
        text = f"本次评标是对场次 {before.text('session')} 的重新评标，依据：{ground}。理由：{before.text('reason')}"
        blocks.append(paragraph(text))
    for row in data.rows("extensions"):
        until, at = beijing(row.text("until")), beijing(row.text("at"))
        blocks.append(paragraph(f"评标时间延长至 {until}（记录于 {at}）。理由：{row.text('reason')}"))
    if data.has("rollbacks"):
        rows = [
            [
                beijing(row.text("at")),
                _stage(data, row.text("back_to")),
                row.text("reason"),
                row.text("order"),
                "、".join(_passage(data, label) for label in row.texts_or("superseded")),
            ]
            for row in data.rows("rollbacks")
        ]
        heads = ["时间", "退回到", "理由", "监督审查", "作废的阶段"]
        blocks.append(table("评标中的回退", heads, rows, "lllll", (3, 2, 4, 3, 4)))
    return blocks


def _passage(data: Reader, label: str) -> str:
    """A stage, with its number where it was not the first time."""
    stage, _, number = label.partition("-")
    return _stage(data, stage) + (f"（第{number}次）" if number else "")


def _stage(data: Reader, stage: str) -> str:
    """The stage's name from the report's data."""
    return data.part("stage_names").text_or(stage, stage)


def corrections(data: Reader) -> list[Block]:
    """Arithmetic corrections of prices and the bidders' written answers; empty without one."""
    rows = [
        [
            row.text("bidder"),
            yuan(row.integer("price_fen")),
            yuan(row.integer("corrected_fen")),
            ("投标人书面确认" if row.flag("confirmed") else "投标人不接受") if row.has("confirmed") else "—",
        ]
        for row in (data.rows("corrections") if data.has("corrections") else [])
    ]
    heads = ["投标人", "投标报价（元）", "修正后报价（元）", "投标人答复"]
    return [table("算术修正", heads, rows, "crrl", (2, 4, 4, 4))] if rows else []


def evaluated(data: Reader) -> list[Block]:
    """The evaluated prices by which bids are compared without scores (经评审的最低投标价法)."""
    prices, names = data.part("evaluated"), {row.text("id"): row for row in data.rows("bidders")}
    rows = [
        [
            f"{bidder} {names[bidder].text('name')}",
            yuan(names[bidder].integer("price_fen")),
            yuan(prices.integer(bidder)),
        ]
        for bidder in data.texts_or("ranking")
    ]
    heads = ["投标人", "投标报价（元）", "评标价（元）"]
    return [
        paragraph("评标价为经算术修正的投标报价，加上按招标文件折算的商务偏差；技术部分不折价。"),
        table("评标价比较", heads, rows, "lrr", (7, 4, 4), empty="没有可以比较的投标。"),
    ]


def score_check(data: Reader) -> list[Block]:
    """The findings of the check of the locked sheets and how each was settled; empty without a score check."""
    if not data.has("score_check"):
        return []
    check = data.part("score_check")
    rows = [
        [
            "错误" if row.text("level") == "BLOCK" else "线索",
            f"{row.text('indicator')} {row.text('name_zh')}",
            "，".join(row.part("subject").text(name) for name in sorted(row.part("subject").names)) or "—",
            f"{row.text('value')}（界限 {_THRESHOLDS.get(row.text('threshold'), row.text('threshold'))}）",
            row.text_or("reason", "—"),
        ]
        for row in check.rows("flags")
    ]
    changed = [
        [
            row.text("seat"),
            f"{row.text('bidder')} {row.text('item')}",
            points(row.integer("before")) if row.has("before") else "弃权",
            points(row.integer("points")),
            _GROUNDS.get(row.text("ground"), row.text("ground")),
            row.text_or("reason", "—"),
        ]
        for row in check.rows("corrections")
    ]
    heads = ["类别", "提示", "对象", "现值", "评标委员会的说明"]
    blocks: list[Block] = [
        paragraph("评分核验由系统提示、由评标委员会处理。线索只供核对，不是结论。"),
        table("评分核验", heads, rows, "lllll", (1.4, 4, 3, 4, 5), empty="评分核验没有提示。"),
    ]
    if changed:
        heads = ["席位", "评审项", "更正前", "更正后", "法定情形", "理由"]
        blocks.append(table("评分更正", heads, changed, "llrrll", (1.6, 3, 2, 2, 4, 5)))
    return blocks
