"""Role × route × stage × seat: nobody is let in where nothing says so, and nobody is kept out who belongs there.

The routes are those of the application; a route without an expectation (route_expectations.py) fails here.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest
from fastapi import FastAPI

from evaluation_room.stages import Stage
from node.app import application
from node.http.permissions import ROUTES, STANDINGS
from records.actors import Role
from records.facts import ROOM_ENTRY_TAKEN
from records.ids import PersonId
from tests.attacks.secrecy.evaluation_house import (
    COMMITTEE,
    NEWCOMER,
    REPLACED_SEAT,
    SEATS,
    STRANGER,
    SUBSTITUTE,
    Evaluation,
    House,
)
from tests.attacks.secrecy.route_expectations import API, EXPECTED, Caller, Standing
from tests.attacks.secrecy.route_sweep import Observation, Sweep, routes_of

FIRST, SECOND, THIRD, FOURTH = (COMMITTEE[seat] for seat in SEATS[:4])
BUILT: Final = {("GET", "/console"), ("GET", "/room")}
"""Only where the browser's applications are built."""
People = dict[Standing, PersonId]


@pytest.fixture(name="house", scope="module")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = House(tmp_path_factory.mktemp("house"))
    yield opened
    opened.close()


@pytest.fixture(name="app", scope="module")
def _app(house: House) -> FastAPI:
    return application(house.centre)


@pytest.fixture(name="seen", scope="module")
def _seen(house: House, app: FastAPI) -> list[Observation]:
    """Every moment of three evaluations: one that goes back and is broken off, one sealed, one formed anew."""
    seen: list[Observation] = []
    for evaluation, moments in (
        (Evaluation(house, 1, with_guest=True), going_back),
        (Evaluation(house, 2, with_guest=False), sealed),
        (Evaluation(house, 3, with_guest=True), formed_anew),
    ):
        for name, people in moments(evaluation):
            published(evaluation)
            sweep = Sweep(app, evaluation, name, {**people, Standing.STRANGER: STRANGER})
            seen += sweep.all_routes() if not seen else sweep.evaluation_routes()
    return seen


def published(evaluation: Evaluation) -> None:
    """The followers of the journal that lead to the public, run to its end."""
    centre = evaluation.centre
    centre.ground.log.catch_up()
    for entry in centre.journal.entries(0, 100_000):
        if entry.type != ROOM_ENTRY_TAKEN:  # never for the public
            centre.public.desk.handle(entry)


def going_back(evaluation: Evaluation) -> Iterator[tuple[str, People]]:
    yield "prepared", {Standing.NAMED: FIRST}
    evaluation.reach(Stage.CHECK_IN).check_in(SEATS[0])
    yield "check-in", {Standing.SILENT: FIRST, Standing.NAMED: THIRD}
    evaluation.reach(Stage.BRIEFING)
    evaluation.undertake(SEATS[0])
    evaluation.replace(REPLACED_SEAT, SUBSTITUTE)
    replaced = {Standing.REPLACED: SECOND}
    yield "briefing", {Standing.MEMBER: FIRST, Standing.SILENT: THIRD, Standing.NAMED: SUBSTITUTE, **replaced}
    evaluation.check_in(REPLACED_SEAT)
    people = {Standing.MEMBER: FIRST, **replaced}
    evaluation.reach(Stage.DETAILED)
    yield "detailed", people
    evaluation.enter(Stage.PAUSED, reason="休息")
    yield "paused", people
    evaluation.enter(Stage.DETAILED)
    for stage in (Stage.PRICE, Stage.AGGREGATED, Stage.REPORT_DRAFT, Stage.SIGNING):
        evaluation.reach(stage)
        yield stage.value.lower(), people
    evaluation.enter(Stage.SUSPENDED, order="监督〔2026〕1号", reason="核查")
    yield "suspended while signing", people
    evaluation.enter(Stage.SIGNING, order="监督〔2026〕1号", reason="核查完毕")
    evaluation.enter(Stage.ROLLBACK_REQ, reason="评分有误", back_to="BRIEFING")
    yield "rollback requested", people
    evaluation.enter(Stage.BRIEFING, order="监督〔2026〕2号", reason="同意回退")
    evaluation.replace(REPLACED_SEAT, NEWCOMER)
    yield "gone back", {Standing.SILENT: FIRST, Standing.NAMED: NEWCOMER, Standing.REPLACED: SUBSTITUTE}
    evaluation.enter(Stage.ABORTED, order="监督〔2026〕3号", reason="项目终止")
    yield "aborted", {Standing.SILENT: FIRST, Standing.MISSED: NEWCOMER, Standing.REPLACED: SUBSTITUTE}


