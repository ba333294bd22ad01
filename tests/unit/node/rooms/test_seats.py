"""Who sits on the own seats of a project: named by the operator, and shown to nobody else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from node.centre import Centre
from records.actors import Role
from tests.unit.node.one_centre import Clock, centre_at, signed_in

ADDRESS = "/api/v1/projects/E3701000076012345001/seats"


@pytest.fixture(name="centre")
def _centre(tmp_path: Path) -> Iterator[Centre]:
    centre = centre_at(tmp_path, Clock())
    yield centre
    centre.journal.engine.dispose()


def named(client: TestClient) -> Any:  # Any: JSON
    answer = client.get(ADDRESS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_nobody_sits_before_somebody_is_named(centre: Centre) -> None:
    assert named(signed_in(centre, Role.OPERATOR)) == {"assignments": []}


def test_who_was_named_is_read_again_in_the_order_of_the_seats(centre: Centre) -> None:
    operator = signed_in(centre, Role.OPERATOR)
    first, second = centre.catalogue.experts()[:2]
    assignments = [{"seat": "JN-2", "expert": first.id}, {"seat": "JN-1", "expert": second.id}]

    assert operator.put(ADDRESS, json={"assignments": assignments, "selection": {"how": "drawn"}}).status_code == 200

    assert named(operator) == {
        "assignments": [
            {"seat": "JN-1", "expert": second.id, "name": second.name, "selection": {"how": "drawn"}},
            {"seat": "JN-2", "expert": first.id, "name": first.name, "selection": {"how": "drawn"}},
        ]
    }


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.EXPERT, Role.AUDITOR])
def test_names_are_for_the_operator_alone(centre: Centre, role: Role) -> None:
    answer = signed_in(centre, role).get(ADDRESS)

    assert (answer.status_code, answer.json()["code"]) == (403, "role-not-permitted")
