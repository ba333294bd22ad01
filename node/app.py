"""The composition root: one centre as a web application, with its followers and links running beside it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool

from chain_gateway.checkpoints import origin_of
from chain_gateway.monitor import api as monitor_api
from evaluation_room import api as room_api
from node import console
from node.centre import Centre, open_centre, seats_asked
from node.chain import gateway
from node.config import Config
from node.foundation import web_origin
from node.http import problems
from node.http.headers import SecurityHeaders
from node.http.limits import Bounds
from node.http.openapi import Interface, operation_id
from node.http.pages import add_pages
from node.http.rates import Rates
from node.http.versions import API, PEER, VERSION
from node.office.access import api as access_api
from node.office.catalogue import api as catalogue_api
from node.office.invitation import api as invitation_api
from node.office.stage import Doors, Ground
from node.office.stages import STAGES
from node.office.tenders import api as tenders_api
from node.operations import metrics
from node.peering.door import PeerDoor
from node.public import log_files, mirror_files, public
from node.reports import signing_peers
from node.rooms import venue_links
from records.answers import Out
from records.ids import CentreCode
from signing import api as signing_api


class HelloOut(Out):
    centre: str


def create_app(config: Config) -> FastAPI:
    """The application of one centre; `app.state.centre` holds its parts."""
    return application(open_centre(config))


def application(centre: Centre) -> FastAPI:
    app = Interface(
        title="Tongping",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        generate_unique_id_function=operation_id,
        lifespan=_life(centre),
    )
    app.state.centre = centre
    problems.install(app)
    app.add_middleware(PeerDoor, gate=centre.peers)
    app.add_middleware(Bounds)
    app.add_middleware(Rates, per_second=centre.config.server.requests_per_second)
    app.add_middleware(SecurityHeaders, rpc=centre.config.chain.read_from, origin=web_origin(centre.config))
    _add_hello(app, centre)
    _add_office(app, centre)
    _add_room(app, centre)
    _add_signing(app, centre)
    add_pages(app, centre.config.storage.web)
    app.include_router(
        public.routes(
            centre.public,
            bundles=centre.evidence.bundle,
            auditor=centre.gate.actor,
            proposals=centre.monitor_loop.proposals,
        )
    )
    app.include_router(log_files.routes(centre.ground.log.tiles))
    app.include_router(
        mirror_files.routes(centre.ground.mirrors, [origin_of(peer.code) for peer in centre.config.peers])
    )
    return app


def _life(centre: Centre) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        await centre.links.open()
        await run_in_threadpool(centre.start)
        port = centre.config.monitor.metrics_port
        end_metrics = metrics.serve(centre, port) if port else None
        try:
            yield
        finally:
            if end_metrics is not None:
                await run_in_threadpool(end_metrics)
            await centre.links.close()
            await run_in_threadpool(centre.stop)

    return life


def _add_hello(app: FastAPI, centre: Centre) -> None:
    """Two centres that answer each other here know each other's keys."""

    @app.get(f"{PEER}/hello", tags=["peers"], response_model=HelloOut)
    def hello(_sender: Annotated[CentreCode, Depends(centre.peers)]) -> dict[str, str]:
        return {"centre": centre.config.centre.code}


def _add_office(app: FastAPI, centre: Centre) -> None:
    actor = centre.gate.actor
    secure = web_origin(centre.config).startswith("https://")
    app.include_router(access_api.routes(centre.access, centre.gate, centre.config.centre, secure=secure), prefix=API)
    app.include_router(tenders_api.routes(centre.tenders, actor), prefix=API)
    app.include_router(
        invitation_api.routes(centre.invitations, actor, lambda project: centre.tenders.tender(project).title),
        prefix=API,
    )
    app.include_router(invitation_api.peer_routes(centre.invitations, centre.peers), prefix=PEER)
    if centre.gateway is not None:
        app.include_router(
            gateway.peer_routes(centre.gateway.anchor, centre.gateway.cosignatures, centre.peers), prefix=PEER
        )
    app.include_router(
        catalogue_api.routes(
            centre.catalogue,
            actor,
            asked=seats_asked(centre),
            in_session=centre.sessions.seats_stand,
        ),
        prefix=API,
    )
    _add_stages(app, centre)
    app.include_router(monitor_api.routes(centre.alarms, actor), prefix=API)
    app.include_router(console.routes(centre, actor), prefix=API)
    app.include_router(console.peer_routes(centre, centre.peers), prefix=PEER)
    app.include_router(venue_links.peer_routes(centre.links, centre.peers), prefix=PEER)


def _add_stages(app: FastAPI, centre: Centre) -> None:
    """The stages that open a desk of their own."""
    ground = Ground(
        centre=centre.ground.code,
        journal=centre.journal,
        files=centre.config.storage.files,
        clock=centre.ground.clock,
        randomness=centre.ground.randomness,
    )
    doors = Doors(actor=centre.gate.actor, peer=centre.peers)
    for stage in STAGES:
        for prefix, routes in ((API, stage.routes), (PEER, stage.peer_routes)):
            if routes is not None:
                app.include_router(routes(ground, doors), prefix=prefix)


def _add_room(app: FastAPI, centre: Centre) -> None:
    office = room_api.Office(
        places=centre.expert_gate.places,
        place=centre.expert_gate.place,
        document=centre.sessions.document,
        begin_check_in=centre.check_in.begin,
        finish_check_in=centre.check_in.finish,
        signal=centre.links.accept_seat,
        links=centre.links.all_statuses,
    )
    app.include_router(room_api.routes(centre.room, office, centre.gate.actor, centre.config.centre.code), prefix=API)


def _add_signing(app: FastAPI, centre: Centre) -> None:
    app.include_router(signing_peers.peer_routes(centre.signing_peers, centre.peers), prefix=PEER)
    app.include_router(signing_api.routes(centre.signing, centre.signing_office, centre.gate.actor), prefix=API)
    app.include_router(signing_api.timestamp_route(centre.signing))
