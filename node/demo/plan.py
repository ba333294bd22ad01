"""The demo's cast: the cities, their ports, their staff and their experts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from records.actors import Role
from records.ids import CentreCode, PersonId

FIRST_PORT = 8301
CHAIN_PORT = 8300
OPERATOR = "operator"
SUPERVISOR = "supervisor"
_CITIES = {"JN": ("济南", "Jinan"), "XA": ("西安", "Xi'an"), "DL": ("大连", "Dalian"), "SZ": ("深圳", "Shenzhen")}


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """One centre of the demo. `port` 0: a founding member of the consortium that runs no node here.

    `pages_port`: where browsers reach it, if not at the node itself.
    """

    code: CentreCode
    name_zh: str
    name_en: str
    city_zh: str
    city_en: str
    port: int = 0
    pages_port: int = 0

    @property
    def url(self) -> str:
        """Where its node answers."""
        return f"http://localhost:{self.port}"

    @property
    def origin(self) -> str:
        """Where browsers reach it."""
        return f"http://localhost:{self.pages_port or self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where the demo runs and who takes part."""

    root: Path
    chain_port: int
    host: City
    guests: tuple[City, ...]
    others: tuple[City, ...]
    """Founding members that run no node here."""
    samples: Path | None = None
    """The source of tenders and experts, if not the installation."""

    @property
    def guest(self) -> City:
        """The first guest: the one whose line to the host is cut."""
        return self.guests[0]

    @property
    def running(self) -> tuple[City, ...]:
        return self.host, *self.guests

    @property
    def members(self) -> tuple[City, ...]:
        return *self.running, *self.others

    def folder(self, city: City) -> Path:
        return self.root / city.code.lower()

    def config(self, city: City) -> Path:
        return self.folder(city) / "tongping.toml"

    @property
    def trust(self) -> Path:
        return self.root / "trust.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person with a one-time sign-in code at a centre; an expert has the PIN of a signing key as well."""

    centre: CentreCode
    person: PersonId
    name: str
    role: Role
    code: str = ""
    pin: str = ""


def plan(root: Path, *, chain_port: int = CHAIN_PORT, first_port: int = FIRST_PORT) -> Plan:
    """Jinan as host, Xi'an as guest, Dalian as the third founding member."""
    host, guest, third = (_city(code, port) for code, port in (("JN", first_port), ("XA", first_port + 1), ("DL", 0)))
    return Plan(root=root, chain_port=chain_port, host=host, guests=(guest,), others=(third,))


def plan_of_three(root: Path, ports: Sequence[int]) -> Plan:
    """Jinan as host, Xi'an and Dalian as guests, Shenzhen as the fourth founding member; `ports`: the chain's first."""
    chain_port, *of_nodes = ports
    host, *guests = (_city(code, port) for code, port in zip(("JN", "XA", "DL"), of_nodes, strict=True))
    return Plan(root=root, chain_port=chain_port, host=host, guests=tuple(guests), others=(_city("SZ", 0),))


def _city(code: str, port: int) -> City:
    zh, en = _CITIES[code]
    return City(
        code=CentreCode(code),
        name_zh=f"{zh}公共资源交易中心(示例)",
        name_en=f"{en} trading centre (sample)",
        city_zh=zh,
        city_en=en,
        port=port,
    )
