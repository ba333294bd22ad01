"""A real evaluation, audited: sound as left, and every table's altered row reported by its field."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from node.audit import tables
from node.cli import cli
from node.migrations.tables import METADATA
from records.proof import Outcome
from tests.integration.audited_world import GUEST, HOST, Copy, copy_of, played

FIRST = "audit.first"
pytestmark = pytest.mark.timeout(900, method="signal")  # the first test waits for a whole evaluation and its processes


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
    ("invitation", "terms", "1", swap('"seats":2', '"seats":3'), "terms.seats"),
    ("invitation", "history", "1", swap('"state":"CONFIRMED"', '"state":"REJECTED"'), "history[3].state"),
    ("committee_seat", "expert", "seat = 'JN-2'", swap("JN-E2", "JN-E9"), "expert"),
    ("room_entry", "wire", "place = 100", turned, "wire"),
    ("room_entry", "kind", "place = 100", turned, "kind"),
    ("room_entry", "author", "place = 100", turned, "author"),
    ("signing_signature", "at", "field = 'expert-JN-1'", other_digit, "at"),
    ("signing_signature", "identity", "field = 'expert-JN-1'", turned, "identity"),
    ("gateway_checkpoint", "note", ONE, swap("— jn", "— xn"), "note"),
    ("explorer_record", "record", "type = 'tender.registered.v1'", turned, "record"),
    ("explorer_record", "salt", "type = 'tender.registered.v1'", turned, "salt"),
    ("journal_position", "position", "name = 'publish'", lambda _text: "100000", "position"),
]
FREE = {
    ("journal_position", "name"): "where a follower goes on is its own; one without a row begins anew",
    ("journal_position", "stopped"): "why a follower waits is told by no record",
    ("gateway_witness", "delivered"): "whether a line must be sent again; a second time changes nothing",
    ("room_entry", "place"): "an order, held by a test of its own",
}
"""Columns that are in no record, and why changing them gains nothing."""
OTHERWISE = {
    ("journal_entry", "entry_index"): "index",
    ("journal_entry", "record"): "body",
    ("gateway_checkpoint", "signed_raw"): "signed_hash",
    ("gateway_checkpoint", "receipts_json"): "receipt_json",
    ("gateway_cosignature", "size"): "size",
    ("gateway_cosignature", "witness"): "witness",
}
"""Columns whose alteration is reported under another name, or under their own though they are part of a key."""
SEEN_ELSEWHERE = {"gateway_fork", "monitor_alarm"}
"""Tables that stay empty when nothing is wrong; tests/unit/node/audit holds their columns."""
COLUMNS = [
    (name, column.name, OTHERWISE.get((name, column.name), "row" if column.primary_key else column.name))
    for name in tables.COMPARED
    if name not in SEEN_ELSEWHERE
    for column in METADATA.tables[name].columns
    if (name, column.name) not in FREE
]
"""Every other column, and the field reported when it changes: for a key, that there is no such row."""


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


@pytest.mark.parametrize(("table", "column", "field"), COLUMNS, ids=[f"{name}.{column}" for name, column, _ in COLUMNS])
def test_no_column_of_a_compared_table_changes_unseen(host: Copy, table: str, column: str, field: str) -> None:
    host.disturb(table, column)

    failed = host.failed()
    check = next(
        name for name in failed if name == f"table.{table}" or (table, name[:8]) == ("journal_entry", "records.")
    )
    told = str(failed[check].values["field"]).partition(".")[0].partition("[")[0]
    assert told == field
    assert str(failed[check].values["where"]).startswith(
        "record" if table == "journal_entry" else f"table {table}, row "
    )


@pytest.mark.parametrize(
    "table",
    [
        *("tender", "invitation", "committee_seat", "room_entry", "signing_report", "signing_signature"),
        *("gateway_checkpoint", "explorer_record", "explorer_evaluation", "explorer_tender"),
    ],
)
def test_a_row_taken_out_is_told_by_its_record(host: Copy, table: str) -> None:
    host.change(f"DELETE FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table})")  # noqa: S608 - as above

    check = host.failed()[f"table.{table}"]
    assert (check.values["field"], check.values["found"]) == ("row", "nothing")


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("committee_seat", "seat"),
        ("tender", "project"),
        ("invitation", "id"),
        ("signing_report", "session"),
        ("signing_signature", "field"),
        ("explorer_evaluation", "session"),
        ("explorer_tender", "project"),
    ],
)
def test_a_row_put_in_is_told(host: Copy, table: str, key: str) -> None:
    others = ", ".join(column.name for column in METADATA.tables[table].columns if column.name != key)
    host.change(f"INSERT INTO {table} ({key}, {others}) SELECT 'JN-9', {others} FROM {table} LIMIT 1")  # noqa: S608 - as above

    check = host.failed()[f"table.{table}"]
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


Spoil = Callable[[Copy], None]


def spoil_record(host: Copy) -> None:
    host.edit("journal_entry", "record", "entry_index = 40", turned)


def spoil_table(host: Copy) -> None:
    host.edit("room_entry", "wire", "place = 100", turned)


def spoil_tile(host: Copy) -> None:
    turn(max((log_of(host) / "tile" / "0").rglob("*"), key=lambda path: int(path.name) if path.is_file() else 0))


def spoil_checkpoint(host: Copy) -> None:
    turn(log_of(host) / "checkpoint")


def log_of(host: Copy) -> Path:
    return host.config.storage.files / "log"


def turn(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (spoil_record, "record 40, "),
        (spoil_tile, "log/tile/0/"),
        (spoil_table, "table room_entry, row 100, wire"),
        (spoil_checkpoint, "log/checkpoint, "),
    ],
    ids=["record", "tile", "table", "checkpoint"],
)
def test_one_byte_ends_the_command_with_1_and_its_first_line_names_it(
    host: Copy, capsys: pytest.CaptureFixture[str], spoil: Spoil, where: str
) -> None:
    spoil(host)

    ended = fsck(host, capsys)
    assert ended.code == 1
    assert ended.out.splitlines()[0].startswith(f"✗ audit.first  {where}")


def test_the_command_says_what_it_found_and_changes_nothing(host: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    before = files_of(host)

    good = fsck(host, capsys)
    assert (good.code, good.out.splitlines()[-1][:8]) == (0, "0 failed")
    assert files_of(host) == before

    host.edit("tender", "registered_at", "1", other_digit)
    before, bad, as_json = files_of(host), fsck(host, capsys), fsck(host, capsys, "--json")
    assert (bad.code, as_json.code) == (1, 1)
    assert bad.out.splitlines()[0].startswith("✗ audit.first  table tender, row ")
    assert '"field": "registered_at"' in as_json.out
    assert files_of(host) == before


def files_of(host: Copy) -> dict[str, str]:
    """Every file of a centre by its digest; SQLite's own side files come and go."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in host.database.parent.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def test_as_a_program_of_its_own_it_ends_with_1_too(host: Copy) -> None:
    host.edit("tender", "registered_at", "1", other_digit)

    config = host.database.parent / "tongping.toml"
    command = [sys.executable, "-m", "node", "fsck", "--config", str(config), "--offline"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert (ended.returncode, ended.stdout.splitlines()[0][:35]) == (1, "✗ audit.first  table tender, row E3")


def test_without_a_centre_the_command_cannot_run(host: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    (host.config.storage.keys / "log.pem").unlink()

    ended = fsck(host, capsys)

    assert (ended.code, ended.out) == (2, "")
    assert "centre-not-started" in ended.err


def test_a_chain_that_does_not_answer_is_no_verdict(host: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    ended = fsck(host, capsys, offline=False)

    assert (ended.code, ended.out) == (2, "")
    assert "chain-unreachable" in ended.err


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the command ended."""

    code: object
    out: str
    err: str


def fsck(host: Copy, capsys: pytest.CaptureFixture[str], *options: str, offline: bool = True) -> Ended:
    """The command as the console script runs it, in this process."""
    arguments = ["fsck", "--config", str(host.database.parent / "tongping.toml"), *options]
    capsys.readouterr()
    with pytest.raises(SystemExit) as raised:
        cli.run(partial(cli.app, [*arguments, "--offline"] if offline else arguments))
    said = capsys.readouterr()
    return Ended(code=raised.value.code, out=said.out, err=said.err)
