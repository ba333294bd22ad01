"""Who may enter: codes used once, passkeys with user verification, CSRF, roles, and doors that stay shut."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from node.app import application
from node.centre import Centre
from node.demo.authenticator import Passkey
from node.http.permissions import ROUTES, roles_for
from node.office.access.codes import digest_of, new_code
from node.office.access.store import EnrolmentRow, LoginRow
from records.actors import Role
from records.ids import PersonId
from tests.unit.node.one_centre import Clock, centre_at, client_of, passkey

CSRF = "X-CSRF-Token"
NAME = "示例操作员甲"


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="centre")
def _centre(tmp_path: Path, clock: Clock) -> Iterator[Centre]:
    centre = centre_at(tmp_path, clock)
    yield centre
    centre.journal.engine.dispose()


def code_for(centre: Centre, role: Role = Role.OPERATOR, person: str = "op-1") -> str:
    return centre.access.issue_code(person=PersonId(person), name=NAME, role=role)


def enrolled(client: TestClient, code: str, key: Passkey) -> Any:  # Any: the response of either of two calls
    begun = client.post("/api/v1/access/enrolment/options", json={"code": code})
    if begun.status_code != 200:
        return begun
    credential = key.register(begun.json()["publicKey"])
    return client.post(
        "/api/v1/access/enrolment", json={"ceremony": begun.json()["ceremony"], "credential": credential}
    )


def signed_in(client: TestClient, key: Passkey) -> Any:  # Any: as above
    begun = client.post("/api/v1/access/sign-in/options", json={}).json()
    answer = {"ceremony": begun["ceremony"], "credential": key.assert_presence(begun["publicKey"])}
    return client.post("/api/v1/access/sign-in", json=answer)


def refusal(response: Any) -> tuple[int, str]:  # Any: as above
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "code", "values"}
    return response.status_code, problem["code"]


def test_a_code_becomes_a_passkey_and_a_login(centre: Centre) -> None:
    client, key = client_of(centre), passkey()

    entered = enrolled(client, code_for(centre), key)

    assert entered.status_code == 200, entered.text
    assert entered.json() == client.get("/api/v1/access/me").json()
    me = entered.json()
    assert {part: me[part] for part in ("person", "name", "role")} == {
        "person": "op-1",
        "name": NAME,
        "role": "operator",
    }
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith("tongping-JN=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_a_passkey_signs_in_again(centre: Centre) -> None:
    key = passkey()
    enrolled(client_of(centre), code_for(centre), key)
    client = client_of(centre)

    assert signed_in(client, key).json()["person"] == "op-1"
    assert client.get("/api/v1/access/me").status_code == 200


def test_a_code_is_used_once(centre: Centre) -> None:
    code = code_for(centre)
    assert enrolled(client_of(centre), code, passkey()).status_code == 200

    assert refusal(enrolled(client_of(centre), code, passkey())) == (404, "enrolment-code-unknown")


def test_of_two_ceremonies_with_one_code_only_the_first_ends(centre: Centre) -> None:
    client, code = client_of(centre), code_for(centre)
    first, second = (client.post("/api/v1/access/enrolment/options", json={"code": code}).json() for _ in range(2))
    answers = [
        client.post(
            "/api/v1/access/enrolment",
            json={"ceremony": begun["ceremony"], "credential": passkey().register(begun["publicKey"])},
        )
        for begun in (first, second)
    ]

    assert [answer.status_code for answer in answers] == [200, 404]


def test_a_code_may_be_typed_in_any_way(centre: Centre) -> None:
    code = code_for(centre)

    assert enrolled(client_of(centre), code.lower().replace("-", " "), passkey()).status_code == 200


def test_a_code_expires(centre: Centre, clock: Clock) -> None:
    code = code_for(centre)
    clock.forward(timedelta(days=3))

    assert refusal(enrolled(client_of(centre), code, passkey())) == (404, "enrolment-code-unknown")


def test_neither_code_nor_cookie_is_stored(centre: Centre) -> None:
    client, code = client_of(centre), code_for(centre)
    enrolled(client, code, passkey())
    with centre.journal.reading() as db:
        kept = repr([row.model_dump() for row in db.exec(select(EnrolmentRow))]) + repr(
            [row.model_dump() for row in db.exec(select(LoginRow))]
        )

    assert code not in kept
    assert code.replace("-", "") not in kept
    assert client.cookies["tongping-JN"] not in kept


def test_an_unknown_passkey_does_not_enter(centre: Centre) -> None:
    key = passkey()
    key.credential = b"x" * 32

    assert refusal(signed_in(client_of(centre), key)) == (403, "passkey-not-accepted")


def test_a_passkey_with_another_key_does_not_enter(centre: Centre) -> None:
    key, thief = passkey(), passkey()
    enrolled(client_of(centre), code_for(centre), key)
    thief.credential, thief.uses = key.credential, 7

    assert refusal(signed_in(client_of(centre), thief)) == (403, "passkey-not-accepted")


def test_another_site_cannot_lend_its_ceremony(centre: Centre) -> None:
    key = passkey()
    enrolled(client_of(centre), code_for(centre), key)
    key.origin = "http://localhost:9999"

    assert refusal(signed_in(client_of(centre), key)) == (403, "passkey-not-accepted")


def test_the_user_must_be_verified_by_the_authenticator(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    key = passkey()
    enrolled(client_of(centre), code_for(centre), key)
    monkeypatch.setattr("node.demo.authenticator.USER_VERIFIED", 0)

    assert refusal(signed_in(client_of(centre), key)) == (403, "passkey-not-accepted")


def test_an_answer_is_taken_once(centre: Centre) -> None:
    client, key = client_of(centre), passkey()
    enrolled(client, code_for(centre), key)
    begun = client.post("/api/v1/access/sign-in/options", json={}).json()
    answer = {"ceremony": begun["ceremony"], "credential": key.assert_presence(begun["publicKey"])}

    assert client.post("/api/v1/access/sign-in", json=answer).status_code == 200
    assert refusal(client.post("/api/v1/access/sign-in", json=answer)) == (404, "ceremony-unknown")


def test_a_cloned_authenticator_is_noticed_by_its_count(centre: Centre) -> None:
    client, key = client_of(centre), passkey()
    enrolled(client, code_for(centre), key)
    signed_in(client, key)
    signed_in(client, key)
    key.uses = 0

    assert refusal(signed_in(client, key)) == (403, "passkey-not-accepted")


def test_a_ceremony_ends_after_its_time(centre: Centre, clock: Clock) -> None:
    client, key = client_of(centre), passkey()
    enrolled(client, code_for(centre), key)
    begun = client.post("/api/v1/access/sign-in/options", json={}).json()
    clock.forward(timedelta(minutes=5))
    answer = {"ceremony": begun["ceremony"], "credential": key.assert_presence(begun["publicKey"])}

    assert refusal(client.post("/api/v1/access/sign-in", json=answer)) == (404, "ceremony-unknown")


@pytest.mark.parametrize("credential", [{}, {"id": 3}, {"id": "AAAA"}, {"id": "!"}, {"id": "AAAA", "response": {}}])
def test_a_malformed_answer_is_refused(centre: Centre, credential: dict[str, object]) -> None:
    client = client_of(centre)
    begun = client.post("/api/v1/access/sign-in/options", json={}).json()

    answer = client.post("/api/v1/access/sign-in", json={"ceremony": begun["ceremony"], "credential": credential})

    assert refusal(answer) == (403, "passkey-not-accepted")


def test_nobody_acts_without_signing_in(centre: Centre) -> None:
    client = client_of(centre)

    assert refusal(client.get("/api/v1/access/me")) == (401, "not-signed-in")
    assert refusal(client.post("/api/v1/tenders", json={"sample": "jinan-10kv"})) == (401, "not-signed-in")


def test_a_login_ends_by_signing_out_and_by_its_time(centre: Centre, clock: Clock) -> None:
    client, key = client_of(centre), passkey()
    csrf = enrolled(client, code_for(centre), key).json()["csrf"]
    stolen = client.cookies["tongping-JN"]
    client.post("/api/v1/access/sign-out", headers={CSRF: csrf})
    client.cookies.set("tongping-JN", stolen)
    assert refusal(client.get("/api/v1/access/me")) == (401, "not-signed-in")

    client.cookies.clear()
    signed_in(client, key)
    clock.forward(timedelta(hours=12))
    assert refusal(client.get("/api/v1/access/me")) == (401, "not-signed-in")


def test_an_act_needs_the_csrf_mark_of_this_login(centre: Centre) -> None:
    client, other = client_of(centre), client_of(centre)
    enrolled(client, code_for(centre), passkey())
    foreign = enrolled(other, code_for(centre, person="op-2"), passkey()).json()["csrf"]

    for headers in ({}, {CSRF: ""}, {CSRF: foreign}):
        answer = client.post("/api/v1/tenders", json={"sample": "jinan-10kv"}, headers=headers)
        assert refusal(answer) == (403, "csrf-mark-wrong")


@pytest.mark.parametrize("role", [Role.EXPERT, Role.SUPERVISOR, Role.AUDITOR])
def test_only_an_operator_registers_a_tender(centre: Centre, role: Role) -> None:
    client = client_of(centre)
    csrf = enrolled(client, code_for(centre, role), passkey()).json()["csrf"]

    answer = client.post("/api/v1/tenders", json={"sample": "jinan-10kv"}, headers={CSRF: csrf})

    assert refusal(answer) == (403, "role-not-permitted")


def test_every_route_of_the_interface_stands_in_the_roles_table(centre: Centre) -> None:
    open_to_all = {
        ("POST", "/api/v1/access/enrolment/options"),
        ("POST", "/api/v1/access/enrolment"),
        ("POST", "/api/v1/access/sign-in/options"),
        ("POST", "/api/v1/access/sign-in"),
    }
    paths = application(centre).openapi()["paths"]
    routes = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    inner = {(method, path) for method, path in routes if path.startswith("/api/v1/")} - open_to_all

    assert {route for route in inner if not roles_for(*route)} == set()


def test_a_path_that_is_not_in_the_table_is_nobodys() -> None:
    assert roles_for("GET", "/api/v1/unknown") == frozenset()
    assert roles_for("DELETE", "/api/v1/tenders") == frozenset()
    assert roles_for("GET", "/api/v1/signing/E1-1/reportXpdf") == frozenset()
    assert roles_for("HEAD", "/api/v1/tenders") == ROUTES["GET", "/api/v1/tenders"]


def test_codes_are_long_and_never_repeat() -> None:
    import secrets

    codes = {new_code(secrets.token_bytes) for _ in range(200)}

    assert len(codes) == 200
    assert {len(code) for code in codes} == {19}
    assert digest_of("ABCD-EFGH") == digest_of("abcd efgh")


def test_names_and_codes_stay_out_of_logs_and_problems(centre: Centre, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client, code = client_of(centre), code_for(centre)
    enrolled(client, code, passkey())
    answer = enrolled(client, code, passkey())

    for text in (caplog.text, answer.text):
        assert NAME not in text
        assert code not in text


def test_a_malformed_request_is_a_problem_that_repeats_nothing(centre: Centre) -> None:
    client = client_of(centre)

    wrong = client.post("/api/v1/access/enrolment/options", json={"code": {"secret": "s3cret"}})
    broken = client.post("/api/v1/access/enrolment/options", content=b"{", headers={"content-type": "application/json"})

    assert refusal(wrong) == (422, "invalid-request")
    assert "s3cret" not in wrong.text
    assert refusal(broken) == (400, "malformed-json")
    assert refusal(client.get("/api/v1/nowhere")) == (404, "not-found")
    assert refusal(client.put("/api/v1/access/sign-in")) == (405, "method-not-allowed")
    assert refusal(client.post("/api/v1/access/enrolment", content=bytes(1024 * 1024 + 1))) == (
        413,
        "request-too-large",
    )


def test_a_bug_shows_nothing_of_its_text(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError(f"{NAME} scored 900")

    monkeypatch.setattr(centre.access, "begin_sign_in", broken)
    answer = client_of(centre).post("/api/v1/access/sign-in/options", json={})

    assert refusal(answer) == (500, "internal-error")
    assert NAME not in answer.text
