"""Who may not sit: an expert of the own catalogue against the parties of an evaluation."""

from collections.abc import Sequence
from datetime import datetime

from evaluation_room.committee.recusal import NearTie, Party, conflicts, everybody, near_ties, parties
from evaluation_room.tender.definition import Definition
from node.office.catalogue.experts import Expert
from node.office.tenders.tender import Tender
from records.errors import NotPermittedError
from records.ids import parse_instant


def check(expert: Expert, definition: Definition) -> None:
    """Return when no tie of this expert is known, else NotPermittedError("must-recuse") with the first tie."""
    found = conflicts(
        expert.all_ties,
        parties(definition),
        represents_tenderer=expert.role == "tenderer",
        at=parse_instant(definition.opened_at),
    )
    if found:
        raise NotPermittedError("must-recuse", expert=expert.id, relation=found[0].relation.value, party=found[0].party)


def near(expert: Expert, among: Sequence[Party], *, at: datetime) -> tuple[NearTie, ...]:
    """What looks like a conflict but for how a name or a code is written: for people to look at, nothing is refused."""
    return near_ties(expert.all_ties, among, represents_tenderer=expert.role == "tenderer", at=at)


def parties_of(tender: Tender) -> tuple[Party, ...]:
    """Everybody an expert may be tied to in a project that is not opened yet."""
    bidders = (Party(id=str(one["id"]), name=str(one["name"]), uscc=str(one["uscc"])) for one in tender.bidders)
    authorities = tender.value.get("authorities", ())
    known = authorities if isinstance(authorities, list) else ()
    return everybody(bidders, tenderer=str(tender.value["tenderer"]), authorities=map(str, known))
