"""Two evaluations between two real centres: what fails in one is its own, and a poisoned reason ends no report."""

import asyncio
import io
import json
import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from evaluation_room.replication.client import SeatClient
from node.centre import Centre
from node.config import INSTALLATION
from node.demo.expert import Expert
from records import canonical
from records.actors import Role
from records.canonical import Value
from records.ids import Author, SessionId, digest, instant, parse_digest
from records.room_entry import sign
from signing import store
from signing.store import Report, ReportRow
from tests.integration.node.node_centres import Browser, signed_in, two_centres
from tests.integration.node.test_node_session import PROJECT, agreed, eventually, ready, sat_down, stage

OTHER = "E3701000076012346002"
POISONED, SOUND = SessionId(f"{PROJECT}-1"), SessionId(f"{OTHER}-1")
REASON = "施工\uf0b7方案"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    centres: tuple[Centre, Centre]
    kept: list[tuple[str, str]]
    """What the host said kept the poisoned session, while the other was sealed."""
    raised: list[str]
    stages: tuple[str, str]
    """Of the poisoned and of the sound session at that time."""


def two_tenders(directory: Path) -> Path:
    """The installation's samples with a second tender of the short procedure."""
    samples = directory / "samples"
    shutil.copytree(INSTALLATION / "samples", samples)
    shutil.copytree(samples / "jinan-lighting", samples / "jinan-lighting-2")
    path = samples / "jinan-lighting-2" / "tender.json"
    tender = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(tender | {"project": OTHER}, ensure_ascii=False), encoding="utf-8")
    return samples


def say_past_the_entrance(guest: Centre, expert: Expert, kind: str, body: dict[str, Value]) -> None:
    """The expert's own signed entry, taken as a centre takes it that does not check signs yet."""
    known = guest.room.session(expert.session)
    entry = known.next_entry(Author(f"seat:{expert.seat}"), kind, body, at=instant(datetime.now(UTC)))
    guest.room.take(sign(entry, expert.key), source="centre:XA")


async def poison(guest: Centre, expert: Expert) -> None:
    """Give one mark the poisoned reason and lock the sheet; then the expert connects anew."""
    expert.cells[0] = {**expert.cells[0], "reason": REASON}
    say_past_the_entrance(guest, expert, "score-entered", expert.cells[0])
    cells = sorted(expert.cells, key=lambda cell: (cell["bidder"], cell["item"]))
    sheet = digest(canonical.encode({"cells": cells}))
    say_past_the_entrance(guest, expert, "sheet-locked", {"sheet_digest": sheet})
    await expert.room.close()
    own = await expert.person.get(f"/api/v1/room/{expert.session}/chain")
    expert.client = SeatClient(
        session=expert.session,
        seat=expert.seat,
        key=expert.key,
        clock=lambda: datetime.now(UTC),
        jitter=random.random,
        base=(own["seq"], parse_digest(own["head"])),
    )
    expert.client.connect(expert._signal)


def report_of_another_version(host: Centre) -> None:
    """The host holds another draft of this report: no follower can go on with the session."""
    other = digest(b"another draft")
    with host.journal.work() as work:
        store.add_report(work.db, Report(session=POISONED, data=other, draft=other, current=other))


def mend(host: Centre) -> None:
    with host.journal.work() as work:
        work.db.delete(work.db.get_one(ReportRow, POISONED))


async def to_scored(
    centres: tuple[Centre, Centre], browsers: tuple[Browser, Browser], stack: AsyncExitStack, session: SessionId
) -> list[Expert]:
    experts = await sat_down(centres, browsers, stack, session)
    await asyncio.gather(*(expert.undertake() for expert in experts))
    assert await asyncio.to_thread(eventually, lambda: ready(browsers[0], session))
    await stage(browsers, "DETAILED", enter=True, session=session)
    await asyncio.gather(*(expert.score(seconds=0) for expert in experts))
    return experts


async def signed(browsers: tuple[Browser, Browser], experts: Sequence[Expert], session: SessionId) -> None:
    await stage(browsers, "SIGNING", session=session)
    await asyncio.gather(*(expert.consent() for expert in experts))
    await asyncio.gather(*(expert.sign() for expert in experts))
    await stage(browsers, "SEALED", session=session)


async def played(centres: tuple[Centre, Centre], browsers: tuple[Browser, Browser]) -> Story:
    host, guest = centres
    async with AsyncExitStack() as stack:
        ill = await to_scored(centres, browsers, stack, POISONED)
        well = await to_scored(centres, browsers, stack, SOUND)
        report_of_another_version(host)
        await poison(guest, ill[-1])
        await asyncio.gather(*(expert.lock() for expert in ill[:-1]))
        assert await asyncio.to_thread(eventually, lambda: host.standstills.of(POISONED))

        await asyncio.gather(*(expert.lock() for expert in well))
        await signed(browsers, well, SOUND)
        address = f"/api/v1/sessions/{POISONED}"
        kept = (await asyncio.to_thread(browsers[0].get, f"{address}/standstills")).json()
        host.monitor_loop.round()
        stages = (host.room.session(POISONED).stage.value, host.room.session(SOUND).stage.value)
        raised = [alarm.subject for alarm in host.alarms.open()]

        mend(host)
        assert (await asyncio.to_thread(browsers[0].post, f"{address}/retry")).status_code == 204
        await signed(browsers, ill, POISONED)
        return Story(
            centres=centres, kept=[(one["follower"], one["code"]) for one in kept], raised=raised, stages=stages
        )


@pytest.fixture(name="story", scope="module")
def _story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    directory = tmp_path_factory.mktemp("standstill")
    with two_centres(directory, two_tenders(directory)) as centres:
        browsers = (signed_in(centres[0], "op-jn", Role.OPERATOR), signed_in(centres[1], "op-xa", Role.OPERATOR))
        for sample, project in (("jinan-lighting", PROJECT), ("jinan-lighting-2", OTHER)):
            agreed(*browsers, sample=sample, project=project)
            assert browsers[0].post("/api/v1/sessions", {"project": project}).status_code == 201
        assert eventually(
            lambda: all(f"{one}-1" in browsers[1].get("/api/v1/sessions").text for one in (PROJECT, OTHER))
        )
        yield asyncio.run(played(centres, browsers))


def test_while_one_session_stands_still_the_other_is_sealed(story: Story) -> None:
    assert story.stages == ("REPORT_DRAFT", "SEALED")


def test_the_session_says_what_keeps_it_and_an_alarm_is_raised(story: Story) -> None:
    assert story.kept == [("workflow", "report-already-drafted")]
    assert f"work:workflow/{POISONED}" in story.raised


def test_once_it_is_mended_the_session_is_sealed_too_and_nothing_stands_still(story: Story) -> None:
    host, guest = story.centres

    assert [centre.room.session(POISONED).stage.value for centre in story.centres] == ["SEALED", "SEALED"]
    assert (host.standstills.of(POISONED), guest.standstills.of(POISONED)) == ([], [])
    assert all(follower.state.stopped is None for centre in story.centres for follower in centre.followers)


def test_the_sign_that_no_font_has_is_shown_by_its_number_in_both_cities(story: Story) -> None:
    reports = [centre.signing.report(POISONED) for centre in story.centres]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(reports[0])).pages)

    assert reports[0] == reports[1]
    assert "施工⟦U+F0B7⟧方案" in "".join(text.split())
