"""The actor of a command: a person, in one role, for one centre."""

from dataclasses import dataclass
from enum import StrEnum

from records.ids import CentreCode, PersonId


class Role(StrEnum):
    """角色. A person signed in acts in exactly one of them."""

    OPERATOR = "operator"
    """工作人员: the centre's staff, who prepare and conduct."""
    EXPERT = "expert"
    """评标专家: sits on one seat and scores."""
    SUPERVISOR = "supervisor"
    """监督人员: observes; orders a suspension, and reviews a rollback; never a score."""
    AUDITOR = "auditor"
    """审计人员: reads what is sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person behind a command, as known to access control."""

    person: PersonId
    role: Role
    centre: CentreCode
