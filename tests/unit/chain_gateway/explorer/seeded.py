"""A journal with one sealed evaluation, one tender that waits, and data that must not leak; the explorer over it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from sqlmodel import SQLModel

from chain_gateway.checkpoints import origin_of
from chain_gateway.explorer.api import routes
from chain_gateway.explorer.desk import ExplorerDesk
from chain_gateway.explorer.pages import CentreName, ExplorerSettings
from journal import Follower, Journal, open_engine
from node.http import problems
from records import facts
from records.canonical import Value
from records.errors import NotFoundError
from records.facts import NO_SESSION, Fact
from records.ids import Author, CentreCode, Digest, ProjectId, SessionId, digest

JN = CentreCode("JN")
CHAIN_ID = 1337
WEB = Path(__file__).parents[4] / "web"
PROJECT = ProjectId("E3701000076012345001")
SESSION = SessionId("E3701000076012345001-1")
WAITING = ProjectId("E3701000076012345002")
TITLE = "济南市历城区港沟街道港沟村城中村改造安置房项目10kV配电工程(EPC)(示例)"
TITLE_EN = "10 kV distribution works (EPC), Ganggou village resettlement housing, Licheng, Jinan (sample)"
REPORT = b"%PDF-2.0\n" + b"the sealed report\n" * 20_000 + b"%%EOF\n"
DRAFT = b"%PDF-2.0\n" + b"the report before its signatures\n" * 10_000 + b"%%EOF\n"
DATA = b'{"ranking":["B3","B1","B2"]}'
SECRET_NAME, SECRET_POINTS = "张某某", 873
STARTED = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
CENTRES = (
    CentreName(
        code="JN", city_zh="济南", city_en="Jinan", name_zh="济南公共资源交易中心", name_en="Jinan Trading Centre"
    ),
    CentreName(
        code="XA", city_zh="西安", city_en="Xi’an", name_zh="西安公共资源交易中心", name_en="Xi’an Trading Centre"
    ),
    CentreName(
        code="DL", city_zh="大连", city_en="Dalian", name_zh="大连公共资源交易中心", name_en="Dalian Trading Centre"
    ),
)


class Clock:
    """Each request comes eleven seconds after the one before."""

    def __init__(self) -> None:
        self.now = STARTED

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=11)
        return self.now


def tender_body(project: ProjectId, title: str, title_en: str) -> dict[str, Value]:
    return {
        "title": title,
        "title_en": title_en,
        "tenderer": "港沟村城中村改造项目建设单位(示例)",
        "control_price_fen": 9743220000,
        "opening_at": "2026-11-23T01:00:00.000Z",
        "method": {"name": "comprehensive", "version": 1},
    }


def sealed_body() -> dict[str, Value]:
    return {
        "sealed_digest": digest(REPORT),
        "report_digest": digest(DRAFT),
        "data_digest": digest(DATA),
        "size": len(REPORT),
        "signatures": ["expert-JN-1", "expert-JN-2", "expert-JN-3", "expert-XA-1", "expert-XA-2", "seal-XA", "seal-JN"],
        "host": "JN",
        "guests": ["XA"],
        "title": TITLE,
    }


def confirmed_body() -> dict[str, Value]:
    return {
        "id": "inv-1",
        "project": PROJECT,
        "title": TITLE,
        "host": "JN",
        "guest": "XA",
        "seats": 2,
        "window_start": "2026-11-23T02:00:00.000Z",
        "window_end": "2026-11-23T10:00:00.000Z",
        "reply_deadline": "2026-11-23T01:50:00.000Z",
    }


def entry_body() -> dict[str, Value]:
    return {"entry": {"expert": {"name": SECRET_NAME}, "points": SECRET_POINTS}, "signature": "AA"}


def fact(kind: str, body: dict[str, Value], *, project: ProjectId = PROJECT, session: SessionId = NO_SESSION) -> Fact:
    return Fact(type=kind, project=project, author=Author("system:test"), body=body, session=session)


BEFORE_SEALING = (
    fact(facts.TENDER_REGISTERED, tender_body(PROJECT, TITLE, TITLE_EN)),
    fact(facts.TENDER_REGISTERED, tender_body(WAITING, "道路照明改造(示例)", "Street lighting"), project=WAITING),
    fact(facts.INVITATION_ISSUED, confirmed_body()),
    fact(facts.INVITATION_CONFIRMED, confirmed_body()),
    *(fact(facts.ROOM_ENTRY_TAKEN, entry_body(), session=SESSION) for _ in range(40)),
    fact(facts.EVALUATION_TALLY_COMPUTED, {"digest": str(Digest("sha256:" + "5" * 64))}, session=SESSION),
    fact(facts.REPORT_DRAFTED, {"report_digest": digest(DRAFT)}, session=SESSION),
)
SEALING = fact(facts.REPORT_SEALED, sealed_body(), session=SESSION)


def open_journal(directory: Path) -> Journal:
    engine = open_engine(f"sqlite:///{directory / 'journal.db'}")
    SQLModel.metadata.create_all(engine)
    return Journal(engine, JN, clock=Clock(), randomness=lambda size: bytes(range(size)))


def write(journal: Journal, *written: Fact) -> None:
    with journal.work() as work:
        for one in written:
            work.record(one)


def publish(journal: Journal, desk: ExplorerDesk) -> None:
    follower = Follower("publish", journal, desk.handle)
    while follower.run_once():
        pass


def settings_for(*, rpc: str, anchor: str, registry: str) -> ExplorerSettings:
    return ExplorerSettings(
        centre="JN",
        centres=CENTRES,
        origin=origin_of(JN),
        rpc=rpc,
        chain_id=CHAIN_ID,
        anchor=anchor,
        registry=registry,
    )


def application(desk: ExplorerDesk, settings: ExplorerSettings) -> FastAPI:
    app = FastAPI()
    problems.install(app)
    app.include_router(routes(desk, settings, bundles=no_bundle))
    app.mount("/shared", StaticFiles(directory=WEB / "shared"))
    return app


def no_bundle(session: str) -> bytes:
    raise NotFoundError("bundle-unknown", session=session)
