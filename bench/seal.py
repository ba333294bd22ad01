"""The whole signing line of a report between two cities, against the bare pyHanko calls for the same document."""

import tempfile
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import count
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader

from bench.measure import Bench, Figure, Goal, compared, interleaved
from bench.peers.bare_pyhanko import Step, sign_all
from signing.keys.software import SoftwareSigner
from signing.pdf import pades
from signing.pdf.intents import AGREED, intent_of
from signing.reading import read
from signing.report.document import DraftReport, draft, signature_places
from signing.report.signature_page import PLATFORM_FIELD
from tests.integration.signing.centres import PIN, SEATS, SESSION, XA, Cities, person
from tests.unit.signing import material

GOAL = Goal(floor=1.3, goal=1.1, at_most=True)
SIGNATURES = 1 + len(SEATS) + 2 + 1
"""Certification, members, two seals, document timestamp."""


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        say("keys of two centres and five members, one report")
        cities = Cities.open(root / "keys")
        report = draft(material.report_data(), fonts=material.FONTS)
        steps = _steps(cities)
        timestamps = cities.host.desk.timestamp
        fresh = (root / f"round-{number}" for number in count())

        def bare() -> float:
            return _timed(lambda: sign_all(pades.prepare(report), steps, timestamps))

        say("through the signing offices")
        offices = interleaved(lambda: _offices(next(fresh)), bare)
        say("the PDF line alone")
        line = interleaved(lambda: _timed(lambda: _line(report, steps, cities)), bare)
    cases = {"through both signing offices": offices, "the PDF line alone (`signing/pdf/pades.py`)": line}
    return [compared(pair, bench="seal", case=case, unit="s", goal=GOAL) for case, pair in cases.items()]


def _offices(directory: Path) -> float:
    """Certify, five members with their PINs, two seals, the data for years of validity, in two separate cities."""
    cities = Cities.open(directory)
    cities.draft()

    def play() -> bytes:
        cities.host.desk.certify(SESSION)
        for seat in SEATS:
            cities.sign(seat)
        return cities.seal()

    return _timed(play)


def _line(report: DraftReport, steps: Sequence[Step], cities: Cities) -> bytes:
    pdf = pades.prepare(report)
    for step in steps:
        begun = pades.begin(pdf, step.field, step.signer.identity, step.intent, at=cities.clock())
        signature = step.signer.sign(begun.to_be_signed, document=begun.document, field=step.field)
        pdf = pades.finish(begun, signature, timestamps=cities.host.desk.timestamp)
    identities = [step.signer.identity for step in steps]
    return pades.keep_for_years(pdf, identities, timestamps=cities.host.desk.timestamp)


def _steps(cities: Cities) -> list[Step]:
    """Every signature of the line with its key opened and its mark drawn."""
    data = read(material.report_data())
    places = {place.field: place for place in signature_places(data)}
    seals = {one: SoftwareSigner(one.desk.seal_identity, one.keyring.seal.key) for one in (cities.host, cities.guest)}
    signers = {PLATFORM_FIELD: seals[cities.host]}
    signers |= {f"expert-{seat}": cities.of(code).desk.signers.open(person(seat), PIN) for seat, code in SEATS.items()}
    signers |= {f"seal-{XA}": seals[cities.guest], places[list(places)[-1]].field: seals[cities.host]}
    return [
        Step(
            field=field,
            signer=signer,
            intent=intent_of(data, places.get(field), AGREED, signer.identity, at=cities.clock(), fonts=material.FONTS),
        )
        for field, signer in signers.items()
    ]


def _timed(play: Callable[[], bytes]) -> float:
    started = time.perf_counter()
    pdf = play()
    seconds = time.perf_counter() - started
    assert len(PdfFileReader(BytesIO(pdf)).embedded_signatures) == SIGNATURES
    return seconds


BENCH = Bench(
    name="seal",
    question="What does the signing line cost beyond putting the signatures into the PDF?",
    ours="certification, five signatures, two seals and document timestamp, through the signing offices of two cities",
    peer="pyHanko's own `sign_pdf` and `timestamp_pdf` on the same report with the same keys"
    " (`bench/peers/bare_pyhanko.py`)",
    not_shown=(
        "what ours does besides: stretch every PIN, typeset every mark (at a guest again), lock, keep, record",
        "a peer that does so: its keys are open and its marks drawn before the clock starts",
        "a distant time-stamping authority or a hardware token: both sides ask the same one in the process",
        "drafting the report, which both sides are given",
    ),
    run=run,
)
