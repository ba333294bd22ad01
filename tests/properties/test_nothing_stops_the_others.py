"""Whatever a peer answers and whatever an entry does to a handler: the other projects' work is done."""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx2
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from journal import Entry, Follower, Journal
from journal.follower import PATIENCE
from node.config import PeerConfig
from node.keys import point
from node.peering.outbox import Outbox, concerns_one_message
from node.peering.peers import Cut, PeerClient
from records import errors
from records.errors import TongpingError, UnavailableError
from records.facts import REPORT_SEALED, Fact
from records.ids import Author, CentreCode, ProjectId, SessionId
from tests.unit.journal.made_journal import open_journal

JN, XA = CentreCode("JN"), CentreCode("XA")
BAD, GOOD = ProjectId("E3701000076012345001"), ProjectId("E3701000076012345002")
FAMILIES: Final = tuple(
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, TongpingError)
)
FOREIGN: Final = (
    KeyError,
    ValueError,
    TypeError,
    RecursionError,
    OSError,
    UnicodeError,
    ArithmeticError,
    AssertionError,
)

any_error = st.one_of(
    st.sampled_from(FAMILIES).map(lambda family: family("some-code")),
    st.sampled_from(FOREIGN).map(lambda kind: kind()),
)
projects = st.lists(st.sampled_from([BAD, GOOD]), min_size=1, max_size=5)


def sealed(journal: Journal, whose: list[ProjectId]) -> None:
    with journal.work() as work:
        for number, project in enumerate(whose):
            body = {"host": str(JN), "guests": [str(XA)]}
            session = SessionId(f"{project}-{number + 1}")
            work.record(
                Fact(type=REPORT_SEALED, project=project, author=Author("centre:JN"), body=body, session=session)
            )


def follow(journal: Journal, handle: Callable[[Entry], None]) -> Follower:
    """A follower of many projects, run until nothing is left to wait for."""

    def project(entry: Entry) -> str:
        return str(entry.value["project"])

    follower = Follower("outbox-XA", journal, handle, subject=project, alone=concerns_one_message)
    for _ in range(journal.size() * PATIENCE + 1):
        try:
            follower.run_once()
        except UnavailableError:
            continue  # its thread would pause here
    return follower


@given(whose=projects, error=any_error)
def test_an_error_of_one_project_stops_no_other(whose: list[ProjectId], error: Exception) -> None:
    taken: list[str] = []

    def handle(entry: Entry) -> None:
        if entry.value["project"] == BAD:
            raise error
        taken.append(str(entry.value["session"]))

    with TemporaryDirectory() as folder:
        journal = open_journal(Path(folder))
        sealed(journal, whose)
        follower = follow(journal, handle)

        expected = [f"{one}-{number + 1}" for number, one in enumerate(whose) if one == GOOD]
        aside = [one.subject for one in follower.set_aside.all()]
        state = follower.state
        assert (taken, aside, state.lag, state.stopped) == (expected, [BAD] if BAD in whose else [], 0, None)


codes = st.one_of(st.sampled_from(["peer-unreachable", "peer-clock-skew", "not-a-venue", "room-behind"]), st.text())
problems = st.fixed_dictionaries(
    {"code": st.one_of(codes, st.integers(), st.none()), "values": st.one_of(codes, st.none())}
)
bodies = st.one_of(st.binary(max_size=200), problems)
answers = st.tuples(
    st.integers(min_value=200, max_value=599), st.sampled_from(["application/problem+json", "text/html", ""]), bodies
)


def line_to(peer: Callable[[httpx2.Request], httpx2.Response]) -> PeerClient:
    """Our client, and another centre's answers as bytes."""
    key = ec.generate_private_key(ec.SECP256R1())
    known = {XA: PeerConfig(code=XA, url="http://localhost:1", entry_key=point(key.public_key()))}
    return PeerClient(
        centre=JN,
        key=key,
        peers=known,
        cut=Cut(),
        clock=lambda: datetime(2026, 12, 1, tzinfo=UTC),
        randomness=secrets.token_bytes,
        transport=httpx2.MockTransport(peer),
    )


def never(*_: object) -> None:
    raise AssertionError("not asked in this test")


@given(whose=projects, answer=answers)
def test_no_answer_of_a_peer_to_one_project_keeps_another_from_it(
    whose: list[ProjectId], answer: tuple[int, str, bytes | Mapping[str, object]]
) -> None:
    status, media_type, body = answer
    got: list[str] = []

    def peer(request: httpx2.Request) -> httpx2.Response:
        session = request.url.path.split("/")[-2]
        if session.startswith(GOOD):
            got.append(session)
            return httpx2.Response(200, json={})
        if isinstance(body, bytes):
            return httpx2.Response(status, content=body, headers={"content-type": media_type})
        return httpx2.Response(status, json=body, headers={"content-type": media_type})

    with TemporaryDirectory() as folder, line_to(peer) as client:
        journal = open_journal(Path(folder))
        sealed(journal, whose)
        outbox = Outbox(
            centre=JN,
            peer=XA,
            post=client.post,
            invitations=None,  # type: ignore[arg-type]  # no invitation is sent here
            opening=never,  # type: ignore[arg-type]
            sealed=lambda _: b"%PDF",
        )
        state = follow(journal, outbox.handle).state

        assert (got, state.lag, state.stopped) == (
            [f"{one}-{number + 1}" for number, one in enumerate(whose) if one == GOOD],
            0,
            None,
        )
