"""How entries change the state: each its author's own part; a closed stage counts no more than the host names."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from evaluation_room.acts import KINDS, Act, SeatBound, StageEntered
from evaluation_room.chain import Chain
from evaluation_room.state import CentrePart, Passage, SeatPart, State
from records import ids
from records.ids import Author, CentreCode
from records.room_entry import RoomEntry


def said(state: State, entry: RoomEntry, act: Act, *, counted: bool) -> State:
    """The state after one entry. What does not count leaves no trace, except a binding: keys are checked by it."""
    seat = state.definition.seat_of(entry.author)
    if seat is not None:
        part = state.seats[seat.id]
        return _with_seat(state, part.apply(act, entry.at, state.definition) if counted else part)
    centre = state.centres[_code(entry.author)]
    if isinstance(act, SeatBound):
        return _with_centre(state, centre.bind(act, entry.at, counted=counted))
    return _with_centre(state, centre.apply(act, entry.at) if counted else centre)


def within(state: State, chains: Mapping[Author, Chain], frontier: Mapping[Author, int]) -> State:
    """The state with the current stage counted up to the frontier only."""
    for author, chain in chains.items():
        last = chain.last
        if last is not None and last.stage == state.stage and chain.seq > frontier.get(author, 0):
            state = _refolded(state, author, chain, frontier)
    return state


def entered(state: State, act: StageEntered, at: str) -> State:
    """The state in its next stage; the one before is closed at the host's frontier."""
    closed = replace(state.history[-1], frontier=MappingProxyType(dict(act.frontier)))
    return replace(state, history=(*state.history[:-1], closed, Passage(stage=act.target, entered_at=at)))


def _refolded(state: State, author: Author, chain: Chain, frontier: Mapping[Author, int]) -> State:
    """One author's part folded again from its beginning, each stage up to what counts of it."""
    counts = {passage.stage.value: passage.frontier for passage in state.history} | {state.stage.value: frontier}
    state = _emptied(state, author)
    for signed in chain.entries:
        entry = signed.entry
        limit = counts.get(entry.stage)
        act = KINDS[entry.kind].read(entry.body, state.definition)
        state = said(state, entry, act, counted=limit is None or entry.seq <= limit.get(author, 0))
    return state


def _emptied(state: State, author: Author) -> State:
    seat = state.definition.seat_of(author)
    if seat is not None:
        return _with_seat(state, SeatPart.empty(seat.id))
    return _with_centre(state, CentrePart(centre=_code(author)))


def _with_seat(state: State, part: SeatPart) -> State:
    return replace(state, seats=MappingProxyType({**state.seats, part.seat: part}))


def _with_centre(state: State, part: CentrePart) -> State:
    return replace(state, centres=MappingProxyType({**state.centres, part.centre: part}))


def _code(author: Author) -> CentreCode:
    return ids.parse_centre(author.removeprefix("centre:"))
