"""A committee formed anew between two real centres: others sit, in the next version, and the old room stays closed."""

import asyncio
from pathlib import Path

from node.centre import Centre
from node.demo.expert import Expert
from records.actors import Role
from records.ids import SessionId
from tests.integration.node.node_centres import Browser, signed_in, two_centres
from tests.integration.node.test_node_session import PROJECT, SESSION, arrived, eventually, prepared

NEXT = SessionId(f"{PROJECT}-2")
REFORMED = {"to": "REFORMED", "grounds": {"reason": "专家缺席，无法补足"}}


def name_others(operator: Browser, code: str, experts: list[int]) -> int:
    assignments = [{"seat": f"{code}-{n}", "expert": f"{code}-E{one}"} for n, one in enumerate(experts, 1)]
    return operator.put(
        f"/api/v1/projects/{PROJECT}/seats", {"assignments": assignments, "selection": {"how": "drawn"}}
    ).status_code


async def listed(expert: Expert) -> list[str]:
    found = [room["session"] for room in await expert.person.get("/api/v1/room")]
    await expert.leave()
    return found


async def check_in(centre: Centre, number: int) -> list[str]:
    expert = await arrived(centre, number)
    await expert.check_in()
    return await listed(expert)


async def look(centre: Centre, number: int) -> list[str]:
    return await listed(await arrived(centre, number))


def test_a_new_committee_begins_the_next_version_and_sees_nothing_of_the_old_one(tmp_path: Path) -> None:
    with two_centres(tmp_path) as (host, guest):
        operator, away = signed_in(host, "op-jn", Role.OPERATOR), signed_in(guest, "op-xa", Role.OPERATOR)
        prepared(operator, away)
        stage = f"/api/v1/sessions/{SESSION}/stage"
        assert operator.post(stage, {"to": "CHECK_IN"}).status_code == 200
        assert asyncio.run(check_in(host, 1)) == [SESSION]
        assert name_others(operator, "JN", [4, 2, 3]) == 409
        assert operator.post(stage, REFORMED).status_code == 200
        assert eventually(lambda: "REFORMED" in away.get("/api/v1/sessions").text)
        assert name_others(operator, "JN", [4, 2, 3]) == 200
        opened = operator.post(f"/api/v1/sessions/{SESSION}/again", {"ground": "REFORMED", "reason": "重组评标委员会"})
        assert (opened.status_code, opened.json()) == (201, {"session": NEXT}), opened.text
        assert eventually(lambda: NEXT in away.get("/api/v1/sessions").text)
        assert asyncio.run(look(host, 4)) == [NEXT]
        assert asyncio.run(look(host, 1)) == []
        assert guest.room.session(NEXT).definition.previous is not None
