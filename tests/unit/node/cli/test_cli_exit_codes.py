"""The meaning of the exit code: a fault in the evidence is 1; everything that is no verdict is 2."""

from pathlib import Path

import pytest

from node.cli import cli
from node.config import load
from node.operations.checkup import checkup
from records.errors import EvidenceMismatchError, NotFoundError, TongpingError, UnavailableError
from tests.unit.node.test_config import GOOD, written


@pytest.mark.parametrize(
    ("error", "code"),
    [(EvidenceMismatchError("evidence-refused"), 1), (UnavailableError("port-in-use"), 2), (NotFoundError(), 2)],
    ids=["evidence", "unavailable", "not-found"],
)
def test_an_error_of_ours_is_one_line(error: TongpingError, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(SystemExit) as ended:
        cli.run(fail)

    assert (ended.value.code, capsys.readouterr().err) == (code, f"tongping: {error}\n")


def test_a_fault_of_the_program_is_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(SystemExit) as ended:
        cli.run(fail)

    assert ended.value.code == 2
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_checking_a_centre_that_never_ran_makes_nothing(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD), {})
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(NotFoundError) as raised:
        checkup(config)

    assert raised.value.code == "centre-not-started"
    assert sorted(tmp_path.rglob("*")) == before
