"""Reads the configuration of one centre: a TOML file, overridden key by key by the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from journal.store import sqlite_url
from records import strict_text
from records.errors import InvalidRecordError
from records.ids import CentreCode, parse_centre
from records.strict_fields import Reader, in_words
from records.text import names
from signing.keys.authority import LONGEST_ORGANISATION

ENVIRONMENT_PREFIX = "TONGPING_"
INSTALLATION = Path(__file__).resolve().parent.parent  # the default folder of samples, built pages and fonts


class ConfigError(InvalidRecordError):
    """The configuration cannot be used: codes config-unreadable and config-invalid (values name the key)."""

    code = "config-invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreConfig:
    code: CentreCode
    name_zh: str
    name_en: str
    city_zh: str
    city_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig:
    """The listening address; `origin` is the browser's view of it (passkeys are bound to its host name).

    `requests_per_second`: what one network address may ask on average, 0 for no limit.
    """

    port: int
    host: str = "127.0.0.1"
    origin: str = ""
    rp_id: str = "localhost"
    requests_per_second: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageConfig:
    """`database` is an SQLAlchemy URL or a file; the rest are directories. Paths are relative to the TOML file."""

    database: str
    files: Path
    keys: Path
    samples: Path = INSTALLATION / "samples"
    web: Path = INSTALLATION / "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealConfig:
    """The certification authority for the certificates of the centre's seal, its experts and its TSA.

    `fonts`: the folder of the npm packages with the report's faces.
    """

    authority: Path | None = None
    fonts: Path = INSTALLATION / "node_modules" / "@expo-google-fonts"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainConfig:
    """`rpc`: the centre's own node, through which it writes; `public_rpc`: what browsers of the public pages read."""

    rpc: str = ""
    public_rpc: str = ""
    chain_id: int = 1337
    anchor: str = ""
    registry: str = ""
    engine: str = "ganache"
    genesis: str = ""
    interval_seconds: int = 5
    cover: bool = False

    @property
    def read_from(self) -> str:
        """The only address of the chain that a page, a header or an answer of this centre may name."""
        return self.public_rpc or self.rpc


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorConfig:
    """How often everything is checked, when a wait is too long, and who is notified.

    `anchor_intervals` counts in chain.interval_seconds, `blocks` in blocks of 256 records read again in a round.
    `webhook`: a URL that every alarm is posted to; `metrics_port`: on the loopback interface, 0 for none. `free_mib`:
    less free space than this, in any folder the centre writes in, is an alarm.
    """

    interval_seconds: int = 5
    anchor_intervals: int = 20
    key_days: int = 30
    blocks: int = 4
    webhook: str = ""
    metrics_port: int = 0
    free_mib: int = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerConfig:
    """Another centre: its URL and the key (uncompressed P-256 point, base64url) that signs its requests.

    `rp_id`: the site of its experts' passkeys; the host name of `url` by default.
    """

    code: CentreCode
    url: str
    entry_key: str
    name_zh: str = ""
    name_en: str = ""
    city_zh: str = ""
    city_en: str = ""
    log_key: str = ""
    witness_key: str = ""
    rp_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    centre: CentreConfig
    server: ServerConfig
    storage: StorageConfig
    seal: SealConfig = field(default_factory=SealConfig)
    chain: ChainConfig = field(default_factory=ChainConfig)
    monitor: MonitorConfig = field(default_factory=MonitorConfig)
    peers: tuple[PeerConfig, ...] = ()
    trust: Path | None = None
    demo: bool = False

    def peer(self, code: str) -> PeerConfig | None:
        return next((peer for peer in self.peers if peer.code == code), None)


