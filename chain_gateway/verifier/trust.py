"""The trust file: the keys, authorities and contract that a verifier pins beforehand and never takes from a bundle.

Keys change: a centre may have several, each with its window of validity, so that an earlier key's signatures stay good
after another key has replaced it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from records.errors import InvalidRecordError, UnavailableError
from records.ids import CentreCode, Digest, parse_centre, parse_digest
from records.log.checkpoint import parse_verifier_key
from records.log.cosignature import parse_cosigner_key
from records.strict_fields import Reader, read_object

MAXIMUM_SIZE: Final = 1 << 20
"""Bytes; a trust file holds a few dozen keys and certificates."""
CONFIGURED: Final = "TONGPING_TRUST"
"""The variable of the environment that names the trust file, for a centre as for its `verify`."""
INSTALLED: Final = Path("/etc/tongping/trust.json")
"""Where an administrator puts the trust file for everybody on a computer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedKey:
    """A key (C2SP text, or P-256 point) and its window: valid from its first moment to before its last."""

    key: str
    valid_from: datetime
    valid_until: datetime

    def held(self, at: datetime) -> bool:
        return self.valid_from <= at < self.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Issues:
    """What certificates of a centre's experts and seal are like; an empty part is not pinned.

    `ca` (PEM): who may issue them, otherwise every authority of the file. `organisations`: what they may name as their
    organisation, otherwise the centre's own name. `expert_policies`, `seal_policies`: certificate policies (OID), of
    which a certificate names one. `seals`: the fingerprints of its seal's certificates.
    """

    ca: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    expert_policies: tuple[str, ...] = ()
    seal_policies: tuple[str, ...] = ()
    seals: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """One centre's public keys and the time in which it is a member; no key counts outside that time.

    `rp_id` is the site of its people's passkeys; empty when the file does not pin it.
    """

    code: CentreCode
    name_zh: str
    name_en: str
    origin: str
    log_keys: tuple[DatedKey, ...]
    entry_keys: tuple[DatedKey, ...]
    witness_keys: tuple[DatedKey, ...]
    valid_from: datetime
    valid_until: datetime
    rp_id: str = ""
    issues: Issues = field(default_factory=Issues)

    def held(self, at: datetime) -> bool:
        """Whether the centre was a member at that time."""
        return self.valid_from <= at < self.valid_until

    def counts(self, keys: Iterable[DatedKey], key: str, at: datetime) -> bool:
        """Whether one of its keys was valid at that time, and the centre a member."""
        return self.held(at) and any(one.key == key and one.held(at) for one in keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The consortium chain and the two contracts on it; addresses and hashes are lower-case hexadecimal with 0x."""

    chain_id: int
    genesis: str
    anchor: str
    registry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Everything a verifier trusts before it opens a bundle.

    `cosignatures`: how many other centres must have cosigned a checkpoint; `witnesses`: whose cosignatures count.
    """

    centres: tuple[Centre, ...]
    ca: tuple[str, ...]
    tsa: tuple[str, ...]
    chain: Chain
    cosignatures: int
    witnesses: tuple[CentreCode, ...]

    def centre(self, code: str) -> Centre | None:
        return next((centre for centre in self.centres if centre.code == code), None)

    def by_origin(self, origin: str) -> Centre | None:
        return next((centre for centre in self.centres if centre.origin == origin), None)

    def witnesses_of(self, origin: str) -> tuple[Centre, ...]:
        """The centres whose cosignatures on this log count: never its own."""
        return tuple(one for one in self.centres if one.code in self.witnesses and one.origin != origin)


def chosen(given: Path | None, environment: Mapping[str, str], installed: Path = INSTALLED) -> Path:
    """The trust file to use: the one given, else the one configured, else the one installed.

    Never one that merely lies somewhere: whoever sends a bundle could send a trust file beside it. Raises
    UnavailableError("trust-file-not-given").
    """
    if given is not None:
        return given
    if environment.get(CONFIGURED):
        return Path(environment[CONFIGURED])
    if installed.is_file():
        return installed
    needs = f"the file you pinned: --trust FILE, {CONFIGURED}, or {installed}; none is taken from beside a bundle"
    raise UnavailableError("trust-file-not-given", needs=needs)


def load_trust(path: Path) -> Trust:
    """Read and check a trust file. Raises UnavailableError when it cannot be read, InvalidRecordError when wrong."""
    return parse_trust(read_trust(path))


def read_trust(path: Path) -> bytes:
    """The bytes of a trust file, no more than it may have. UnavailableError("trust-file-unreadable")."""
    try:
        with path.open("rb") as file:
            return file.read(MAXIMUM_SIZE + 1)
    except OSError as error:
        raise UnavailableError("trust-file-unreadable", file=path.name) from error


def parse_trust(data: bytes) -> Trust:
    """Check the bytes of a trust file. Raises InvalidRecordError naming the key that is wrong."""
    if len(data) > MAXIMUM_SIZE:
        raise InvalidRecordError("trust-file-too-large", size=len(data), maximum=MAXIMUM_SIZE)
    top = read_object("trust", data, by_hand=True).only("centres", "ca", "tsa", "chain", "policy")
    centres = _centres(top)
    needed, witnesses = _policy(top.part("policy"), centres)
    return Trust(
        centres=centres,
        ca=top.texts("ca"),
        tsa=top.texts("tsa"),
        chain=_chain(top.part("chain")),
        cosignatures=needed,
        witnesses=witnesses,
    )


def _centres(top: Reader) -> tuple[Centre, ...]:
    centres = tuple(_centre(part) for part in top.parts("centres"))
    cosigning = [key for one in centres for key in {parse_cosigner_key(dated.key).key for dated in one.witness_keys}]
    for names in ([centre.code for centre in centres], [centre.origin for centre in centres], cosigning):
        if not centres or len(set(names)) != len(names):
            top.refuse("centres")
    return centres


_CENTRE: Final = ("code", "name_zh", "name_en", "origin", "valid_from", "valid_until", "rp_id", "issues")
_POLICY: Final = re.compile(r"[0-2](\.(0|[1-9][0-9]{0,39})){1,32}")
_KEYS: Final = ("log_key", "entry_key", "log_keys", "entry_keys", "witness_keys")


def _centre(part: Reader) -> Centre:
    part.only(*_CENTRE, *_KEYS)
    origin = part.text("origin")
    log_keys = _keys(part, "log_key", "log_keys")
    _check_texts(part, "log_keys", log_keys, lambda text: parse_verifier_key(text).name == origin)
    witness_keys = _dated(part, "witness_keys") if "witness_keys" in part.value else ()
    _check_texts(part, "witness_keys", witness_keys, lambda text: bool(parse_cosigner_key(text).name))
    return Centre(
        code=_code(part, "code", part.text("code")),
        name_zh=part.text("name_zh"),
        name_en=part.text("name_en"),
        origin=origin,
        log_keys=log_keys,
        entry_keys=_keys(part, "entry_key", "entry_keys"),
        witness_keys=witness_keys,
        valid_from=part.moment("valid_from"),
        valid_until=part.moment("valid_until"),
        rp_id=part.text("rp_id") if "rp_id" in part.value else "",
        issues=_issues(part.part("issues")) if "issues" in part.value else Issues(),
    )


def _issues(part: Reader) -> Issues:
    """A list that is there pins something: an empty one would let nobody sign, and is refused."""
    part.only("ca", "organisations", "expert_policies", "seal_policies", "seals")
    given = {key: part.texts(key) or part.refuse(key) for key in part.value}
    for key in ("expert_policies", "seal_policies"):
        if not all(_POLICY.fullmatch(one) for one in given.get(key, ())):
            part.refuse(key)
    return Issues(
        ca=given.get("ca", ()),
        organisations=given.get("organisations", ()),
        expert_policies=given.get("expert_policies", ()),
        seal_policies=given.get("seal_policies", ()),
        seals=tuple(_fingerprint(part, text) for text in given.get("seals", ())),
    )


def _fingerprint(part: Reader, text: str) -> Digest:
    try:
        return parse_digest(text)
    except InvalidRecordError:
        part.refuse("seals")
        raise


def _keys(part: Reader, single: str, several: str) -> tuple[DatedKey, ...]:
    """The keys of one kind: the list where there is one, otherwise the single key, for the whole membership."""
    if several in part.value:
        return _dated(part, several) or part.refuse(several)
    window = (part.moment("valid_from"), part.moment("valid_until"))
    return (DatedKey(key=part.text(single), valid_from=window[0], valid_until=window[1]),)


def _dated(part: Reader, key: str) -> tuple[DatedKey, ...]:
    found = []
    for one in part.parts(key):
        one.only("key", "valid_from", "valid_until")
        dated = DatedKey(
            key=one.text("key"), valid_from=one.moment("valid_from"), valid_until=one.moment("valid_until")
        )
        found.append(dated if dated.valid_from < dated.valid_until else one.refuse("valid_until"))
    return tuple(found)


def _check_texts(part: Reader, key: str, keys: Iterable[DatedKey], fits: Callable[[str], bool]) -> None:
    """Refuse a value that is not a key of its kind, or is another centre's."""
    try:
        good = all(fits(one.key) for one in keys)
    except InvalidRecordError:
        good = False
    if not good:
        part.refuse(key)


def _code(part: Reader, key: str, text: str) -> CentreCode:
    try:
        return parse_centre(text)
    except InvalidRecordError:
        part.refuse(key)
        raise


def _policy(part: Reader, centres: tuple[Centre, ...]) -> tuple[int, tuple[CentreCode, ...]]:
    """How many cosignatures, and whose. A number that can never be reached is refused: no bundle would pass."""
    part.only("cosignatures", "witnesses")
    known = tuple(centre.code for centre in centres)
    named = part.texts("witnesses") if "witnesses" in part.value else known
    witnesses = tuple(_code(part, "witnesses", text) for text in named)
    if len(set(witnesses)) != len(witnesses) or not set(witnesses) <= set(known):
        part.refuse("witnesses")
    needed = part.number("cosignatures")
    if needed > min(len(witnesses), len(centres) - 1):
        part.refuse("cosignatures")
    return needed, witnesses


def _chain(part: Reader) -> Chain:
    part.only("chain_id", "genesis", "anchor", "registry")
    return Chain(
        chain_id=part.number("chain_id"),
        genesis=_hexadecimal(part, "genesis", 32),
        anchor=_hexadecimal(part, "anchor", 20),
        registry=_hexadecimal(part, "registry", 20),
    )


def _hexadecimal(part: Reader, key: str, size: int) -> str:
    text = part.text(key).lower()
    if not re.fullmatch(f"0x[0-9a-f]{{{2 * size}}}", text):
        part.refuse(key)
    return text
