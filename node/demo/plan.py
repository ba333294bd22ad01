"""The demo's cast: which cities, on which ports, who works and who sits there."""

from dataclasses import dataclass
from pathlib import Path

from records.actors import Role
from records.ids import CentreCode, PersonId

FIRST_PORT = 8301
CHAIN_PORT = 8300
OPERATOR = "operator"
SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """One centre of the demo. `port` 0: a founding member of the consortium that runs no node here."""

    code: CentreCode
    name_zh: str
    name_en: str
    city_zh: str
    city_en: str
    port: int = 0

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where the demo lives and who takes part."""

    root: Path
    chain_port: int
    host: City
    guest: City
    third: City

    @property
    def running(self) -> tuple[City, City]:
        return self.host, self.guest

    @property
    def members(self) -> tuple[City, City, City]:
        return self.host, self.guest, self.third

    def folder(self, city: City) -> Path:
        return self.root / city.code.lower()

    def config(self, city: City) -> Path:
        return self.folder(city) / "tongping.toml"

    @property
    def trust(self) -> Path:
        return self.root / "trust.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person with a one-time sign-in code at a centre; an expert has the PIN of a signing key, too."""

    centre: CentreCode
    person: PersonId
    name: str
    role: Role
    code: str = ""
    pin: str = ""


def plan(root: Path, *, chain_port: int = CHAIN_PORT, first_port: int = FIRST_PORT) -> Plan:
    """Jinan as host, Xi'an as guest, Dalian as the third founding member."""
    return Plan(
        root=root,
        chain_port=chain_port,
        host=City(
            code=CentreCode("JN"),
            name_zh="济南公共资源交易中心(示例)",
            name_en="Jinan trading centre (sample)",
            city_zh="济南",
            city_en="Jinan",
            port=first_port,
        ),
        guest=City(
            code=CentreCode("XA"),
            name_zh="西安公共资源交易中心(示例)",
            name_en="Xi'an trading centre (sample)",
            city_zh="西安",
            city_en="Xi'an",
            port=first_port + 1,
        ),
        third=City(
            code=CentreCode("DL"),
            name_zh="大连公共资源交易中心(示例)",
            name_en="Dalian trading centre (sample)",
            city_zh="大连",
            city_en="Dalian",
        ),
    )
