"""One other party of a session, seen from here: its successive connections, its state, its confirmations.

The party is another venue, a seat (from its centre) or the centre (from a seat's client). The connecting end calls
`keep`, which reconnects forever; the answering end calls `accept` for every offer that arrives by signalling.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog

from evaluation_room.replication.channel import Channel, Gate, Relay, Signal
from evaluation_room.replication.conversation import Conversation, News
from evaluation_room.replication.effects import Alarm, Behind, Confirmed, Ended, Notice, Opened
from evaluation_room.replication.messages import Changed, Frontier, LinkStatus, Message, Venues
from evaluation_room.replication.protocol import Terms
from evaluation_room.replication.room import Room
from records.errors import TongpingError, UnavailableError
from records.ids import Author, Digest, instant

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 3.0
STEADY_SECONDS = 10.0
"""A connection that lasted this long was good: after it the pauses start small again."""
DOWN_AFTER = timedelta(seconds=30)
PENDING = 4
"""Accepted offers that have not opened yet, at most; the oldest is dropped."""
MOST_ALARMS = 100
"""Different alarms kept, the newest; every one is passed on when it is raised."""

Signalling: TypeAlias = Callable[[Signal], Awaitable[Signal]]
"""Sends an offer to the other end and returns its answer; raises UnavailableError when it cannot be reached."""

_log = structlog.get_logger(__name__)


class Link:
    """All connections to one party. At most one counts at a time: the one with the highest epoch."""

    def __init__(
        self,
        room: Room,
        terms: Terms,
        *,
        source: str,
        clock: Callable[[], datetime],
        jitter: Callable[[], float],
        gate: Gate | None = None,
        relays: Sequence[Relay] = (),
    ) -> None:
        self._room = room
        self._terms = terms
        self._source = source
        self._clock = clock
        self._jitter = jitter
        self._gate = gate or Gate()
        self._relays = relays
        self._epoch = 0
        self._current: Conversation | None = None
        self._pending: list[Conversation] = []
        self._tasks: set[asyncio.Task[object]] = set()
        self._since = clock()
        self._was_up = False
        self._down_timer: asyncio.TimerHandle | None = None
        self.confirmed: Frontier = {}
        self.alarms: tuple[Alarm, ...] = ()
        self.reason = ""
        """The code of the last failure, for diagnosis; empty while connected."""
        self.on_change: Callable[[], None] = lambda: None
        """Called when state, confirmations or alarms have changed."""
        self.on_opened: Callable[[], None] = lambda: None
        self.on_claimed: Callable[[Frontier], None] = lambda _frontier: None
        """Called with the other end's heads from its greeting."""
        self.on_notice: Callable[[Venues | Changed], None] = lambda _message: None
        self.on_alarm: Callable[[Alarm], None] = lambda _alarm: None
        self.on_behind: Callable[[Behind], None] = lambda _behind: None

    @property
    def answers(self) -> bool:
        """Whether the other party connects and this end answers."""
        return not self._terms.connects

    @property
    def connected(self) -> bool:
        return self._current is not None

    @property
    def status(self) -> LinkStatus:
        """`connected`, `reconnecting` for half a minute after a loss, `down` after that or before the first time."""
        if self.connected:
            state = "connected"
        else:
            fresh = self._was_up and self._clock() - self._since < DOWN_AFTER
            state = "reconnecting" if fresh else "down"
        return LinkStatus(state=state, since=instant(self._since))

    def send(self, message: Message) -> None:
        """Send when connected; nothing is queued, because a new connection starts with the full state."""
        if self._current is not None:
            self._current.send(message)

    def rewritten(self, author: Author, seq: int, head: Digest | None) -> None:
        """See Exchange.rewritten."""
        if self._current is not None:
            self._current.rewritten(author, seq, head)

    # --- the answering end --------------------------------------------------------------------------------------

    async def accept(self, offer: Signal) -> Signal:
        """Answer an offer. The connection counts from its hello on, and then replaces the earlier one.

        Raises InvalidRecordError("bad-signal"), UnavailableError("no-network-candidate"), and
        UnavailableError("venue-unreachable") while the cable is cut.
        """
        if self._gate.shut:
            raise UnavailableError("venue-unreachable")
        channel, answer = await Channel.answer(offer, gate=self._gate, relays=self._relays)
        conversation = self._conversation(channel, epoch=0)
        self._pending.append(conversation)
        for oldest in self._pending[:-PENDING]:
            oldest.end("superseded")
        self._spawn(self._carry(conversation))
        return answer

    # --- the connecting end -------------------------------------------------------------------------------------

    def keep(self, signal: Signalling) -> None:
        """Connect, and reconnect whenever the connection is lost, until `stop`."""
        self._spawn(self._keep(signal))

    async def _keep(self, signal: Signalling) -> None:
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while True:
            begun = loop.time()
            ended = await self._attempt(signal)
            self.reason = ended.code
            self.on_change()
            if ended.code == "superseded" and not self._terms.takes:
                return  # the seat was opened elsewhere: reconnecting would only disconnect that one again
            pause = FIRST_PAUSE if loop.time() - begun > STEADY_SECONDS else min(pause * 2, LONGEST_PAUSE)
            self._epoch = max(self._epoch, int(ended.values.get("epoch", 0)))
            await asyncio.sleep(pause * (0.5 + self._jitter() / 2))

    async def _attempt(self, signal: Signalling) -> Ended:
        """One connection, from offer to end."""
        if self._gate.shut:
            return Ended("venue-unreachable", {})
        self._epoch = max(self._epoch + 1, int(self._clock().timestamp() * 1000))
        try:
            channel = await self._signalled(signal)
        except TongpingError as error:
            return Ended(error.code, error.values)
        except Exception:  # noqa: BLE001  # a link never stops trying
            _log.exception("signalling failed on a fault", session=self._room.session)
            return Ended("internal-fault", {})
        return await self._carry(self._conversation(channel, self._epoch))

    async def _signalled(self, signal: Signalling) -> Channel:
        channel, offer = await Channel.offer(gate=self._gate, relays=self._relays)
        try:
            await channel.connect(await signal(offer))
        except BaseException:  # cancelled too: the sockets are open already
            await channel.close()
            raise
        return channel

    # --- both ends ----------------------------------------------------------------------------------------------

    async def stop(self) -> None:
        """Say goodbye, close every connection and wait until everything is released."""
        for conversation in [*self._pending, *([self._current] if self._current else [])]:
            conversation.end("shutting-down")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._down_timer is not None:
            self._down_timer.cancel()

    def _conversation(self, channel: Channel, epoch: int) -> Conversation:
        return Conversation(
            channel,
            self._terms,
            self._room,
            source=self._source,
            epoch=epoch,
            latest=lambda: self._epoch,
            happened=self._happened,
        )

    async def _carry(self, conversation: Conversation) -> Ended:
        ended = Ended("shutting-down", {})
        try:
            ended = await conversation.run()
        finally:
            self._gone(conversation, ended)
        return ended

    def _happened(self, conversation: Conversation, news: News) -> None:
        match news:
            case Opened():
                self._opened(conversation, news.epoch)
            case Confirmed():
                raised = {author: max(seq, self.confirmed.get(author, 0)) for author, seq in news.frontier.items()}
                self.confirmed = {**self.confirmed, **raised}
                self.on_change()
            case Alarm():
                if news not in self.alarms:
                    self.alarms = (*self.alarms, news)[-MOST_ALARMS:]
                self.on_alarm(news)
                self.on_change()
            case Notice():
                self.on_notice(news.message)
            case Behind():
                self.on_behind(news)

    def _opened(self, conversation: Conversation, epoch: int) -> None:
        """From now on this connection counts; the earlier one is closed."""
        before, self._current = self._current, conversation
        self._epoch = epoch
        if conversation in self._pending:
            self._pending.remove(conversation)
        if before is not None:
            before.end("superseded")
        self._since, self._was_up, self.reason = self._clock(), True, ""
        self.on_opened()
        self.on_claimed(conversation.claimed)
        self.on_change()

    def _gone(self, conversation: Conversation, ended: Ended) -> None:
        if conversation in self._pending:
            self._pending.remove(conversation)
        if conversation is not self._current:
            return
        self._current, self._since, self.reason = None, self._clock(), ended.code
        if self._down_timer is not None:
            self._down_timer.cancel()
        later = DOWN_AFTER.total_seconds() + 0.1
        self._down_timer = asyncio.get_running_loop().call_later(later, self._fell)
        self.on_change()

    def _fell(self) -> None:
        """The loss is half a minute old: `reconnecting` becomes `down`."""
        self.on_change()

    def _spawn(self, work: Coroutine[None, None, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
