"""Members files for tests: four centres, their public values made from small keys."""

from dataclasses import replace

from chain_gateway.consortium.members import Member, Members
from chain_gateway.consortium.signer_keys import SignerSecrets
from records.ids import CentreCode

CITIES = {"JN": ("济南", "Jinan"), "XA": ("西安", "Xi'an"), "DL": ("大连", "Dalian"), "SZ": ("深圳", "Shenzhen")}


def member(code: str, place: int) -> Member:
    zh, en = CITIES[code]
    return Member(
        code=CentreCode(code),
        name_zh=f"{zh}公共资源交易中心(示例)",
        name_en=f"{en} trading centre (sample)",
        city_zh=zh,
        city_en=en,
        url=f"http://localhost:{8301 + place}",
        host="127.0.0.1",
        p2p_port=30311 + place,
        rpc_port=8541 + place,
        auth_port=8551 + place,
    )


def members() -> Members:
    """Without public values: all keys are still to be made."""
    return Members(
        chain_id=20260, period_seconds=1, members=tuple(member(code, place) for place, code in enumerate(CITIES))
    )


def with_keys() -> Members:
    known = members()
    return replace(known, members=tuple(_with_keys(one, place) for place, one in enumerate(known.members)))


def secrets_of(place: int) -> SignerSecrets:
    return SignerSecrets(seal=bytes([21 + place]) * 32, node=bytes([31 + place]) * 32, password="pass")


def _with_keys(one: Member, place: int) -> Member:
    secrets = secrets_of(place)
    return replace(one, signer=secrets.signer, node_id=secrets.node_id, account=f"0x{41 + place:040x}")
