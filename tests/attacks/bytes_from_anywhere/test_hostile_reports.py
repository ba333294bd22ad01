"""A report made to stop its reader is no sealed report: streams that swell, nesting without end."""

import tracemalloc
import zlib

import pytest

from records.proof import Outcome
from signing.pdf.verify import verify_report

MEMORY = 128 << 20


def pdf(objects: list[bytes]) -> bytes:
    """A file of these objects, the first its catalogue."""
    whole, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(whole))
    return whole + head + end


def with_data(stream: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    """A file with these data attached, as a report has its own."""
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /AF [4 0 R] >>",
            b"<< /Type /Pages /Kids [] /Count 0 >>",
            b"<< /Filter %b /Length %d >>\nstream\n" % (filters, len(stream)) + stream + b"\nendstream",
            b"<< /Type /Filespec /F (scores.json) /EF << /F 3 0 R >> >>",
        ]
    )


LARGE = zlib.compress(bytes(200 << 20), 9)


@pytest.mark.parametrize(
    "report",
    [
        with_data(LARGE),
        with_data(zlib.compress(LARGE, 9), b"[/FlateDecode /FlateDecode]"),
        with_data(zlib.compress(b"[" * 4000)),
        with_data(zlib.compress(b"[" + b"[]," * (6 << 20) + b"[]]")),
        pdf([b"[" * 100_000]),
        pdf([b"<< /Type /Catalog /Pages 1 0 R >>"]),
        b"%PDF-1.7\nstartxref\n0\n%%EOF\n",
    ],
    ids=["swells", "swells twice", "deep", "flat", "arrays without end", "its own pages", "no table"],
)
def test_a_hostile_report_is_no_sealed_report_and_takes_little_memory(report: bytes) -> None:
    tracemalloc.start()
    try:
        checks = verify_report(report, roots=(), tsa_roots=())
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()

    assert [(check.name, check.outcome) for check in checks] == [("pdf.parse", Outcome.FAIL)]
