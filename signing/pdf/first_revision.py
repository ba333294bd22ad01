"""The first revision of a signed report, its data, and whether only signing came after.

Pure reading: a hostile file gives an error or False, never a wrong answer.
"""

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    CatalogModificationRule,
    FormUpdatingRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.constants import ROOT_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.fields import MDPPerm

from records import canonical
from records.canonical import Value
from records.errors import EvidenceMismatchError
from records.ids import digest
from signing.pdf import pades
from signing.pdf.validation import open_pdf
from signing.reading import read
from signing.report.document import DraftReport, signature_places

_EOF = b"%%EOF"
_PREPARED_REVISION, _CERTIFIED_REVISION = 1, 2
_CERTIFYING = StandardDiffPolicy(  # the ignores: pyHanko is typed in part
    global_rules=[
        CatalogModificationRule(  # type: ignore[no-untyped-call]
            ignored_keys=ROOT_EXEMPT_STRICT_COMPARISON - {"/Metadata"} | {"/Perms"}
        ),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[
            SigFieldCreationRule(),  # type: ignore[no-untyped-call]
            SigFieldModificationRule(),
        ]
    ),
)
"""The allowed changes of the certification: its own field and the catalogue's /Perms; no page, no metadata."""


def first_revision(reader: PdfFileReader, pdf: bytes) -> bytes:
    """The bytes of the base report inside a signed one."""
    end = pdf.index(_EOF, reader.xrefs.get_xref_container_info(0).end_location) + len(_EOF)
    return pdf[:end]


def attached_data(base: bytes) -> Value:
    """The data inside the base report (scores.json). Raises EvidenceMismatchError("report-data-missing")."""
    try:
        specification = open_pdf(base).root["/AF"][0]
        return canonical.decode(bytes(specification["/EF"]["/F"].data))
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise EvidenceMismatchError("report-data-missing") from error


def read_draft(base: bytes) -> DraftReport:
    """The draft behind base bytes: the places of its signatures follow from the data inside."""
    data = read(attached_data(base))
    return DraftReport(pdf=base, digest=digest(base), places=signature_places(data), title=data.text("title"))


def unexpected_change(reader: PdfFileReader, pdf: bytes, prepared: bytes) -> str:
    """Why the file is not this prepared report plus signing; empty when it is.

    The prepared revision is compared byte by byte, each later one by its allowed changes.
    """
    if not pdf.startswith(prepared):
        return "the fields were not put into this report by the rule"
    after = reader.get_historical_resolver(_PREPARED_REVISION)
    for revision in range(_CERTIFIED_REVISION, reader.xrefs.total_revisions):
        policy = _CERTIFYING if revision == _CERTIFIED_REVISION else DEFAULT_DIFF_POLICY
        before, after = after, reader.get_historical_resolver(revision)
        try:
            policy.apply(before, after, field_mdp_spec=None, doc_mdp=MDPPerm.FILL_FORMS)
        except SuspiciousModification:
            return f"revision {revision} changes more than a signature may"
    return ""


def prepare_again(base: bytes) -> bytes:
    """The fields that the rule puts into this base report."""
    return pades.prepare(read_draft(base))
