"""Who must have signed a report follows from the room: members but those who refused, then the seals."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from evaluation_room.stages import Stage
from node.evidence.signatories import required_signers
from node.reports.signing_peers import SigningPeers
from records.errors import UnavailableError
from records.ids import CentreCode, digest
from tests.integration.node.node_centres import centre_config
from tests.unit.evaluation_room.desks import now, played
from tests.unit.evaluation_room.rooms import REPORT, SESSION, one_city

if TYPE_CHECKING:
    from signing.desk import SigningDesk


def test_a_member_who_refused_is_excused_and_all_others_are_held_to_their_certificates() -> None:
    room = one_city(Stage.SIGNING)
    room.sign("JN-1", "refuse")
    for seat in ("JN-2", "JN-3", "JN-4", "JN-5"):
        room.sign(seat)

    required = required_signers(room.session, report=room.session.state.report)

    assert required.fields == (*(f"expert-JN-{number}" for number in range(1, 6)), "seal-JN")
    assert required.excused == {"expert-JN-1"}
    assert required.certificates == {f"expert-JN-{n}": digest(f"JN-{n}".encode()) for n in range(2, 6)}
    assert required.report_digest == REPORT


def test_a_sealed_report_waits_until_the_guest_has_heard_of_every_member(tmp_path: Path) -> None:
    _, guest = played(tmp_path, Stage.SIGNING)
    config = centre_config("XA", tmp_path, {"XA": 1})
    desk = cast("SigningDesk", None)  # it is not asked as long as the room is behind
    peers = SigningPeers(config=config, desk=desk, room=guest.desk, clock=now)

    with pytest.raises(UnavailableError) as raised:
        peers.take_sealed(SESSION, CentreCode("JN"), b"%PDF-1.7")

    assert (raised.value.code, raised.value.values["missing"]) == ("room-behind", 5)
