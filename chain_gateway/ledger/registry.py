"""The registry of the consortium on the chain: its centres, and the proposals and votes that change them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from eth_abi.abi import decode
from web3 import Web3

from chain_gateway.checkpoints import CentreEntry, PreviousKeys
from chain_gateway.ledger.compiler import compile_contracts, is_first_registry
from chain_gateway.ledger.rpc import Answer, Wire, topic
from chain_gateway.ledger.voting import Proposal, ProposalKind, ProposalState, Rules
from records.errors import EvidenceMismatchError, WrongStageError
from records.ids import CentreCode

_LAST_SECOND: Final = 253_402_300_799
"""The end of the year 9999, the last that a datetime can hold: a contract's window may end later."""


_KEYS: Final = "(address,uint48,uint48,address,string,string)"
_CONTENTS: Final[Mapping[ProposalKind, list[str]]] = {
    ProposalKind.ADDITION: [f"(string,string,{_KEYS})"],
    ProposalKind.REMOVAL: ["bytes32"],
    ProposalKind.ROTATION: ["bytes32", _KEYS, "uint48"],
    ProposalKind.ENDPOINT: ["bytes32", "string"],
    ProposalKind.THRESHOLD: ["uint256"],
    ProposalKind.SUCCESSOR: ["address"],
}


class RegistryLedger:
    """`CentreRegistry`, over one centre's connection. The caller has checked the chain and the contract."""

    def __init__(self, wire: Wire, address: str) -> None:
        self.address: Final = Web3.to_checksum_address(address)
        self._wire = wire
        self._contract = wire.contract(self.address, compile_contracts().registry)

    def is_first_form(self) -> bool:
        """Whether this is the registry of the first form: its proposals bind nothing, its votes are not withdrawn."""
        return is_first_registry(bytes.fromhex(self._wire.ask("eth_getCode", self.address, "latest")[2:]))

    def centres(self) -> tuple[CentreEntry, ...]:
        """Every centre that is or was a member, in the order in which they first joined."""
        return tuple(self.centre(log) for log in self._read("logs"))

    def centre(self, log: bytes) -> CentreEntry:
        """The centre that keeps or kept a log; NotFoundError("unknown-log")."""
        found, previous = self._read("centreOf", log), self._read("previousKeys", log)
        return _entry(found, previous=_previous(previous), member=self._read("isMember", log))

    def witness_log(self, account: str) -> bytes:
        """The name of the log of the centre that cosigns with this account; NotPermittedError("unknown-witness")."""
        return bytes(self._read("requireWitness", account))

    def rules(self) -> Rules:
        successor = str(self._read("successor"))
        return Rules(
            members=self._read("members"),
            threshold=self._read("threshold"),
            successor=None if int(successor, 16) == 0 else successor,
        )

    def proposals(self) -> tuple[Proposal, ...]:
        """All proposals ever opened, the oldest first."""
        codes, first = self._codes(), self.is_first_form()
        return tuple(
            self._proposal(number, codes, first_form=first) for number in range(1, self._read("proposals") + 1)
        )

    def proposal(self, number: int) -> Proposal:
        """NotFoundError("unknown-proposal")."""
        return self._proposal(number, self._codes(), first_form=self.is_first_form())

    def propose_addition(self, entry: CentreEntry, *, expires_at: datetime) -> int:
        """Open a proposal and return its number. Only a member's account may; that also casts its vote.

        This and the next five raise the contract's refusals before anything is sent: NotPermittedError("not-member"),
        NotFoundError("unknown-log" | "centre-gone"), ConflictError("duplicate-centre" | "successor-final"),
        InvalidRecordError for values that no centre can have.
        """
        return self._propose("proposeAddition", entry_values(entry), expires_at=expires_at)

    def propose_removal(self, log: bytes, *, expires_at: datetime) -> int:
        return self._propose("proposeRemoval", log, expires_at=expires_at)

    def propose_rotation(
        self, log: bytes, keys: PreviousKeys | CentreEntry, *, overlap_until: datetime | None, expires_at: datetime
    ) -> int:
        """`overlap_until`: how long the present accounts stay valid beside the new ones; None ends them at once."""
        overlap = 0 if overlap_until is None else int(overlap_until.timestamp())
        return self._propose("proposeRotation", log, keys_values(keys), overlap, expires_at=expires_at)

    def propose_endpoint(self, log: bytes, endpoint: str, *, expires_at: datetime) -> int:
        return self._propose("proposeEndpoint", log, endpoint, expires_at=expires_at)

    def propose_threshold(self, votes: int, *, expires_at: datetime) -> int:
        return self._propose("proposeThreshold", votes, expires_at=expires_at)

    def propose_successor(self, contract: str, *, expires_at: datetime) -> int:
        return self._propose("proposeSuccessor", contract, expires_at=expires_at)

    def vote(self, number: int) -> None:
        """Vote for a proposal.

        ConflictError("already-voted" | "already-executed" | "already-withdrawn"), WrongStageError("proposal-expired"
        | "proposal-superseded").
        """
        self._send("vote", number)

    def withdraw(self, number: int) -> None:
        """Withdraw the own vote; with its last vote the proposal is withdrawn for good.

        ConflictError("not-voted" | "already-executed" | "already-withdrawn"), WrongStageError("proposal-expired" |
        "proposal-superseded"); WrongStageError("registry-first-form") where votes cannot be withdrawn.
        """
        if self.is_first_form():
            raise WrongStageError("registry-first-form", registry=self.address)
        self._send("withdraw", number)

    def execute(self, number: int) -> None:
        """Execute a proposal that has its votes.

        ConflictError("already-executed" | "already-withdrawn"), WrongStageError("too-few-votes" | "proposal-expired"
        | "proposal-superseded").

        Also every error of opening the proposal: it is checked again.
        """
        self._send("execute", number)

    def _propose(self, function: str, *arguments: object, expires_at: datetime) -> int:
        receipt = self._send(function, *arguments, int(expires_at.timestamp()))
        wanted = Web3.to_hex(topic(self._contract, "ProposalOpened"))
        found = next((log for log in receipt["logs"] if log["topics"][0] == wanted), None)
        if found is None:
            raise EvidenceMismatchError("proposal-event-missing", transaction=receipt["transactionHash"])
        return int(found["topics"][1], 16)

    def _send(self, function: str, *arguments: object) -> Answer:
        data = self._contract.encode_abi(function, args=list(arguments))
        with self._wire.turn:
            signed = self._wire.sign(to=self.address, data=data, gas=self._wire.engine.vote_gas)
            self._wire.send(signed)
            return self._wire.await_receipt(signed.hash, signed)

    def _codes(self) -> dict[bytes, CentreCode]:
        return {bytes(log): CentreCode(self._read("centreOf", log)[0]) for log in self._read("logs")}

    def _proposal(self, number: int, codes: Mapping[bytes, CentreCode], *, first_form: bool) -> Proposal:
        kind, expires_at, executed, proposer, content = self._read("proposalOf", number)
        subject, text = _content(list(ProposalKind)[kind], bytes(content), codes)
        if first_form:
            needed, state = self._read("threshold"), ProposalState.EXECUTED if executed else ProposalState.OPEN
        else:
            needed, state = self._read("votesNeeded", number), list(ProposalState)[self._read("stateOf", number)]
        return Proposal(
            id=number,
            kind=list(ProposalKind)[kind],
            subject=subject,
            text=text,
            proposer=codes[bytes(proposer)],
            votes=tuple(codes[bytes(log)] for log in self._read("votesFor", number)),
            needed=needed,
            expires_at=_moment(expires_at),
            on_chain=state,
        )

    def _read(self, name: str, *arguments: object) -> Any:  # Any: determined by the ABI
        return self._wire.read(self._contract, name, *arguments)


