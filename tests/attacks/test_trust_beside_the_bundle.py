"""Whoever sends a bundle may send a trust file with it: it is never taken by itself, and the one in use is named."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chain_gateway.verifier.trust import CONFIGURED, chosen
from node.cli import cli
from records.errors import UnavailableError
from records.ids import digest

EVIDENCE = Path(__file__).parents[1] / "vectors" / "evidence"
TRUST = EVIDENCE / "trust.json"


@pytest.fixture(name="sent")
def _sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as it was sent, and as somebody looks at it: a bundle, and a trust file that fits it."""
    shutil.copy(TRUST, tmp_path / "trust.json")
    bundle = shutil.copy(next(EVIDENCE.glob("*.evidence.zip")), tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(CONFIGURED, raising=False)
    return Path(bundle)


def test_a_trust_file_that_lies_beside_the_bundle_or_here_is_never_taken(sent: Path) -> None:
    told = CliRunner().invoke(cli.app, ["verify", sent.name])

    assert isinstance(told.exception, UnavailableError)
    assert (told.exception.code, told.output) == ("trust-file-not-given", "")


def test_without_one_the_command_ends_with_two_and_says_what_it_needs(
    sent: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.run(lambda: cli.verify(sent))

    assert ended.value.code == cli.COULD_NOT_RUN
    assert capsys.readouterr().err == (
        "tongping: trust-file-not-given: needs=the file you pinned: --trust FILE, TONGPING_TRUST, or "
        "/etc/tongping/trust.json; none is taken from beside a bundle\n"
    )


def test_the_given_file_comes_before_the_configured_and_that_before_the_installed(tmp_path: Path) -> None:
    installed, given = tmp_path / "installed.json", Path("given.json")
    installed.write_bytes(b"{}")
    configured = {CONFIGURED: "configured.json"}

    assert chosen(given, configured, installed) == given
    assert chosen(None, configured, installed) == Path("configured.json")
    assert chosen(None, {CONFIGURED: ""}, installed) == installed
    with pytest.raises(UnavailableError, match="trust-file-not-given"):
        chosen(None, {}, tmp_path / "none.json")


def test_the_file_that_was_used_is_named_with_its_digest(sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIGURED, str(TRUST))
    used = digest(TRUST.read_bytes())

    lines = CliRunner().invoke(cli.app, ["verify", sent.name])
    answer = json.loads(CliRunner().invoke(cli.app, ["verify", sent.name, "--trust", "trust.json", "--json"]).output)

    assert lines.output.splitlines()[0] == f"trust file {TRUST}  {used}"
    assert answer["trust"] == {"file": "trust.json", "digest": used}
