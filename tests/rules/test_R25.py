"""R25: the report has the ten contents of 暂行规定42条."""

import pytest

from evaluation_room.report import report_completeness
from evaluation_room.report.data import report_data
from evaluation_room.stages import WORDS, Stage
from records.canonical import Value
from records.errors import EvidenceMismatchError
from signing.reading import read
from signing.report import report_view
from tests.unit.evaluation_room.rooms import definition, one_city, play

CONTENTS = [
    "一、基本情况和数据表",
    "二、评标委员会成员名单",
    "三、开标记录",
    "四、符合要求的投标一览表",
    "五、否决投标情况说明",
    "六、评标标准、评标方法和评标因素一览表",
    "七、经评审的价格或评分比较一览表",
    "八、经评审的投标人排序",
    "九、推荐的中标候选人名单与签订合同前要处理的事宜",
    "十、澄清、说明、补正事项纪要",
]
SEATS = [f"JN-{number}" for number in range(1, 6)]


def test_all_ten_are_there_in_their_order_and_none_is_empty() -> None:
    room = one_city(Stage.REPORT_DRAFT, definition(seats=SEATS, bidders=3))
    made = report_view.sections(read(report_data(room.session)))

    assert [section["title"] for section in made] == CONTENTS
    assert all(section["blocks"] for section in made)


def data_of(*, bidders: int = 3) -> dict[str, Value]:
    return report_data(one_city(Stage.REPORT_DRAFT, definition(seats=SEATS, bidders=bidders)).session)


@pytest.mark.parametrize(
    ("changed", "content"),
    [
        ({"tenderer": ""}, 1),
        ({"committee": []}, 2),
        ({"opening": [{"id": "B1", "name": "示例公司1"}]}, 3),
        ({"valid": ["B1", "B2"]}, 4),
        ({"rejections": [{"bidder": "B3", "ground_zh": "串通投标", "evidence": ""}]}, 5),
        ({"method": {}}, 6),
        ({"scores": []}, 7),
        ({"ranking": ["B1", "B1"]}, 8),
        ({"candidates": ["B3"]}, 9),
        ({"clarifications": [{"bidder": "B1", "question": "请说明", "state": "SENT"}]}, 10),
    ],
)
def test_a_content_that_is_not_whole_is_named_by_its_number(changed: dict[str, Value], content: int) -> None:
    with pytest.raises(EvidenceMismatchError, match="report-incomplete") as found:
        report_completeness.check(data_of() | changed)
    assert str(content) in str(found.value.values["contents"]).split()


def test_a_rejected_bid_is_not_among_those_that_are_left() -> None:
    out: dict[str, Value] = {"bidder": "B3", "ground_zh": "串通投标", "evidence": "报价清单相同", "state": "UPHELD"}
    with pytest.raises(EvidenceMismatchError, match="report-incomplete"):
        report_completeness.check(data_of() | {"rejections": [out]})
    report_completeness.check(data_of() | {"rejections": [out | {"state": "DISMISSED"}]})


def test_the_report_tells_how_often_the_evaluation_went_back_and_why() -> None:
    room = one_city(Stage.DETAILED, definition(seats=SEATS, bidders=3))
    room.go_back(Stage.BRIEFING)
    for seat in SEATS:
        room.acknowledge(seat)
    play([room], Stage.SIGNING)
    data = report_data(room.session)
    made = report_view.sections(read({**data, "stage_names": WORDS}))

    assert isinstance(data["rollbacks"], list)
    assert [row["back_to"] for row in data["rollbacks"] if isinstance(row, dict)] == ["BRIEFING"]
    assert "评标中的回退" in str(made[0]["blocks"])
    assert "纪律与承诺、详细评审" in str(made[0]["blocks"])
