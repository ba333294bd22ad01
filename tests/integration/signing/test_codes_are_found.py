"""Whoever types a short code off a report, a receipt or a page finds the record of that report's sealing."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from chain_gateway.explorer.desk import ExplorerDesk
from journal import Entry
from records import facts
from records.ids import Author, ProjectId, SessionId, short_code
from tests.integration.signing.centres import SESSION, City
from tests.integration.signing.conftest import Played
from tests.unit.chain_gateway.explorer import seeded
from tests.unit.journal.made_journal import log_beside

CODE = re.compile(r"(?<![0-9A-F-])[0-9A-F]{4}(?:-[0-9A-F]{4}){3}(?![0-9A-F-])")
"""Of a document. The mark of a signature shows three groups of its certificate, whose owner is nobody's to look up."""


@pytest.fixture(name="city", params=["host", "guest"])
def _city(played: Played, request: pytest.FixtureRequest) -> City:
    """The guest has been handed the sealed file, as a centre hands it over."""
    played.cities.guest.desk.take_sealed(SESSION, played.pdf)
    return played.cities.host if request.param == "host" else played.cities.guest


@pytest.fixture(name="site")
def _site(city: City, tmp_path: Path) -> Iterator[ExplorerDesk]:
    """The public pages over a copy of what this city recorded."""
    journal = seeded.open_journal(tmp_path)
    seeded.write(journal, *(_again(entry) for entry in city.journal.find()))
    desk = ExplorerDesk(journal, log_beside(journal), clock=lambda: seeded.STARTED + timedelta(hours=1))
    seeded.publish(journal, desk)
    yield desk
    journal.engine.dispose()


def _again(entry: Entry) -> facts.Fact:
    value = {name: str(entry.value.get(name, "")) for name in ("project", "author", "session", "stage")}
    return facts.Fact(
        type=entry.type,
        project=ProjectId(value["project"]),
        author=Author(value["author"]),
        body=entry.body,
        session=SessionId(value["session"]),
        stage=value["stage"],
    )


def on_paper(pdf: bytes) -> set[str]:
    return {code for page in PdfReader(io.BytesIO(pdf)).pages for code in CODE.findall(page.extract_text())}


def on_screen(city: City) -> set[str]:
    """The signing desk and the receipt show the draft's code; the public page that of the sealed file."""
    state = city.desk.state(SESSION)
    return {state.short_code, short_code(str(state.sealed_digest))}


def test_every_short_code_that_we_print_finds_the_sealing(played: Played, city: City, site: ExplorerDesk) -> None:
    printed = on_paper(played.pdf) | on_screen(city)

    assert len(printed) == 3
    assert {code: [one.session for one in site.find(code).evaluations] for code in printed} == {
        code: [SESSION] for code in printed
    }


def test_the_record_that_is_found_is_that_of_the_sealing_and_names_the_code(played: Played, site: ExplorerDesk) -> None:
    (code,) = on_paper(played.pdf)
    (found,) = site.find(code).evaluations

    evaluation, records = site.evaluation(found.session)
    (sealing,) = [one for one in records if one.index == found.index]

    assert sealing.type == facts.REPORT_SEALED
    assert short_code(evaluation.data_digest) == code
    assert evaluation.data_digest.encode() in sealing.record
