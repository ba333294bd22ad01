"""The command line. Exit codes: 0 good, 1 a fault was found, 2 could not run."""

import importlib.util
import logging
import os
import secrets
import socket
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, TextIO

import structlog
import typer
import uvicorn

from node import config as configuration
from node.cli.centre_commands import commands as centre_commands
from node.config import Config
from node.operations.log_lines import PROCESSORS, LogLines
from node.terminal import say, say_lines
from records.actors import Role
from records.errors import EvidenceMismatchError, TongpingError, UnavailableError
from records.ids import parse_person

FAULT_FOUND: Final = 1
COULD_NOT_RUN: Final = 2
app = typer.Typer(
    name="tongping",
    help="Joint bid evaluation between trading centres of several cities, provable afterwards to anyone.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ConfigOption = Annotated[Path, typer.Option("--config", help="The centre's TOML file.", metavar="FILE")]


def main() -> None:
    """The console script. Scores, names and salts are on the disk: files are written for their owner alone."""
    os.umask(0o077)
    configure_logs()
    run(app)


def run(command: Callable[[], object]) -> None:
    """An error of ours becomes one line; anything else is a bug, keeps its trace, and is no verdict."""
    try:
        command()
    except EvidenceMismatchError as error:
        say(f"tongping: {error}", error=True)
        sys.exit(FAULT_FOUND)
    except TongpingError as error:
        say(f"tongping: {error}", error=True)
        sys.exit(COULD_NOT_RUN)
    except Exception:  # noqa: BLE001 - the interpreter's own exit code for it would say "a fault was found"
        say_lines(traceback.format_exc().rstrip(), error=True)
        sys.exit(COULD_NOT_RUN)


@app.command()
def up(config: ConfigOption) -> None:
    """Run one centre until it is told to end."""
    from node.app import create_app  # noqa: PLC0415 - the other commands start without the whole centre
    from node.chain.membership import settle  # noqa: PLC0415 - as above
    from node.http.connection import allow_open_files, serving  # noqa: PLC0415 - as above
    from node.storage import require_writable  # noqa: PLC0415 - as above

    settings = configuration.load(config)
    require_writable(settings)
    listening = listen(settings)
    try:
        allow_open_files()
        server = uvicorn.Server(serving(create_app(settle(settings)), lifespan="on", log_config=None))
        server.run(sockets=[listening])
    finally:
        listening.close()
    if not server.started:
        raise UnavailableError("start-failed")


def listen(settings: Config) -> socket.socket:
    """The centre's port, taken before anything else is started. Raises UnavailableError(port-in-use)."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.server.host, settings.server.port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise UnavailableError("port-in-use", host=settings.server.host, port=settings.server.port) from error
    return listening


@app.command()
def enrol(
    config: ConfigOption,
    person: Annotated[str, typer.Option(help="The person's id.")],
    name: Annotated[str, typer.Option(help="The person's name; an expert's as in the experts file.")],
    role: Annotated[Role, typer.Option(help="What the person does here.")],
) -> None:
    """Print a one-time code for a passkey and, for a new expert, the PIN of the signing key."""
    from node.centre import open_access, open_journal, open_signing  # noqa: PLC0415 - as above
    from node.office.access.enrolment import admit  # noqa: PLC0415 - as above

    settings = configuration.load(config)
    journal = open_journal(settings)
    admission = admit(
        open_access(settings, journal),
        open_signing(settings, journal),
        person=parse_person(person),
        name=name,
        role=role,
        randomness=secrets.token_bytes,
    )
    say(f"code {admission.code}")
    if admission.pin:
        say(f"pin {admission.pin}")


@app.command()
def check(config: ConfigOption) -> None:
    """Say whether this centre is well: keys, schema, journal, followers, chain. Exit 1 when something is not."""
    from node.evidence.verification import lines  # noqa: PLC0415 - as above
    from node.operations.checkup import checkup  # noqa: PLC0415 - as above

    verdict = checkup(configuration.load(config))
    for line in lines(verdict):
        say(line)
    if not verdict.ok:
        raise typer.Exit(FAULT_FOUND)


@app.command()
def compare(config: ConfigOption) -> None:
    """Ask every centre for its copy of every log. Exit 1 when a log shows two histories."""
    from node.evidence.verification import lines  # noqa: PLC0415 - as above
    from node.operations.comparison import compare_logs  # noqa: PLC0415 - as above

    verdict = compare_logs(configuration.load(config))
    for line in lines(verdict):
        say(line)
    if verdict.failed:
        raise typer.Exit(FAULT_FOUND)


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(help="The evidence bundle.", metavar="BUNDLE")],
    trust: Annotated[
        Path | None,
        typer.Option(
            help="The trust file you pinned; else TONGPING_TRUST, else /etc/tongping/trust.json.", metavar="FILE"
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the checks as JSON.")] = False,  # noqa: FBT002 - a switch
    ranking: Annotated[bool, typer.Option("--ranking", help="Print also the ranking, recomputed.")] = False,  # noqa: FBT002 - a switch
) -> None:
    """Check an evidence bundle, offline. Exit 1 when a check fails."""
    from chain_gateway.verifier.trust import chosen  # noqa: PLC0415 - as above
    from node.evidence.verification import verify as verify_bundle  # noqa: PLC0415 - as above

    good = verify_bundle(
        bundle, chosen(trust, os.environ), for_programs=json_, say=say_lines if json_ else say, ranking=ranking
    )
    if not good:
        raise typer.Exit(FAULT_FOUND)


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="A method with prices and sheets, as JSON.", metavar="FILE")],
    json_: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,  # noqa: FBT002 - a switch
) -> None:
    """Try a method on prices and sheets, and say where every figure comes from. Exit 1 when nothing can be ranked."""
    from node.evaluation.evaluation_file import evaluate_file  # noqa: PLC0415 - as above

    if not evaluate_file(file, for_programs=json_, say=say_lines if json_ else say):
        raise typer.Exit(FAULT_FOUND)


@app.command()
def indicators(
    file: Annotated[Path, typer.Argument(help="JSON, or CSV of bids or sheets.", metavar="FILE")],
    json_: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,  # noqa: FBT002 - a switch
    columns: Annotated[str, typer.Option(help="CSV headings: expert=judge,group=competition+program.")] = "",
    full_mark: Annotated[str, typer.Option(help="Full mark of CSV sheets; else the highest of each group.")] = "",
) -> None:
    """Look through bids or sheets for anything unusual: clues, no verdicts. Exit 1 when a finding is a BLOCK."""
    from node.evaluation.indicator_file import indicators as look  # noqa: PLC0415 - as above

    if not look(file, columns=columns, full_mark=full_mark, for_programs=json_, say=say_lines if json_ else say):
        raise typer.Exit(FAULT_FOUND)


@app.command()
def fsck(
    config: ConfigOption,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the chain.")] = False,  # noqa: FBT002 - a switch
    json_: Annotated[bool, typer.Option("--json", help="Print the checks as JSON.")] = False,  # noqa: FBT002 - a switch
) -> None:
    """Audit everything a centre keeps, and name the first altered record and field. Exit 1 when something is."""
    from node.audit.audit import audit  # noqa: PLC0415 - as above
    from node.audit.progress import shown  # noqa: PLC0415 - as above
    from node.evidence.verification import as_json, lines  # noqa: PLC0415 - as above

    with shown(lambda line: say(line, error=True)) as progress:
        verdict = audit(configuration.load(config), offline=offline, progress=progress)
    if json_:
        say_lines(as_json(verdict))
    for line in () if json_ else lines(verdict):
        say(line)
    if not verdict.ok:
        raise typer.Exit(FAULT_FOUND)


@app.command()
def recover(config: ConfigOption) -> None:
    """After a restore from an old backup: bring the log back to what was anchored, from the other centres' mirrors."""
    from node.operations.recovering import recover_centre  # noqa: PLC0415 - as above

    say(recover_centre(configuration.load(config)))


@app.command()
def demo(
    exit_: Annotated[bool, typer.Option("--exit", help="End when the evaluation is over.")] = False,  # noqa: FBT002 - a switch
    sample: Annotated[str, typer.Option(help="The tender to play, a folder of samples.", metavar="NAME")] = "",
) -> None:
    """Play one evaluation between two cities, then stay up for people."""
    from node.demo.play import PLAYED  # noqa: PLC0415 - as above
    from node.demo.play import demo as play  # noqa: PLC0415 - as above

    play(stay=not exit_, sample=sample or PLAYED)


consortium_commands = typer.Typer(no_args_is_help=True, help="The chain that the centres run together.")
app.add_typer(consortium_commands, name="consortium")


@consortium_commands.command()
def init(
    members: Annotated[Path, typer.Option(help="The members file.", metavar="FILE")],
    out: Annotated[Path, typer.Option(help="An empty or new folder to write into.", metavar="DIR")],
) -> None:
    """Make missing keys, genesis, peers and start commands for geth, and the same for Besu, from one members file."""
    from node.chain.consortium import init as make  # noqa: PLC0415 - as above
    from node.chain.consortium import read_members  # noqa: PLC0415 - as above

    made = make(read_members(members), out, randomness=secrets.token_bytes)
    for member in made.members:
        say(f"{member.code}  signer {member.signer}  account {member.account}")
    say(f"written: {out}")


app.add_typer(centre_commands, name="centre")


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="Which measurement.", metavar="NAME")],
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object per figure.")] = False,  # noqa: FBT002 - a switch
) -> None:
    """Measure one thing side by side with its peer, where the sources lie. Progress goes to standard error."""
    if importlib.util.find_spec("bench") is None:
        say("tongping: benches are part of the sources, not of the installed package", error=True)
        raise typer.Exit(COULD_NOT_RUN)
    command = [sys.executable, "-m", "bench.command", name, *(["--json"] if json_ else [])]
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - the command is ours


def configure_logs() -> None:
    """One JSON line per event on standard error; the libraries' own messages only from warnings on."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(LogLines())
    logging.basicConfig(level=logging.WARNING, handlers=[lines])
    for library in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # they log the names in certificates
    structlog.configure(processors=PROCESSORS, logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    warnings.showwarning = _log_warning


def _log_warning(  # noqa: PLR0917 - the interpreter's own signature
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001 - as above
    line: str | None = None,  # noqa: ARG001 - as above
) -> None:
    structlog.get_logger(__name__).warning(
        "warning", kind=category.__name__, text=str(message), at=f"{filename}:{lineno}"
    )
