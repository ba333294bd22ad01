"""Compares several centres' copies of one log, to find a log that shows two histories."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from chain_gateway.checkpoints import Head
from chain_gateway.witness.mirror import ReadTile
from records.errors import EvidenceMismatchError, NotFoundError, TongpingError, UnavailableError
from records.log.checkpoint import Checkpoint, open_note
from records.log.merkle import verify_consistency
from records.log.tiles import Tree
from records.proof import Check, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One source of a log: its own centre (`own`) or another centre's mirror, named by that centre's code.

    `note` returns the signed checkpoint there and `read` the tiles; both raise the errors of the request.
    """

    source: str
    note: Callable[[], str]
    read: ReadTile


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    source: str
    checkpoint: Checkpoint
    read: ReadTile


def compare(
    name: str, *, origin: str, keys: Sequence[str], copies: Sequence[Copy], head: Callable[[], Head] | None
) -> list[Check]:
    """One check for each copy of a log and for its head on the chain, named `<name>.<source>`.

    All must be states of one history: the largest signed one is the reference, and every other must be its prefix, by
    proofs from that copy's tiles. A copy that cannot be read now is absent.
    """
    checks: list[Check] = []
    shown: list[_Shown] = []
    for copy in copies:
        found = _look(name, origin, keys, copy)
        if isinstance(found, _Shown):
            shown.append(found)
        else:
            checks.append(found)
    shown.sort(key=lambda one: one.checkpoint.size, reverse=True)
    reference: _Shown | None = None
    for one in shown:
        fault = _check_tiles(name, one) if reference is None else None
        if fault is None:
            reference = reference or one
            checks.append(_prefix(f"{name}.{one.source}", reference, one.checkpoint))
        else:
            checks.append(fault)
    if head is not None:
        checks.append(_chain(name, reference, partial(_head, origin, head)))
    return checks


def _look(name: str, origin: str, keys: Sequence[str], copy: Copy) -> _Shown | Check:
    try:
        checkpoint = open_note(copy.note(), keys)
        if checkpoint.origin != origin:
            raise EvidenceMismatchError("note-origin", expected=origin, found=checkpoint.origin)
    except (UnavailableError, NotFoundError) as error:
        return Check(name=f"{name}.{copy.source}", outcome=Outcome.ABSENT, reason=error.code)
    except TongpingError as error:
        return Check(name=f"{name}.{copy.source}", outcome=Outcome.FAIL, reason=str(error), values=error.values)
    return _Shown(source=copy.source, checkpoint=checkpoint, read=copy.read)


def _check_tiles(name: str, one: _Shown) -> Check | None:
    """The fault when a copy's tiles do not give the root of its own note."""
    checkpoint = one.checkpoint
    try:
        if Tree(checkpoint.size, one.read).root() != checkpoint.root:
            raise EvidenceMismatchError("tiles-differ", origin=checkpoint.origin, size=checkpoint.size)
    except TongpingError as error:
        outcome = Outcome.ABSENT if isinstance(error, UnavailableError) else Outcome.FAIL
        return Check(name=f"{name}.{one.source}", outcome=outcome, reason=str(error), values=error.values)
    return None


def _head(origin: str, head: Callable[[], Head]) -> Checkpoint | None:
    """The chain's head of a log; None before the first anchor."""
    found = head()
    return Checkpoint(origin=origin, size=found.size, root=found.root) if found.size else None


def _chain(name: str, reference: _Shown | None, head: Callable[[], Checkpoint | None]) -> Check:
    try:
        found = head()
    except TongpingError as error:
        outcome = Outcome.ABSENT if isinstance(error, UnavailableError) else Outcome.FAIL
        return Check(name=f"{name}.chain", outcome=outcome, reason=str(error), values=error.values)
    if found is None:
        return Check(name=f"{name}.chain", outcome=Outcome.ABSENT, reason="nothing anchored yet")
    if reference is None or found.size > reference.checkpoint.size:
        reason = f"{found.size} entries anchored, more than any copy shows now"
        return Check(name=f"{name}.chain", outcome=Outcome.ABSENT, reason=reason, values={"size": found.size})
    return _prefix(f"{name}.chain", reference, found)


def _prefix(name: str, reference: _Shown, state: Checkpoint) -> Check:
    """Whether a state of the log is a prefix of the reference."""
    largest = reference.checkpoint
    values: dict[str, str | int] = {"size": state.size, "root": state.root.hex(), "against": reference.source}
    try:
        path = Tree(largest.size, reference.read).consistency_path(state.size)
    except TongpingError as error:
        outcome = Outcome.ABSENT if isinstance(error, UnavailableError) else Outcome.FAIL
        return Check(name=name, outcome=outcome, reason=str(error), values=values)
    if not verify_consistency(state.size, largest.size, state.root, largest.root, path):
        reason = f"{state.size} entries with another history than the {largest.size} that {reference.source} shows"
        return Check(name=name, outcome=Outcome.FAIL, reason=reason, values=values)
    return Check(name=name, outcome=Outcome.PASS, reason=f"{state.size} entries, one history", values=values)
