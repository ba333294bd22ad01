"""A session is opened only as the centres agreed on it: known centres under known keys, and the seats asked for."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from evaluation_room.tender.definition import Definition
from node.centre import Centre
from node.config import PeerConfig
from node.keys import point
from node.office.invitation.invitation import Terms
from node.rooms.opening_check import Agreement
from node.rooms.sessions import definition
from records.actors import Actor, Role
from records.errors import NotPermittedError, WrongStageError
from records.ids import CentreCode, PersonId, ProjectId, SeatId, instant
from tests.unit.node.one_centre import Clock, centre_at

PROJECT = ProjectId("E3701000076012346001")
HOST_KEY = point(ec.generate_private_key(ec.SECP256R1()).public_key())
OPERATOR = Actor(person=PersonId("op"), role=Role.OPERATOR, centre=CentreCode("JN"))
Change = Callable[[dict[str, Any]], object]  # Any: the definition's JSON


@pytest.fixture(name="guest")
def _guest(tmp_path: Path) -> Iterator[Centre]:
    """The centre under test (JN) is the guest; XA hosts and asked it for two seats."""
    clock = Clock()
    peer = PeerConfig(
        code=CentreCode("XA"), url="http://localhost:1", entry_key=HOST_KEY, name_zh="西安", name_en="Xi'an"
    )
    centre = centre_at(tmp_path, clock, (peer,))
    terms = Terms(
        id=f"{PROJECT}-XA-JN-1",
        project=PROJECT,
        title="示例",
        host=CentreCode("XA"),
        guest=CentreCode("JN"),
        seats=2,
        window_start=instant(clock.now + timedelta(hours=2)),
        window_end=instant(clock.now + timedelta(hours=8)),
        reply_deadline=instant(clock.now + timedelta(hours=1)),
    )
    centre.invitations.receive(terms, sender=CentreCode("XA"))
    centre.invitations.confirm(terms.id, by=OPERATOR)
    yield centre
    centre.journal.engine.dispose()


def opened(guest: Centre, change: Change = lambda _: None) -> Definition:
    """What XA would open."""
    tender = json.loads(Path("samples/jinan-lighting/tender.json").read_text(encoding="utf-8"))
    value: dict[str, Any] = {
        key: tender[key] for key in ("project", "title", "title_en", "tenderer", "stages", "method")
    }
    value |= {key: tender[key] for key in ("control_price_fen", "items")}
    value["bidders"] = [
        bidder | {"documents": [{"name": one["name"], "sha256": one["sha256"]} for one in bidder["documents"]]}
        for bidder in tender["bidders"]
    ]
    value["host"] = centre("XA", HOST_KEY)
    value["guests"] = [centre("JN", guest.keys.entry_point)]
    value["seats"] = [{"id": f"XA-{n}", "centre": "XA"} for n in (1, 2, 3)]
    value["seats"] += [{"id": f"JN-{n}", "centre": "JN"} for n in (1, 2)]
    value["opened_at"] = "2026-11-23T06:00:00.000Z"
    change(value)
    return Definition.read(value)


def centre(code: str, entry_key: str) -> dict[str, str]:
    names = {"name_zh": code, "name_en": code, "city_zh": code, "city_en": code}
    return {"code": code, "entry_key": entry_key, **names}


def agreement(guest: Centre) -> Agreement:
    return Agreement(
        config=guest.config,
        entry_key=guest.keys.entry_point,
        invitations=guest.invitations,
        catalogue=guest.catalogue,
    )


def test_the_session_that_was_agreed_on_is_taken(guest: Centre) -> None:
    agreement(guest).check(opened(guest))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda value: value["seats"].pop(), "seats-not-agreed"),
        (lambda value: value["seats"].append({"id": "JN-3", "centre": "JN"}), "seats-not-agreed"),
        (lambda value: value["host"].update(entry_key=value["guests"][0]["entry_key"]), "centre-key-differs"),
        (lambda value: value["guests"][0].update(entry_key=HOST_KEY), "centre-key-differs"),
        (lambda value: value["guests"].append(value["host"] | {"code": "DL"}), "centre-unknown"),
        (lambda value: value.update(project="E3701000076012349001"), "seats-not-agreed"),
    ],
)
def test_a_session_that_differs_from_what_was_agreed_is_refused(guest: Centre, change: Change, code: str) -> None:
    with pytest.raises(NotPermittedError) as raised:
        agreement(guest).check(opened(guest, change))

    assert raised.value.code == code


def test_a_session_without_this_centre_is_refused(guest: Centre) -> None:
    def leave_out(value: dict[str, Any]) -> None:  # Any: as above
        value["guests"] = []
        value["seats"] = value["seats"][:3]

    with pytest.raises(NotPermittedError) as raised:
        agreement(guest).check(opened(guest, leave_out))

    assert raised.value.code == "not-a-venue"


def test_a_host_opens_nothing_before_its_guest_has_confirmed_and_its_seats_are_named(guest: Centre) -> None:
    tender = guest.tenders.register("jinan-lighting", by=OPERATOR)
    confirmed = guest.invitations.confirmed(PROJECT)
    given: dict[str, Any] = {  # Any: keywords of definition()
        "host": guest.config.centre,
        "entry_key": guest.keys.entry_point,
        "peers": {peer.code: peer for peer in guest.config.peers},
    }

    with pytest.raises(WrongStageError) as unconfirmed:
        definition(tender, seats={SeatId("JN-1"): PersonId("JN-E1")}, confirmed=[], **given)
    with pytest.raises(WrongStageError) as unnamed:
        definition(tender, seats={}, confirmed=confirmed, **given)

    assert (unconfirmed.value.code, unnamed.value.code) == ("invitation-not-confirmed", "seats-not-named")


def test_an_invitation_of_another_host_is_not_taken_in(guest: Centre) -> None:
    terms = replace(guest.invitations.invitations(PROJECT)[0].terms, host=CentreCode("DL"), id=f"{PROJECT}-DL-JN-1")

    with pytest.raises(NotPermittedError):
        guest.invitations.receive(terms, sender=CentreCode("XA"))
