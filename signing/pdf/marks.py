"""The visible mark of a signature: name, seat or centre, city, time, certificate; made by typst, so it is vector."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle

from records.ids import instant, short_code
from signing.keys.identity import Identity
from signing.report.document import compile_template, shown
from signing.report.signature_page import Place
from signing.report.wording import beijing


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkText:
    """The signer of a place: the name, the line below it, and a dissent where there is one."""

    name: str
    words: str
    opinion: str = ""


def draw(place: Place, standing: MarkText, identity: Identity, *, at: datetime, fonts: Path) -> bytes:
    """A one-page PDF of the size of the field."""
    moment = instant(at.astimezone(UTC).replace(microsecond=0))
    words = {
        "kind": place.kind,
        "width": place.width,
        "height": place.height,
        "code": place.owner,
        "name": standing.name,
        "place": standing.words,
        "opinion": standing.opinion,
        "at": beijing(moment) + " 北京时间",
        "certificate": short_code(identity.fingerprint)[:14],
        "issuer": identity.issuer_name,
    }
    return compile_template("mark.typ", {"mark": shown(words)}, moment=moment, fonts=fonts, standard="a-4")


def stamp_style(mark: bytes) -> StaticStampStyle:
    """The mark in pyHanko's form for a signature field."""
    filled = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, margins=Margins())
    return StaticStampStyle(background=_MarkPage(mark), background_layout=filled, border_width=0)


class _MarkPage(PdfContent):
    """The page of the mark as a form XObject of the report; pyHanko's own class reads from a file only."""

    def __init__(self, mark: bytes) -> None:
        super().__init__()
        self._mark = mark

    def render(self) -> bytes:
        form = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._mark)))
        self.resources.xobject["/Mark"] = form
        left, bottom, right, top = form.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Mark Do"