def _content(kind: ProposalKind, content: bytes, codes: Mapping[bytes, CentreCode]) -> tuple[CentreCode | None, str]:
    """The centre a proposal is about, and its change, in a few words."""
    found = decode(_CONTENTS[kind], content)
    if kind is ProposalKind.ADDITION:
        code, endpoint, keys = found[0]
        return CentreCode(code), f"account {keys[0]} at {endpoint}"
    if kind is ProposalKind.THRESHOLD:
        return None, f"{found[0]} votes"
    if kind is ProposalKind.SUCCESSOR:
        return None, f"contract {found[0]}"
    if kind is ProposalKind.ROTATION:
        _, keys, overlap = found
        text = f"account {keys[0]}, log key {keys[4]}, overlap until {_moment(overlap):%Y-%m-%d}"
    else:
        text = "no member any longer" if kind is ProposalKind.REMOVAL else str(found[1])
    return codes[found[0]], text


def entry_values(entry: CentreEntry) -> tuple[object, ...]:
    """In the order of the contract's struct."""
    return (entry.code, entry.endpoint, keys_values(entry))


def keys_values(entry: CentreEntry | PreviousKeys) -> tuple[object, ...]:
    """In the order of the contract's struct."""
    window = (int(entry.valid_from.timestamp()), int(entry.valid_until.timestamp()))
    return (entry.log_account, *window, entry.witness_account, entry.verifier_key, entry.witness_key)


def _entry(values: Sequence[Any], *, previous: PreviousKeys | None, member: bool) -> CentreEntry:
    """Any: the struct as web3 decodes it."""
    code, endpoint, keys = values
    return CentreEntry(code=CentreCode(code), endpoint=endpoint, member=member, previous=previous, **_keys(keys))


def _previous(values: Sequence[Any]) -> PreviousKeys | None:
    """Any: the struct as web3 decodes it; all zero when there are none."""
    return PreviousKeys(**_keys(values)) if int(values[0], 16) else None


def _keys(values: Sequence[Any]) -> dict[str, Any]:
    """Any: the struct as web3 decodes it, and the fields of two classes."""
    log_account, valid_from, valid_until, witness_account, verifier_key, witness_key = values
    return {
        "log_account": log_account,
        "witness_account": witness_account,
        "verifier_key": verifier_key,
        "witness_key": witness_key,
        "valid_from": _moment(valid_from),
        "valid_until": _moment(valid_until),
    }


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(seconds, _LAST_SECOND), UTC)
