"""Names and codes as people type and paste them: kept in one form, compared folded, never a way around recusal."""

import json
import secrets
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from evaluation_room.committee.recusal import Conflict, NearTie, Party, Relation, Tie, conflicts, near_ties
from node.centre import Centre, open_centre
from node.config import CentreConfig, Config, ConfigError, ServerConfig, StorageConfig, parse
from node.office.catalogue import experts
from node.office.tenders import samples, tender
from node.office.tenders.documents import Document
from records.actors import Role
from records.errors import InvalidRecordError
from records.ids import CentreCode, PersonId, digest, parse_instant
from tests.unit.node.one_centre import Clock, centre_at, signed_in

BIDDER = Party(id="B1", name="山东甲乙建设(集团)有限公司", uscc="91370102MA3C0F006A")
OPENED = parse_instant("2026-07-01T01:30:00.000Z")
SAMPLES = Path(__file__).parents[2] / "samples"


def tied(tie: Tie) -> tuple[Conflict, ...]:
    return conflicts([tie], [BIDDER], represents_tenderer=False, at=OPENED)


def near(tie: Tie) -> tuple[NearTie, ...]:
    return near_ties([tie], [BIDDER], represents_tenderer=False, at=OPENED)


@pytest.mark.parametrize(
    "written",
    [
        "山东甲乙建设（集团）有限公司",
        "山东甲乙建设〔集团〕有限公司",
        " 山东甲乙建设(集团)有限公司\u3000",
        "山东 甲乙 建设 (集团) 有限公司",
        "山东甲乙\u200b建设(集团)有限公司",
        "\u202a山东甲乙建设(集团)有限公司\u202c",
        "山东甲乙建设(集团)有限公司\ufeff",
        "⼭东甲乙建设(集团)有限公司",
    ],
    ids=["full-width", "other-brackets", "around", "spaces", "zero-width", "direction", "byte-order-mark", "radical"],
)
def test_an_expert_employed_by_a_bidder_is_found_however_the_name_is_written(written: str) -> None:
    assert tied(Tie(relation=Relation.EMPLOYED, party=written)) == (Conflict(relation=Relation.EMPLOYED, party="B1"),)


@pytest.mark.parametrize(
    "written",
    ["91370102ma3c0f006a", "９１３７０１０２ＭＡ３Ｃ０Ｆ００６Ａ", "91370102 MA3C0F006A", "91370102-MA3C0F006A"],
    ids=["lower-case", "full-width", "space", "dash"],
)
def test_an_expert_employed_by_a_bidder_is_found_however_the_code_is_written(written: str) -> None:
    tie = Tie(relation=Relation.EMPLOYED, party="旧名称", uscc=written)

    assert tied(tie) == (Conflict(relation=Relation.EMPLOYED, party="B1"),)


@pytest.mark.parametrize(
    "tie",
    [
        Tie(relation=Relation.EMPLOYED, party="山东甲乙建设有限公司"),
        Tie(relation=Relation.EMPLOYED, party="山东甲乙建设集团股份有限公司"),
        Tie(relation=Relation.EMPLOYED, party="山东甲乙建设(集团)有限公司济南分公司"),
        Tie(relation=Relation.EMPLOYED, party="旧名称", uscc="91370102MA3C0F0O6A"),
        Tie(relation=Relation.EMPLOYED, party="旧名称", uscc="91370102MA3C0F06A"),
        Tie(relation=Relation.EMPLOYED, party="旧名称", uscc="91370120MA3C0F006A"),
        Tie(relation=Relation.EMPLOYED, party=BIDDER.name, uscc="91370103MA3C0G0073"),
    ],
    ids=["no-group", "by-shares", "branch", "letter-o", "one-missing", "two-swapped", "namesake"],
)
def test_what_only_looks_like_a_bidder_is_shown_and_decides_nothing(tie: Tie) -> None:
    assert tied(tie) == ()
    assert near(tie) == (
        NearTie(relation=Relation.EMPLOYED, written=tie.party, party="B1", name="山东甲乙建设(集团)有限公司"),
    )