def sealed(evaluation: Evaluation) -> Iterator[tuple[str, People]]:
    evaluation.reach(Stage.SEALED)
    evaluation.name({**evaluation.sits, REPLACED_SEAT: NEWCOMER})
    people = {Standing.MEMBER: FIRST, Standing.FORMER: SECOND, Standing.NEWCOMER: NEWCOMER}
    yield "sealed", people
    evaluation.enter(Stage.CLOSED)
    yield "closed", people


def formed_anew(evaluation: Evaluation) -> Iterator[tuple[str, People]]:
    evaluation.reach(Stage.CHECK_IN)
    for seat in (SEATS[0], REPLACED_SEAT):
        evaluation.check_in(seat)
    evaluation.enter(Stage.REFORMED, reason="专家缺席，无法补足")
    evaluation.name({**evaluation.sits, REPLACED_SEAT: NEWCOMER})
    yield "formed anew", {Standing.SILENT: FIRST, Standing.FORMER: SECOND, Standing.NEWCOMER: NEWCOMER}


# --- the table ------------------------------------------------------------------------------------------------------


def test_every_route_of_the_application_has_an_expectation_and_every_expectation_a_route(app: FastAPI) -> None:
    assert set(routes_of(app)) | BUILT == set(EXPECTED)


def test_every_route_of_an_expert_declares_the_standing_it_asks_for() -> None:
    experts = {(method, path.removeprefix(API)) for (method, path), may in ROUTES.items() if Role.EXPERT in may}
    assert experts == set(STANDINGS)


def test_a_route_of_an_expert_that_names_a_session_is_never_open_to_all_who_are_signed_in() -> None:
    assert [route for route, standing in STANDINGS.items() if "{session}" in route[1] and standing == 0] == []


# --- the matrix -----------------------------------------------------------------------------------------------------


def test_nobody_is_let_in_where_nothing_says_so(seen: list[Observation]) -> None:
    assert [str(one) for one in seen if one.let_in and not one.expected] == []


def test_nobody_is_kept_out_who_belongs_there(seen: list[Observation]) -> None:
    assert [str(one) for one in seen if one.expected and not one.let_in] == []


def test_nothing_breaks_whoever_asks(seen: list[Observation]) -> None:
    assert [str(one) for one in seen if one.code == "internal-error"] == []


def test_every_route_was_asked_by_every_kind_of_caller(seen: list[Observation], app: FastAPI) -> None:
    assert {one.route for one in seen} == set(routes_of(app))
    assert {one.caller.standing for one in seen} == {None, *Standing}
    assert min(Counter(one.route for one in seen).values()) >= 3


# --- what the public reads ------------------------------------------------------------------------------------------


def test_what_is_open_to_everybody_names_nothing_of_an_evaluation_before_it_is_sealed(seen: list[Observation]) -> None:
    """Project, title, bidders, members: of evaluations that go on, none is in any answer that needs no sign-in."""
    names = {"E3701000076012340001", "E3701000076012340003", "暗标工程1", "暗标工程3", "示例公司", "示例专家"}
    open_to_all = [one for one in seen if one.text and one.let_in and not one.code and not one.moment.published]

    assert len({one.route for one in open_to_all}) > 4
    assert [(str(one), name) for one in open_to_all for name in sorted(names) if name in one.text] == []


def test_a_refusal_names_nothing_that_the_caller_did_not_send(seen: list[Observation]) -> None:
    """The session asked for may stand in it, and what the caller is; no title, bidder, member, seat or city of it."""
    refusals = [one for one in seen if one.code and not one.let_in and not one.caller.present]

    told = [(str(one), name) for one in refusals for name in secrets_from(one.caller) if name in one.text]
    assert len(refusals) > 1000
    assert told == []


def secrets_from(caller: Caller) -> set[str]:
    names = {"暗标工程", "示例公司", "示例专家", "示例单位", "JN-E", "西安", "Xi'an"}
    seat = set() if caller.standing is Standing.NAMED else {"JN-1", "JN-2"}
    return names | seat | (set() if caller.peer else {"XA"})
