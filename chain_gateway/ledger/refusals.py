"""Turns a contract's custom errors, with their values, into our errors."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_hash.auto import keccak

from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    NotFoundError,
    NotPermittedError,
    TongpingError,
    UnavailableError,
    WrongStageError,
)

_FAMILIES: Final[Mapping[str, type[TongpingError]]] = {
    "StaleHead": ConflictError,
    "NotGrowing": ConflictError,
    "HeadMismatch": ConflictError,
    "AlreadyCosigned": ConflictError,
    "InconsistentRoot": EvidenceMismatchError,
    "NotLogAccount": NotPermittedError,
    "AccountNotValid": NotPermittedError,
    "UnknownWitness": NotPermittedError,
    "OwnLog": NotPermittedError,
    "NotMember": NotPermittedError,
    "UnknownLog": NotFoundError,
    "UnknownProposal": NotFoundError,
    "CentreGone": NotFoundError,
    "DuplicateCentre": ConflictError,
    "AlreadyVoted": ConflictError,
    "NotVoted": ConflictError,
    "AlreadyExecuted": ConflictError,
    "AlreadyWithdrawn": ConflictError,
    "SuccessorFinal": ConflictError,
    "ProposalExpired": WrongStageError,
    "ProposalSuperseded": WrongStageError,
    "TooFewVotes": WrongStageError,
}
"""Every other contract error concerns the arguments of a constructor or a proposal: InvalidRecordError."""

_Abi = Sequence[Mapping[str, Any]]  # Any: parts of the ABI's JSON, read here and nowhere else


def refusal(abis: Iterable[_Abi], data: str) -> TongpingError:
    """Our error for a chain's revert data: the code is the contract error's name in kebab case, with its values."""
    for part in (part for abi in abis for part in abi if part["type"] == "error"):
        kinds = [argument["type"] for argument in part["inputs"]]
        selector = "0x" + keccak(f"{part['name']}({','.join(kinds)})".encode())[:4].hex()
        if data.startswith(selector):
            return _error(part, kinds, data[len(selector) :])
    return UnavailableError("contract-reverted")  # out of gas, or an engine that gives no reason


def _error(part: Mapping[str, Any], kinds: list[str], arguments: str) -> TongpingError:
    family = _FAMILIES.get(part["name"], InvalidRecordError)
    try:
        found = decode(kinds, bytes.fromhex(arguments))
    except (DecodingError, ValueError):
        return family(_kebab(part["name"]))
    named = zip((argument["name"] for argument in part["inputs"]), found, strict=True)
    return family(_kebab(part["name"]), **{_snake(name): _plain(value) for name, value in named})


def _plain(value: object) -> str | int:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return value if isinstance(value, str | int) else str(value)


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def _snake(name: str) -> str:
    return re.sub(r"(?=[A-Z])", "_", name).lower()
