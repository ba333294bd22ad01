"""The texts and tables of the report, in the order of the ten mandatory contents (评标委员会和评标方法暂行规定42条).

Pure: report data in, blocks of text out. A section without data states that in one sentence.
"""

from typing import TypeAlias

from records.strict_fields import Reader
from signing.report import review_tables, score_tables
from signing.report.table import Block, digest_line, paragraph, table
from signing.report.wording import beijing, points, ten_thousand_yuan, yuan

Section: TypeAlias = dict[str, str | list[Block]]

_METHODS = {
    "comprehensive": "综合评估法",
    "lowest-evaluated": "经评审的最低投标价法",
    "low-price-first": "综合评分法（低价优先）",
}
_AGGREGATES = {
    "trimmed": "去掉一个最高分和一个最低分后取算术平均",
    "trimmed-by-factor": "按评审因素分别去掉一个最高分和一个最低分后取算术平均，再相加",
    "mean": "算术平均",
    "median": "中位数",
}
_SECTIONS = {"technical": "技术", "business": "商务", "credit": "资信", "price": "价格"}
_VARIANTS = {
    "B1": "全部有效报价的算术平均",
    "B2": "去掉最高、最低报价后的算术平均（有效报价三家及以下直接平均）",
    "B3": "平均价按抽取的下浮比例下浮",
    "B4": "最高限价与平均价加权复合",
    "B5": "二次平均",
    "B6": "几何平均",
    "B7": "最低有效报价",
}
_TRIMMED = "有效报价不少于 {} 家时去掉一个最高报价，不少于 {} 家时去掉一个最低报价后的算术平均"
_REPLACED = {"recusal": "回避", "left-post": "擅离职守", "health": "健康原因", "absence": "缺席"}
_REASONS = {"always": "；须写理由", "extremes": "；满分、最低分须写理由", "deductions": "；扣分须写理由"}
_ROLES = {"expert": "评标专家", "tenderer": "招标人代表"}


def sections(data: Reader) -> list[Section]:
    """The ten contents, numbered as the rule numbers them."""
    makers = (_basics, _committee, _opening, _conforming, _rejections, _method, _comparison, _ranking, _candidates,
              _clarifications)  # fmt: skip
    return [maker(data) for maker in makers]


def annexes(data: Reader, data_digest: str) -> list[Section]:
    """Individual score tables, group tables, and a note on the machine-readable attachment."""
    return [
        {"title": "附件一 评标委员会成员个人评分表", "blocks": score_tables.individual(data)},
        {"title": "附件二 评分小组汇总表", "blocks": score_tables.group(data)},
        {"title": "附件三 机器可读数据与核对方法", "blocks": _machine_readable(data, data_digest)},
    ]


def section_name(identifier: str) -> str:
    """技术 for technical; a section this program does not know keeps its own name."""
    return _SECTIONS.get(identifier, identifier)


def _section(title: str, *blocks: Block) -> Section:
    return {"title": title, "blocks": list(blocks)}


def _basics(data: Reader) -> Section:
    host, guests = data.part("host"), data.rows("guests")
    control = data.integer("control_price_fen") if data.has("control_price_fen") else 0
    rows = [
        ["项目名称", data.text("title")],
        ["标段编号", data.text("project")],
        ["评标场次", data.text("session")],
        ["招标人", data.text("tenderer")],
        ["主场", f"{host.text('name_zh')}（{host.text('code')}）"],
        ["副场", "、".join(f"{guest.text('name_zh')}（{guest.text('code')}）" for guest in guests) or "无"],
        ["最高投标限价", f"{yuan(control)} 元（{ten_thousand_yuan(control)} 万元）" if control else "未设"],
        ["投标人数量", f"{len(data.rows('bidders'))} 家"],
        ["开标时间", f"{beijing(data.text('opened_at'))}（北京时间）"],
        ["报告起草时间", f"{beijing(data.text('drafted_at'))}（北京时间）"],
    ]
    intro = (
        f"本次评标采用远程异地方式，由主场{host.text('name_zh')}组织，"
        f"评标委员会成员分别在{_cities(data)}独立评审。全部评分由各成员本席位签名，两地分别计算并核对一致。"
    )
    basics = table("基本情况", ["事项", "内容"], rows, "ll", (3, 10))
    return _section("一、基本情况和数据表", paragraph(intro), basics, *review_tables.course(data))


