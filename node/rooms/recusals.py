"""Who may not sit: an expert of the own catalogue against the parties of an evaluation."""

from evaluation_room.committee.recusal import conflicts, parties
from evaluation_room.tender.definition import Definition
from node.office.catalogue.experts import Expert
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
