"""The checks of a key's holder before the key signs in another centre's file.

The host sends the whole document with an empty place and the bytes to sign. The guest drafted the same report from its
own records, so it begins the same signature on the same revision itself, and signs only when both are equal to the
byte: text, reason, drawn mark, certificate, digest. The earlier revisions are held to the same rules as in a
verification.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from pyhanko.pdf_utils.generic import parse_pdf_date
from pyhanko.pdf_utils.reader import PdfFileReader

from records.errors import EvidenceMismatchError, TongpingError, UnavailableError
from signing.pdf import first_revision
from signing.pdf.pades import Begun
from signing.pdf.validation import open_pdf

Remake = Callable[[bytes, datetime], Begun]
"""Begin the same signature on these bytes at this time."""

_EOF = b"%%EOF\n"
_MOST_SKEW = timedelta(minutes=5)


def inspect(
    document: bytes, to_be_signed: bytes, *, field: str, prepared: bytes, remake: Remake, now: datetime
) -> Begun:
    """The signature begun in this document, checked to equal the one this centre would have begun.

    `prepared` is this centre's own report with its fields. Raises EvidenceMismatchError with one of: not-our-report,
    changed-report, not-our-signature; UnavailableError("signature-time-off"): the host begins the signature anew.
    """
    if not document.startswith(prepared):
        raise EvidenceMismatchError("not-our-report", field=field)
    before = document[: document.rindex(_EOF, 0, -len(_EOF)) + len(_EOF)]
    try:
        at = _claimed_time(open_pdf(document), field)
        problem = first_revision.unexpected_change(open_pdf(before), before, prepared)
    except TongpingError:
        raise
    except Exception as error:
        raise EvidenceMismatchError("changed-report", field=field) from error
    if problem:
        raise EvidenceMismatchError("changed-report", field=field)
    if abs(at - now) > _MOST_SKEW:
        raise UnavailableError("signature-time-off", field=field)
    own = remake(before, at)
    if own.document != document or own.to_be_signed != to_be_signed:
        raise EvidenceMismatchError("not-our-signature", field=field)
    return own


def _claimed_time(reader: PdfFileReader, field: str) -> datetime:
    """The /M of the signature's dictionary: the host's claimed time of signing."""
    for form_field in reader.root["/AcroForm"]["/Fields"]:
        values = form_field.get_object()
        if values["/T"] == field and "/V" in values:
            return parse_pdf_date(values["/V"]["/M"])
    raise EvidenceMismatchError("not-our-signature", field=field)
