"""What somebody without a key can still do to a signed PDF: append an update to it."""

from io import BytesIO

from pyhanko.pdf_utils.generic import PdfObject, StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

PAGE = 4


def with_page_entry(pdf: bytes, name: str, value: PdfObject | None) -> bytes:
    """The file with one entry of a page replaced by an incremental update; without a value, an idle update."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    # pyHanko is typed in part: the calls marked below have no types
    reference, _ = writer.find_page_for_modification(PAGE)  # type: ignore[no-untyped-call]
    page = reference.get_object()
    if value is not None:
        page[pdf_name(name)] = writer.add_object(value) if isinstance(value, StreamObject) else value
    writer.update_container(page)
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    return output.getvalue()
