"""Reads the configuration of one centre: a TOML file, overridden key by key by the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from records import names, strict_text
from records.errors import InvalidRecordError
from records.ids import CentreCode, parse_centre

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
    """The listening address; `origin` is the browser's view of it (passkeys are bound to its host name)."""

    port: int
    host: str = "127.0.0.1"
    origin: str = ""
    rp_id: str = "localhost"


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
    rpc: str = ""
    chain_id: int = 1337
    anchor: str = ""
    registry: str = ""
    engine: str = "ganache"
    genesis: str = ""
    interval_seconds: int = 5
    cover: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorConfig:
    """How often everything is checked, when a wait is too long, and who is notified.

    `anchor_intervals` counts in chain.interval_seconds, `blocks` in blocks of 256 records read again in a round.
    `webhook`: a URL that every alarm is posted to; `metrics_port`: on the loopback interface, 0 for none.
    """

    interval_seconds: int = 5
    anchor_intervals: int = 20
    key_days: int = 30
    blocks: int = 4
    webhook: str = ""
    metrics_port: int = 0


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


def parse(tree: Mapping[str, Any], *, directory: Path, environment: Mapping[str, str]) -> Config:
    """Any in `tree`: it is what the TOML parser gives, checked here key by key."""
    merged = _with_environment(tree, environment)
    unknown = set(merged) - set(_SECTIONS) - set(_TOP_LEVEL) - {"peers"}
    if unknown:
        raise _invalid(min(unknown), "unknown key")
    sections = {
        name: _section(kind, merged.get(name, {}), name, directory)
        for name, kind in _SECTIONS.items()
        if name in merged or name in _REQUIRED_SECTIONS
    }
    top = {name: _convert(merged[name], kind, name, directory) for name, kind in _TOP_LEVEL.items() if name in merged}
    return _checked(Config(**sections, **top, peers=_peers(merged.get("peers", []), directory)))


def _with_environment(tree: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """TONGPING_SERVER_PORT=8101 sets [server] port = 8101, TONGPING_DEMO=true sets demo = true."""
    merged: dict[str, Any] = {key: dict(value) if isinstance(value, dict) else value for key, value in tree.items()}
    for variable, text in environment.items():
        name = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
        section, _, key = name.partition("_")
        if not variable.startswith(ENVIRONMENT_PREFIX):
            continue
        if section in _SECTIONS and key in {item.name for item in fields(_SECTIONS[section])}:
            merged.setdefault(section, {})[key] = text
        elif name in _TOP_LEVEL:
            merged[name] = text
    return merged


def _peers(value: object, directory: Path) -> tuple[PeerConfig, ...]:
    if not isinstance(value, list):
        raise _invalid("peers", "must be [[peers]] tables")
    return tuple(_section(PeerConfig, item, f"peers[{index}]", directory) for index, item in enumerate(value))


def _section(kind: type[Any], value: object, name: str, directory: Path) -> Any:
    """Any: one of the section classes, as named by `kind`."""
    if not isinstance(value, dict):
        raise _invalid(name, "must be a table")
    known = {item.name: item for item in fields(kind)}
    for key in value:
        if key not in known:
            raise _invalid(f"{name}.{key}", "unknown key")
    for key, item in known.items():
        if key not in value and _is_required(item):
            raise _invalid(f"{name}.{key}", "missing")
    converted = {key: _convert(value[key], known[key].type, f"{name}.{key}", directory) for key in value}
    return kind(**converted)


def _is_required(item: Any) -> bool:
    """Any: a dataclasses.Field of any type."""
    return repr(item.default) == repr(item.default_factory)  # both are the MISSING mark


def _convert(value: Any, kind: Any, key: str, directory: Path) -> Any:
    """Any: a TOML value and the type required for its key."""
    if kind is int:
        return _integer(value, key)
    if kind is bool:
        if str(value).lower() not in {"true", "false"}:
            raise _invalid(key, "must be true or false")
        return str(value).lower() == "true"
    if not isinstance(value, str):
        raise _invalid(key, "must be text")
    if kind in (Path, Path | None):
        return (directory / value).resolve()
    if key == "storage.database":
        return _database(value, directory)
    return _name(value, key) if key.rpartition(".")[2] in _NAMES and value else value


def _name(value: str, key: str) -> str:
    """What a centre or its city is called, as everybody else will be shown it."""
    try:
        return names.clean(value)
    except InvalidRecordError as error:
        raise _invalid(key, f"cannot be a name ({error.code})") from error


def _integer(value: object, key: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    raise _invalid(key, "must be a whole number")


def _database(value: str, directory: Path) -> str:
    if "://" in value:
        return value
    return f"sqlite:///{(directory / value).resolve()}"


def _checked(config: Config) -> Config:
    code, port = config.centre.code, config.server.port
    try:
        parse_centre(code)
    except InvalidRecordError as error:
        raise _invalid("centre.code", "must be two to four capital letters") from error
    if not 0 < port < 65536:  # noqa: PLR2004 - TCP
        raise _invalid("server.port", "must be a port number")
    if config.chain.interval_seconds < 1:
        raise _invalid("chain.interval_seconds", "must be one second or more")
    for key in ("interval_seconds", "anchor_intervals", "blocks"):
        if getattr(config.monitor, key) < 1:
            raise _invalid(f"monitor.{key}", "must be one or more")
    if not 0 <= config.monitor.metrics_port < 65536:  # noqa: PLR2004 - TCP
        raise _invalid("monitor.metrics_port", "must be a port number, or 0 for none")
    if config.monitor.webhook and urlsplit(config.monitor.webhook).scheme not in {"http", "https"}:
        raise _invalid("monitor.webhook", "must be an http or https address")
    codes = [peer.code for peer in config.peers]
    if len({code, *codes}) != len(codes) + 1:
        raise _invalid("peers", "two centres with one code")
    return config


def _invalid(key: str, reason: str) -> ConfigError:
    return ConfigError("config-invalid", key=key, reason=reason)
