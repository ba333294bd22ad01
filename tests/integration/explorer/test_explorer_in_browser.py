"""The public's way in a real browser, against a real chain: drop a file, and see it proven or not."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.integration.explorer.explorer_site import Site, site
from tests.unit.chain_gateway.explorer.seeded import DRAFT, REPORT, SESSION, TITLE

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("explorer")) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, running: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=running.url)
    yield context.new_page()
    context.close()


def dropped(page: Page, content: bytes, name: str = "report.pdf") -> str:
    """Drop a file on the page as a mouse would; return the outcome."""
    script = """([name, encoded]) => {
        const bytes = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
        const dropped = new DataTransfer();
        dropped.items.add(new File([bytes], name));
        const place = document.querySelector("[data-drop]");
        place.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(script, [name, base64.b64encode(content).decode()])
    verdict = page.locator("[data-verdict][data-outcome]")
    verdict.wait_for()
    return str(verdict.get_attribute("data-outcome"))


def outcomes(page: Page) -> list[tuple[str, str]]:
    """The checks that the page shows, in its order."""
    return [
        (str(line.get_attribute("data-check")), str(line.get_attribute("class")))
        for line in page.locator(".checks li").all()
    ]


@pytest.mark.parametrize("path", ["/", "/?lang=en", f"/evaluations/{SESSION}"])
def test_the_sealed_report_is_found_and_proven_against_the_chain(page: Page, path: str) -> None:
    page.goto(path)

    assert dropped(page, REPORT) == "proven"
    assert outcomes(page) == [
        ("document.digest", "pass"),
        ("record.document-digest", "pass"),
        ("record.commitment", "pass"),
        ("log.inclusion", "pass"),
        ("chain.head", "pass"),
        ("chain.cosignatures", "pass"),
    ]


def test_from_the_verdict_one_goes_on_to_the_evaluation(page: Page) -> None:
    page.goto("/")
    dropped(page, REPORT)

    page.get_by_role("link", name="查看这次评标").click()

    assert page.locator("h1").inner_text() == TITLE


@pytest.mark.parametrize("content", [b"another file", b"", REPORT[:-1], REPORT + b"\n"])
def test_another_file_is_not_found_and_that_is_said_plainly(page: Page, content: bytes) -> None:
    page.goto("/")

    assert dropped(page, content) == "unknown"
    assert "没有查到这份文件" in page.locator("[data-verdict]").inner_text()


def test_the_report_before_its_signatures_is_called_a_draft(page: Page) -> None:
    page.goto("/")

    assert dropped(page, DRAFT) == "draft"


def test_the_dropped_file_goes_nowhere(page: Page) -> None:
    bodies: list[bytes] = []
    page.on("request", lambda request: bodies.append(request.post_data_buffer or b""))
    page.goto("/")

    dropped(page, REPORT)

    assert [body for body in bodies if b"sealed report" in body or len(body) > 1000] == []


def test_a_site_that_lies_about_its_log_is_found_out_by_the_chain_and_the_failed_check_leads(page: Page) -> None:
    def lie(route: Route) -> None:
        honest = json.loads(route.fetch().text())
        route.fulfill(json={**honest, "index": 0, "size": 1, "path": [], "root": honest["commitment"]})

    page.route("**/explorer/api/v1/documents/*", lie)
    page.goto("/")

    assert dropped(page, REPORT) == "failed"
    assert [outcome for _, outcome in outcomes(page)] == ["fail", "fail", "pass", "pass", "pass", "pass"]
    assert "核对不通过" in page.locator("[data-verdict] h3").inner_text()


def test_when_the_chain_does_not_answer_nothing_is_called_proven(page: Page, running: Site) -> None:
    page.route(f"{running.consortium.chain.rpc}/**", lambda route: route.abort())
    page.goto("/")

    assert dropped(page, REPORT) == "open"
    assert outcomes(page)[-1] == ("chain.head", "absent")


def test_when_the_site_does_not_answer_the_page_says_what_is_safe(page: Page) -> None:
    page.goto("/")
    page.route("**/explorer/api/v1/documents/*", lambda route: route.abort())

    assert dropped(page, REPORT) == "error"
    assert "文件没有离开您的电脑" in page.locator("[data-verdict]").inner_text()


def test_a_file_with_a_hostile_name_is_only_a_name(page: Page) -> None:
    page.goto("/")

    dropped(page, REPORT, name='<img src=x onerror="document.title=1">.pdf')

    assert page.locator("[data-verdict] img").count() == 0


def test_a_file_chosen_by_keyboard_is_checked_too(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(REPORT)
    page.goto("/")

    page.set_input_files("input[type=file]", file)
    page.locator("[data-outcome=proven]").wait_for()

    assert page.evaluate("document.activeElement.hasAttribute('data-verdict')") is True


@pytest.mark.parametrize("path", ["/", f"/evaluations/{SESSION}", "/records/46", "/search?q=济南"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_is_wider_than_a_phone(page: Page, path: str, language: str) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")

    assert page.evaluate("document.documentElement.scrollWidth") == 375


def test_without_scripts_everything_reads_and_the_command_line_is_named(browser: Browser, running: Site) -> None:
    context = browser.new_context(base_url=running.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/evaluations/{SESSION}")

    text = page.locator("main").inner_text()
    assert [part in text for part in ("5 名专家", "封存至", "tongping verify")] == [True] * 3
    assert page.locator("[data-drop]").is_visible() is False
    context.close()


def test_a_press_copies_the_whole_digest(browser: Browser, running: Site) -> None:
    context = browser.new_context(base_url=running.url, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"/evaluations/{SESSION}")

    page.get_by_role("button", name="复制").first.click()

    assert len(page.evaluate("navigator.clipboard.readText()")) == 64
    context.close()
