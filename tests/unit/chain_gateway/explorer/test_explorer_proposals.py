"""The public page of proposals says of each what it would change, who voted, until when, and what has become of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chain_gateway.explorer.api import routes
from chain_gateway.ledger.voting import Proposal, ProposalKind, ProposalState
from journal import Journal
from records.ids import CentreCode
from tests.unit.chain_gateway.explorer import seeded
from tests.unit.chain_gateway.explorer.test_explorer_api import SETTINGS, desk_over

JN, XA = CentreCode("JN"), CentreCode("XA")
END = datetime(2026, 12, 15, 6, 0, tzinfo=UTC)


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Iterator[Journal]:
    journal = seeded.open_journal(tmp_path)
    yield journal
    journal.engine.dispose()


def proposal(number: int, kind: ProposalKind, subject: CentreCode | None) -> Proposal:
    return Proposal(
        id=number,
        kind=kind,
        subject=subject,
        text="<what>",
        proposer=JN,
        votes=(JN, XA),
        needed=3,
        expires_at=END,
        on_chain=ProposalState.OPEN,
    )


def page(journal: Journal, *found: tuple[Proposal, ProposalState], language: str = "zh") -> str:
    app = FastAPI()
    app.include_router(routes(desk_over(journal), SETTINGS, bundles=seeded.no_bundle, proposals=lambda: found))
    with TestClient(app) as client:
        return client.get("/proposals", params={"lang": language}).text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ProposalState.OPEN, "表决中"),
        (ProposalState.EXECUTED, "已执行"),
        (ProposalState.WITHDRAWN, "已撤回"),
        (ProposalState.EXPIRED, "已过期，未获执行"),
        (ProposalState.SUPERSEDED, "已失效：所针对的内容已有变化"),
    ],
)
def test_every_state_is_said_in_words(journal: Journal, state: ProposalState, words: str) -> None:
    found = page(journal, (proposal(1, ProposalKind.THRESHOLD, None), state))

    assert f"<dd>{words}</dd>" in found


@pytest.mark.parametrize("kind", ProposalKind)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_has_its_words_in_both_languages(journal: Journal, kind: ProposalKind, language: str) -> None:
    found = page(journal, (proposal(7, kind, XA), ProposalState.OPEN), language=language)

    assert '<section id="proposal-7">' in found
    assert "&lt;what&gt;" in found


def test_the_newest_comes_first_with_its_votes_and_its_end(journal: Journal) -> None:
    found = page(
        journal,
        (proposal(1, ProposalKind.REMOVAL, XA), ProposalState.EXECUTED),
        (proposal(2, ProposalKind.ENDPOINT, XA), ProposalState.OPEN),
    )

    assert found.index('id="proposal-2"') < found.index('id="proposal-1"')
    assert "2 票，需 3 票" in found
    assert "2026-12-15 14:00:00" in found


def test_without_any_the_page_says_so(journal: Journal) -> None:
    assert "尚无提案" in page(journal)
