"""`tongping centre …`: who is a member of the consortium, and the proposals and votes that change it."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node import config as configuration
from node.keys import Rotated
from node.terminal import say, say_lines

if TYPE_CHECKING:
    from datetime import datetime

    from node.chain.membership import Membership

commands = typer.Typer(no_args_is_help=True, help="The centres of the consortium, and their votes.")
ConfigOption = Annotated[Path, typer.Option("--config", help="The centre's TOML file.", metavar="FILE")]
DaysOption = Annotated[int, typer.Option("--days", help="How long the proposal is open.", min=1, max=89)]
ValidOption = Annotated[int, typer.Option("--valid-days", help="How long the keys are valid.", min=1, max=36_500)]
CodeArgument = Annotated[str, typer.Argument(help="The centre's code.", metavar="CODE")]
NumberArgument = Annotated[int, typer.Argument(help="The proposal's number.", metavar="NUMBER", min=1)]
_TEN_YEARS = 3650


def _open(config: Path) -> "Membership":
    from node.chain.membership import open_membership  # noqa: PLC0415 - the other commands start without the chain

    return open_membership(configuration.load(config))


def _now() -> "datetime":
    from node.foundation import utc_now  # noqa: PLC0415 - as above

    return utc_now()


def _until(days: int) -> "datetime":
    return _now() + timedelta(days=days)


def _say(membership: "Membership", number: int) -> None:
    from node.chain.membership import line_of_proposal  # noqa: PLC0415 - as above

    say(line_of_proposal(membership.registry.proposal(number), _now()))


@commands.command("list")
def list_(config: ConfigOption) -> None:
    """Every centre that is or was a member, and how many votes a proposal needs."""
    from node.chain.membership import lines_of_centres  # noqa: PLC0415 - as above

    for line in lines_of_centres(_open(config).registry):
        say(line)


@commands.command()
def proposals(config: ConfigOption) -> None:
    """Every proposal, what has become of it, and the votes that count."""
    from node.chain.membership import line_of_proposal  # noqa: PLC0415 - as above

    for one in _open(config).registry.proposals():
        say(line_of_proposal(one, _now()))


@commands.command()
def card(config: ConfigOption, valid_days: ValidOption = _TEN_YEARS) -> None:
    """Print this centre's card: what the members need to propose it. Makes its keys when there are none."""
    from node.chain import membership  # noqa: PLC0415 - as above
    from node.keys import open_keys  # noqa: PLC0415 - as above

    settings = configuration.load(config)
    keys = open_keys(settings.storage.keys, settings.centre.code)
    entry = membership.card(settings, keys, now=_now(), validity=timedelta(days=valid_days))
    say_lines(membership.write_card(entry))


@commands.command()
def add(
    card: Annotated[Path, typer.Argument(help="The new centre's card.", metavar="CARD")],
    config: ConfigOption,
    days: DaysOption = 14,
) -> None:
    """Propose that the centre of a card become a member."""
    from node.chain.membership import read_card  # noqa: PLC0415 - as above

    entry = read_card(card)
    membership = _open(config)
    _say(membership, membership.registry.propose_addition(entry, expires_at=_until(days)))


@commands.command()
def remove(code: CodeArgument, config: ConfigOption, days: DaysOption = 14) -> None:
    """Propose that a centre be a member no longer."""
    membership = _open(config)
    _say(membership, membership.registry.propose_removal(membership.log(code), expires_at=_until(days)))


@commands.command("rotate-key")
def rotate_key(
    config: ConfigOption,
    key: Annotated[list[Rotated], typer.Option(help="Which key; may be given several times.")],
    overlap_days: Annotated[int, typer.Option(help="How long the present ones stay valid; 0: stolen.", min=0)] = 30,
    valid_days: ValidOption = _TEN_YEARS,
    days: DaysOption = 14,
) -> None:
    """Make new keys for this centre beside the present ones, and propose them."""
    membership = _open(config)
    number = membership.rotate(
        key,
        now=_now(),
        overlap=timedelta(days=overlap_days),
        validity=timedelta(days=valid_days),
        expires_at=_until(days),
    )
    _say(membership, number)


@commands.command()
def endpoint(
    code: CodeArgument,
    url: Annotated[str, typer.Argument(help="Where it is reached.", metavar="URL")],
    config: ConfigOption,
    days: DaysOption = 14,
) -> None:
    """Propose that a centre be reached elsewhere."""
    membership = _open(config)
    number = membership.registry.propose_endpoint(membership.log(code), url, expires_at=_until(days))
    _say(membership, number)


@commands.command()
def threshold(
    votes: Annotated[int, typer.Argument(help="Votes that a proposal needs.", metavar="VOTES", min=0)],
    config: ConfigOption,
    days: DaysOption = 14,
) -> None:
    """Propose how many votes a proposal needs."""
    membership = _open(config)
    _say(membership, membership.registry.propose_threshold(votes, expires_at=_until(days)))


@commands.command()
def successor(
    address: Annotated[str, typer.Argument(help="The anchor contract to follow.", metavar="ADDRESS")],
    config: ConfigOption,
    days: DaysOption = 14,
) -> None:
    """Propose that the consortium go on with another anchor contract. Once named, it is final."""
    from node.chain.membership import account  # noqa: PLC0415 - as above

    membership = _open(config)
    _say(membership, membership.registry.propose_successor(account(address), expires_at=_until(days)))


@commands.command()
def vote(number: NumberArgument, config: ConfigOption) -> None:
    """Vote for a proposal."""
    membership = _open(config)
    membership.registry.vote(number)
    _say(membership, number)


@commands.command()
def withdraw(number: NumberArgument, config: ConfigOption) -> None:
    """Withdraw this centre's vote for a proposal. With its last vote the proposal is withdrawn for good."""
    membership = _open(config)
    membership.registry.withdraw(number)
    _say(membership, number)


@commands.command()
def execute(number: NumberArgument, config: ConfigOption) -> None:
    """Execute a proposal that has its votes. A centre takes its own new keys then, or at its next start."""
    membership = _open(config)
    membership.registry.execute(number)
    _say(membership, number)
    if membership.adopt():
        say("new keys taken: restart this centre")
