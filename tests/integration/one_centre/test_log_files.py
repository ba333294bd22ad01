"""The log as served to the public: the checkpoint and the tiles it covers, cached as the format requires."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from node.centre import Centre
from records import facts
from records.ids import Author, ProjectId
from records.log.checkpoint import Checkpoint, open_note, sign_note
from records.log.tiles import ENTRIES, Tile, Tree, decode_bundle, tiles_of
from tests.unit.node.one_centre import Clock, centre_at, client_of

PROJECT = ProjectId("E3701000076012345001")
IMMUTABLE = "public, max-age=31536000, immutable"


def write(centre: Centre, count: int) -> None:
    with centre.journal.work() as work:
        for _ in range(count):
            work.record(
                facts.Fact(type=facts.TENDER_REGISTERED, project=PROJECT, author=Author("operator:operator"), body={})
            )


def publish(centre: Centre) -> Checkpoint:
    """Publish what the tiles hold, as anchoring does."""
    log = centre.ground.log
    tree = log.tree(log.catch_up())
    checkpoint = Checkpoint(origin=centre.keys.origin, size=tree.size, root=tree.root())
    log.tiles.publish(sign_note(checkpoint, name=centre.keys.origin, key=centre.keys.log))
    return checkpoint


@pytest.fixture(name="centre")
def _centre(tmp_path: Path) -> Iterator[Centre]:
    centre = centre_at(tmp_path, Clock())
    write(centre, 300)
    yield centre
    centre.stop()
    centre.journal.engine.dispose()


def fetched(client: TestClient, tile: Tile) -> bytes:
    answer = client.get(f"/log/{tile.path}")
    assert answer.status_code == 200
    return answer.content


def test_a_stranger_checks_the_whole_log_with_nothing_but_its_key(centre: Centre) -> None:
    publish(centre)
    client = client_of(centre)

    note = open_note(client.get("/log/checkpoint").text, [centre.keys.log_verifier])
    tree = Tree(note.size, lambda tile: fetched(client, tile))
    bundles = [tile for tile in tiles_of(note.size) if tile.level == ENTRIES]
    entries = [entry for tile in bundles for entry in decode_bundle(tile, fetched(client, tile))]

    assert (note.origin, note.size, note.root) == (centre.keys.origin, 300, tree.root())
    assert entries == centre.journal.commitments(0, 1000)


def test_tiles_are_kept_for_ever_and_the_checkpoint_for_seconds(centre: Centre) -> None:
    publish(centre)
    client = client_of(centre)

    for path in ("tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000"):
        answer = client.get(f"/log/{path}")
        assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
            "application/octet-stream",
            IMMUTABLE,
        )
    answer = client.get("/log/checkpoint")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
        "text/plain; charset=utf-8",
        "public, max-age=5, must-revalidate",
    )


def test_what_is_known_already_is_not_sent_again(centre: Centre) -> None:
    publish(centre)
    client = client_of(centre)

    for path in ("/log/checkpoint", "/log/tile/0/000"):
        tag = client.get(path).headers["etag"]
        again = client.get(path, headers={"If-None-Match": f'"other", {tag}'})
        head = client.head(path)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    known = client.get("/log/checkpoint").headers["etag"]
    write(centre, 1)
    publish(centre)
    assert client.get("/log/checkpoint", headers={"If-None-Match": known}).status_code == 200


def test_what_the_checkpoint_does_not_cover_is_not_shown(centre: Centre) -> None:
    client = client_of(centre)
    centre.ground.log.catch_up()
    assert client.get("/log/checkpoint").json()["code"] == "nothing-published"
    assert client.get("/log/tile/0/000").json()["code"] == "tile-unknown"
    publish(centre)
    write(centre, 300)
    centre.ground.log.catch_up()

    assert centre.ground.log.tiles.read(Tile(0, 1))
    for path in ("0/001", "0/001.p/45", "0/002.p/1", "entries/001", "1/000.p/2"):
        answer = client.get(f"/log/tile/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "tile-unknown")
    assert client.get("/log/tile/0/001.p/44").status_code == 200


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("0/00", "tile-path"),
        ("00/000", "tile-path"),
        ("..%2Fstate", "tile-path"),
        ("%2e%2e/%2e%2e/keys/log.pem", "tile-path"),
        ("0/000.p/0", "tile-path-width"),
        ("0/000.p/256", "tile-path-width"),
        ("64/000", "tile-path-level"),
        ("0/x018/x446/x744/x073/x709/x551/615", "tile-path-index"),
        ("0/x009/x223/x372/x036/x854/x775/808", "tile-path-index"),
        ("0/" + "x001/" * 500 + "000", "tile-path-long"),
    ],
)
def test_what_names_no_tile_is_not_found(centre: Centre, path: str, code: str) -> None:
    publish(centre)

    answer = client_of(centre).get(f"/log/tile/{path}")

    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_nothing_else_of_the_directory_is_served(centre: Centre) -> None:
    publish(centre)
    client = client_of(centre)

    assert {
        path: client.get(f"/log/{path}").status_code for path in ("state", "lock", "", "tile/", "tile")
    } == dict.fromkeys(("state", "lock", "", "tile/", "tile"), 404)
