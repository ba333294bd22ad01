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


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One proposal. `votes` are those of present members, the ones that count; `text` says what would change.

    `subject` is the centre that it is about; None for the threshold and the successor.
    """

    id: int
    kind: ProposalKind
    subject: CentreCode | None
    text: str
    proposer: CentreCode
    votes: tuple[CentreCode, ...]
    expires_at: datetime
    executed: bool

    def state(self, at: datetime) -> str:
        """`executed`, `expired` or `open`."""
        if self.executed:
            return "executed"
        return "open" if at < self.expires_at else "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How many members there are, how many votes a proposal needs, and the contract named to follow, if any."""

    members: int
    threshold: int
    successor: str | None
