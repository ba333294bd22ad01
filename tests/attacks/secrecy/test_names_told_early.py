"""A whole evaluation between two cities, with faults: no log line, metric or notice names it, its people or its guest.

Everything that is looked at really holds the names before the program's last step, so that it could tell them.
"""

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from structlog.testing import capture_logs

from chain_gateway.monitor.notice import notice
from node.centre import Centre
from node.operations.log_lines import LogLines, as_line, kept
from node.operations.metrics import Figures
from records.actors import Role
from records.errors import UnavailableError
from records.facts import MONITOR_ALARM_RAISED
from records.room_entry import SignedEntry
from tests.integration.node.node_centres import Browser, signed_in, two_centres
from tests.integration.node.test_node_session import PROJECT, SESSION, XA, agreed, evaluated, eventually

CITIES: Final = {"host": {r"\bXA\b", "西安", "Xi'an"}, "guest": {r"\bJN\b", "济南", "Jinan"}}
"""What neither centre's lines may name: the other one."""
SEATS: Final = {r"\bJN-[0-9]\b", r"\bXA-[0-9]\b", r"\bJN-E[0-9]\b", r"\bXA-E[0-9]\b"}


@dataclass(slots=True)
class Told:
    """What left the program while the evaluation was played. `raw`: the same log events before their last step."""

    raw: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    metrics: dict[str, list[str]] = field(default_factory=lambda: {"host": [], "guest": []})
    notices: list[dict[str, Any]] = field(default_factory=list)  # Any: JSON
    subjects: list[str] = field(default_factory=list)
    """Of the alarms, as the console shows them to who signs in."""
    names: set[str] = field(default_factory=set)


class Lines(logging.Handler):
    """What libraries log, in the form of the program."""

    def __init__(self, told: Told) -> None:
        super().__init__(logging.WARNING)
        self._told = told
        self.setFormatter(LogLines())

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else ""
        self._told.raw.append(f"{record.getMessage()} {error!r}")
        self._told.lines.append(self.format(record))


@contextmanager
def listening(told: Told) -> Iterator[Lines]:
    handler = Lines(told)
    logging.getLogger().addHandler(handler)
    try:
        with capture_logs() as events:
            yield handler
    finally:
        for logger in (logging.getLogger(), logging.getLogger("uvicorn")):
            logger.removeHandler(handler)
    for event in events:
        told.raw.append(str(event))
        told.lines.append(as_line(kept(None, "", dict(event)), default=repr))


def figures(centre: Centre) -> str:
    registry = CollectorRegistry()
    registry.register(Figures(centre))
    return generate_latest(registry).decode()


def watch(told: Told, who: str, centre: Centre) -> None:
    """The figures after every step of the session, and a listener that fails on a fault of the program."""

    def taken(signed: SignedEntry) -> None:
        if signed.entry.kind in {"stage-entered", "seat-bound", "session-opened"}:
            told.metrics[who].append(figures(centre))
            raise ValueError(f"{signed.entry.author} of {signed.entry.session}")

    centre.room.on_taken(taken)


def names_of(centre: Centre) -> set[str]:
    """Project, title, tenderer, bidders and members, as patterns."""
    session = centre.room.session(SESSION)
    defined = session.definition
    people = [bound.name for seat in defined.seats if (bound := session.state.expert(seat)) is not None]
    plain = [PROJECT, defined.title, defined.title_en, str(defined.value["tenderer"]), *people]
    plain += [text for bidder in defined.bidders for text in (bidder.name, bidder.uscc)]
    assert len(people) == 5
    return {re.escape(text) for text in plain}


