"""A centre looks after its folders: it says which cannot be written, why, and how much space is left."""

from dataclasses import replace
from pathlib import Path

import pytest

from node import storage
from node.config import Config
from node.operations.checkup import checkup
from records.errors import UnavailableError
from records.proof import Outcome
from tests.unit.node.one_centre import centre_config

NOWHERE = Path("/proc/self")
"""A folder in which nobody makes a file, not even root."""


def with_files(config: Config, folder: Path) -> Config:
    return replace(config, storage=replace(config.storage, files=folder))


@pytest.fixture(name="config")
def _config(tmp_path: Path) -> Config:
    return centre_config(tmp_path)


def test_a_centre_does_not_start_where_it_cannot_write(config: Config) -> None:
    with pytest.raises(UnavailableError) as raised:
        storage.require_writable(with_files(config, NOWHERE / "files"))

    assert raised.value.code == "folder-not-writable"
    assert raised.value.values["reason"] in {"ENOENT", "EACCES", "EPERM"}
    assert str(raised.value.values["path"]).startswith("/proc/")


def test_folders_that_are_still_to_be_made_are_no_hindrance(config: Config, tmp_path: Path) -> None:
    storage.require_writable(with_files(config, tmp_path / "not" / "yet" / "there"))

    assert [place.name for place in storage.places(config)] == ["database", "files", "keys"]
    assert not (tmp_path / "not").exists()


def test_too_little_space_is_an_alarm_with_both_figures(config: Config) -> None:
    greedy = replace(config, monitor=replace(config.monitor, free_mib=10**9))
    looked = {one.subject: [fault.code for fault in one.faults] for one in storage.looked(greedy)}

    assert looked == {
        "storage:database": ["disk-nearly-full"],
        "storage:files": ["disk-nearly-full"],
        "storage:keys": ["disk-nearly-full"],
    }
    assert next(storage.looked(greedy)).faults[0].expected == "1000000000 MiB free"


def test_a_sound_centre_gives_no_fault(config: Config) -> None:
    modest = replace(config, monitor=replace(config.monitor, free_mib=1))

    assert [one.faults for one in storage.looked(modest)] == [(), (), ()]
    assert {one.outcome for one in storage.checks(modest)} == {Outcome.PASS}


def test_check_names_the_folder_and_opens_nothing(config: Config) -> None:
    config.storage.keys.mkdir(parents=True)
    verdict = checkup(with_files(config, NOWHERE))

    told = {one.name: one.outcome for one in verdict.checks}
    assert told == {
        "storage.database": Outcome.PASS,
        "storage.files": Outcome.FAIL,
        "storage.keys": Outcome.PASS,
    }
    assert not Path(config.storage.database.removeprefix("sqlite:///")).exists()


def test_a_database_on_a_server_is_that_servers_concern(config: Config) -> None:
    served = replace(config, storage=replace(config.storage, database="postgresql+psycopg://localhost/tongping"))

    assert [place.name for place in storage.places(served)] == ["files", "keys"]
