"""A real evaluation, audited: sound as it was left, and every table's altered row told by its field."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from node.audit import tables
from node.migrations.tables import METADATA
from records.proof import Outcome
from tests.integration.audited_world import GUEST, HOST, Copy, copy_of, played

FIRST = "audit.first"
pytestmark = pytest.mark.timeout(900)  # the first test waits for a whole evaluation


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played(tmp_path_factory.mktemp("played") / "world")


@pytest.fixture
def host(world: Path, tmp_path: Path) -> Copy:
    return copy_of(world, HOST, tmp_path)


Edit = Callable[[str], str]


def swap(old: str, new: str) -> Edit:
    return lambda text: text.replace(old, new, 1)


def other_digit(text: str) -> str:
    """Another hex digit in the middle."""
    middle = len(text) // 2
    return text[:middle] + ("1" if text[middle] == "0" else "0") + text[middle + 1 :]


def turned(text: str) -> str:
    middle = len(text) // 2
    return text[:middle] + chr(ord(text[middle]) ^ 1) + text[middle + 1 :]


ONE = "rowid = (SELECT max(rowid) FROM {table})"
CHANGES = [
    ("tender", "value", "1", swap('"price_fen":', '"price_fem":'), "value.bidders[0].price_fe"),
    ("tender", "value", "1", swap('"name":"', '"name":"甲'), "value"),
    ("tender", "registered_at", "1", other_digit, "registered_at"),
    ("invitation", "terms", "1", swap('"seats":2', '"seats":3'), "terms.seats"),
    ("invitation", "history", "1", swap('"state":"CONFIRMED"', '"state":"REJECTED"'), "history[3].state"),
    ("committee_seat", "expert", "seat = 'JN-2'", swap("JN-E2", "JN-E9"), "expert"),
    ("room_entry", "wire", "place = 100", turned, "wire"),
    ("room_entry", "kind", "place = 100", turned, "kind"),
    ("room_entry", "author", "place = 100", turned, "author"),
    ("signing_report", "draft", "1", other_digit, "draft"),
    ("signing_report", "version", "1", lambda text: str(int(text) + 1), "version"),
    ("signing_signature", "at", "field = 'expert-JN-1'", other_digit, "at"),
    ("signing_signature", "identity", "field = 'expert-JN-1'", turned, "identity"),
    ("gateway_checkpoint", "note", ONE, swap("— jn", "— xn"), "note"),
    ("gateway_checkpoint", "root", ONE, turned, "root"),
    ("gateway_checkpoint", "receipt_json", ONE, turned, "receipt_json"),
    ("gateway_checkpoint", "block_json", ONE, turned, "block_json"),
    ("gateway_checkpoint", "transaction_json", ONE, turned, "transaction_json"),
    ("gateway_witness", "root", ONE, turned, "root"),
    ("gateway_witness", "note", ONE, turned, "note"),
    ("gateway_witness", "line", ONE, turned, "line"),
    ("gateway_cosignature", "line", ONE, turned, "line"),
    ("gateway_cosignature", "time", ONE, lambda text: str(int(text) + 1), "time"),
    ("explorer_record", "record", "type = 'tender.registered.v1'", turned, "record"),
    ("explorer_record", "salt", "type = 'tender.registered.v1'", turned, "salt"),
    ("explorer_evaluation", "title", "1", turned, "title"),
    ("explorer_tender", "tenderer", "1", turned, "tenderer"),
    ("journal_position", "position", "name = 'publish'", lambda _text: "100000", "position"),
]


def test_the_centres_are_sound_and_every_check_is_made(world: Path, tmp_path: Path) -> None:
    for city in (HOST, GUEST):
        verdict = copy_of(world, city, tmp_path).audit()
        assert verdict.ok
        passed = {check.name for check in verdict.checks if check.outcome is Outcome.PASS}
        assert {f"table.{name}" for name in tables.COMPARED if name != "journal_entry"} <= passed
        assert {"records.commitment", "records.columns", "records.chain", "files.reports", "files.documents"} <= passed


def test_every_table_is_compared_or_says_why_it_cannot_be() -> None:
    known = {*tables.COMPARED, *tables.NOT_DERIVABLE}

    assert known == {name for name in METADATA.tables if name != "test_note"}
    assert not set(tables.COMPARED) & set(tables.NOT_DERIVABLE)


@pytest.mark.parametrize(
    ("table", "column", "place", "edit", "field"),
    CHANGES,
    ids=[f"{one[0]}.{one[1]}-{n}" for n, one in enumerate(CHANGES)],
)
def test_an_altered_row_is_told_by_its_field(  # noqa: PLR0917 - one row of the table above
    host: Copy, table: str, column: str, place: str, edit: Edit, field: str
) -> None:
    host.edit(table, column, place.format(table=table), edit)

    failed = host.failed()
    assert str(failed[f"table.{table}"].values["field"]).startswith(field)
    assert failed[FIRST].values["field"] == failed[f"table.{table}"].values["field"]


@pytest.mark.parametrize("table", ["tender", "invitation", "room_entry", "signing_signature", "explorer_record"])
def test_a_row_taken_out_is_told_by_its_record(host: Copy, table: str) -> None:
    host.change(f"DELETE FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table})")  # noqa: S608 - as above

    check = host.failed()[f"table.{table}"]
    assert (check.values["field"], check.values["found"]) == ("row", "nothing")


def test_a_row_put_in_is_told(host: Copy) -> None:
    host.change(
        "INSERT INTO committee_seat (project, seat, expert) SELECT project, 'JN-9', expert FROM committee_seat LIMIT 1"
    )

    check = host.failed()["table.committee_seat"]
    assert (check.values["field"], check.values["expected"]) == ("row", "nothing")


def test_a_room_entry_moved_to_another_place_is_told(host: Copy) -> None:
    host.change("UPDATE room_entry SET place = 9999 WHERE place = 100")

    check = host.failed()["table.room_entry"]
    assert (check.values["field"], check.values["more"]) == ("place", 0)


@pytest.mark.parametrize(("folder", "check"), [("reports", "files.reports"), ("documents", "files.documents")])
def test_a_file_changed_or_missing_is_told(host: Copy, folder: str, check: str) -> None:
    files = sorted(path for path in (host.config.storage.files / folder).iterdir() if path.is_file())
    for path in files:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(bytes(data))
    assert host.failed()[check].values["found"] != "nothing"

    for path in files:
        path.unlink()
    assert host.failed()[check].values["found"] == "nothing"


def test_a_score_changed_in_its_record_is_told_by_its_field_alone_and_never_shown(host: Copy) -> None:
    scored = "type = 'room.entry-taken.v1' AND instr(record, '\"points\":')"
    last = f"entry_index = (SELECT max(entry_index) FROM journal_entry WHERE {scored})"  # noqa: S608 - as above
    host.edit("journal_entry", "record", last, lambda text: text.replace('"points":', '"points":1', 1))

    failed = host.failed()
    assert list(failed) == [FIRST, "records.commitment"]
    assert "points" in str(failed[FIRST].values["field"])
    assert str(failed[FIRST].values["expected"]).startswith("salted:")


def test_the_command_says_what_it_found_and_changes_nothing(host: Copy) -> None:
    config = host.database.parent / "tongping.toml"
    before = (
        hashlib.sha256(host.database.read_bytes()).hexdigest(),
        sorted(path.name for path in host.database.parent.rglob("*") if "-shm" not in path.name),
    )

    good = fsck(config)
    host.edit("tender", "registered_at", "1", other_digit)
    bad, as_json = fsck(config), fsck(config, "--json")

    assert (good.returncode, bad.returncode, as_json.returncode) == (0, 1, 1)
    assert bad.stdout.splitlines()[0].startswith("✗ audit.first  table tender, row ")
    assert '"field": "registered_at"' in as_json.stdout
    assert good.stdout.splitlines()[-1].startswith("0 failed")
    assert before[1] == sorted(path.name for path in host.database.parent.rglob("*") if "-shm" not in path.name)


def test_without_a_centre_the_command_cannot_run(tmp_path: Path, host: Copy) -> None:
    config = host.database.parent / "tongping.toml"
    (host.config.storage.keys / "log.pem").unlink()

    ended = fsck(config)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "centre-not-started" in ended.stderr


def test_a_chain_that_does_not_answer_is_no_verdict(host: Copy) -> None:
    command = [sys.executable, "-m", "node", "fsck", "--config", str(host.database.parent / "tongping.toml")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert ended.returncode == 2
    assert "chain-unreachable" in ended.stderr


def fsck(config: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "node", "fsck", "--config", str(config), "--offline", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
