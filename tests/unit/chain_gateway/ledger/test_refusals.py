"""A contract's refusals as our errors: family, code and values."""

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak

from chain_gateway.ledger.compiler import compile_contracts
from chain_gateway.ledger.engines import GANACHE, profile
from chain_gateway.ledger.refusals import refusal
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

LOG = b"\x0a" * 32
ROOT = b"\x0b" * 32
HEX_LOG, HEX_ROOT = "0x" + LOG.hex(), "0x" + ROOT.hex()
ACCOUNT = "0x" + "cd" * 20


def revert(name: str, kinds: list[str], values: list[object]) -> str:
    return "0x" + (keccak(f"{name}({','.join(kinds)})".encode())[:4] + encode(kinds, values)).hex()


def refused(data: str) -> TongpingError:
    artifacts = compile_contracts()
    return refusal((artifacts.anchor.abi, artifacts.registry.abi), data)


@pytest.mark.parametrize(
    ("data", "family", "text"),
    [
        (
            revert("StaleHead", ["bytes32", "uint64", "uint64"], [LOG, 7, 3]),
            ConflictError,
            f"stale-head: log=0x{LOG.hex()} stored=7 given=3",
        ),
        (
            revert("NotLogAccount", ["bytes32", "address", "address"], [LOG, ACCOUNT, ACCOUNT]),
            NotPermittedError,
            f"not-log-account: log=0x{LOG.hex()} caller={ACCOUNT} account={ACCOUNT}",
        ),
        (
            revert("InconsistentRoot", ["bytes32", "uint64", "bytes32", "uint64", "bytes32"], [LOG, 7, ROOT, 9, LOG]),
            EvidenceMismatchError,
            f"inconsistent-root: log={HEX_LOG} old_size=7 old_root={HEX_ROOT} new_size=9 new_root={HEX_LOG}",
        ),
        (revert("UnknownLog", ["bytes32"], [LOG]), NotFoundError, f"unknown-log: log=0x{LOG.hex()}"),
        (revert("InvalidCode", ["string"], ["jn"]), InvalidRecordError, "invalid-code: code=jn"),
        (
            revert("TooFewCentres", ["uint256", "uint256"], [1, 3]),
            InvalidRecordError,
            "too-few-centres: given=1 minimum=3",
        ),
        (revert("NotMember", ["address"], [ACCOUNT]), NotPermittedError, f"not-member: caller={ACCOUNT}"),
        (revert("UnknownProposal", ["uint256"], [9]), NotFoundError, "unknown-proposal: id=9"),
        (revert("CentreGone", ["bytes32"], [LOG]), NotFoundError, f"centre-gone: log={HEX_LOG}"),
        (revert("DuplicateCentre", ["string"], ["JN"]), ConflictError, "duplicate-centre: code=JN"),
        (revert("AlreadyVoted", ["uint256", "bytes32"], [1, LOG]), ConflictError, f"already-voted: id=1 log={HEX_LOG}"),
        (revert("NotVoted", ["uint256", "bytes32"], [1, LOG]), ConflictError, f"not-voted: id=1 log={HEX_LOG}"),
        (revert("AlreadyWithdrawn", ["uint256"], [1]), ConflictError, "already-withdrawn: id=1"),
        (
            revert("ProposalSuperseded", ["uint256", "uint256", "uint256"], [1, 2, 3]),
            WrongStageError,
            "proposal-superseded: id=1 version=2 present=3",
        ),
        (revert("AlreadyExecuted", ["uint256"], [1]), ConflictError, "already-executed: id=1"),
        (revert("SuccessorFinal", ["address"], [ACCOUNT]), ConflictError, f"successor-final: successor={ACCOUNT}"),
        (
            revert("ProposalExpired", ["uint256", "uint48", "uint256"], [1, 50, 60]),
            WrongStageError,
            "proposal-expired: id=1 expires_at=50 present=60",
        ),
        (
            revert("TooFewVotes", ["uint256", "uint256", "uint256"], [1, 1, 2]),
            WrongStageError,
            "too-few-votes: id=1 votes=1 threshold=2",
        ),
        (
            revert("ThresholdOutOfRange", ["uint256", "uint256", "uint256"], [1, 2, 3]),
            InvalidRecordError,
            "threshold-out-of-range: given=1 minimum=2 maximum=3",
        ),
        (
            revert("InvalidExpiry", ["uint48", "uint256", "uint256"], [5, 7, 9]),
            InvalidRecordError,
            "invalid-expiry: given=5 earliest=7 latest=9",
        ),
    ],
)
def test_a_custom_error_becomes_ours_with_its_values(data: str, family: type[TongpingError], text: str) -> None:
    error = refused(data)
    assert (type(error), str(error)) == (family, text)


def test_every_error_of_the_contracts_has_its_name_in_kebab_case() -> None:
    artifacts = compile_contracts()
    errors = [part for abi in (artifacts.anchor.abi, artifacts.registry.abi) for part in abi if part["type"] == "error"]
    assert len(errors) == 32
    for part in errors:
        selector = keccak(f"{part['name']}({','.join(each['type'] for each in part['inputs'])})".encode())[:4]
        assert refused("0x" + selector.hex()).code.replace("-", "") == part["name"].lower()


@pytest.mark.parametrize("data", ["0x", "0x12345678", "0x08c379a0" + "00" * 64])
def test_a_revert_without_our_words_is_one_that_may_pass(data: str) -> None:
    error = refused(data)
    assert (type(error), error.code) == (UnavailableError, "contract-reverted")


def test_cut_values_still_give_the_name() -> None:
    error = refused(revert("StaleHead", ["bytes32", "uint64", "uint64"], [LOG, 7, 3])[:-2])
    assert (type(error), str(error)) == (ConflictError, "stale-head")


def test_an_engine_has_its_profile() -> None:
    assert profile("ganache") is GANACHE


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(InvalidRecordError, match="unknown-engine: engine=dogecoin"):
        profile("dogecoin")
