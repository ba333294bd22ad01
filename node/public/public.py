"""The public side of a centre: the explorer's records and pages, and the evidence bundles it hands out."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter

from chain_gateway.explorer import api
from chain_gateway.explorer.desk import ExplorerDesk
from chain_gateway.explorer.pages import CentreName, ExplorerSettings, Proposals
from node.config import CentreConfig, PeerConfig
from node.foundation import Foundation


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    desk: ExplorerDesk
    settings: ExplorerSettings


def open_public(ground: Foundation) -> Public:
    chain = ground.config.chain
    settings = ExplorerSettings(
        centre=ground.code,
        centres=(_name(ground.config.centre), *(_name(peer) for peer in ground.config.peers)),
        origin=ground.keys.origin,
        rpc=chain.read_from,
        chain_id=chain.chain_id,
        anchor=chain.anchor,
        registry=chain.registry,
    )
    return Public(desk=ExplorerDesk(ground.journal, ground.log, clock=ground.clock), settings=settings)


def routes(public: Public, *, bundles: api.Bundles, auditor: Callable[..., object], proposals: Proposals) -> APIRouter:
    return api.routes(public.desk, public.settings, bundles=bundles, auditor=auditor, proposals=proposals)


def _name(centre: CentreConfig | PeerConfig) -> CentreName:
    return CentreName(
        code=centre.code,
        city_zh=centre.city_zh,
        city_en=centre.city_en,
        name_zh=centre.name_zh,
        name_en=centre.name_en,
    )