def _cities(data: Reader) -> str:
    names = [row.text("city_zh") for row in data.rows("committee")]
    return "、".join(dict.fromkeys(names))


def _change(member: Reader, before: Reader) -> str:
    """The earlier members of a seat, and why each was replaced (条例48条)."""
    ground = _REPLACED.get(before.text("ground"), before.text("ground"))
    changed = f"席位 {member.text('seat')} 原成员{before.text('name')}因{ground}更换（{before.text('reason')}）"
    return f"{changed}，其结论无效，由现成员重新评审。"


def _committee(data: Reader) -> Section:
    rows = [
        [
            member.text("seat"),
            member.text("name") + ("（组长）" if member.flag("lead") else ""),
            _ROLES.get(member.text("role"), member.text("role")),
            member.text_or("specialty", "—"),
            member.text("city_zh"),
        ]
        for member in data.rows("committee")
    ]
    changed = [_change(member, one) for member in data.rows("committee") for one in member.rows("replaced")]
    note = f"评标委员会由 {len(rows)} 名成员组成。成员的签到、回避声明和承诺书以其席位签名的记录保存于本场次账本。"
    return _section(
        "二、评标委员会成员名单",
        paragraph(note),
        *map(paragraph, changed),
        table("成员名单", ["席位", "姓名", "身份", "专业", "评标地点"], rows, "lllll", (2, 4, 3, 5, 2)),
    )


def _opening(data: Reader) -> Section:
    rows = [
        [str(place), _bidder(row), yuan(row.integer("price_fen")), _days(row)]
        for place, row in enumerate(data.rows("opening") or data.rows("bidders"), 1)
    ]
    note = f"开标时间：{beijing(data.text('opened_at'))}（北京时间）。下列报价为开标时公布的投标报价。"
    return _section(
        "三、开标记录",
        paragraph(note),
        table("开标记录表", ["序号", "投标人", "投标报价（元）", "工期（日历天）"], rows, "clrr", (1, 7, 4, 3)),
    )


def _bidder(row: Reader) -> str:
    return f"{row.text('id')} {row.text('name')}" if row.has("name") else row.text("bidder")


def _days(row: Reader) -> str:
    return str(row.integer("duration_days")) if row.has("duration_days") else "—"


def _conforming(data: Reader) -> Section:
    rejected = {row.text("bidder") for row in data.rows("rejections") if _upheld(row)}
    rows = [
        [row.text("id"), row.text("name"), row.text("uscc"), yuan(row.integer("price_fen"))]
        for row in data.rows("bidders")
        if row.text("id") not in rejected
    ]
    heads = ["代号", "投标人", "统一社会信用代码", "投标报价（元）"]
    return _section(
        "四、符合要求的投标一览表",
        table("符合要求的投标", heads, rows, "clcr", (1.4, 6, 5, 4), empty="没有符合要求的投标。"),
    )


def _upheld(row: Reader) -> bool:
    return row.text_or("state", "UPHELD") == "UPHELD"


def _ground(row: Reader) -> str:
    """The ground by its number and words, the evidence, and how the committee voted."""
    if not row.has("ground"):
        return row.text_or("reason", "—")
    votes = f"表决：赞成 {row.integer('upholding')} 票，不赞成 {row.integer('dismissing')} 票，"
    outcome = "否决成立。" if _upheld(row) else "否决不成立。"
    evidence = row.text("evidence").replace("\n", "；").rstrip("。")
    return f"{row.text('ground')} {row.text('ground_zh')}。{evidence}。{votes}{outcome}"


def _rejections(data: Reader) -> Section:
    rows = [[_name_of(data, row.text("bidder")), _ground(row)] for row in data.rows("rejections")]
    empty = "本次评标没有否决任何投标。"
    return _section(
        "五、否决投标情况说明",
        table("否决投标", ["投标人", "否决理由与依据"], rows, "ll", (4, 9), empty=empty),
        *review_tables.review(data),
    )


