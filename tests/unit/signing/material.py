"""What the signing tests sign: one small evaluation of two cities, made up and marked as such."""

from pathlib import Path

from records.canonical import Value

ROOT = Path(__file__).parents[3]
FONTS = ROOT / "node_modules/@expo-google-fonts"
SESSION = "E3701000076012345001-1"

_ITEMS = (
    ("T1", "technical", "施工组织设计", 1000), ("T2", "technical", "安全文明施工措施", 800),
    ("T3", "technical", "质量保证措施", 800), ("T4", "technical", "进度计划与保障", 800),
    ("T5", "technical", "电网接入与停电过渡方案", 600), ("S1", "business", "类似工程业绩", 500),
    ("S2", "business", "项目管理班子", 500),
)  # fmt: skip
_BIDDERS = (
    ("B1", "示例齐鲁电力建设有限公司", "91370100MA3C0A001R", 8620500000, 210),
    ("B2", "示例泉城送变电工程有限公司", "91370100MA3C0B0024", 8758220000, 200),
    ("B3", "示例历山机电安装有限公司", "91370100MA3C0C003E", 8912000000, 205),
    ("B4", "示例华不注能源技术有限公司", "91370112MA3C0D0045", 9105600000, 195),
    ("B5", "示例黄河电气集团有限公司", "91370112MA3C0E005F", 9388880000, 180),
)
_MEMBERS = (
    ("JN-1", "JN", "济南", "Jinan", "示例专家·张", "A08 电力工程", True),
    ("JN-2", "JN", "济南", "Jinan", "示例专家·李", "A08 电力工程", False),
    ("JN-3", "JN", "济南", "Jinan", "示例专家·王", "A02 工程造价", False),
    ("XA-1", "XA", "西安", "Xi'an", "示例专家·陈", "A08 电力工程", False),
    ("XA-2", "XA", "西安", "Xi'an", "示例专家·杨", "A02 工程造价", False),
)


def report_data() -> dict[str, Value]:
    """The data of one report, all mandatory keys present."""
    return {
        "session": SESSION,
        "project": "E3701000076012345001",
        "title": "济南市历城区港沟街道港沟村城中村改造安置房项目10kV配电工程(EPC)(示例)",
        "title_en": "10 kV distribution works (EPC), Ganggou village resettlement housing, Licheng, Jinan (sample)",
        "tenderer": "港沟村城中村改造项目建设单位(示例)",
        "host": {"code": "JN", "name_zh": "济南公共资源交易中心(示例)", "name_en": "Jinan centre (sample)"},
        "guests": [{"code": "XA", "name_zh": "西安公共资源交易中心(示例)", "name_en": "Xi'an centre (sample)"}],
        "method": {
            "name": "comprehensive",
            "version": 1,
            "sections": [
                {"id": "technical", "weight": 4000, "aggregate": "trimmed", "trim_above": 4},
                {"id": "business", "weight": 1000, "aggregate": "mean"},
            ],
            "price": {"weight": 5000, "variant": "B2", "e1": 100, "e2": 50},
        },
        "opened_at": "2026-11-23T01:00:00.000Z",
        "drafted_at": "2026-11-23T07:12:30.000Z",
        "control_price_fen": 9743220000,
        "bidders": [
            {"id": id_, "name": name, "uscc": uscc, "price_fen": price, "duration_days": days}
            for id_, name, uscc, price, days in _BIDDERS
        ],
        "committee": [
            {"seat": seat, "centre": centre, "city_zh": zh, "city_en": en, "name": name, "role": "expert",
             "specialty": specialty, "lead": lead}
            for seat, centre, zh, en, name, specialty, lead in _MEMBERS
        ],
        "opening": [
            {"id": id_, "name": name, "price_fen": price, "duration_days": days}
            for id_, name, _, price, days in _BIDDERS
        ],
        "items": [
            {"id": id_, "section": section, "name_zh": name, "name_en": name, "minimum": 0, "maximum": top, "step": 50}
            for id_, section, name, top in _ITEMS
        ],
        "sheets": _sheets(),
        "benchmark": {
            "variant": "B2",
            "price_fen": 8925273333,
            "trace": [
                {"bidder": id_, "price_fen": price, "counted": id_ not in {"B1", "B5"}, "offset": -341 + 200 * place,
                 "points": 4761 - 80 * place}
                for place, (id_, _, _, price, _) in enumerate(_BIDDERS)
            ],
        },
        "scores": [
            {"bidder": id_, "technical": 3400 - 60 * place, "business": 850 - 20 * place, "price": 4761 - 80 * place,
             "total": 9011 - 160 * place}
            for place, (id_, *_) in enumerate(_BIDDERS)
        ],
        "ranking": ["B1", "B2", "B3", "B4", "B5"],
        "candidates": ["B1", "B2", "B3"],
        "rejections": [],
        "clarifications": [],
        "tally_digest": "sha256:" + "9f49e0a9" * 8,
    }  # fmt: skip


def _sheets() -> list[dict[str, Value]]:
    cells: list[dict[str, Value]] = []
    for row, member in enumerate(_MEMBERS):
        for column, bidder in enumerate(_BIDDERS):
            cells += [
                {"seat": member[0], "bidder": bidder[0], "item": item, "points": top - 50 * ((row + column) % 4)}
                for item, _, _, top in _ITEMS
            ]
    cells[3] = {"seat": "JN-1", "bidder": "B1", "item": "T4", "abstained": True, "reason": "与该部分编制人相识"}
    return cells