@pytest.mark.parametrize("other", ["山东甲丙建设(集团)有限公司", "集团有限公司", "有限公司", "甲"])
def test_another_firm_is_neither_a_bidder_nor_near_one(other: str) -> None:
    tie = Tie(relation=Relation.EMPLOYED, party=other)

    assert (tied(tie), near(tie)) == ((), ())


# --- entrances -------------------------------------------------------------------------------------------------------


def sample(place: Path, **changes: Any) -> Path:  # Any: fields of an unchecked tender
    """A folder of samples with one tender: three bidders without files, and what the test changes."""
    value = json.loads((SAMPLES / "jinan-10kv" / "tender.json").read_text(encoding="utf-8"))
    value["bidders"] = [{**one, "documents": []} for one in value["bidders"]]
    value |= changes
    (place / "one").mkdir()
    (place / "one" / "tender.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return place


def registered(place: Path) -> tender.Tender:
    found = tender.parse(
        samples.read(place, "one", lambda data, _: Document(digest=digest(data), size=len(data), pages=1))
    )
    tender.check_distinct(found)
    return found


def bidders(**changes: str) -> list[dict[str, Any]]:  # Any: as above
    """The sample's bidders, the first of them changed."""
    value = json.loads((SAMPLES / "jinan-10kv" / "tender.json").read_text(encoding="utf-8"))
    first, *others = [{**one, "documents": []} for one in value["bidders"]]
    return [{**first, **changes}, *others]


def test_a_tender_is_registered_with_its_names_in_one_form(tmp_path: Path) -> None:
    code = bidders()[0]["uscc"]
    spelled = unicodedata.normalize("NFD", "Café 建设")
    changed = bidders(name=f"  {spelled}\u3000公司 ", uscc=f" {code.lower()} ")

    found = registered(sample(tmp_path, bidders=changed, tenderer="甲\u3000乙 ", title=spelled))

    assert (found.bidders[0]["name"], found.bidders[0]["uscc"]) == ("Café 建设 公司", code)
    assert (found.value["tenderer"], found.title) == ("甲 乙", "Café 建设")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("甲\u200b公司", "invisible-character"),
        ("甲\u202e公司", "invisible-character"),
        ("甲\u3164公司", "invisible-character"),
        ("甲\n公司", "control-character"),
        ("甲\x1b[2J公司", "control-character"),
        ("甲\x9b公司", "control-character"),
        ("甲\u2028公司", "control-character"),
        ("甲" * 401, "field-too-long"),
    ],
    ids=["zero-width", "direction", "filler", "line-feed", "escape", "c1", "line-separator", "endless"],
)
def test_a_tender_with_a_name_that_hides_something_is_not_registered(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(InvalidRecordError) as raised:
        registered(sample(tmp_path, bidders=bidders(name=name)))

    assert (raised.value.code, raised.value.values["field"]) == (code, "name")


def test_two_bidders_of_one_name_in_two_spellings_are_refused(tmp_path: Path) -> None:
    first, second, *others = bidders()
    same = {**second, "name": first["name"].replace("(", "（").replace(")", "）") + " "}

    with pytest.raises(InvalidRecordError) as raised:
        registered(sample(tmp_path, bidders=[first, same, *others]))

    assert (raised.value.code, raised.value.values["key"]) == ("bidder-repeated", "name")


def catalogue(place: Path, **changes: Any) -> Path:  # Any: fields of an unchecked expert's file
    row = {"id": "JN-E1", "name": "张示例", "specialty": "A08", "employer": "示例设计院", **changes}
    path = place / "experts-jn.json"
    path.write_text(json.dumps([row]), encoding="utf-8")
    return path


def test_an_experts_file_is_read_with_its_names_and_codes_in_one_form(tmp_path: Path) -> None:
    tie = {"relation": "kin", "party": " 甲\u3000公司", "uscc": "91370102ma3c0f006a"}

    (found,) = experts.read(catalogue(tmp_path, employer="示例 设计院 ", ties=[tie])).all()

    assert found.employer == "示例 设计院"
    assert found.ties == (Tie(relation=Relation.KIN, party="甲 公司", uscc="91370102MA3C0F006A"),)


@pytest.mark.parametrize(
    "changes",
    [
        {"employer": "示例\u200d设计院"},
        {"name": "张\n示例"},
        {"ties": [{"relation": "kin", "party": "甲", "uscc": "91370102MA3C0F006B"}]},
    ],
    ids=["zero-width", "line-feed", "check-digit"],
)
def test_an_experts_file_with_a_name_or_a_code_that_cannot_be_is_refused(
    tmp_path: Path, changes: dict[str, Any]
) -> None:  # Any: as above
    with pytest.raises(InvalidRecordError, match="catalogue-unreadable"):
        experts.read(catalogue(tmp_path, **changes))


def test_a_person_is_admitted_under_a_name_in_one_form_and_no_other(tmp_path: Path) -> None:
    centre = centre_at(tmp_path, Clock())
    try:
        with pytest.raises(InvalidRecordError, match="invisible-character"):
            centre.access.issue_code(person=PersonId("P1"), name="张\u2066示例", role=Role.OPERATOR)
    finally:
        centre.journal.engine.dispose()


def test_a_centres_name_that_hides_something_is_named_by_its_key(tmp_path: Path) -> None:
    names = {"name_zh": "济南\u200b中心", "name_en": "Jinan", "city_zh": "济南", "city_en": "Jinan"}
    tree = {
        "centre": {"code": "JN", **names},
        "server": {"port": 8101},
        "storage": {"database": "d", "files": "f", "keys": "k"},
    }

    with pytest.raises(ConfigError) as raised:
        parse(tree, directory=tmp_path, environment={})

    assert raised.value.values == {"key": "centre.name_zh", "reason": "cannot be a name (invisible-character)"}


# --- shown to whoever names the seats --------------------------------------------------------------------------------


def with_expert(place: Path, employer: str) -> Centre:
    """A centre whose catalogue holds one expert of this employer, and one sample."""
    shutil.copytree(SAMPLES / "jinan-10kv", place / "jinan-10kv")
    catalogue(place, employer=employer, practice_years=9, senior_title=True)
    config = Config(
        centre=CentreConfig(code=CentreCode("JN"), name_zh="济南", name_en="Jinan", city_zh="济南", city_en="Jinan"),
        server=ServerConfig(port=8101),
        storage=StorageConfig(
            database=f"sqlite:///{place / 'jn.sqlite3'}", files=place / "files", keys=place / "keys", samples=place
        ),
    )
    return open_centre(config, clock=Clock(), randomness=secrets.token_bytes)


def test_whoever_names_the_seats_is_shown_a_near_match(tmp_path: Path) -> None:
    bidder = bidders()[0]
    employer = str(bidder["name"]).replace("有限公司", "股份有限公司")
    centre = with_expert(tmp_path, employer)
    try:
        operator = signed_in(centre, Role.OPERATOR)
        assert operator.post("/api/v1/tenders", json={"sample": "jinan-10kv"}).status_code == 201
        address = f"/api/v1/projects/{centre.tenders.tenders()[0].project}/seats"
        seats = {"assignments": [{"seat": "JN-1", "expert": "JN-E1"}], "selection": {"how": "drawn"}}

        assert operator.get(f"{address}/near-ties").json() == []
        assert operator.put(address, json=seats).status_code == 200
        assert operator.get(f"{address}/near-ties").json() == [
            {
                "seat": "JN-1",
                "relation": "employed",
                "written": employer,
                "party": bidder["id"],
                "name": bidder["name"],
            }
        ]
    finally:
        centre.journal.engine.dispose()


def test_near_matches_of_a_project_that_is_not_known_here_are_none(tmp_path: Path) -> None:
    centre = centre_at(tmp_path, Clock())
    try:
        answer = signed_in(centre, Role.OPERATOR).get("/api/v1/projects/E3701000076012345009/seats/near-ties")
    finally:
        centre.journal.engine.dispose()

    assert (answer.status_code, answer.json()) == (200, [])