def _method(data: Reader) -> Section:
    method, items = data.part("method"), data.rows("items")
    weights = [
        [section_name(row.text("id")), points(row.integer("weight")), _aggregate(row)]
        for row in method.rows("sections")
    ]
    if method.has("price"):
        price = method.part("price")
        weights.append([section_name("price"), points(price.integer("weight")), _price_rule(price)])
    factors = [
        [
            item.text("id"),
            section_name(item.text("section")),
            item.text("name_zh"),
            f"{points(item.integer('minimum'))}–{points(item.integer('maximum'))}",
            _marking(item),
        ]
        for item in items
    ]
    name = _METHODS.get(method.text("name"), method.text("name"))
    return _section(
        "六、评标标准、评标方法和评标因素一览表",
        paragraph(f"评标方法：{name}（规则版本 {method.integer('version')}）。计算按规定步骤保留两位小数，四舍五入。"),
        table("分值构成", ["部分", "满分", "汇总方法"], weights, "lrl", (2, 2, 10)),
        table("评标因素", ["编号", "部分", "评标因素", "分值范围", "评分方式"], factors, "cllrl",
              (1.4, 2, 6, 3, 5)),
    )  # fmt: skip


def _marking(item: Reader) -> str:
    """How an item is marked, and which marks need a reason."""
    if item.text_or("kind", "") == "pass":
        way = "合格制"
    elif item.has("values"):
        way = f"固定分值 {'、'.join(points(one) for one in item.integers('values'))}"
    else:
        way = f"步长 {points(item.integer('step'))}"
    cap = f"最多扣 {points(item.integer('cap'))}，" if item.has("cap") else ""
    kind = f"扣分制，{cap}" if item.text_or("kind", "") == "deduct" else ""
    reasons = _REASONS.get(item.text_or("reasons", ""), "")
    return f"{kind}{way}{reasons}"


def _aggregate(row: Reader) -> str:
    rule = _AGGREGATES.get(row.text("aggregate"), row.text("aggregate"))
    return f"成员多于 {row.integer('trim_above')} 人时{rule}，否则取算术平均" if row.has("trim_above") else rule


def _price_rule(price: Reader) -> str:
    if not price.has("variant"):
        return "低价优先：最低评审价为基准价，基准价÷评审价×价格分值"
    base = _VARIANTS.get(price.text("variant"), price.text("variant"))
    if price.text("variant") == "B2" and (price.has("highest_from") or price.has("lowest_from")):
        base = _TRIMMED.format(
            *(price.integer(one) if price.has(one) else 4 for one in ("highest_from", "lowest_from"))
        )
    slopes = ""
    if price.has("e1") and price.has("e2"):
        slopes = f"；高于基准价每 1% 扣 {points(price.integer('e1'))} 分，低于扣 {points(price.integer('e2'))} 分"
    return f"评标基准价（{price.text('variant')}）：{base}{slopes}"


def _comparison(data: Reader) -> Section:
    if data.has("evaluated"):
        blocks = [*review_tables.evaluated(data), *review_tables.corrections(data), *review_tables.score_check(data)]
        return _section("七、经评审的价格或评分比较一览表", *blocks)
    ids = [row.text("id") for row in data.part("method").rows("sections")]
    rows = [
        [_name_of(data, row.text("bidder")), *(points(row.integer(part)) for part in [*ids, "price", "total"])]
        for row in data.rows("scores")
    ]
    heads = ["投标人", *(section_name(part) for part in ids), "价格", "总分"]
    figures = len(heads) - 1
    blocks = [
        *_benchmark(data),
        table("评分比较", heads, rows, "l" + "r" * figures, (7, *([2.2] * figures)), empty="尚无评分结果。"),
        *review_tables.corrections(data),
        *review_tables.score_check(data),
    ]
    return _section("七、经评审的价格或评分比较一览表", *blocks)


def _benchmark(data: Reader) -> list[Block]:
    if not data.has("benchmark"):
        return [paragraph("本次评标没有计算评标基准价。")]
    benchmark = data.part("benchmark")
    rows = [
        [
            _name_of(data, step.text("bidder")),
            yuan(step.integer("corrected_fen" if step.has("corrected_fen") else "price_fen")),
            "计入" if step.flag("counted") else "未计入",
            f"{points(step.integer('offset'))}%" if step.has("offset") else "—",
            points(step.integer("points")) if step.has("points") else "已否决",
        ]
        for step in benchmark.rows("trace")
    ]
    text = f"评标基准价（{benchmark.text('variant')}）：{yuan(benchmark.integer('price_fen'))} 元。"
    heads = ["投标人", "投标报价（元）", "基准价", "偏差率", "价格分"]
    return [paragraph(text), table("基准价与价格分", heads, rows, "lrcrr", (7, 4, 2, 2.2, 2.2), empty="没有计算过程。")]


