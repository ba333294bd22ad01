"""The public's search with what our own pages and papers print, and with whatever else is pasted into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from chain_gateway.explorer.desk import ExplorerDesk, Found
from chain_gateway.explorer.search import Hex, meaning
from journal import Journal
from records import facts
from records.ids import digest, short_code
from tests.unit.chain_gateway.explorer import seeded
from tests.unit.journal.made_journal import log_beside

SEALED, DRAFT, DATA = (digest(one).partition(":")[2] for one in (seeded.REPORT, seeded.DRAFT, seeded.DATA))
HEX = "9f49e0a9c1d2e3f4" * 4
SETTINGS = seeded.settings_for(rpc="http://127.0.0.1:8545", anchor="0x" + "ab" * 20, registry="0x" + "cd" * 20)


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Iterator[Journal]:
    journal = seeded.open_journal(tmp_path)
    seeded.write(journal, *seeded.BEFORE_SEALING, seeded.SEALING)
    yield journal
    journal.engine.dispose()


@pytest.fixture(name="desk")
def _desk(journal: Journal) -> ExplorerDesk:
    desk = ExplorerDesk(journal, log_beside(journal), clock=lambda: seeded.STARTED + timedelta(hours=1))
    seeded.publish(journal, desk)
    return desk


@pytest.fixture(name="client")
def _client(desk: ExplorerDesk) -> TestClient:
    return TestClient(seeded.application(desk, SETTINGS), raise_server_exceptions=False)


def found(desk: ExplorerDesk, text: str) -> Found:
    return desk.find(text, named=SETTINGS.named)


def sessions(desk: ExplorerDesk, text: str) -> list[str]:
    return [one.session for one in found(desk, text).evaluations]


# --- digests ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [SEALED, DRAFT, DATA], ids=["sealed", "draft", "data"])
@pytest.mark.parametrize(
    "written",
    [
        short_code,
        lambda whole: short_code(whole).lower(),
        lambda whole: short_code(whole).replace("-", " "),
        lambda whole: short_code(whole).replace("-", "—"),
        lambda whole: "".join(chr(ord(sign) + 0xFEE0) for sign in short_code(whole)),
        lambda whole: short_code(whole)[:9],
        lambda whole: whole[:13],
        lambda whole: f"sha256:{whole[:20]}",
        lambda whole: f"{whole[:8]}…{whole[-4:]}",
        lambda whole: f"{whole[:32]}\n{whole[32:]}",
        lambda whole: " ".join(whole[place : place + 8] for place in range(0, 64, 8)),
        lambda whole: f"{whole}\u200b",
    ],
    ids=[
        "short-code", "lower-case", "in-spaces", "in-dashes", "full-width", "two-groups", "prefix", "named-prefix",
        "elided", "two-lines", "groups", "zero-width",
    ],
)  # fmt: skip
def test_a_report_is_found_by_what_is_printed_of_its_digest(desk: ExplorerDesk, whole: str, written: object) -> None:
    assert callable(written)
    assert sessions(desk, written(whole)) == [seeded.SESSION]


@pytest.mark.parametrize("text", [SEALED[:7], f"{SEALED[:8]}…0000", "f" * 16, f"0x{SEALED}"])
def test_another_digest_or_too_little_of_one_finds_no_report(desk: ExplorerDesk, text: str) -> None:
    assert sessions(desk, text) == []


# --- records ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "记录 #46",
        "记录46",
        "record 46",
        "Record #46",
        "第 46 号记录",
        "＃４６",
        "46",
        "№ 46",
        "entry 46",
        "记录\u3000#46\u200b",
    ],
)
def test_a_record_is_found_as_the_pages_call_it(desk: ExplorerDesk, text: str) -> None:
    assert found(desk, text).record == 46


@pytest.mark.parametrize("text", ["记录 #1 841", "1\u2009841", "1,841", "record 1\u2009841"])
def test_a_number_is_read_with_the_gaps_the_pages_print(text: str) -> None:
    assert meaning(text).record == 1841


@pytest.mark.parametrize("text", ["1 84", "46 46", "record", "#", "第号", "1" * 16])
def test_what_is_no_number_of_a_record_is_none(text: str) -> None:
    assert meaning(text).record is None


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "济南",
        "西安",
        "Jinan",
        "xi'an",
        "Xi’an",
        "Ｊｉｎａｎ",
        "jn",
        "XA",
        "济南公共资源交易中心",
        "Jinan Trading Centre",
    ],
)
def test_an_evaluation_is_found_by_its_cities_and_centres_in_both_languages(desk: ExplorerDesk, text: str) -> None:
    assert sessions(desk, text) == [seeded.SESSION]


@pytest.mark.parametrize("text", ["大连", "Dalian", "DL", "济南 大连"])
def test_a_city_that_took_no_part_finds_nothing(desk: ExplorerDesk, text: str) -> None:
    assert found(desk, text) == Found()


@pytest.mark.parametrize(
    "text",
    [
        "港沟 配电",
        "配电\u3000港沟",
        "配电工程（EPC）",
        "ＥＰＣ",
        "济南 配电",
        "xi'an epc 港沟",
        "10kv licheng",
        "港沟村\n配电",
    ],
)
def test_all_words_must_be_found_whatever_their_order_and_width(desk: ExplorerDesk, text: str) -> None:
    assert sessions(desk, text) == [seeded.SESSION]


@pytest.mark.parametrize("text", ["licheng 照明", "配电 上海"])
def test_one_word_that_is_nowhere_finds_nothing(desk: ExplorerDesk, text: str) -> None:
    assert found(desk, text) == Found()


def test_the_signs_of_a_pattern_are_letters_like_others(desk: ExplorerDesk) -> None:
    assert [found(desk, text) for text in ("%", "_", "\\", "%%", "100%")] == [Found()] * 5


# --- what cannot be looked for ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=%00",
        "/search?q=%00" + quote("港沟"),
        "/search?q=" + quote("长" * 201),
        "/search?q=" + "a" * 10_240,
        "/search?q=" + quote("长" * 3_000),
        "/search?q=%ff%fe",
        "/search?q=%1b%5b2J",
        "/search?q=1&q=2",
        "/search?q=" + quote("\u202e\u2066"),
        "/search?q=x&lang=" + "e" * 300,
        "/search?q=" + "9" * 300,
        "/search?q=0x",
    ],
    ids=[
        "nul", "nul-and-words", "201", "10-kB", "9-kB-of-Han", "no-utf-8", "escape", "twice", "directions", "language",
        "digits", "no-digits",
    ],
)  # fmt: skip
def test_the_page_answers_whatever_is_asked(client: TestClient, address: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert not [sign for sign in answer.text if ord(sign) < 32 and sign not in "\n\t"]


def test_what_is_too_long_is_said_in_a_sentence(client: TestClient) -> None:
    assert "查询内容过长，只查了前 200 个字。" in client.get("/search", params={"q": "长" * 201}).text
    assert "only the first 200 characters" in client.get("/search", params={"q": "长" * 201, "lang": "en"}).text
    assert "查询内容过长" not in client.get("/search", params={"q": "长" * 200}).text


def test_a_sign_that_cannot_be_looked_for_asks_for_words_and_hides_none(client: TestClient, desk: ExplorerDesk) -> None:
    assert "请输入要查询的内容。" in client.get("/search?q=%00").text
    assert sessions(desk, "港\x00沟") == [seeded.SESSION]


@pytest.mark.parametrize(
    "address", ["/evaluations/%00", "/evaluations/" + "E" * 300, "/records/%00", "/checkpoints/%00"]
)
def test_an_address_of_nothing_is_answered_by_the_page(client: TestClient, address: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


# --- one short code --------------------------------------------------------------------------------------------------


def test_the_pages_show_the_short_code_that_stands_on_paper(client: TestClient) -> None:
    page = client.get(f"/evaluations/{seeded.SESSION}").text

    assert short_code(SEALED) in page
    assert f">{SEALED[:8]}<" not in page
    assert f'data-copy="{SEALED}"' in page


def test_the_page_shows_the_code_at_the_foot_of_the_report_as_far_as_the_record_names_it(
    client: TestClient, tmp_path: Path
) -> None:
    shown = client.get(f"/evaluations/{seeded.SESSION}").text

    assert [word in shown for word in ("数据摘要（报告页脚）", short_code(DATA), f'data-copy="{DATA}"')] == [True] * 3
    with sealed_long_ago(tmp_path) as desk:
        page = TestClient(seeded.application(desk, SETTINGS)).get(f"/evaluations/{seeded.SESSION}").text
        assert [word in page for word in (short_code(SEALED), "数据摘要", short_code(DATA))] == [True, False, False]


def test_of_a_first_version_of_the_record_nothing_is_found_that_it_does_not_name(tmp_path: Path) -> None:
    with sealed_long_ago(tmp_path) as desk:
        found = {code: sessions(desk, short_code(code)) for code in (SEALED, DRAFT, DATA)}
        assert found == {SEALED: [seeded.SESSION], DRAFT: [seeded.SESSION], DATA: []}


@contextmanager
def sealed_long_ago(directory: Path) -> Iterator[ExplorerDesk]:
    """The same evaluation, its sealing recorded before the record named the data."""
    body = {name: value for name, value in seeded.sealed_body().items() if name != "data_digest"}
    directory = directory / "before"
    directory.mkdir()
    journal = seeded.open_journal(directory)
    seeded.write(journal, *seeded.BEFORE_SEALING, seeded.fact(facts.REPORT_SEALED_1, body, session=seeded.SESSION))
    desk = ExplorerDesk(journal, log_beside(journal), clock=lambda: seeded.STARTED + timedelta(hours=1))
    seeded.publish(journal, desk)
    yield desk
    journal.engine.dispose()


def test_a_short_code_is_one_of_transactions_too() -> None:
    assert short_code(f"0x{HEX}") == short_code(f"sha256:{HEX}") == "9F49-E0A9-C1D2-E3F4"
    assert meaning(short_code(f"0x{HEX}")).transaction == Hex(begins=HEX[:16])