@pytest.fixture(name="told", scope="module")
def _told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    told = Told()
    with listening(told) as lines, two_centres(tmp_path_factory.mktemp("centres")) as (host, guest):
        logging.getLogger("uvicorn").addHandler(lines)  # which these servers do not hand on; `tongping up` lets them
        operators = (signed_in(host, "op-jn", Role.OPERATOR), signed_in(guest, "op-xa", Role.OPERATOR))
        watch(told, "host", host)
        watch(told, "guest", guest)
        agreed(*operators)
        opened_behind_a_cut_line(told, host, operators)
        asyncio.run(evaluated((host, guest), operators))
        told.names = names_of(host)
        stands_still(host)
        broken(host, operators[0])
        for who, centre in (("host", host), ("guest", guest)):
            told.metrics[who].append(figures(centre))
        raised = host.journal.find(type=MONITOR_ALARM_RAISED)
        told.notices = [sent for entry in raised if (sent := notice("jn.tongping", entry)) is not None]
        told.subjects = [alarm.subject for alarm in host.alarms.open()]
    return told


def opened_behind_a_cut_line(told: Told, host: Centre, operators: tuple[Browser, Browser]) -> None:
    """The opening waits for the guest, and the log says that it does."""
    before = len(told.metrics["host"])
    host.cut.set(XA, on=True)
    assert operators[0].post("/api/v1/sessions", {"project": PROJECT}).status_code == 201
    assert eventually(lambda: len(told.metrics["host"]) > before)
    told.metrics["host"].append(figures(host))
    host.cut.set(XA, on=False)
    assert eventually(lambda: SESSION in operators[1].get("/api/v1/sessions").text)


def stands_still(host: Centre) -> None:
    """Work on the session is set aside, by the workflow and by the messages to the guest; the monitor sees both."""
    for name in ("workflow", f"outbox-{XA}"):
        set_aside = host.follower(name).set_aside
        assert set_aside is not None
        set_aside.put(SESSION, UnavailableError("peer-refused", session=SESSION, peer=XA), entry=0)
    host.monitor_loop.round()


def broken(host: Centre, operator: Browser) -> None:
    """A fault of the program whose text quotes a name: neither the answer nor a log line repeats it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(host.catalogue), "experts", quoting)
        answer = operator.get("/api/v1/catalogue")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")


def quoting(_desk: object) -> list[object]:
    raise ValueError(f"JN-E1 of {PROJECT}")


def found(texts: list[str], names: set[str]) -> list[tuple[str, str]]:
    return sorted((name, text[:300]) for text in texts for name in names if re.search(name, text))


def test_the_log_names_no_evaluation_nor_its_people_seats_or_cities(told: Told) -> None:
    """One log of both centres: that an outbox or a link waits says not whose."""
    names = told.names | SEATS | CITIES["host"] | CITIES["guest"]
    assert len(found(told.raw, names)) > 10
    assert any(f"JN-E1 of {PROJECT}" in text for text in told.raw)
    assert found(told.lines, names) == []


def test_the_metrics_name_no_evaluation_and_no_other_city_of_it(told: Told) -> None:
    for who, texts in told.metrics.items():
        assert len(texts) > 5
        assert found(texts, told.names | SEATS | CITIES[who]) == []


def test_what_is_posted_of_an_alarm_names_no_evaluation_and_no_guest(told: Told) -> None:
    assert any(f"outbox-{XA}/{SESSION}" in subject for subject in told.subjects)
    sent = [json.dumps(one, ensure_ascii=False) for one in told.notices]
    assert {one["subject"] for one in told.notices} == {"work"}
    assert found(sent, told.names | SEATS | CITIES["host"]) == []


def test_equal_values_have_equal_marks_in_one_process_and_are_found_by_nobody_else() -> None:
    once, again = (kept(None, "", {"event": "x", "session": SESSION})["session"] for _ in range(2))
    assert once == again
    assert re.fullmatch("~[0-9a-f]{8}", once)


def test_an_error_in_a_librarys_line_is_named_by_kind_and_place_alone() -> None:
    error = ValueError(f"JN-E1 of {PROJECT}")
    text = f"Task exception was never retrieved\nfuture: <Task exception={error!r}>"
    record = logging.LogRecord("asyncio", logging.ERROR, "f", 1, text, None, (ValueError, error, None))
    assert json.loads(LogLines().format(record)) == {
        "event": "Task exception was never retrieved",
        "logger": "asyncio",
        "error": "ValueError",
        "where": [],
    }
