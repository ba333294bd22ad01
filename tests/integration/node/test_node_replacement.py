"""A member is replaced between two real centres: declared or found by the file, and another expert takes the seat."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from node.centre import Centre
from node.demo.authenticator import Json
from node.demo.expert import Expert
from node.demo.person import RefusedError
from records.actors import Role
from records.errors import UnavailableError
from records.ids import ProjectId, SeatId
from tests.alteration import altered
from tests.integration.node.node_centres import Browser, signed_in, two_centres
from tests.integration.node.test_node_session import (
    PROJECT,
    SESSION,
    agreed,
    arrived,
    eventually,
    prepared,
    ready,
    sat_down,
    stage,
)

RECUSED = SeatId("JN-3")
CHANGE = {
    "seat": RECUSED,
    "expert": "JN-E4",
    "ground": "recusal",
    "reason": "申请回避",
    "selection": {"how": "drawn"},
}


def replaced(operator: Browser, **changed: str) -> tuple[int, str]:
    answer = operator.post(f"/api/v1/sessions/{SESSION}/replacement", CHANGE | changed)
    return answer.status_code, answer.json()["code"] if answer.content else ""


async def substitute(host: Centre) -> Expert:
    expert = await arrived(host, 4)
    expert.seat = RECUSED
    return expert


async def recused_and_replaced(centres: tuple[Centre, Centre], browsers: tuple[Browser, Browser]) -> None:
    host, operator = centres[0], browsers[0]
    async with AsyncExitStack() as stack:
        experts = await sat_down(centres, browsers, stack)
        await experts[2].room.submit("undertaking-signed", {"recusal": True, "reason": "曾任顾问"}, stage="BRIEFING")
        assert await asyncio.to_thread(replaced, operator, expert="JN-E1") == (422, "expert-named-twice")
        assert await asyncio.to_thread(replaced, operator, seat="XA-1") == (404, "seat-unnamed")
        assert await asyncio.to_thread(replaced, operator) == (204, "")
        assert await asyncio.to_thread(replaced, operator) == (204, "")
        with pytest.raises(RefusedError, match="session-unknown"):
            await experts[2].person.get(f"/api/v1/room/{SESSION}")
        late = await substitute(host)
        stack.push_async_callback(late.leave)
        with pytest.raises(RefusedError, match="not-checked-in"):
            await late.person.get(f"/api/v1/room/{SESSION}/chain")
        await late.check_in()
        chain = await late.person.get(f"/api/v1/room/{SESSION}/chain")
        assert (chain["entries"], chain["seq"], chain["after"]) == ([], 1, 1)
        for expert in (experts[0], experts[1], late, *experts[3:]):
            await expert.undertake()
        assert await asyncio.to_thread(eventually, lambda: ready(operator))
        await stage(browsers, "DETAILED", enter=True)


def test_a_recused_member_is_replaced_and_the_other_goes_on_behind_its_entries(tmp_path: Path) -> None:
    with two_centres(tmp_path) as centres:
        browsers = (signed_in(centres[0], "op-jn", Role.OPERATOR), signed_in(centres[1], "op-xa", Role.OPERATOR))
        prepared(*browsers)
        asyncio.run(recused_and_replaced(centres, browsers))
        states = [centre.room.session(SESSION).digest for centre in centres]
        assert states[0] == states[1]


def test_a_replacement_that_died_between_room_and_catalogue_is_finished_when_it_is_said_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with two_centres(tmp_path) as (host, guest):
        browsers = (signed_in(host, "op-jn", Role.OPERATOR), signed_in(guest, "op-xa", Role.OPERATOR))
        prepared(*browsers)
        asyncio.run(stage(browsers, "CHECK_IN", enter=True))
        asyncio.run(checked_in(host, 3))
        with monkeypatch.context() as broken:
            broken.setattr(host.catalogue, "replace", died)
            assert replaced(browsers[0]) == (503, "store-failed")
        assert (replacements(host), sitting(host)) == (1, "JN-E3")
        assert replaced(browsers[0], reason="另一说法") == (204, "")
        assert (replacements(host), sitting(host)) == (1, "JN-E4")


async def checked_in(centre: Centre, number: int) -> None:
    expert = await arrived(centre, number)
    await expert.check_in()
    await expert.leave()


def died(*_given: object, **_named: object) -> None:
    """The process ends before the catalogue is written."""
    raise UnavailableError("store-failed")


def replacements(centre: Centre) -> int:
    """How many the room holds."""
    chains = centre.room.session(SESSION).chains.values()
    return sum(one.entry.kind == "member-replaced" for chain in chains for one in chain.entries)


def sitting(centre: Centre) -> str:
    return str(centre.catalogue.seats(ProjectId(PROJECT))[RECUSED])


def tied(folder: Path, code: str, person: str) -> Path:
    """The samples of the installation, with an expert who worked for a bidder until lately."""
    tie = {"relation": "employed", "party": "旧名称", "uscc": "91370102MA3C0F006A", "until": "2026-05-01T00:00:00.000Z"}

    def with_tie(experts: list[Json]) -> None:
        next(one for one in experts if one["id"] == person)["ties"] = [tie]

    return altered(folder, f"experts-{code.lower()}.json", with_tie)


def test_the_host_opens_no_evaluation_with_an_expert_who_must_recuse(tmp_path: Path) -> None:
    with two_centres(tmp_path, tied(tmp_path / "samples", "JN", "JN-E3")) as (host, guest):
        operator, away = signed_in(host, "op-jn", Role.OPERATOR), signed_in(guest, "op-xa", Role.OPERATOR)
        agreed(operator, away)
        refused = operator.post("/api/v1/sessions", {"project": PROJECT})
        assert (refused.status_code, refused.json()["code"]) == (403, "must-recuse")
        assert refused.json()["values"] == {"expert": "JN-E3", "relation": "employed", "party": "B1"}
        others = [{"seat": f"JN-{n}", "expert": f"JN-E{one}"} for n, one in enumerate((1, 2, 4), 1)]
        assert (
            operator.put(
                f"/api/v1/projects/{PROJECT}/seats", {"assignments": others, "selection": {"how": "drawn"}}
            ).status_code
            == 200
        )
        assert operator.post("/api/v1/sessions", {"project": PROJECT}).status_code == 201


async def refused_at_the_door(guest: Centre) -> None:
    expert = await arrived(guest, 1)
    with pytest.raises(RefusedError, match="must-recuse"):
        await expert.check_in()
    await expert.leave()


def test_a_guest_finds_it_at_check_in_and_names_another(tmp_path: Path) -> None:
    with two_centres(tmp_path, tied(tmp_path / "samples", "XA", "XA-E1")) as centres:
        browsers = (signed_in(centres[0], "op-jn", Role.OPERATOR), signed_in(centres[1], "op-xa", Role.OPERATOR))
        prepared(*browsers)
        asyncio.run(stage(browsers, "CHECK_IN", enter=True))
        asyncio.run(refused_at_the_door(centres[1]))
        assert replaced(browsers[1], seat="XA-1", expert="XA-E1") == (204, "")  # the same: nothing to do
        assert replaced(browsers[1], seat="XA-1", expert="XA-E3") == (204, "")
        assert eventually(lambda: "XA-E3" in browsers[1].get(f"/api/v1/projects/{PROJECT}/seats").text)
