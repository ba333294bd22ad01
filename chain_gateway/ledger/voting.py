"""What the centres vote on: proposals of six kinds, as the registry keeps them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from records.ids import CentreCode


class ProposalKind(StrEnum):
    """What a proposal would change, in the order of the contract's numbers."""

    ADDITION = "addition"
    REMOVAL = "removal"
    ROTATION = "rotation"
    ENDPOINT = "endpoint"
    THRESHOLD = "threshold"
    SUCCESSOR = "successor"


class ProposalState(StrEnum):
    """What has become of a proposal, in the order of the contract's numbers."""

    OPEN = "open"
    EXECUTED = "executed"
    WITHDRAWN = "withdrawn"
    """The last centre that had voted for it withdrew."""
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    """What it would change has changed otherwise since it was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One proposal. `votes` are those of present members, the ones that count; `text` says what would change.

    `needed` is the threshold now or when it was opened, whichever is higher; `on_chain` its state by the last block.

    `subject` is the centre that it is about; None for the threshold and the successor.
    """

    id: int
    kind: ProposalKind
    subject: CentreCode | None
    text: str
    proposer: CentreCode
    votes: tuple[CentreCode, ...]
    needed: int
    expires_at: datetime
    on_chain: ProposalState

    def state(self, at: datetime) -> ProposalState:
        """By the clock as well: the last block of a quiet chain may be older than the proposal's end."""
        if self.on_chain is ProposalState.OPEN and at >= self.expires_at:
            return ProposalState.EXPIRED
        return self.on_chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How many members there are, how many votes a proposal needs, and the contract named to follow, if any."""

    members: int
    threshold: int
    successor: str | None
