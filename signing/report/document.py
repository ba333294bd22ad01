"""The evaluation report as a PDF: typst from fixed inputs, so that equal records give equal bytes everywhere.

PDF/A-4f, because P-256 signatures raise the version to 2.0 and the scores travel inside as JSON.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import typst

from records import canonical
from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import Digest, digest, parse_instant, short_code
from records.strict_fields import Reader
from records.text import glyphs
from signing.reading import read
from signing.report import report_view
from signing.report.fonts import FAMILIES, load_fonts
from signing.report.signature_page import Place, places
from signing.report.wording import beijing

TEMPLATES = Path(__file__).parent / "template"
Standard = Literal["a-4", "a-4f"]
NO_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReport:
    """The base report: its bytes, their digest (to which members consent), and the places of its signatures."""

    pdf: bytes
    digest: Digest
    places: tuple[Place, ...]
    title: str


def draft(report_data: Value, *, fonts: Path, stage_names: Mapping[str, str] = NO_NAMES) -> DraftReport:
    """The report of these data. Same data, same bytes.

    `stage_names`: the words for stages, by their name in the data; they are shown, but are no part of the data.
    `fonts`: the folder of the npm packages `@expo-google-fonts`. Raises InvalidRecordError when the data are incomplete
    or cannot be typeset, UnavailableError("font-missing"), EvidenceMismatchError("font-changed").
    """
    scores = canonical.encode(report_data)
    data = read({**read(report_data).value, "stage_names": stage_names})
    signers = signature_places(data)
    view = _view(data, digest(scores), signers)
    pdf = compile_template(
        "report.typ",
        {"view": shown(view), "scores": scores.decode("utf-8")},
        moment=data.text("drafted_at"),
        fonts=fonts,
        standard="a-4f",
    )
    return DraftReport(pdf=pdf, digest=digest(pdf), places=signers, title=data.text("title"))


def signature_places(data: Reader) -> tuple[Place, ...]:
    """Every member by seat, then the guests' seals, then the host's."""
    seats = [member.text("seat") for member in data.rows("committee")]
    centres = [guest.text("code") for guest in data.rows("guests")] + [data.part("host").text("code")]
    return places(seats, centres)


def shown(view: Mapping[str, object]) -> str:
    """A template's input. For a sign that no font has, its number is shown (records.text.glyphs)."""
    return json.dumps(_legible(view), ensure_ascii=False)


def _legible(part: object) -> object:
    if isinstance(part, str):
        return glyphs.legible(part)
    if isinstance(part, Mapping):
        return {key: _legible(value) for key, value in part.items()}
    return [_legible(value) for value in part] if isinstance(part, list | tuple) else part


def compile_template(name: str, inputs: Mapping[str, str], *, moment: str, fonts: Path, standard: Standard) -> bytes:
    """Run typst on one of our templates; its clock is `moment`, and nothing depends on the machine.

    The content comes from `shown`. InvalidRecordError("report-not-typeset") where typst refuses it even so.
    """
    try:
        compiled = typst.compile(
            TEMPLATES / name,
            root=TEMPLATES,
            font_paths=load_fonts(fonts),
            ignore_system_fonts=True,
            sys_inputs={**inputs, "families": json.dumps(FAMILIES)},
            pdf_standards=standard,
            timestamp=parse_instant(moment).replace(microsecond=0),  # typst takes only whole seconds
            pdf_tags=False,  # a structure element per cell triples the difference analysis of every later verification
            format="pdf",
        )
    except typst.TypstError as error:
        raise InvalidRecordError("report-not-typeset", template=name) from error
    assert isinstance(compiled, bytes)
    return compiled


def _view(data: Reader, data_digest: Digest, signers: Sequence[Place]) -> dict[str, object]:
    return {
        "title": data.text("title"),
        "title_en": data.text_or("title_en", ""),
        "cover": _cover(data, data_digest),
        "short": short_code(data_digest),
        "sections": report_view.sections(data),
        "annexes": report_view.annexes(data, data_digest),
        "signatures": _signature_pages(data, signers),
    }


def _cover(data: Reader, data_digest: Digest) -> list[list[str]]:
    host = data.part("host")
    guests = "、".join(guest.text("name_zh") for guest in data.rows("guests"))
    return [
        ["标段编号", data.text("project")],
        ["评标场次", data.text("session")],
        ["招标人", data.text("tenderer")],
        ["主场", host.text("name_zh")],
        ["副场", guests or "无"],
        ["起草时间", beijing(data.text("drafted_at")) + "（北京时间）"],
        ["数据摘要", short_code(data_digest)],
    ]


def _signature_pages(data: Reader, signers: Sequence[Place]) -> list[list[dict[str, object]]]:
    """The boxes page by page, with the text beside each."""
    members = {row.text("seat"): row for row in data.rows("committee")}
    centres = {row.text("code"): row for row in [*data.rows("guests"), data.part("host")]}
    pages: list[list[dict[str, object]]] = [[] for _ in range(max(place.page for place in signers) + 1)]
    for place in signers:
        words = _member_words(members[place.owner]) if place.kind == "expert" else _centre_words(data, centres, place)
        pages[place.page].append(asdict(place) | words)
    return pages


def _member_words(member: Reader) -> dict[str, object]:
    role = "招标人代表" if member.text("role") == "tenderer" else "评标专家"
    lead = "（组长）" if member.flag("lead") else ""
    second = f"席位 {member.text('seat')} · {member.text('city_zh')} · {role}"
    return {"main": member.text("name") + lead, "second": second}


def _centre_words(data: Reader, centres: Mapping[str, Reader], place: Place) -> dict[str, object]:
    is_host = place.owner == data.part("host").text("code")
    role = "主场 · 最后签章，此后文件锁定" if is_host else "副场"
    return {"main": centres[place.owner].text("name_zh"), "second": f"{place.owner} · {role}"}
