"""Renders the public pages: Jinja templates, texts of one language, and the format of times, money and digests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from eth_hash.auto import keccak
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chain_gateway.checkpoints import AnchoredCheckpoint
from chain_gateway.disclosure import release
from chain_gateway.explorer.desk import BEIJING
from chain_gateway.explorer.wording import about_type, browser_words, name_of_type, say
from chain_gateway.ledger.blocks import quantity
from chain_gateway.ledger.voting import Proposal, ProposalState
from records.ids import instant, parse_instant, short_code
from records.strict_fields import read_object
from records.text.names import folded

TEMPLATES: Final = Path(__file__).parent / "templates"
STATIC: Final = Path(__file__).parent / "static"
HEAD_SELECTOR: Final = bytes(keccak(b"head(bytes32)")[:4])
COSIGNED_SELECTOR: Final = bytes(keccak(b"cosignatures(bytes32)")[:4])
_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_WAN: Final = Decimal(1_000_000)
_KIB: Final = 1024
_FEWEST_OF_A_NAME: Final = 2


Proposals = Callable[[], Sequence[tuple[Proposal, ProposalState]]]
"""What the centres voted and vote on, as last read from the registry, with the state of each at this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreName:
    """A centre of the alliance, by its public names."""

    code: str
    city_zh: str
    city_en: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerSettings:
    """The centre of this explorer, and the public's chain node. `centres` are all of the alliance."""

    centre: str
    centres: tuple[CentreName, ...]
    origin: str
    rpc: str
    chain_id: int
    anchor: str
    registry: str

    @property
    def log_id(self) -> str:
        """The contract's name for this centre's log."""
        return "0x" + keccak(self.origin.encode()).hex()

    def named(self, word: str) -> list[str]:
        """The codes of the centres that a folded word names: by code, or by city or name in either language."""
        return [
            centre.code
            for centre in self.centres
            if word == folded(centre.code)
            or (
                len(word) >= _FEWEST_OF_A_NAME
                and any(
                    word in folded(name) for name in (centre.city_zh, centre.city_en, centre.name_zh, centre.name_en)
                )
            )
        ]

    @property
    def others(self) -> tuple[str, ...]:
        """The centres that may witness this log."""
        return tuple(centre.code for centre in self.centres if centre.code != self.centre)


class Pages:
    """Renders one centre's public pages in the requested language."""

    def __init__(self, settings: ExplorerSettings) -> None:
        self._settings = settings
        self._names = {centre.code: centre for centre in settings.centres}
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, page: str, *, language: str, address: str, **values: object) -> str:
        """Render a page. `address` is its path, for the link to the other language."""
        return self._environment.get_template(page).render(
            **self._tools(language), lang=language, address=address, settings=self._settings, **values
        )

    def _tools(self, language: str) -> dict[str, object]:
        """The functions and values for templates."""
        return {
            "t": lambda key, **values: say(language, key, **values),
            "browser_words": browser_words(language),
            "time": time,
            "clock": lambda text: time(text)[11:],
            "moment": lambda text, beside: time(text)[11:] if time(text)[:10] == time(beside)[:10] else time(text),
            "about": lambda kind: about_type(language, kind),
            "date": lambda text: day(text, language),
            "money": lambda fen: money(fen, language),
            "bytes": size,
            "number": lambda count: f"{count:,}".replace(",", "\u2009"),
            "city": lambda code: self._city(code, language),
            "centre_name": lambda code: self._centre(code, language),
            "names": lambda codes: _comma(language).join(self._city(code, language) for code in codes),
            "cities": lambda codes: self._cities(codes, language),
            "type_name": lambda kind: name_of_type(language, kind),
            "opens": lambda kind: say(language, f"moment.{release(kind).earliest.value}"),
            "link": lambda path: f"{path}{'&' if '?' in path else '?'}lang=en" if language == "en" else path,
            "anchored_at": anchored_at,
            "instant": instant,
            "short_code": short_code,
            "head_call": head_call(self._settings),
            "cosigned_call": cosigned_call(self._settings),
        }

    def _city(self, code: str, language: str) -> str:
        found = self._names.get(code)
        if found is None:
            return code
        return found.city_zh if language == "zh" else found.city_en

    def _centre(self, code: str, language: str) -> str:
        found = self._names.get(code)
        if found is None:
            return code
        return found.name_zh if language == "zh" else found.name_en

    def _cities(self, codes: tuple[str, ...], language: str) -> str:
        """The host and its guests in one phrase: 济南(主场)与西安(副场)."""
        host, *guests = (self._city(code, language) for code in codes)
        opened, closed = ("\uff08", "\uff09") if language == "zh" else (" (", ")")
        named = [f"{host}{opened}{say(language, 'host')}{closed}"]
        named += [f"{guest}{opened}{say(language, 'guest')}{closed}" for guest in guests]
        return say(language, "list.and").join([_comma(language).join(named[:-1]), named[-1]]) if guests else named[0]


def _comma(language: str) -> str:
    return "、" if language == "zh" else ", "


def time(text: str) -> str:
    """Beijing time to the second."""
    return parse_instant(text).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def day(text: str, language: str) -> str:
    at = parse_instant(text).astimezone(BEIJING)
    if language == "zh":
        return f"{at.year} 年 {at.month} 月 {at.day} 日"
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def money(fen: int, language: str) -> str:
    """In 万元, as usual for tenders."""
    amount = f"{Decimal(fen) / _WAN:,.2f}"
    return f"{amount} 万元" if language == "zh" else f"CNY {Decimal(fen) / 100:,.2f}"


def size(count: int) -> str:
    return f"{count} B" if count < _KIB else f"{Decimal(count) / _KIB:,.1f} KiB"


def anchored_at(checkpoint: AnchoredCheckpoint) -> str:
    """The time of the block that holds a checkpoint, in the records' format."""
    seconds = quantity(read_object("block", checkpoint.block_json.encode()), "timestamp")
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def cosigned_call(settings: ExplorerSettings) -> str:
    """The call data with which anybody reads this log's cosigners from any node."""
    return "0x" + COSIGNED_SELECTOR.hex() + settings.log_id[2:]


def head_call(settings: ExplorerSettings) -> Mapping[str, str]:
    """The call with which anybody reads the head of this log from any node."""
    return {"to": settings.anchor, "data": "0x" + HEAD_SELECTOR.hex() + settings.log_id[2:]}
