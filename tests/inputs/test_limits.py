"""Limits in the right unit: bytes where a certificate counts bytes, characters for people, paths as files have them."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509.oid import NameOID
from sqlalchemy.engine import make_url

from journal import open_engine
from journal.store import sqlite_url
from node.config import Config, ConfigError, parse
from node.foundation import open_journal
from records.ids import CentreCode
from signing.keys.authority import Profile, Subject, new_key, open_authority, shortened
from signing.keys.keyring import open_keyring
from tests.unit.journal.made_journal import record
from tests.unit.node.one_centre import Clock, centre_at

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
WITHOUT_OVERRIDE = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
"""Runs a program as root whom the permissions of files bind like anybody else."""


@pytest.mark.parametrize("length", [21, 22, 64])
def test_a_centre_with_a_long_chinese_name_has_its_seal(tmp_path: Path, length: int) -> None:
    name = ("济南公共资源交易中心港沟街道" * 8)[:length]

    keyring = open_keyring(tmp_path, code=CentreCode("JN"), organisation=name, now=NOW, randomness=os.urandom)

    subject = keyring.seal.identity.x509.subject
    assert subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == name
    assert len(str(subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value).encode()) <= 64
    assert keyring.seal.identity.name == name


@pytest.mark.parametrize(
    "name", ["阿卜杜热合曼·麦麦提图尔荪·阿卜杜拉·买买提明江", "𠮷" * 17, "་བོད་" * 20, "A" * 65, "ئۇيغۇرچە " * 8]
)
def test_an_experts_long_name_is_cut_between_characters_and_stands_whole_beside(tmp_path: Path, name: str) -> None:
    authority = open_authority(tmp_path, name="同评本地根证书 JN", now=NOW)
    subject = Subject(name=name, organisation="济南", unit="评标专家")

    made = authority.issue(subject, new_key().public_key(), profile=Profile.EXPERT, now=NOW)

    common = str(made.x509.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    assert made.name == name
    assert common.endswith("…")
    assert len(common.encode()) <= 64
    assert name.startswith(common.removesuffix("…"))


def test_a_name_of_exactly_64_bytes_is_left_as_it_is() -> None:
    assert shortened("中" * 21 + "a") == "中" * 21 + "a"
    assert shortened("中" * 21 + "ab") == "中" * 20 + "…"


def tree(**centre: str) -> dict[str, Any]:  # Any: as the TOML parser gives it
    names = {"name_zh": "济南", "name_en": "Jinan", "city_zh": "济南", "city_en": "Jinan"}
    return {
        "centre": {"code": "JN", **names, **centre},
        "server": {"port": 8101},
        "storage": {"database": "centre.db", "files": "files", "keys": "keys"},
    }


def configured(directory: Path, **centre: str) -> Config:
    return parse(tree(**centre), directory=directory, environment={})


def test_a_name_of_more_characters_than_a_certificate_takes_is_refused_by_its_key(tmp_path: Path) -> None:
    assert configured(tmp_path, name_zh="中" * 64).centre.name_zh == "中" * 64

    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, name_zh="中" * 65)

    assert caught.value.values == {"key": "centre.name_zh", "reason": "must be at most 64 characters"}


@pytest.mark.parametrize("folder", ["a?b", "a%20b", "a#b", "a b", "a&b=c", "济南 中心", "a:b@c"])
def test_a_folder_may_be_called_what_it_likes(tmp_path: Path, folder: str) -> None:
    directory = tmp_path / folder
    directory.mkdir()

    config = configured(directory)
    journal = open_journal(config)
    journal.engine.dispose()

    assert (directory / "centre.db").is_file()
    assert make_url(config.storage.database).database == str(directory / "centre.db")


def test_two_folders_that_differ_behind_a_question_mark_have_two_databases(tmp_path: Path) -> None:
    journals = []
    for folder in ("a?b", "a?c"):
        (tmp_path / folder).mkdir()
        journals.append(open_journal(configured(tmp_path / folder)))
    record(journals[0], 1)

    sizes = [journal.size() for journal in journals]
    for journal in journals:
        journal.engine.dispose()

    assert sizes == [1, 0]


def test_an_address_of_a_database_is_read_back_as_its_file(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path / "100% 是?#.db"))
    assert engine.url.database == str(tmp_path / "100% 是?#.db")
    engine.dispose()


@pytest.fixture(name="copy")
def _copy(tmp_path: Path) -> Iterator[Path]:
    """A stopped centre's files where nobody may write."""
    centre = centre_at(tmp_path, Clock())
    centre.follower("log").run_once()
    centre.stop()
    centre.journal.engine.dispose()
    home = Path(tempfile.mkdtemp(prefix="read-only-"))
    shutil.copytree(tmp_path, home / "centre")
    (home / "centre.toml").write_text(
        '[centre]\ncode = "JN"\nname_zh = "济南"\nname_en = "Jinan"\ncity_zh = "济南"\ncity_en = "Jinan"\n'
        "[server]\nport = 8101\n"
        '[storage]\ndatabase = "centre/jn.sqlite3"\nfiles = "centre/files"\nkeys = "centre/keys"\n',
        encoding="utf-8",
    )
    for path in [home, *home.rglob("*")]:
        path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH | (0o111 if path.is_dir() else 0))
    yield home
    for path in [home, *home.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    shutil.rmtree(home)


def test_a_read_only_copy_is_audited_by_somebody_who_may_not_write(copy: Path) -> None:
    before = sorted(path.name for path in copy.rglob("*"))

    bound = WITHOUT_OVERRIDE if os.geteuid() == 0 else []

    done = subprocess.run(
        [
            *bound,
            sys.executable,
            "-m",
            "node",
            "fsck",
            "--offline",
            "--config",
            str(copy / "centre.toml"),
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/nonexistent", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in copy.rglob("*")) == before
