"""A centre's configuration: what is read, and how a wrong one is refused."""

from pathlib import Path

import pytest

from node.config import ConfigError, load

GOOD = """
trust = "trust.json"
demo = true

[centre]
code = "JN"
name_zh = "济南公共资源交易中心"
name_en = "Jinan"
city_zh = "济南"
city_en = "Jinan"

[server]
port = 8101

[storage]
database = "jn.sqlite3"
files = "files"
keys = "keys"

[[peers]]
code = "XA"
url = "http://localhost:8102"
entry_key = "BA"
"""


def written(directory: Path, text: str) -> Path:
    path = directory / "centre.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_count_from_the_place_of_the_file(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD), {})

    assert config.storage.database == f"sqlite:///{tmp_path / 'jn.sqlite3'}"
    assert (config.storage.keys, config.trust) == (tmp_path / "keys", tmp_path / "trust.json")
    assert [peer.code for peer in config.peers] == ["XA"]


def test_the_environment_overrules_the_file(tmp_path: Path) -> None:
    config = load(
        written(tmp_path, GOOD),
        {"TONGPING_SERVER_PORT": "9000", "TONGPING_CENTRE_CODE": "DL", "TONGPING_DEMO": "false", "HOME": "/root"},
    )

    assert (config.server.port, config.centre.code, config.demo) == (9000, "DL", False)


def test_an_absolute_database_url_is_taken_as_it_is(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD), {"TONGPING_STORAGE_DATABASE": "postgresql://db/jn"})

    assert config.storage.database == "postgresql://db/jn"


@pytest.mark.parametrize("text", ["[centre", "\x00", "a = 1\na = 2"])
def test_a_broken_file_is_unreadable(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(written(tmp_path, text), {})

    assert raised.value.code == "config-unreadable"


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path / "none.toml", {})

    assert raised.value.code == "config-unreadable"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('code = "JN"', "", "centre.code"),
        ('code = "JN"', 'code = "jinan"', "centre.code"),
        ("port = 8101", 'port = "many"', "server.port"),
        ("port = 8101", "port = 70000", "server.port"),
        ("port = 8101", "port = true", "server.port"),
        ("port = 8101", "port = 8101\ncolour = 1", "server.colour"),
        ("demo = true", "demo = 3", "demo"),
        ("demo = true", "damo = true", "damo"),
        ('url = "http://localhost:8102"', "", "peers[0].url"),
        ('code = "XA"', 'code = "JN"', "peers"),
        ("[server]\nport = 8101", "", "server.port"),
        ("[storage]", "[storage]\nsamples = 3", "storage.samples"),
        ("[storage]", "[chain]\ninterval_seconds = 0\n[storage]", "chain.interval_seconds"),
        ("[storage]", "[chain]\ninterval_seconds = -5\n[storage]", "chain.interval_seconds"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(written(tmp_path, GOOD.replace(old, new)), {})

    assert (raised.value.code, raised.value.values["key"]) == ("config-invalid", key)


def test_a_section_that_is_no_table_is_named_though_the_environment_says_one_of_its_keys(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load(
            written(tmp_path, "server = 3\n" + GOOD.replace("[server]\nport = 8101", "")),
            {"TONGPING_SERVER_PORT": "9000"},
        )

    assert raised.value.values == {"key": "server", "reason": "must be a table"}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("port = 8101", "", "missing"),
        ("port = 8101", "prot = 8101", "unknown key"),
        ("port = 8101", 'port = "x"', "must be a whole number"),
        ("demo = true", 'demo = "yes"', "must be true or false"),
        ('code = "JN"', "code = 1", "must be text"),
    ],
)
def test_what_is_wrong_with_a_key_is_said_in_words(tmp_path: Path, old: str, new: str, reason: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(written(tmp_path, GOOD.replace(old, new)), {})

    assert raised.value.values["reason"] == reason


@pytest.mark.parametrize(
    "url", ["https://xa.example", "http://localhost:8102", "http://127.0.0.1:8102", "http://[::1]:8102"]
)
def test_centres_speak_encrypted_or_on_one_machine(tmp_path: Path, url: str) -> None:
    assert load(written(tmp_path, GOOD.replace("http://localhost:8102", url)), {}).peers[0].url == url


@pytest.mark.parametrize(
    "url", ["http://xa.example", "http://10.0.0.2:8102", "http://localhost.example", "xa.example", "ftp://localhost"]
)
def test_through_the_open_net_nothing_is_said_unencrypted(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(written(tmp_path, GOOD.replace("http://localhost:8102", url)), {})

    assert raised.value.values["key"] == "peers.url"
