"""`tongping verify --ranking`: the ranking of a bundle, recomputed from the revealed scores, with its trace."""

from collections.abc import Iterator, Mapping

from chain_gateway.evidence import bundle
from chain_gateway.verifier.findings import Findings
from chain_gateway.verifier.trust import Trust
from evaluation_room.scoring.tally import Tally
from node.evaluation import evaluation_file
from node.evidence import room_evidence
from records.canonical import Value
from records.errors import TongpingError


def recompute(data: bytes, trust: Trust) -> Tally | None:
    """The result of the room's signed entries; None when they are faulty or give no result.

    The reason is among the checks of the bundle (`room.entries`, `room.tally`) and is not repeated.
    """
    try:
        session = room_evidence.check_room(Findings(), bundle.unpack(data).members[bundle.ENTRIES], trust, None)
        return None if session is None else session.state.tally()
    except (TongpingError, KeyError):
        return None


def as_value(tally: Tally | None) -> Mapping[str, Value]:
    """The result for programs: that of `tongping evaluate`; empty when there is none."""
    if tally is None:
        return {}
    return evaluation_file.as_value(tally.definition.method, tally.result)


def lines(tally: Tally | None) -> Iterator[str]:
    """The result for people."""
    if tally is None:
        yield "no ranking: the entries do not hold or come to no result, see room.entries and room.tally"
        return
    yield f"ranking recomputed from the locked sheets of {len(tally.sheets)} seats"
    names = {bidder.id: bidder.name for bidder in tally.definition.bidders}
    yield from evaluation_file.lines(tally.definition.method, tally.result, names)
