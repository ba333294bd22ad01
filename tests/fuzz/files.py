"""The files of people and of other programs: methods, observations, tables, cards, experts, time-stamp requests."""

import json
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

from chain_gateway.consortium.members import parse_members
from evaluation_room.anomalies import observations
from evaluation_room.methods import case
from evaluation_room.methods.engine import evaluate
from node.chain.membership import read_card
from node.evaluation import evaluation_file, indicator_file
from node.office.catalogue import experts
from node.office.tenders import tender
from tests.fuzz.records import VECTORS
from tests.fuzz.spoiling import changed, spoiled
from tests.fuzz.target import Target

SAMPLES: Final = VECTORS.parents[1] / "samples"
METHODS: Final = [json.loads(path.read_bytes()) for path in sorted((SAMPLES / "methods").glob("*.json"))]
SESSION: Final = json.loads((SAMPLES / "indicators" / "session.json").read_bytes())
TENDERS: Final = [json.loads(path.read_bytes()) for path in sorted(SAMPLES.glob("*/tender.json"))]
EXPERTS: Final = json.loads((SAMPLES / "experts-jn.json").read_bytes())
CARD: Final = {
    "code": "JN",
    "endpoint": "https://jn.example",
    "log_account": "0x" + "a1" * 20,
    "witness_account": "0x" + "a2" * 20,
    "verifier_key": "jn.tongping+00000000+AQ==",
    "witness_key": "jn.tongping/witness+00000000+BA==",
    "valid_from": "2026-01-01T00:00:00.000Z",
    "valid_until": "2030-01-01T00:00:00.000Z",
}
_BIDS: Final = b'group,bidder,price\n1,A,100.50\n1,B,"1,200"\n1,C,99e1\n'
_SHEETS: Final = "expert,bidder,points,home\n甲,A,80,yes\n甲,B,75,\n乙,A,81,\n乙,B,70.5,1\n".encode()
_MEMBERS: Final = '[[members]]\ncode = "JN"\nhost = "10.0.0.1"\nname = "济南"\n'.encode()


def _evaluated(value: Any) -> None:  # Any: JSON as it lies in a file
    method, known = case.read_file(value)
    found = evaluate(method, known)
    evaluation_file.as_json(method, found)
    list(evaluation_file.lines(method, found, {}))


def _observed(value: Any) -> None:  # Any: as above
    found = observations.of_session(value)
    list(indicator_file.lines(indicator_file.Report(found=found.found, screens=found.screens, summary={})))


def _of_a_file(read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """The reader of a path, over the bytes that lie there."""

    def parse(data: bytes) -> object:
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.write(data)
            file.flush()
            return read(Path(file.name))

    return parse


def _table(path: Path) -> None:
    report = indicator_file.of_rows(indicator_file._rows(path, indicator_file._named("")), Fraction(100))
    list(indicator_file.lines(report))


def _registered(value: Any) -> None:  # Any: as above
    found = tender.parse(tender.cleaned(value) if isinstance(value, dict) else value)
    tender.check_distinct(found)
    _ = found.public, found.title


def _written(values: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:  # Any: as above
    return values.map(lambda value: json.dumps(value).encode())


TARGETS: Final = (
    Target(name="method", inputs=changed(METHODS), parse=_evaluated),
    Target(name="observations", inputs=changed([SESSION]), parse=_observed),
    Target(
        name="table", inputs=spoiled([_BIDS, _SHEETS, _SHEETS.decode().encode("gb18030")]), parse=_of_a_file(_table)
    ),
    Target(name="tender", inputs=changed(TENDERS), parse=_registered),
    Target(
        name="experts",
        inputs=_written(changed([EXPERTS])) | spoiled([json.dumps(EXPERTS[:2]).encode()]),
        parse=_of_a_file(experts.read),
    ),
    Target(name="card", inputs=_written(changed([CARD])), parse=_of_a_file(read_card)),
    Target(
        name="members",
        inputs=spoiled([_MEMBERS]).map(lambda data: data.decode("utf-8", "replace")),
        parse=parse_members,
    ),
)