def _name_of(data: Reader, bidder: str) -> str:
    names = {row.text("id"): row.text("name") for row in data.rows("bidders")}
    return f"{bidder} {names.get(bidder, '')}".strip()


def _ranking(data: Reader) -> Section:
    totals = {row.text("bidder"): row.integer("total") for row in data.rows("scores")}
    prices = {row.text("id"): row.integer("price_fen") for row in data.rows("bidders")}
    rows = [
        [str(place), _name_of(data, bidder), points(totals[bidder]) if bidder in totals else "—",
         yuan(prices[bidder]) if bidder in prices else "—"]
        for place, bidder in enumerate(data.texts_or("ranking"), 1)
    ]  # fmt: skip
    return _section(
        "八、经评审的投标人排序",
        paragraph(
            "按评标价由低到高排序。" if data.has("evaluated") else "按总分由高到低排序；总分相同的，报价低者在前。"
        ),
        table(
            "投标人排序",
            ["名次", "投标人", "总分", "投标报价（元）"],
            rows,
            "clrr",
            (1.4, 8, 2.4, 4),
            empty="尚无排序。",
        ),
    )


def _candidates(data: Reader) -> Section:
    prices = {row.text("id"): row.integer("price_fen") for row in data.rows("bidders")}
    ordinals = ("第一", "第二", "第三")
    rows = [
        [f"{ordinal}中标候选人", _name_of(data, bidder), yuan(prices[bidder]) if bidder in prices else "—"]
        for ordinal, bidder in zip(ordinals, data.texts_or("candidates"), strict=False)
    ]
    heads = ["次序", "投标人", "投标报价（元）"]
    return _section(
        "九、推荐的中标候选人名单与签订合同前要处理的事宜",
        table("中标候选人", heads, rows, "llr", (4, 8, 4), empty="评标委员会没有推荐中标候选人。"),
        paragraph("签订合同前要处理的事宜：" + data.text_or("before_contract", "评标委员会未提出需要处理的事宜。")),
    )


def _clarifications(data: Reader) -> Section:
    rows = [
        [_name_of(data, row.text_or("bidder", "—")), row.text_or("question", "—"), _answer(row)]
        for row in data.rows("clarifications")
    ]
    heads = ["投标人", "评标委员会的问题", "投标人的澄清、说明、补正"]
    empty = "评标过程中没有要求投标人澄清、说明或补正。"
    return _section("十、澄清、说明、补正事项纪要", table("澄清纪要", heads, rows, "cll", (2, 6, 6), empty=empty))


def _answer(row: Reader) -> str:
    if not row.has("state"):
        return row.text_or("answer", "—")
    outcome = {
        "ACCEPTED": "评标委员会采纳",
        "NOT_ACCEPTED": "评标委员会不采纳",
        "TIMED_OUT": "逾期未答复",
        "REFUSED": "投标人拒绝澄清",
    }.get(row.text("state"), "")
    return "；".join(part for part in (row.text_or("answer", ""), outcome) if part) or "—"


def _machine_readable(data: Reader, data_digest: str) -> list[Block]:
    return [
        paragraph(
            "本文件内附 scores.json：生成本报告所用的全部数据（评分、报价、计算过程、排序）的规范字节（RFC 8785）。"
            "持有同样记录的任何一方可以重新计算并得到同样的字节、同样的摘要和同样的报告。"
        ),
        digest_line("汇总结果摘要（各中心分别计算并核对一致）", data.text("tally_digest")),
        digest_line("数据摘要（scores.json 的 SHA-256）", data_digest),
        paragraph(
            "核对本文件：在公开查询页拖入本文件（文件不会离开您的电脑），或使用命令行 tongping verify 核对证据包。"
            "阅读软件显示的签名标志不能代替核对：被截短或追加内容的文件，部分软件仍显示有效。"
        ),
    ]
