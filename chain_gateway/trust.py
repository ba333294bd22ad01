"""The trust file: the keys, authorities and contract that a verifier pins beforehand and never takes from a bundle."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from chain_gateway.reading import Reader, read_object
from records.errors import InvalidRecordError, UnavailableError
from records.ids import CentreCode, parse_instant

MAXIMUM_SIZE: Final = 1 << 20
"""Bytes; a trust file holds a few dozen keys and certificates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """One centre's public keys and the time in which they count.

    `rp_id` is the site to which its people's passkeys answer; empty when the file does not pin it.
    """

    code: CentreCode
    name_zh: str
    name_en: str
    origin: str
    log_key: str
    entry_key: str
    valid_from: datetime
    valid_until: datetime
    rp_id: str = ""

    def held(self, at: datetime) -> bool:
        """Say whether the keys were valid at that time."""
        return self.valid_from <= at < self.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The consortium chain and the two contracts on it; addresses and hashes are lower-case hexadecimal with 0x."""

    chain_id: int
    genesis: str
    anchor: str
    registry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Everything a verifier believes before it opens a bundle."""

    centres: tuple[Centre, ...]
    ca: tuple[str, ...]
    tsa: tuple[str, ...]
    chain: Chain
    cosignatures: int

    def centre(self, code: str) -> Centre | None:
        return next((centre for centre in self.centres if centre.code == code), None)

    def by_origin(self, origin: str) -> Centre | None:
        return next((centre for centre in self.centres if centre.origin == origin), None)


def load_trust(path: Path) -> Trust:
    """Read and check a trust file. Raises UnavailableError when it cannot be read, InvalidRecordError when wrong."""
    try:
        with path.open("rb") as file:
            data = file.read(MAXIMUM_SIZE + 1)
    except OSError as error:
        raise UnavailableError("trust-file-unreadable", file=path.name) from error
    return parse_trust(data)


def parse_trust(data: bytes) -> Trust:
    """Check the bytes of a trust file. Raises InvalidRecordError naming the key that is wrong."""
    if len(data) > MAXIMUM_SIZE:
        raise InvalidRecordError("trust-file-too-large", size=len(data), maximum=MAXIMUM_SIZE)
    top = read_object("trust", data)
    return Trust(
        centres=_centres(top),
        ca=top.texts("ca"),
        tsa=top.texts("tsa"),
        chain=_chain(top.part("chain")),
        cosignatures=top.part("policy").number("cosignatures"),
    )


def _centres(top: Reader) -> tuple[Centre, ...]:
    centres = tuple(_centre(part) for part in top.parts("centres"))
    for names in ([centre.code for centre in centres], [centre.origin for centre in centres]):
        if not centres or len(set(names)) != len(names):
            top.refuse("centres")
    return centres


def _centre(part: Reader) -> Centre:
    return Centre(
        code=CentreCode(part.text("code")),
        name_zh=part.text("name_zh"),
        name_en=part.text("name_en"),
        origin=part.text("origin"),
        log_key=part.text("log_key"),
        entry_key=part.text("entry_key"),
        valid_from=parse_instant(part.text("valid_from")),
        valid_until=parse_instant(part.text("valid_until")),
        rp_id=part.text("rp_id") if "rp_id" in part.value else "",
    )


def _chain(part: Reader) -> Chain:
    return Chain(
        chain_id=part.number("chain_id"),
        genesis=part.text("genesis").lower(),
        anchor=_address(part, "anchor"),
        registry=_address(part, "registry"),
    )


def _address(part: Reader, key: str) -> str:
    address = part.text(key).lower()
    if not re.fullmatch(r"0x[0-9a-f]{40}", address):
        part.refuse(key)
    return address
