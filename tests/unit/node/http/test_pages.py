"""What browsers get: the built applications when there are any, and headers that say what a page may load."""

from pathlib import Path

from fastapi import FastAPI
from starlette.testclient import TestClient

from node.http.headers import SecurityHeaders
from node.http.pages import add_pages


def client_with(web: Path, rpc: str = "", origin: str = "") -> TestClient:
    app = FastAPI()
    app.add_middleware(SecurityHeaders, rpc=rpc, origin=origin)
    add_pages(app, web)

    @app.get("/api/v1/thing")
    def thing() -> dict[str, str]:
        return {}

    return TestClient(app)


def built(directory: Path) -> Path:
    for name in ("console", "room"):
        (directory / "dist" / name / "assets").mkdir(parents=True)
        (directory / "dist" / name / "index.html").write_text(f"<h1>{name}</h1>", encoding="utf-8")
    (directory / "dist" / "room" / "assets" / "room-abc.js").write_text("1", encoding="utf-8")
    (directory / "shared").mkdir()
    (directory / "shared" / "tokens.css").write_text(":root{}", encoding="utf-8")
    return directory


def test_the_applications_and_the_tokens_are_served(tmp_path: Path) -> None:
    client = client_with(built(tmp_path))

    assert "console" in client.get("/console/").text
    assert client.get("/room").history[0].status_code == 307
    assert client.get("/shared/tokens.css").headers["content-type"].startswith("text/css")
    assert client.get("/room/").headers["cache-control"] == "no-cache"
    assert "immutable" in client.get("/room/assets/room-abc.js").headers["cache-control"]


def test_without_a_build_the_rest_still_answers(tmp_path: Path) -> None:
    client = client_with(tmp_path)

    assert client.get("/console/").status_code == 404
    assert client.get("/api/v1/thing").status_code == 200


def test_every_answer_says_what_may_be_loaded(tmp_path: Path) -> None:
    headers = client_with(tmp_path, rpc="http://127.0.0.1:8545").get("/api/v1/thing").headers

    assert "connect-src 'self' http://127.0.0.1:8545;" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


def test_over_https_browsers_are_told_to_stay_there(tmp_path: Path) -> None:
    open_net = client_with(tmp_path, origin="https://jn.example").get("/api/v1/thing").headers
    own_machine = client_with(tmp_path, origin="http://localhost:8101").get("/api/v1/thing").headers

    assert open_net["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in own_machine


def test_a_redirect_names_no_host(tmp_path: Path) -> None:
    """The host in a request is its sender's own word: nobody is sent there."""
    found = client_with(tmp_path).get("/api/v1/thing/?a=1", headers={"host": "evil.example"}, follow_redirects=False)

    assert (found.status_code, found.headers["location"]) == (307, "/api/v1/thing?a=1")
