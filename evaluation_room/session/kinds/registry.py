"""Every kind of entry under its wire name: the single list used by the session, the desk and the pages."""

from collections.abc import Mapping
from types import MappingProxyType

from evaluation_room.session.kinds import committee, opening, report, review, scoring, seats, steps
from evaluation_room.session.kinds.kind import AnyKind
from records.errors import InvalidRecordError

KINDS: Mapping[str, AnyKind] = MappingProxyType(
    {
        **opening.KINDS,
        **steps.KINDS,
        **seats.KINDS,
        **committee.KINDS,
        **review.KINDS,
        **scoring.KINDS,
        **report.KINDS,
    },
)


def kind(name: str) -> AnyKind:
    found = KINDS.get(name)
    if found is None:
        raise InvalidRecordError("unknown-kind")
    return found
