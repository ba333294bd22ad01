"""How entries change the state: each its author's own part; a closed stage counts only up to the host's frontier.

A rollback supersedes the passages it goes back behind: they stay in the history, and their entries stay in the chains
and in `State.rollbacks`, but the parts are folded again without them.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from evaluation_room.session.acts import SeatBound
from evaluation_room.session.chain import Chain
from evaluation_room.session.kinds.kind import Place
from evaluation_room.session.kinds.registry import KINDS
from evaluation_room.session.parts import CentrePart, SeatPart
from evaluation_room.session.passages import Overlay, Passage
from evaluation_room.session.state import Rollback, State
from evaluation_room.session.steps import StageEntered
from evaluation_room.stages import OVERLAYS, TERMINALS, Stage
from records import ids
from records.ids import Author, CentreCode
from records.room_entry import RoomEntry


def with_entry(state: State, entry: RoomEntry, act: object, *, counted: bool) -> State:
    """The state after one entry, which changes its author's part alone. An entry that does not count has no effect.

    One exception: keys are checked by a centre's late entries about its seats (Kind.even_late).
    """
    rule = KINDS[entry.kind]
    if not (counted or rule.even_late):
        return state
    place = Place(entry=entry, definition=state.definition, counted=counted, superseded=_superseded(state, entry))
    seat = state.definition.seat_of(entry.author)
    if seat is None:
        return _with_centre(state, rule.apply(state.centres[_code(entry.author)], act, place))
    if entry.seq < state.void_below(seat):
        return state  # a member who was replaced since
    return _with_seat(state, rule.apply(state.seats[seat.id], act, place))


def _superseded(state: State, entry: RoomEntry) -> bool:
    return any(one.superseded for one in state.history if one.label == entry.stage)


def within(state: State, chains: Mapping[Author, Chain], frontier: Mapping[Author, int]) -> State:
    """The state with the open passage counted up to the frontier only."""
    return replace(_limited(state, chains, frontier), history=state.history)


def _limited(state: State, chains: Mapping[Author, Chain], frontier: Mapping[Author, int]) -> State:
    """The same, and with the open passage ending there."""
    limited = replace(state, history=(*state.history[:-1], replace(state.passage, frontier=frontier)))
    for author, chain in chains.items():
        last = chain.last
        if last is not None and last.stage == state.passage.label and chain.seq > frontier.get(author, 0):
            limited = _refolded(limited, author, chain)
    return without_void(limited, chains, state)


def counted(state: State, chains: Mapping[Author, Chain], frontier: Mapping[Author, int]) -> State:
    """The state as known to the host at its count: a step is judged by it, whatever has arrived here since."""
    limited = _limited(state, chains, frontier)
    centres = {
        code: part.known_up_to(frontier.get(Author(f"centre:{code}"), 0)) for code, part in limited.centres.items()
    }
    known = without_void(replace(limited, centres=MappingProxyType(centres)), chains, limited)
    return replace(known, history=state.history)


def entered(state: State, chains: Mapping[Author, Chain], act: StageEntered, at: str) -> State:
    """The state after the host's step: an overlay begun or over, a stage closed at the frontier, or gone back."""
    if act.target in OVERLAYS:
        before = _overlay_over(state, at)
        return replace(before, overlays=(*before.overlays, Overlay(stage=act.target, entered_at=at, act=act)))
    if act.origin in OVERLAYS and act.target is state.passage.stage:
        return _overlay_over(state, at)
    if act.origin is Stage.ROLLBACK_REQ and act.target not in TERMINALS:
        return _gone_back(state, chains, act, at)
    return _passed(_overlay_over(within(state, chains, act.frontier), at), act, at)


def without_void(state: State, chains: Mapping[Author, Chain], before: State) -> State:
    """The state without the entries of replaced members, or with them where their replacement no longer counts."""
    for seat in state.definition.seats:
        if state.void_below(seat) != before.void_below(seat) and seat.author in chains:
            state = _refolded(state, seat.author, chains[seat.author])
    return state


def _overlay_over(state: State, at: str) -> State:
    if state.overlay is None:
        return state
    return replace(state, overlays=(*state.overlays[:-1], replace(state.overlay, until=at)))


def _passed(state: State, act: StageEntered, at: str) -> State:
    """The open passage closed at the host's frontier, and the next one begun."""
    closed = replace(state.passage, frontier=MappingProxyType(dict(act.frontier)))
    number = 1 + sum(passage.stage is act.target for passage in state.history)
    ended = act if act.target in TERMINALS else None
    following = Passage(stage=act.target, entered_at=at, number=number, ended=ended)
    return replace(state, history=(*state.history[:-1], closed, following))


def _gone_back(state: State, chains: Mapping[Author, Chain], act: StageEntered, at: str) -> State:
    """The target stage begun anew; all passages from its last one on are superseded, and kept unchanged."""
    request = state.overlay
    assert request is not None
    before, kept = within(state, chains, act.frontier), counted(state, chains, act.frontier)
    passed = _passed(_overlay_over(before, at), act, at)
    first = max(place for place, one in enumerate(before.history) if one.stage is act.target and not one.superseded)
    history = tuple(
        replace(passage, superseded=passage.superseded or first <= place < len(before.history))
        for place, passage in enumerate(passed.history)
    )
    rollback = Rollback(
        at=at,
        request=request.act,
        review=act,
        superseded=tuple(passage.label for passage in before.history[first:]),
        seats=kept.seats,
        centres=MappingProxyType({code: _without_keys(part) for code, part in kept.centres.items()}),
    )
    state = replace(passed, history=history, rollbacks=(*state.rollbacks, rollback))
    # the centres first: they name who sits where
    for author in sorted(chains, key=lambda one: one.startswith("seat:")):
        state = _refolded(state, author, chains[author])
    return state


def _without_keys(part: CentrePart) -> CentrePart:
    """A late entry on who sits where may arrive here before or after the rollback; it is independent of it."""
    return replace(part, bindings=MappingProxyType({}), replacements=MappingProxyType({}))


def _refolded(state: State, author: Author, chain: Chain) -> State:
    """One author's part folded again from its beginning, each passage as far as it counts."""
    passages = {passage.label: passage for passage in state.history}
    state = _emptied(state, author)
    for signed in chain.entries:
        entry = signed.entry
        act = KINDS[entry.kind].read(entry.body, state.definition)
        state = with_entry(state, entry, act, counted=_counts(passages.get(entry.stage), entry, act))
    return state


def _counts(passage: Passage | None, entry: RoomEntry, act: object) -> bool:
    """A key that was bound in time remains valid after a rollback: its signatures are still checked by it."""
    if passage is None:
        return True  # the host's step out of an overlay, which belongs to no part
    if passage.superseded and not isinstance(act, SeatBound):
        return False
    return passage.frontier is None or entry.seq <= passage.frontier.get(entry.author, 0)


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
