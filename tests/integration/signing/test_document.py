"""The report: equal bytes for equal data, the ten contents, honest sentences, clear errors."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from records import canonical
from records.errors import EvidenceMismatchError, InvalidRecordError, UnavailableError
from records.ids import digest
from signing.pdf.first_revision import attached_data
from signing.report.document import DraftReport, draft
from tests.unit.signing.material import FONTS, ROOT, report_data

HEADINGS = (
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
)


@pytest.fixture(scope="module")
def made() -> DraftReport:
    return draft(report_data(), fonts=FONTS)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_another_process_in_another_time_zone_makes_the_same_bytes(made: DraftReport) -> None:
    program = (
        "from signing.report.document import draft; from tests.unit.signing.material import FONTS, report_data;"
        "print(draft(report_data(), fonts=FONTS).digest)"
    )
    environment = {"TZ": "America/New_York", "LANG": "C", "PYTHONPATH": str(ROOT)}

    found = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd="/", check=True, capture_output=True, text=True
    )

    assert found.stdout.strip() == made.digest


def test_other_data_make_other_bytes(made: DraftReport) -> None:
    other = draft(report_data() | {"tenderer": "另一个建设单位(示例)"}, fonts=FONTS)

    assert other.digest != made.digest


def test_the_order_of_keys_does_not_matter(made: DraftReport) -> None:
    turned = dict(reversed(report_data().items()))

    assert draft(turned, fonts=FONTS).pdf == made.pdf


def test_the_ten_mandatory_contents_stand_in_their_order(made: DraftReport) -> None:
    text = text_of(made.pdf)
    body = text[text.rindex(HEADINGS[0]) :]

    places = [body.index(heading) for heading in HEADINGS]

    assert places == sorted(places)


def test_annexes_and_the_signature_page_follow(made: DraftReport) -> None:
    text = text_of(made.pdf)

    assert all(title in text for title in ("附件一", "附件二", "附件三", "签署页"))


def test_empty_sections_say_so(made: DraftReport) -> None:
    text = text_of(made.pdf)

    assert "本次评标没有否决任何投标。" in text
    assert "评标过程中没有要求投标人澄清、说明或补正。" in text


def test_an_abstention_reads_otherwise_than_a_zero(made: DraftReport) -> None:
    text = text_of(made.pdf)

    assert "弃权" in text
    assert "与该部分编制人相识" in text


def test_every_page_has_its_number_and_the_short_digest(made: DraftReport) -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made.pdf)).pages]
    code = digest(canonical.encode(report_data()))[7:11].upper()

    assert all(f"共 {len(pages)} 页" in page and code in page for page in pages)


def test_the_scores_are_attached_as_canonical_bytes(made: DraftReport) -> None:
    attached = PdfReader(io.BytesIO(made.pdf)).attachments["scores.json"][0]

    assert attached == canonical.encode(report_data())
    assert attached_data(made.pdf) == report_data()


def test_it_calls_itself_pdf_a_4f(made: DraftReport) -> None:
    assert made.pdf.startswith(b"%PDF-2.0")
    assert b'pdfaid:part="4"' in made.pdf or b"<pdfaid:part>4" in made.pdf
    assert b"<pdfaid:conformance>F" in made.pdf


def test_a_long_committee_gets_more_signature_pages() -> None:
    members = report_data()["committee"]
    assert isinstance(members, list)
    many = [dict(members[0]) | {"seat": f"JN-{number}"} for number in range(1, 14)]

    made = draft(report_data() | {"committee": many}, fonts=FONTS)

    assert "签署页（续）" in text_of(made.pdf)
    assert max(place.page for place in made.places) == 1


def test_a_long_table_repeats_its_head() -> None:
    items: list[canonical.Value] = [
        {"id": f"T{number}", "section": "technical", "name_zh": f"因素{number}", "name_en": "x", "minimum": 0,
         "maximum": 100, "step": 50}
        for number in range(1, 81)
    ]  # fmt: skip
    made = draft(report_data() | {"items": items, "sheets": []}, fonts=FONTS)

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made.pdf)).pages]
    with_items = [page for page in pages if re.search(r"因素\s*[67]\d", page)]

    assert len(with_items) > 1
    assert all("评标因素" in page for page in with_items)


@pytest.mark.parametrize("key", ["title", "session", "drafted_at", "tally_digest", "host", "method"])
def test_data_that_lack_something_are_refused_by_name(key: str) -> None:
    data = report_data()
    del data[key]

    with pytest.raises(InvalidRecordError) as caught:
        draft(data, fonts=FONTS)

    assert (caught.value.code, caught.value.values) == ("report-data", {"key": key})


def test_without_its_font_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError) as caught:
        draft(report_data(), fonts=tmp_path)

    assert caught.value.code == "font-missing"


def test_another_build_of_the_font_is_refused(tmp_path: Path) -> None:
    face = tmp_path / "noto-serif-sc" / "400Regular" / "NotoSerifSC_400Regular.ttf"
    face.parent.mkdir(parents=True)
    face.write_bytes(b"another font")

    with pytest.raises(EvidenceMismatchError) as caught:
        draft(report_data(), fonts=tmp_path)

    assert caught.value.code == "font-changed"
