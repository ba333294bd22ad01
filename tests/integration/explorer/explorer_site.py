"""A real explorer for tests: the seeded journal, a real chain under it, and the pages served."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from chain_gateway.anchor.desk import AnchorDesk
from chain_gateway.checkpoints import origin_of
from chain_gateway.explorer.desk import ExplorerDesk
from chain_gateway.witness.cosigning import CosignatureDesk
from journal import Journal
from records.log.cosignature import cosign
from tests.integration.ledger.consortium import (
    JN,
    LOG_KEYS,
    XA,
    Consortium,
    consortium,
    cosigning,
    free_port,
    witness_vkey,
)
from tests.unit.chain_gateway.explorer.seeded import (
    BEFORE_SEALING,
    SEALING,
    STARTED,
    application,
    open_journal,
    publish,
    settings_for,
    write,
)
from tests.unit.journal.made_journal import log_beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running explorer and what stands behind it."""

    url: str
    journal: Journal
    desk: ExplorerDesk
    anchors: AnchorDesk
    consortium: Consortium
    app: FastAPI


@contextmanager
def site(directory: Path) -> Iterator[Site]:
    """An evaluation, sealed and anchored, and cosigned by Xi'an alone."""
    journal = open_journal(directory)
    with consortium(directory / "chain") as chain:
        ledger, origin = chain.ledger(JN), origin_of(JN)
        anchors = AnchorDesk(journal, ledger, log=log_beside(journal), log_key=LOG_KEYS[JN], origin=origin)
        write(journal, *BEFORE_SEALING, SEALING)
        anchored = anchors.anchor_now()
        chain.ledger(XA).cosign(origin, anchored.size, anchored.root)
        line = cosign(anchored.note, name=cosigning(XA).name, key=cosigning(XA).key, at=STARTED)
        lines = CosignatureDesk(journal, witness_keys=lambda code: [witness_vkey(code)], clock=lambda: STARTED)
        lines.take(XA, anchored.size, line)
        desk = ExplorerDesk(journal, log_beside(journal), clock=lambda: STARTED + timedelta(hours=1))
        publish(journal, desk)
        settings = settings_for(rpc=chain.chain.rpc, anchor=chain.anchor_address, registry=chain.registry_address)
        app = application(desk, settings)
        with served(app) as url:
            yield Site(url=url, journal=journal, desk=desk, anchors=anchors, consortium=chain, app=app)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            thread.join(0.02)
        yield f"http://localhost:{port}"
    finally:
        server.should_exit = True
        thread.join()
