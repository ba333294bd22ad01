"""A host restored from a backup of before it opened a session opens no second one: its guest returns it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from evaluation_room.stages import Stage
from node.centre import Centre, open_centre, open_journal
from node.config import Config
from records import facts
from records.actors import Role
from records.errors import NotFoundError, UnavailableError
from records.facts import Fact
from records.ids import Author, CentreCode, ProjectId
from tests.integration.node.node_centres import centre_config, free_port, serving, signed_in
from tests.integration.node.test_node_session import PROJECT, SESSION, agreed, eventually


@contextmanager
def running(config: Config) -> Iterator[Centre]:
    centre = open_centre(config)
    with serving(centre):
        yield centre
    centre.journal.engine.dispose()


def copy(source: Path, target: Path) -> None:
    here, there = sqlite3.connect(source), sqlite3.connect(target)
    here.backup(there)
    here.close()
    there.close()


def restore(config: Config, backup: Path) -> None:
    """The old database in place, and in its journal what `tongping recover` says."""
    database = Path(config.storage.database.removeprefix("sqlite:///"))
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()
    copy(backup, database)
    journal = open_journal(config)
    with journal.work() as work:
        work.record(
            Fact(
                type=facts.JOURNAL_RECOVERED,
                project=ProjectId(""),
                author=Author("system:recover"),
                body={"from": 9, "to": 9, "mirror": "XA", "root": "sha256:" + "0" * 64},
            )
        )
    journal.engine.dispose()


def opened_and_lost(config: Config, guest: Centre, *, entered: bool) -> dict[Author, str]:
    """Backed up after the office work; then the session is opened, perhaps entered; returns the guest's entries."""
    backup = Path(config.storage.files).parent / "backup.db"
    with running(config) as host:
        agreed(signed_in(host, "op-1", Role.OPERATOR), signed_in(guest, "op-1", Role.OPERATOR))
        copy(Path(config.storage.database.removeprefix("sqlite:///")), backup)
        assert host.sessions.open(ProjectId(PROJECT)) == SESSION
        if entered:
            host.room.enter_stage(SESSION, Stage.CHECK_IN)
        assert eventually(lambda: guest.room.heads(SESSION) == host.room.heads(SESSION))
        held = {author: str(head) for author, head in guest.room.heads(SESSION).items()}
    restore(config, backup)
    return held


def entered(host: Centre) -> bool:
    try:
        return host.room.enter_stage(SESSION, Stage.CHECK_IN).entry.kind == "stage-entered"
    except UnavailableError as error:
        if error.code != "room-recovering":
            raise
        return False


@pytest.mark.parametrize("stage_lost", [False, True])
def test_a_session_that_the_host_lost_comes_back_from_its_guest_and_goes_on(
    tmp_path: Path, *, stage_lost: bool
) -> None:
    ports = {"JN": free_port(), "XA": free_port()}
    config = centre_config("JN", tmp_path, ports)
    with running(centre_config("XA", tmp_path, ports)) as guest:
        held = opened_and_lost(config, guest, entered=stage_lost)
        with running(config) as host:
            assert host.room.sessions() == []
            assert host.sessions.open(ProjectId(PROJECT)) == SESSION
            assert eventually(lambda: entered(host))
            assert eventually(lambda: guest.room.session(SESSION).stage is Stage.CHECK_IN)
            assert eventually(lambda: guest.room.heads(SESSION) == host.room.heads(SESSION))
            assert guest.room.frontier(SESSION) == {Author("centre:JN"): 2}
            if stage_lost:
                assert guest.room.heads(SESSION) == held
            assert host.links.alarms(SESSION) == guest.links.alarms(SESSION) == {}
            assert guest.sessions.opening_for(CentreCode("JN"), SESSION).entry.seq == 1
            with pytest.raises(NotFoundError, match="session-unknown"):
                guest.sessions.opening_for(CentreCode("DL"), SESSION)


def test_while_a_guest_does_not_answer_nothing_is_opened(tmp_path: Path) -> None:
    ports = {"JN": free_port(), "XA": free_port()}
    config = centre_config("JN", tmp_path, ports)
    with running(centre_config("XA", tmp_path, ports)) as guest:
        opened_and_lost(config, guest, entered=False)
    with running(config) as host:
        with pytest.raises(UnavailableError, match="peer-unreachable"):
            host.sessions.open(ProjectId(PROJECT))
        assert host.room.sessions() == []