_SECTIONS: Mapping[str, type] = {
    "centre": CentreConfig,
    "server": ServerConfig,
    "storage": StorageConfig,
    "seal": SealConfig,
    "chain": ChainConfig,
    "monitor": MonitorConfig,
}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_NAMES = frozenset({"name_zh", "name_en", "city_zh", "city_en"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_NAMES = frozenset({"name_zh", "name_en", "city_zh", "city_en"})
_REQUIRED_SECTIONS = ("centre", "server", "storage")
_TOP_LEVEL: Mapping[str, Any] = {"trust": Path | None, "demo": bool}  # Any: the types of the values, for _convert


def load(path: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """The configuration of a centre. Raises ConfigError: config-unreadable (file) or config-invalid (key)."""
    try:
        tree = strict_text.read_toml(path.read_bytes())
    except OSError as error:
        raise ConfigError("config-unreadable", path=str(path), reason=error.strerror or "unreadable") from error
    except InvalidRecordError as error:
        reason = str(error.values.get("reason", "not UTF-8"))
        raise ConfigError("config-unreadable", path=str(path), reason=reason) from error
    return parse(tree, directory=path.resolve().parent, environment=environment)


def parse(tree: Mapping[str, object], *, directory: Path, environment: Mapping[str, str]) -> Config:
    """The configuration that the tables of a TOML file say, overruled by the environment."""
    top = Reader("", _with_environment(tree, environment), _config_invalid).only(*_SECTIONS, *_TOP_LEVEL, "peers")
    sections = {
        name: _section(kind, top.part(name) if top.has(name) else Reader(name, {}, _config_invalid), directory)
        for name, kind in _SECTIONS.items()
        if top.has(name) or name in _REQUIRED_SECTIONS
    }
    alone = {name: _convert(top, name, kind, directory) for name, kind in _TOP_LEVEL.items() if top.has(name)}
    peers = tuple(_section(PeerConfig, row, directory) for row in top.rows("peers"))
    return _checked(Config(**sections, **alone, peers=peers))


def _with_environment(tree: Mapping[str, object], environment: Mapping[str, str]) -> dict[str, object]:
    """TONGPING_SERVER_PORT=8101 stands for [server] port = 8101, TONGPING_DEMO=true for demo = true."""
    merged = dict(tree)
    for variable, text in environment.items():
        name = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
        section, _, key = name.partition("_")
        if not variable.startswith(ENVIRONMENT_PREFIX):
            continue
        if section in _SECTIONS and key in {item.name for item in fields(_SECTIONS[section])}:
            written = merged.get(section, {})
            merged[section] = {**written, key: text} if isinstance(written, dict) else written
        elif name in _TOP_LEVEL:
            merged[name] = text
    return merged


def _section(kind: type[Any], table: Reader, directory: Path) -> Any:
    """Any: one of the section classes, as named by `kind`."""
    known = {item.name: item for item in fields(kind)}
    table.only(*known).need(*(key for key, item in known.items() if _is_required(item)))
    return kind(**{key: _convert(table, key, known[key].type, directory) for key in table.names})


def _is_required(item: Any) -> bool:
    """Any: a dataclasses.Field of any type."""
    return repr(item.default) == repr(item.default_factory)  # both are the MISSING mark


def _convert(table: Reader, key: str, kind: Any, directory: Path) -> Any:
    """Any: a value of the type that its key asks for. The environment knows only texts: they stand for all types."""
    written = table.value[key]
    if kind is int:
        return int(written) if isinstance(written, str) and written.isdecimal() else table.integer(key)
    if kind is bool:
        said = written.lower() if isinstance(written, str) else ""
        return said == "true" if said in {"true", "false"} else table.flag(key)
    text = table.text(key)
    if kind in (Path, Path | None):
        return (directory / text).resolve()
    if table.place(key) == "storage.database":
        return _database(text, directory)
    return _name(table.place(key), text) if key in _NAMES else text


def _name(place: str, text: str) -> str:
    """A name for records, reports and certificates: of no more characters than an organisation's has there."""
    if not text:
        return text
    try:
        found = names.clean(text)
    except InvalidRecordError as error:
        raise _invalid(place, f"cannot be a name ({error.code})") from error
    if len(found) > LONGEST_ORGANISATION:
        raise _invalid(place, f"must be at most {LONGEST_ORGANISATION} characters")
    return found


def _database(value: str, directory: Path) -> str:
    if "://" in value:
        return value
    return sqlite_url((directory / value).resolve())


def _checked(config: Config) -> Config:
    code, port = config.centre.code, config.server.port
    try:
        parse_centre(code)
    except InvalidRecordError as error:
        raise _invalid("centre.code", "must be two to four capital letters") from error
    if not 0 < port < 65536:  # noqa: PLR2004 - TCP
        raise _invalid("server.port", "must be a port number")
    _check_numbers(config)
    if not 0 <= config.monitor.metrics_port < 65536:  # noqa: PLR2004 - TCP
        raise _invalid("monitor.metrics_port", "must be a port number, or 0 for none")
    if config.monitor.webhook and urlsplit(config.monitor.webhook).scheme not in {"http", "https"}:
        raise _invalid("monitor.webhook", "must be an http or https address")
    _check_public_chain(config.chain)
    for peer in config.peers:
        _check_line(peer)
    codes = [peer.code for peer in config.peers]
    if len({code, *codes}) != len(codes) + 1:
        raise _invalid("peers", "two centres with one code")
    return config


def _check_numbers(config: Config) -> None:
    if config.server.requests_per_second < 0:
        raise _invalid("server.requests_per_second", "must be 0 or more")
    if config.chain.interval_seconds < 1:
        raise _invalid("chain.interval_seconds", "must be one second or more")
    for key in ("interval_seconds", "anchor_intervals", "blocks"):
        if getattr(config.monitor, key) < 1:
            raise _invalid(f"monitor.{key}", "must be one or more")


def _check_public_chain(chain: ChainConfig) -> None:
    """What every visitor is told holds no password, and stands in a header as one address."""
    try:
        address = urlsplit(chain.read_from)
    except ValueError as error:
        raise _invalid("chain.public_rpc", "must be an http or https address") from error
    if "@" in address.netloc:
        raise _invalid("chain.public_rpc", "is shown to everybody: name an address without user or password")
    if not chain.public_rpc:
        return
    split = any(sign in chain.public_rpc for sign in " ;,'\"\t\r\n")
    if address.scheme not in {"http", "https"} or not address.hostname or split:
        raise _invalid("chain.public_rpc", "must be an http or https address")
    if not chain.rpc:
        raise _invalid("chain.public_rpc", "needs chain.rpc, the chain it is a view of")


def _check_line(peer: PeerConfig) -> None:
    """What centres tell each other goes through the open net only encrypted."""
    address = urlsplit(peer.url)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in _LOOPBACK):
        raise _invalid("peers.url", f"must be an https address ({peer.code}); http is for this machine alone")


def _config_invalid(place: str, key: str, fault: InvalidRecordError) -> InvalidRecordError:
    return _invalid(f"{place}.{key}" if place else key, in_words(fault))


def _invalid(key: str, reason: str) -> ConfigError:
    return ConfigError("config-invalid", key=key, reason=reason)
