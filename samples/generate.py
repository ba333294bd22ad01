"""Write the sample tenders: their JSON, the experts' catalogues and the bids as PDF files, from the facts below.

The award and control price of the first tender are public facts of the Jinan practice; every firm, person and sentence
of a bid is invented and marked 示例. Run from the project's root: `.venv/bin/python samples/generate.py`.
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

import typst

HERE = Path(__file__).parent
FONTS = HERE.parent / "node_modules" / "@expo-google-fonts" / "noto-serif-sc"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
STAGES = [
    "PREPARED",
    "CHECK_IN",
    "BRIEFING",
    "DETAILED",
    "PRICE",
    "AGGREGATED",
    "REPORT_DRAFT",
    "SIGNING",
    "SEALED",
    "CLOSED",
]


def uscc(first_17: str) -> str:
    """Complete 17 characters with the check character of GB 32100-2015."""
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first_17))
    return first_17 + ALPHABET[(31 - total % 31) % 31]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    name: str
    code: str
    price_fen: int
    days: int
    strength: str
    terms: dict[str, object] = field(default_factory=dict)
    """What the method needs besides the price."""


BIDS_10KV = (
    Bid(
        name="示例齐鲁电力建设有限公司",
        code="91370100MA3C0A001",
        price_fen=8_620_500_000,
        days=210,
        strength="自有带电作业班组",
    ),
    Bid(
        name="示例泉城送变电工程有限公司",
        code="91370100MA3C0B002",
        price_fen=8_758_220_000,
        days=200,
        strength="同类安置房配电工程经验",
    ),
    Bid(
        name="示例历山机电安装有限公司",
        code="91370100MA3C0C003",
        price_fen=8_912_000_000,
        days=205,
        strength="智能配电房运维平台",
    ),
    Bid(
        name="示例华不注能源技术有限公司",
        code="91370112MA3C0D004",
        price_fen=9_105_600_000,
        days=195,
        strength="预制舱式开闭所",
    ),
    Bid(
        name="示例黄河电气集团有限公司",
        code="91370112MA3C0E005",
        price_fen=9_388_880_000,
        days=180,
        strength="集团化物资保障",
    ),
)
BIDS_LIGHTING = (
    Bid(
        name="示例明湖市政照明有限公司",
        code="91370102MA3C0F006",
        price_fen=312_450_000,
        days=90,
        strength="单灯控制系统",
    ),
    Bid(
        name="示例趵突城市建设有限公司",
        code="91370103MA3C0G007",
        price_fen=327_800_000,
        days=85,
        strength="夜间施工组织",
    ),
    Bid(
        name="示例千佛山机电有限公司",
        code="91370104MA3C0H008",
        price_fen=335_160_000,
        days=80,
        strength="旧灯具回收利用",
    ),
)


def item(number: str, section: str, zh: str, en: str, maximum: int, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "section": section,
        "name_zh": zh,
        "name_en": en,
        "minimum": 0,
        "maximum": maximum,
        "step": 50,
        **more,
    }


ITEMS_10KV = [
    item("T1", "technical", "施工组织设计", "Construction plan", 1000),
    item("T2", "technical", "安全文明施工措施", "Safety measures", 800),
    item("T3", "technical", "质量保证措施", "Quality assurance", 800),
    item("T4", "technical", "进度计划与保障", "Schedule and how it is kept", 800),
    item("T5", "technical", "电网接入与停电过渡方案", "Grid connection and outage plan", 600),
    item("S1", "business", "类似工程业绩", "Similar works", 500),
    item("S2", "business", "项目管理班子", "Project team", 500),
]
ITEMS_LIGHTING = [
    item("T1", "technical", "施工组织与交通导改", "Construction and traffic plan", 2000),
    item("T2", "technical", "灯具与控制系统方案", "Luminaires and control system", 2000),
    item("S1", "business", "类似工程业绩与团队", "Similar works and team", 1000),
]
METHOD = {
    "name": "comprehensive",
    "version": 1,
    "sections": [
        {"id": "technical", "weight": 4000, "aggregate": "trimmed", "trim_above": 4},
        {"id": "business", "weight": 1000, "aggregate": "mean"},
    ],
    "price": {"weight": 5000, "variant": "B2", "e1": 100, "e2": 50},
}
ALL_STAGES = [
    *("PREPARED", "CHECK_IN", "BRIEFING", "ELECTING", "READING", "PRELIM_FORM", "PRELIM_QUAL", "PRELIM_RESP"),
    *("PRELIM_DONE", "DETAILED", "PRICE", "SCORE_CHECK", "AGGREGATED", "RECOMMENDED", "REPORT_DRAFT", "SIGNING"),
    *("SEALED", "CLOSED"),
]
"""Every stage of the line."""


def reviewed(*facts: str) -> dict[str, object]:
    """An item of the preliminary review: id, stage, names, clause of the tender file, ground of a bid that fails it."""
    return dict(zip(("id", "stage", "name_zh", "name_en", "clause", "ground"), facts, strict=True))


REVIEW_WORKS = {
    "items": [
        reviewed("F1", "PRELIM_FORM", "投标函签字盖章", "Signed and sealed letter", "第三章 2.1.1(1)", "F51-1"),
        reviewed("Q1", "PRELIM_QUAL", "安全生产许可证", "Work safety permit", "第三章 2.1.2(2)", "F51-3"),
        reviewed("Q2", "PRELIM_QUAL", "企业资质等级", "Grade of the firm", "第三章 2.1.2(3)", "F51-3"),
        reviewed("R1", "PRELIM_RESP", "工期响应", "Construction period", "第三章 2.1.3(2)", "F51-6"),
    ]
}
REVIEW_GOODS = {
    "items": [
        reviewed("F1", "PRELIM_FORM", "响应函签字盖章", "Signed and sealed letter", "第四章 3.1", "F51-1"),
        reviewed("Q1", "PRELIM_QUAL", "供应商资格声明", "Declaration of qualification", "第四章 3.2", "F51-3"),
        reviewed("R1", "PRELIM_RESP", "实质性技术参数", "Parameters that must be met", "第四章 3.3", "F51-6"),
    ]
}
BIDS_LOWEST = (
    Bid(name="示例大明湖水务建设有限公司", code="91370102MA3C1A011", price_fen=2_860_000_000, days=240,
        strength="管网改造不停水施工", terms={"adjustments": {"payment": 25_000_000}}),
    Bid(name="示例千乘市政工程有限公司", code="91370103MA3C1B012", price_fen=2_885_000_000, days=225,
        strength="夜间分段开挖", terms={"adjustments": {"delivery": -18_000_000}}),
    Bid(name="示例泺口建筑安装有限公司", code="91370104MA3C1C013", price_fen=2_950_000_000, days=230,
        strength="球墨铸铁管安装班组"),
    Bid(name="示例小清河设备工程有限公司", code="91370105MA3C1D014", price_fen=2_350_000_000, days=250,
        strength="自有钢模板和拌合站", terms={"adjustments": {"payment": 40_000_000, "delivery": 15_000_000}}),
    Bid(name="示例鹊华建设集团有限公司", code="91370112MA3C1E015", price_fen=2_991_000_000, days=220,
        strength="集团物资保障"),
)  # fmt: skip
BIDS_GOODS = (
    Bid(name="示例泉韵教学设备有限公司", code="91370102MA3C2A021", price_fen=98_000_000, days=45,
        strength="整机五年质保"),
    Bid(name="示例趵突信息科技有限公司", code="91370103MA3C2B022", price_fen=100_000_000, days=40,
        strength="本地备件库", terms={"small": True}),
    Bid(name="示例千佛智能装备有限公司", code="91370104MA3C2C023", price_fen=105_000_000, days=40,
        strength="一对一培训", terms={"small": True}),
    Bid(name="示例黄河电子集团有限公司", code="91370112MA3C2D024", price_fen=122_500_000, days=30,
        strength="全国联保"),
)  # fmt: skip
ITEMS_BENCHMARK = [
    item("T1", "technical", "施工组织设计", "Construction plan", 1600),
    item("T2", "technical", "质量与安全措施", "Quality and safety", 1400, kind="deduct", reasons="deductions"),
    item("T3", "technical", "进度计划与保障", "Schedule and how it is kept", 1000, values=[0, 400, 700, 1000]),
    item("S1", "business", "类似工程业绩", "Similar works", 1000, objective=True),
]
ITEMS_GOODS = [
    item("T1", "technical", "技术参数优于要求", "Better than the parameters asked for", 3000),
    item("T2", "technical", "供货安装与培训", "Delivery, installation, training", 2000),
    item("S1", "business", "同类业绩", "Similar supplies", 1200, objective=True),
    item("S2", "business", "售后服务方案", "After-sales service", 800),
]
TENDERS: dict[str, dict[str, object]] = {
    "works-lowest": {
        "project": "E3701000076012350001",
        "title": "济南市天桥区老旧小区给水管网改造工程(示例)",
        "title_en": "Water mains renewal in old housing estates, Tianqiao, Jinan (sample)",
        "tenderer": "天桥区给水管网改造建设单位(示例)",
        "control_price_fen": 3_200_000_000,
        "opening_at": "2026-11-24T01:00:00.000Z",
        "stages": ALL_STAGES,
        "method": {
            "name": "lowest-evaluated",
            "version": 2,
            "kind": "works",
            "adjustments": ["payment", "delivery"],
            "low_price": {"share": 8500},
        },
        "review": REVIEW_WORKS,
        "items": [],
        "bids": BIDS_LOWEST,
    },
    "works-benchmark": {
        "project": "E3701000076012351001",
        "title": "济南市章丘区中小学配套道路工程(示例)",
        "title_en": "Roads to primary and middle schools, Zhangqiu, Jinan (sample)",
        "tenderer": "章丘区中小学配套道路建设单位(示例)",
        "control_price_fen": 9_743_220_000,
        "opening_at": "2026-11-24T01:30:00.000Z",
        "minimum_seats": 7,
        "stages": ALL_STAGES,
        "method": {
            "name": "comprehensive",
            "version": 2,
            "kind": "works",
            "sections": [
                {"id": "technical", "weight": 4000, "aggregate": "trimmed", "trim_above": 5},
                {"id": "business", "weight": 1000, "aggregate": "mean"},
            ],
            "price": {"weight": 5000, "variant": "B3", "e1": 100, "e2": 50, "reductions": [100, 200, 300]},
        },
        "drawn": {"reduction": 200},
        "review": REVIEW_WORKS,
        "items": ITEMS_BENCHMARK,
        "bids": BIDS_10KV,
    },
    "goods-low-price-first": {
        "project": "E3701000076012352001",
        "title": "济南市历下区中学多媒体教学设备采购项目(示例)",
        "title_en": "Multimedia teaching equipment for middle schools, Lixia, Jinan (sample)",
        "tenderer": "历下区中学多媒体设备采购单位(示例)",
        "control_price_fen": 150_000_000,
        "opening_at": "2026-11-24T02:00:00.000Z",
        "stages": ALL_STAGES,
        "method": {
            "name": "low-price-first",
            "version": 2,
            "kind": "goods",
            "sections": [
                {"id": "technical", "weight": 5000, "aggregate": "mean"},
                {"id": "business", "weight": 2000, "aggregate": "mean"},
            ],
            "price": {"weight": 3000},
            "deduction": 1000,
        },
        "review": REVIEW_GOODS,
        "items": ITEMS_GOODS,
        "bids": BIDS_GOODS,
    },
    "jinan-10kv": {
        "project": "E3701000076012345001",
        "title": "济南市历城区港沟街道港沟村城中村改造安置房项目10kV配电工程(EPC)(示例)",
        "title_en": "10 kV distribution works (EPC), Ganggou village resettlement housing, Licheng, Jinan (sample)",
        "tenderer": "港沟村城中村改造项目建设单位(示例)",
        "control_price_fen": 9_743_220_000,
        "opening_at": "2026-11-23T01:00:00.000Z",
        "bids": BIDS_10KV,
        "items": ITEMS_10KV,
    },
    "jinan-lighting": {
        "project": "E3701000076012346001",
        "title": "济南市历下区社区道路照明改造工程(示例)",
        "title_en": "Street lighting renewal in Lixia district, Jinan (sample)",
        "tenderer": "历下区社区道路照明改造建设单位(示例)",
        "control_price_fen": 350_000_000,
        "opening_at": "2026-11-23T01:30:00.000Z",
        "bids": BIDS_LIGHTING,
        "items": ITEMS_LIGHTING,
    },
}
EXPERTS = {
    "JN": [
        ("张示例", "A08 电力工程", "示例电力设计院"),
        ("李示例", "A08 电力工程", "示例供电公司退休专家组"),
        ("王示例", "A02 工程造价", "示例造价咨询公司"),
        ("赵示例", "A05 市政工程", "示例市政设计院"),
    ],
    "XA": [
        ("陈示例", "A08 电力工程", "示例西北电力学会"),
        ("杨示例", "A02 工程造价", "示例关中造价事务所"),
        ("刘示例", "A05 市政工程", "示例长安市政院"),
    ],
    "DL": [
        ("孙示例", "A08 电力工程", "示例辽东电力设计院"),
        ("周示例", "A02 工程造价", "示例滨海造价事务所"),
        ("吴示例", "A05 市政工程", "示例港城市政院"),
    ],
}


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def bid_pdf(title: str, tenderer: str, bid: Bid, items: list[dict[str, object]]) -> bytes:
    """One bid as a PDF: the same facts give the same bytes."""
    facts = {
        "title": title,
        "tenderer": tenderer,
        "name": bid.name,
        "uscc": uscc(bid.code),
        "price": f"{bid.price_fen // 1_000_000:,}.{bid.price_fen // 10_000 % 100:02d}",
        "days": str(bid.days),
        "strength": bid.strength,
        "items": [str(i["name_zh"]) for i in items],
    }
    return typst.compile(
        str(HERE / "bid.typ"),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
    )


def write_tender(name: str, tender: dict[str, object]) -> None:
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    bidders = []
    bids, items = tender["bids"], tender["items"]
    assert isinstance(bids, tuple)
    assert isinstance(items, list)
    for number, bid in enumerate(bids, start=1):
        file = f"B{number}.pdf"
        pdf = bid_pdf(str(tender["title"]), str(tender["tenderer"]), bid, items)
        (folder / file).write_bytes(pdf)
        bidders.append(
            {
                "id": f"B{number}",
                "name": bid.name,
                "uscc": uscc(bid.code),
                "price_fen": bid.price_fen,
                "duration_days": bid.days,
                **bid.terms,
                "documents": [
                    {"name": "技术与商务投标文件", "file": file, "sha256": "sha256:" + hashlib.sha256(pdf).hexdigest()}
                ],
            }
        )
    facts = {key: value for key, value in tender.items() if key not in {"bids", "items", "stages", "method"}}
    facts |= {"stages": tender.get("stages", STAGES), "method": tender.get("method", METHOD)}
    write_json(folder / "tender.json", {**facts, "items": items, "bidders": bidders})


def main() -> None:
    for name, tender in TENDERS.items():
        write_tender(name, tender)
    for code, experts in EXPERTS.items():
        rows = [
            {"id": f"{code}-E{n}", "name": name, "specialty": specialty, "employer": employer, "role": "expert"}
            for n, (name, specialty, employer) in enumerate(experts, start=1)
        ]
        write_json(HERE / f"experts-{code.lower()}.json", rows)


if __name__ == "__main__":
    main()
