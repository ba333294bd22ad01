"""The first entry of every session, by which the host opens it."""

from collections.abc import Mapping
from types import MappingProxyType

from evaluation_room.session.acts import SessionOpened
from evaluation_room.session.kinds.kind import AnyKind, Arrival, Kind, Speaker, plain, unchanged_centre
from evaluation_room.stages import Stage
from records.errors import WrongStageError


def _refuse_second(arrival: Arrival, _act: SessionOpened) -> None:
    raise WrongStageError("session-already-open", session=arrival.entry.session)


KINDS: Mapping[str, AnyKind] = MappingProxyType(
    {
        "session-opened": Kind(
            speaker=Speaker.HOST,
            stages=frozenset({Stage.PREPARED}),
            read=plain(SessionOpened.read),
            check=_refuse_second,
            apply=unchanged_centre,
        ),
    },
)
