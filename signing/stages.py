"""The order of signing: certification, then members in any order, then guests' seals, then the host's."""

from collections.abc import Collection, Sequence

from records.errors import ConflictError, NotFoundError, WrongStageError
from signing.report.signature_page import PLATFORM_FIELD, Place

NOBODY: frozenset[str] = frozenset()


def next_fields(places: Sequence[Place], signed: Collection[str], excused: Collection[str] = NOBODY) -> tuple[str, ...]:
    """The fields that may be signed now; none when the host's seal is on. `excused`: fields of members who refused."""
    if PLATFORM_FIELD not in signed:
        return (PLATFORM_FIELD,)
    experts = [place.field for place in places if place.kind == "expert"]
    seals = [place.field for place in places if place.kind == "seal"]
    for group in (experts, seals[:-1], seals[-1:]):
        waiting = tuple(field for field in group if field not in signed and field not in excused)
        if waiting:
            return waiting
    return ()


def require_turn(
    places: Sequence[Place], signed: Collection[str], field: str, excused: Collection[str] = NOBODY
) -> None:
    """Raises NotFoundError("field-unknown"), ConflictError("already-signed"), WrongStageError("signature-not-yet")."""
    if field != PLATFORM_FIELD and field not in {place.field for place in places}:
        raise NotFoundError("field-unknown", field=field)
    if field in signed:
        raise ConflictError("already-signed", field=field)
    turn = next_fields(places, signed, excused)
    if field not in turn:
        raise WrongStageError("signature-not-yet", field=field, waiting=", ".join(turn))
