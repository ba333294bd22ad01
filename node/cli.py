"""The command line. Exit codes: 0 good, 1 a fault was found, 2 could not run."""

import logging
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import structlog
import typer
import uvicorn

from node import config as configuration
from node.config import Config
from records.actors import Role
from records.errors import TongpingError, UnavailableError
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
    """The console script."""
    _configure_logs()
    run(app)


def run(command: Callable[[], object]) -> None:
    """An error of ours becomes one line and exit code 2; anything else is a bug and keeps its trace."""
    try:
        command()
    except TongpingError as error:
        typer.echo(f"tongping: {error}", err=True)
        sys.exit(COULD_NOT_RUN)


@app.command()
def up(config: ConfigOption) -> None:
    """Run one centre until it is told to end."""
    from node.app import create_app  # noqa: PLC0415 - the other commands start without the whole centre

    settings = configuration.load(config)
    listening = listen(settings)
    try:
        options = uvicorn.Config(create_app(settings), log_config=None, access_log=False, ws="none", lifespan="on")
        server = uvicorn.Server(options)
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
    name: Annotated[str, typer.Option(help="The person's name, for the people of this centre.")],
    role: Annotated[Role, typer.Option(help="What the person does here.")],
) -> None:
    """Print a one-time code with which a person creates a passkey."""
    from node.centre import open_access, open_journal  # noqa: PLC0415 - as above

    settings = configuration.load(config)
    desk = open_access(settings, open_journal(settings))
    typer.echo(desk.issue_code(person=parse_person(person), name=name, role=role))


@app.command()
def check(config: ConfigOption) -> None:
    """Say whether this centre is well: keys, schema, journal, followers, chain. Exit 1 when something is not."""
    from node.checkup import checkup  # noqa: PLC0415 - as above

    verdict = checkup(configuration.load(config))
    for item in verdict.checks:
        typer.echo(f"{_MARKS[item.outcome.value]} {item.name}  {item.reason}")
    if not verdict.ok:
        raise typer.Exit(FAULT_FOUND)


_MARKS: Final = {"pass": "✓", "fail": "✗", "absent": "·"}


def _configure_logs() -> None:
    """One JSON line per event on standard error; the libraries' own talk only from warnings on."""
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format='{"event": "%(message)s", "logger": "%(name)s"}'
    )
    for library in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # they write the names in certificates into their logs
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
