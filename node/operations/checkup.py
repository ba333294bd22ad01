"""Checks whether a centre is well, by named checks like every verification here."""

from collections import Counter

from chain_gateway.checkpoints import Head
from chain_gateway.ledger.voting import ProposalState
from chain_gateway.monitor.alarms import Alarm
from chain_gateway.monitor.timekeeping import TOLERANCE
from journal import Follower, Journal
from node import storage
from node.centre import Centre, open_centre
from node.config import Config
from node.http.versions import PEER
from records.errors import EvidenceMismatchError, NotFoundError, TongpingError
from records.ids import CentreCode, instant, parse_instant
from records.log import merkle
from records.proof import Check, Outcome, Verdict


def checkup(config: Config) -> Verdict:
    """Opens the centre's store and keys (running or not) and checks each part. Raises the errors of opening them.

    Where a folder cannot be written nothing is opened: that alone is the answer. Nothing is changed:
    NotFoundError("centre-not-started") where no centre has been started yet.
    """
    if not config.storage.keys.is_dir():
        raise NotFoundError("centre-not-started", centre=config.centre.code)
    places = storage.checks(config)
    if any(place.outcome is Outcome.FAIL for place in places):
        return Verdict(tuple(places))
    return examine(open_centre(config))


def examine(centre: Centre) -> Verdict:
    places = storage.checks(centre.config)
    return Verdict(
        (
            *places,
            _clock(centre),
            _journal(centre),
            *_followers(centre),
            _chain(centre),
            *_registry(centre),
            *_peers(centre),
            *_alarms(centre),
        )
    )


def _journal(centre: Centre) -> Check:
    size = centre.journal.size()
    return Check(name="journal", outcome=Outcome.PASS, reason=f"{size} entries", values={"size": size})


def _clock(centre: Centre) -> Check:
    """No record lies in the future of this machine's clock."""
    latest, now = _latest(centre.journal), centre.ground.clock()
    if latest is None or now >= parse_instant(latest) - TOLERANCE:
        return Check(name="clock", outcome=Outcome.PASS, reason=instant(now))
    values = {"now": instant(now), "latest": latest}
    return Check(
        name="clock", outcome=Outcome.FAIL, reason=f"clock-behind-records: a record is of {latest}", values=values
    )


def _latest(journal: Journal) -> str | None:
    """When the last record with content was written."""
    newest_first = (journal.read(index) for index in reversed(range(journal.size())))
    return next((str(entry.value["at"]) for entry in newest_first if not entry.empty), None)


def _followers(centre: Centre) -> list[Check]:
    return [_follower(follower) for follower in centre.followers]


def _follower(follower: Follower) -> Check:
    state, aside = follower.state, follower.set_aside.all()
    told = [f"stopped: {state.stopped}"] if state.stopped else [f"{state.lag} entries behind"]
    told += [f"set aside: {one.subject} ({one.code})" for one in aside]
    return Check(
        name=f"follower.{state.name}",
        outcome=Outcome.FAIL if state.stopped or aside else Outcome.PASS,
        reason=", ".join(told),
        values={"position": state.position, "lag": state.lag},
    )


def _chain(centre: Centre) -> Check:
    """The contract's head must be a checkpoint of this very journal."""
    if centre.gateway is None:
        return Check(name="chain.head", outcome=Outcome.ABSENT, reason="no chain configured")
    try:
        head = centre.gateway.ledger.head(centre.keys.origin)
        _check_head(centre, head)
    except TongpingError as error:
        return Check(name="chain.head", outcome=Outcome.FAIL, reason=error.code, values=error.values)
    return Check(name="chain.head", outcome=Outcome.PASS, reason=f"{head.size} entries anchored")


def _registry(centre: Centre) -> list[Check]:
    """The proposals that wait for votes or came to nothing; the alarms say until when each of them matters."""
    if centre.gateway is None:
        return []
    try:
        registry, now = centre.gateway.ledger.registry, centre.ground.clock()
        states = Counter(one.state(now) for one in registry.proposals())
    except TongpingError as error:
        return [Check(name="chain.proposals", outcome=Outcome.FAIL, reason=error.code, values=error.values)]
    told = [f"{states[state]} {state}" for state in ProposalState if states[state]]
    return [Check(name="chain.proposals", outcome=Outcome.PASS, reason=", ".join(told) or "none")]


def _check_head(centre: Centre, head: Head) -> None:
    """From the journal alone: lagging tiles are another matter, and a check writes none."""
    size = centre.journal.size()
    if head.size > size:
        raise EvidenceMismatchError("log-shorter-than-head", size=size, head=head.size)
    if head.size and merkle.root(centre.journal.leaves(head.size)) != head.root:
        raise EvidenceMismatchError("head-not-ours", head=head.size)


def _peers(centre: Centre) -> list[Check]:
    return [_peer(centre, peer.code) for peer in centre.config.peers]


def _peer(centre: Centre, code: CentreCode) -> Check:
    name = f"peer.{code}"
    try:
        centre.client.get(code, f"{PEER}/hello")
    except TongpingError as error:
        return Check(name=name, outcome=Outcome.FAIL, reason=error.code)
    return Check(name=name, outcome=Outcome.PASS, reason="answers, and knows this centre's key")


def _alarms(centre: Centre) -> list[Check]:
    """One check per open alarm; a single passing one when there is none."""
    alarms = centre.alarms.open()
    if not alarms:
        return [Check(name="alarms", outcome=Outcome.PASS, reason="none open")]
    return [_alarm(alarm) for alarm in alarms]


def _alarm(alarm: Alarm) -> Check:
    seen = " (acknowledged)" if alarm.acknowledged_at else ""
    return Check(
        name=f"alarm.{alarm.name}",
        outcome=Outcome.FAIL,
        reason=f"{alarm.code}: {alarm.subject} since {alarm.first_seen}{seen}",
        values={"expected": alarm.expected, "found": alarm.found, "severity": alarm.severity, "entry": alarm.entry},
    )
