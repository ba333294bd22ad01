"""A project has one host: nobody else invites to it, and no centre takes part in it twice."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from node.centre import Centre
from node.office.invitation.desk import Request
from node.office.invitation.invitation import State, Terms
from records.actors import Actor, Role
from records.errors import ConflictError
from records.ids import CentreCode, PersonId, ProjectId
from tests.unit.node.one_centre import Clock, centre_at

JN, XA, DL = CentreCode("JN"), CentreCode("XA"), CentreCode("DL")
SAMPLE, OWN = "jinan-lighting", ProjectId("E3701000076012346001")
ELSEWHERE = ProjectId("E6101000076012345001")
OPERATOR = Actor(person=PersonId("op-jn"), role=Role.OPERATOR, centre=JN)


def terms(project: ProjectId, host: CentreCode) -> Terms:
    return Terms(
        id=f"{project}-{host}-JN-1",
        project=project,
        title="示例",
        host=host,
        guest=JN,
        seats=2,
        reply_deadline="2099-11-22T06:00:00.000Z",
        window_start="2099-11-23T06:00:00.000Z",
        window_end="2099-11-24T06:00:00.000Z",
    )


@pytest.fixture(name="centre")
def _centre(tmp_path: Path) -> Iterator[Centre]:
    centre = centre_at(tmp_path, Clock())
    yield centre
    centre.journal.engine.dispose()


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(ConflictError) as raised:
        act()
    return raised.value.code


def test_nobody_invites_to_a_project_of_this_centre(centre: Centre) -> None:
    centre.tenders.register(SAMPLE, by=OPERATOR)
    size = centre.journal.size()

    assert refused(lambda: centre.invitations.receive(terms(OWN, XA), sender=XA)) == "project-of-another-host"
    assert (centre.invitations.invitations(OWN), centre.journal.size()) == ([], size)


def test_a_project_has_one_host(centre: Centre) -> None:
    first = centre.invitations.receive(terms(ELSEWHERE, XA), sender=XA)
    second = centre.invitations.receive(terms(ELSEWHERE, DL), sender=DL)
    centre.invitations.confirm(first.terms.id, by=OPERATOR)

    again = replace(terms(ELSEWHERE, DL), id=f"{ELSEWHERE}-DL-JN-2")
    assert refused(lambda: centre.invitations.confirm(second.terms.id, by=OPERATOR)) == "project-of-another-host"
    assert refused(lambda: centre.invitations.receive(again, sender=DL)) == "project-of-another-host"
    assert {one.terms.host: one.state for one in centre.invitations.invitations(ELSEWHERE)} == {
        XA: State.CONFIRMED,
        DL: State.RECEIVED,
    }


def test_an_unanswered_invitation_takes_the_project_from_nobody(centre: Centre) -> None:
    centre.invitations.receive(terms(ELSEWHERE, DL), sender=DL)
    honest = centre.invitations.receive(terms(ELSEWHERE, XA), sender=XA)

    assert centre.invitations.confirm(honest.terms.id, by=OPERATOR).state is State.CONFIRMED


def test_a_guest_does_not_invite_to_the_project_it_is_a_guest_of(centre: Centre) -> None:
    centre.invitations.receive(terms(ELSEWHERE, XA), sender=XA)
    centre.invitations.confirm(f"{ELSEWHERE}-XA-JN-1", by=OPERATOR)
    wanted = terms(ELSEWHERE, JN)
    request = Request(
        guest=DL,
        seats=2,
        window_start=wanted.window_start,
        window_end=wanted.window_end,
        reply_deadline=wanted.reply_deadline,
    )

    assert refused(lambda: centre.invitations.issue(ELSEWHERE, "示例", request, by=OPERATOR)) == (
        "project-of-another-host"
    )


def test_the_invitation_of_the_host_that_is_already_known_is_taken_again(centre: Centre) -> None:
    """After a refusal or for more seats: the same host, another number."""
    centre.invitations.receive(terms(ELSEWHERE, XA), sender=XA)
    centre.invitations.confirm(f"{ELSEWHERE}-XA-JN-1", by=OPERATOR)
    more = replace(terms(ELSEWHERE, XA), id=f"{ELSEWHERE}-XA-JN-2")

    assert centre.invitations.receive(more, sender=XA).state is State.RECEIVED
