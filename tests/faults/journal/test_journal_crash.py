"""A centre's process killed while it writes: after reopening, acknowledged entries are there, whole and in order."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from journal import Follower
from tests.unit.journal.made_journal import assert_sound, notes, open_journal, record

ROOT = Path(__file__).parents[3]
WRITER = """
import sys
from pathlib import Path
from tests.unit.journal.made_journal import NoteRow, fact, open_journal

journal = open_journal(Path(sys.argv[1]))
start = journal.size()
for number in range(start, start + 1000):
    with journal.work() as work:
        work.db.add(NoteRow(text=f"{number:06}"))
        work.record(fact(number))
    print(number, flush=True)
"""
CAREFUL = """
import os, signal, sys
from pathlib import Path
from tests.unit.journal.made_journal import NoteRow, fact, open_journal

with open_journal(Path(sys.argv[1])).work() as work:
    work.db.add(NoteRow(text="lost"))
    work.record(fact(99))
    work.db.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def start(program: str, directory: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(directory)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_what_was_acknowledged_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    acknowledged = -1
    for _ in range(3):
        with start(WRITER, tmp_path) as process:
            assert process.stdout is not None
            for _ in range(10):
                acknowledged = int(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
            rest = process.stdout.read().split()
            acknowledged = int(rest[-1]) if rest else acknowledged
        journal = open_journal(tmp_path)
        entries = assert_sound(journal)
        assert len(entries) - 1 in {acknowledged, acknowledged + 1}
        assert [entry.body for entry in entries] == [{"number": number} for number in range(len(entries))]
        assert notes(journal) == [f"{number:06}" for number in range(len(entries))]


def test_a_kill_inside_the_work_leaves_nothing_of_it(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1, 2)
    with start(CAREFUL, tmp_path) as process:
        assert process.wait() == -signal.SIGKILL
    assert (len(assert_sound(journal)), notes(journal)) == (2, [])
    record(journal, 3)
    assert [entry.body for entry in assert_sound(open_journal(tmp_path))] == [{"number": n} for n in (1, 2, 3)]


def test_a_follower_reopened_after_a_kill_misses_nothing(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1, 2)
    Follower("publish", journal, lambda _: None).run_once()
    with start(WRITER, tmp_path) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    reopened = open_journal(tmp_path)
    seen: list[int] = []
    follower = Follower("publish", reopened, lambda entry: seen.append(entry.index))
    while follower.run_once():
        pass
    assert seen == list(range(2, reopened.size()))
