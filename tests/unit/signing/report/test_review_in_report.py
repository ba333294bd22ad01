"""What the report says of the preliminary review: rejections with their votes, questions and answers, who conforms."""

import io

from pypdf import PdfReader

from records.canonical import Value
from signing.reading import read
from signing.report import review_tables
from signing.report.document import draft
from tests.unit.signing.material import FONTS, report_data

UPHELD: dict[str, Value] = {
    "bidder": "B5",
    "ground": "F51-3",
    "ground_zh": "投标人不符合国家或者招标文件规定的资格条件",
    "evidence": "安全生产许可证（第三章 2.1.2）：已过有效期",
    "by_law": False,
    "later": True,
    "state": "UPHELD",
    "upholding": 4,
    "dismissing": 1,
}
DISMISSED = UPHELD | {"bidder": "B4", "state": "DISMISSED", "upholding": 1, "dismissing": 4}
QUESTION: dict[str, Value] = {"bidder": "B1", "question": "工期自何日起算？", "answer": "自开工令次日起算。"}


def reviewed() -> dict[str, Value]:
    data = report_data()
    benchmark = data["benchmark"]
    assert isinstance(benchmark, dict)
    trace = benchmark["trace"]
    assert isinstance(trace, list)
    rows = [dict(row) for row in trace if isinstance(row, dict)]
    rows[-1] = {name: rows[-1][name] for name in ("bidder", "price_fen", "counted")}
    refused = {"bidder": "B2", "question": "请说明报价构成。", "state": "REFUSED"}
    return data | {
        "benchmark": benchmark | {"trace": [*rows]},
        "rejections": [UPHELD, DISMISSED],
        "clarifications": [QUESTION, refused],
    }


def test_rejections_are_told_with_ground_evidence_and_votes_and_only_the_upheld_do_not_conform() -> None:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(draft(reviewed(), fonts=FONTS).pdf)).pages)
    plain = "".join(text.split())
    conforming = plain[plain.rindex("四、符合要求的投标一览表") : plain.rindex("五、否决投标情况说明")]
    names = {str(row["id"]): str(row["name"]) for row in _rows("bidders")}

    assert [bidder for bidder, name in names.items() if name in conforming] == ["B1", "B2", "B3", "B4"]
    assert "赞成4票，不赞成1票，否决成立。" in plain
    assert "赞成1票，不赞成4票，否决不成立。" in plain
    assert "自开工令次日起算。" in plain
    assert "投标人拒绝澄清" in plain
    assert "已否决" in plain


def _rows(name: str) -> list[dict[str, Value]]:
    found = report_data()[name]
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, dict)]


def test_stages_are_called_by_the_words_that_come_with_the_data() -> None:
    rollback: dict[str, Value] = {
        "at": "2026-11-23T06:00:00.000Z",
        "back_to": "DETAILED",
        "reason": "漏评一项",
        "order": "监督〔2026〕2号",
        "superseded": ["DETAILED", "PRICE-2", "NEW"],
    }
    names = {"DETAILED": "详细评审", "PRICE": "报价评分"}

    (block,) = review_tables.course(read({"rollbacks": [rollback], "stage_names": names}))

    assert block["rows"] == [
        ["2026年11月23日 14:00:00", "详细评审", "漏评一项", "监督〔2026〕2号", "详细评审、报价评分（第2次）、NEW"]
    ]
