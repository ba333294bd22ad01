"""R25: the report has the ten contents of 暂行规定42条."""

from evaluation_room.report import report_data
from evaluation_room.stages import Stage
from signing import report_view
from signing.reading import read
from tests.unit.evaluation_room.rooms import definition, one_city

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
