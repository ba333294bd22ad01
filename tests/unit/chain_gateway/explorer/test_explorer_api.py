"""The public routes: what they show, what they refuse, and that nothing foreign runs in them."""

import hashlib
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chain_gateway.explorer.api import routes
from chain_gateway.explorer.desk import ExplorerDesk
from journal import Journal
from node.http import problems
from records import commitment
from records.errors import NotFoundError
from records.ids import unb64u
from records.log import merkle
from tests.integration.ledger.consortium import DL, XA
from tests.unit.chain_gateway.explorer import seeded
from tests.unit.chain_gateway.explorer.seeded import BEFORE_SEALING, SEALING, publish, write
from tests.unit.chain_gateway.explorer.test_explorer_desk import SEALED_INDEX, TALLY_INDEX, anchor, cosigned
from tests.unit.journal.made_journal import log_beside

SETTINGS = seeded.settings_for(rpc="http://node.example:8545", anchor="0x" + "a1" * 20, registry="0x" + "b2" * 20)
DIGEST = hashlib.sha256(seeded.REPORT).hexdigest()


def desk_over(journal: Journal) -> ExplorerDesk:
    return ExplorerDesk(journal, log_beside(journal), clock=lambda: seeded.STARTED + timedelta(hours=1))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a journal with its log, published and anchored; nobody writes to it."""
    folder = tmp_path_factory.mktemp("published")
    journal = seeded.open_journal(folder)
    write(journal, *BEFORE_SEALING, SEALING)
    publish(journal, desk_over(journal))
    anchor(journal, SEALED_INDEX + 1)
    journal.engine.dispose()
    return folder


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = seeded.open_journal(tmp_path)
    yield journal
    journal.engine.dispose()


@pytest.fixture(scope="module")
def client(published: Path) -> Iterator[TestClient]:
    """Of the published journal, which the tests only read."""
    journal = seeded.open_journal(published)
    yield TestClient(seeded.application(desk_over(journal), SETTINGS))
    journal.engine.dispose()


@pytest.fixture
def own(published: Path, tmp_path: Path) -> Iterator[Journal]:
    """A copy of the published journal, for a test that writes."""
    shutil.copytree(published, tmp_path, dirs_exist_ok=True)
    journal = seeded.open_journal(tmp_path)
    yield journal
    journal.engine.dispose()


@pytest.fixture
def empty(journal: Journal) -> Iterator[TestClient]:
    with TestClient(seeded.application(desk_over(journal), SETTINGS)) as client:
        yield client


PAGES = ["/", "/search", "/search?q=E3701", f"/evaluations/{seeded.SESSION}", "/records/0", f"/records/{SEALED_INDEX}"]


@pytest.mark.parametrize("language", ["", "en", "fr"])
@pytest.mark.parametrize("page", [*PAGES, f"/records/{TALLY_INDEX}", f"/checkpoints/{SEALED_INDEX + 1}"])
def test_every_page_reads_in_both_languages(client: TestClient, page: str, language: str) -> None:
    answer = client.get(page, params={"lang": language} if language else {})

    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert ('<html lang="en">' in answer.text) == (language == "en")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_asked_for_its_headers_alone(client: TestClient, page: str) -> None:
    assert client.head(page).status_code == 200


@pytest.mark.parametrize("page", ["/", "/search?q=x", "/evaluations/E3701000076012345001-1", "/records/0"])
def test_an_empty_explorer_has_its_pages_too(empty: TestClient, page: str) -> None:
    assert empty.get(page).status_code == (200 if page in {"/", "/search?q=x"} else 404)


def test_the_evaluation_is_told_in_one_paragraph_a_citizen_understands(client: TestClient) -> None:
    page = client.get(f"/evaluations/{seeded.SESSION}").text

    assert "2026 年 11 月 23 日" in page
    assert "的 5 名专家共同评审了本项目的投标文件。评标报告由 5 名成员签署、2 个中心签章" in page
    assert "9,743.22 万元" in page


def test_a_record_under_embargo_is_a_sealed_row_with_its_opening_time(client: TestClient) -> None:
    assert "封存至 中标候选人公示" in client.get(f"/evaluations/{seeded.SESSION}").text
    assert "sha256:5555" not in client.get(f"/records/{TALLY_INDEX}").text


def test_no_page_holds_a_score_or_a_name(client: TestClient) -> None:
    pages = [client.get(page).text for page in [*PAGES, f"/records/{TALLY_INDEX}", f"/checkpoints/{SEALED_INDEX + 1}"]]

    assert [seeded.SECRET_NAME in page or str(seeded.SECRET_POINTS) in page for page in pages] == [False] * len(pages)


@pytest.mark.parametrize(
    "page",
    [
        "/evaluations/x",
        "/evaluations/E3701000076012345002-1",
        "/records/10",
        "/records/-1",
        "/records/9999999999999999999999",
        "/records/²",
        "/checkpoints/3",
        "/checkpoints/x",
    ],
)
def test_what_is_not_public_is_a_page_that_says_so(client: TestClient, page: str) -> None:
    answer = client.get(page)

    assert (answer.status_code, "没有这个页面" in answer.text) == (404, True)


def test_words_from_the_search_box_are_shown_as_words(client: TestClient) -> None:
    page = client.get("/search", params={"q": '<script>alert(1)</script>"'}).text

    assert ("<script>alert" in page, "&lt;script&gt;" in page) == (False, True)


def test_the_language_link_keeps_what_was_searched(client: TestClient) -> None:
    page = client.get("/search", params={"q": "a&b=c 港沟"}).text

    assert 'href="/search?q=a%26b%3Dc+%E6%B8%AF%E6%B2%9F&amp;lang=en"' in page


def test_pages_may_call_nobody_but_us_and_the_chain(client: TestClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]

    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self' http://node.example:8545; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_a_documents_answer_proves_itself(client: TestClient) -> None:
    answer = client.get(f"/explorer/api/v1/documents/{DIGEST}").json()

    record, salt = unb64u(answer["record"]), unb64u(answer["salt"])
    leaf = merkle.leaf_hash(commitment.commit(salt, record))
    path = [unb64u(node) for node in answer["path"]]
    assert merkle.verify_inclusion(leaf, answer["index"], answer["size"], path, unb64u(answer["root"]))
    assert DIGEST.encode() in record
    assert (answer["chain_id"], answer["anchor"], answer["block"]) == (1337, SETTINGS.anchor, 20511)
    assert answer["witnesses"] == []


def test_a_documents_answer_names_the_centres_that_cosigned_a_checkpoint_over_it(
    own: Journal,
) -> None:
    anchor(own, SEALED_INDEX)
    cosigned(own, DL, SEALED_INDEX)
    line = cosigned(own, XA, SEALED_INDEX + 1)

    answer = TestClient(seeded.application(desk_over(own), SETTINGS)).get(f"/explorer/api/v1/documents/{DIGEST}").json()

    assert answer["witnesses"] == ["XA"]
    assert answer["note"].splitlines()[-1] == line


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"/explorer/api/v1/documents/{'0' * 64}", 404, "document-unknown"),
        ("/explorer/api/v1/documents/xyz", 422, "bad-digest"),
        (f"/explorer/api/v1/documents/{DIGEST}?size=3", 404, "record-not-in-checkpoint"),
        (f"/explorer/api/v1/documents/{DIGEST}?size=9999", 404, "size-unknown"),
        ("/explorer/static/api.py", 404, "not-found"),
        ("/explorer/static/..%2Fapi.py", 404, "not-found"),
        ("/explorer/static/none.js", 404, "not-found"),
    ],
)
def test_what_is_not_there_has_a_code(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_document_cannot_be_proven_before_anything_was_anchored(journal: Journal) -> None:
    desk = desk_over(journal)
    write(journal, *BEFORE_SEALING, SEALING)
    publish(journal, desk)
    with TestClient(seeded.application(desk, SETTINGS)) as client:
        assert client.get(f"/explorer/api/v1/documents/{DIGEST}").json()["code"] == "nothing-anchored"
        assert "transaction" not in client.get(f"/explorer/api/v1/evaluations/{seeded.SESSION}").json()
        assert "正在等待上链存证" in client.get(f"/evaluations/{seeded.SESSION}").text


def test_the_evidence_bundle_holds_what_is_not_public_and_nobody_gets_it_by_default(client: TestClient) -> None:
    answer = client.get(f"/evidence/{seeded.SESSION}.evidence.zip")

    assert (answer.status_code, answer.json()["code"]) == (403, "evidence-not-permitted")


def test_an_auditor_gets_the_evidence_bundle(journal: Journal) -> None:
    def bundle(session: str) -> bytes:
        if session != seeded.SESSION:
            raise NotFoundError("bundle-unknown", session=session)
        return b"PK"

    app = FastAPI()
    problems.install(app)
    app.include_router(routes(desk_over(journal), SETTINGS, bundles=bundle, auditor=lambda: None))
    with TestClient(app) as client:
        given = client.get(f"/evidence/{seeded.SESSION}.evidence.zip")
        assert (given.content, given.headers["Content-Disposition"]) == (
            b"PK",
            f'attachment; filename="{seeded.SESSION}.evidence.zip"',
        )
        assert client.get("/evidence/E3701-9.evidence.zip").json()["code"] == "bundle-unknown"


def test_an_evaluation_is_answered_to_programs_too(client: TestClient, own: Journal) -> None:
    answer = client.get(f"/explorer/api/v1/evaluations/{seeded.SESSION}").json()

    size = SEALED_INDEX + 1
    root = merkle.root(own.leaves(size)).hex()
    assert answer["checkpoint"] == {"origin": "jn.tongping", "size": size, "root": root}
    assert (answer["transaction"], answer["guests"]) == ("0x" + "ee" * 32, ["XA"])


def test_an_unsealed_evaluation_is_unknown_to_programs(empty: TestClient) -> None:
    answer = empty.get(f"/explorer/api/v1/evaluations/{seeded.SESSION}")

    assert (answer.status_code, answer.json()["code"]) == (404, "evaluation-unknown")


@pytest.mark.parametrize("name", ["explorer.css", "explorer.js", "examine.js", "merkle.js"])
def test_the_pages_own_files_are_served(client: TestClient, name: str) -> None:
    answer = client.get(f"/explorer/static/{name}")

    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
