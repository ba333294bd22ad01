"""One running connection: a channel, its exchange and the room behind it, from opening to end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

import structlog

from evaluation_room.replication.channel import Channel, ChannelState
from evaluation_room.replication.effects import (
    Alarm,
    Behind,
    Compare,
    Confirmed,
    Ended,
    Fetch,
    Notice,
    Opened,
    Send,
    Take,
)
from evaluation_room.replication.messages import Frontier, Message
from evaluation_room.replication.protocol import Exchange, Step, Terms
from evaluation_room.replication.room import Room
from evaluation_room.replication.wire import read, write
from records.errors import InvalidRecordError, TongpingError, UnavailableError
from records.ids import Author, Digest
from records.room_entry import SignedEntry

TICK_SECONDS = 1.0
MOST_WORK = 256
"""Messages waiting for the room, at most: four times what a sender that keeps to its window can have in flight."""

News: TypeAlias = Opened | Confirmed | Behind | Alarm | Notice
"""The callbacks to the owner of a connection."""

_log = structlog.get_logger(__name__)


class Conversation:
    """Runs one exchange over one channel. Made for one channel, run once, finished when `run` returns."""

    def __init__(
        self,
        channel: Channel,
        terms: Terms,
        room: Room,
        *,
        source: str,
        epoch: int,
        latest: Callable[[], int],
        happened: Callable[["Conversation", News], None],
    ) -> None:
        self._channel = channel
        self._terms = terms
        self._room = room
        self._source = source
        self._epoch = epoch
        self._latest = latest
        self._happened = happened
        self._exchange: Exchange | None = None
        self._early: list[SignedEntry] = []
        self._work: asyncio.Queue[Take | Fetch | Compare] = asyncio.Queue()
        self._end: asyncio.Future[Ended] = asyncio.get_running_loop().create_future()

    async def run(self) -> Ended:
        """Run the connection from its opening to its end, release its resources, and return why it ended."""
        quiet = self._room.on_taken(self._held)
        try:
            await self._channel.opened()
            await self._greet()
            return await self._until_end()
        except TongpingError as error:
            return Ended(error.code, error.values)
        except Exception:  # noqa: BLE001  # a fault here must not end the others
            _log.exception("replication stopped on a fault", session=self._room.session)
            return Ended("internal-fault", {})
        finally:
            quiet()
            await self._channel.flushed()
            await self._channel.close()

    def send(self, message: Message) -> None:
        """Send a message outside the exchange: venues or changed."""
        self._do((self._started, (Send(message),)))

    def end(self, code: str) -> None:
        """Say goodbye and end."""
        if self._exchange is None:
            self._channel.abandon()
        else:
            self._do(self._exchange.ended(code, goodbye=True))
        self._finish(Ended(code, {}))

    def rewritten(self, author: Author, seq: int, head: Digest | None) -> None:
        """The author has withdrawn everything after `seq` (a seat whose entry was refused)."""
        if self._exchange is not None:
            self._do(self._exchange.rewritten(author, seq, head))

    @property
    def claimed(self) -> Frontier:
        """The heads that the other end stated."""
        return self._started.claimed

    @property
    def _started(self) -> Exchange:
        if self._exchange is None:
            raise UnavailableError("channel-closed")
        return self._exchange

    async def _greet(self) -> None:
        frontier, heads = await self._room.positions()
        self._exchange = Exchange(terms=self._terms, local=frontier, heads=heads, epoch=self._epoch)
        for signed in self._early:  # taken while the positions were being read
            self._held(signed)
        self._channel.listen(self._heard, self._channel_changed)
        self._do(self._exchange.opened())

    async def _until_end(self) -> Ended:
        tasks = [asyncio.create_task(self._tick()), asyncio.create_task(self._labour())]
        try:
            return await self._end
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self._do(self._started.tick())

    async def _labour(self) -> None:
        """The work that needs the room, in sequence."""
        while True:
            effect = await self._work.get()
            try:
                await self._serve(effect)
            except UnavailableError as error:
                self.end(error.code)
            except Exception:  # noqa: BLE001  # a fault here must not end the others
                _log.exception("replication stopped on a fault", session=self._room.session)
                self.end("internal-fault")

    async def _serve(self, effect: Take | Fetch | Compare) -> None:
        match effect:
            case Take():
                for signed in effect.entries:
                    await self._offer(signed)
                self._do(self._started.acknowledged())
            case Fetch():
                await self._channel.drained()
                entries = await self._room.after(effect.after, effect.limit)
                self._do(self._started.fetched(entries))  # the present state, not that before the wait
            case Compare():
                forks = await self._room.differing(effect.frontier, effect.heads)
                self._do(self._started.compared(effect.frontier, forks))

    async def _offer(self, signed: SignedEntry) -> None:
        """Offer one entry to the room. Only entries the room has committed are ever acknowledged."""
        if not self._started.wants(signed):
            return
        try:
            await self._room.take(signed, self._source)
        except UnavailableError:
            raise
        except TongpingError as error:
            self._do(self._started.declined(signed, error.code, error.values))
        else:
            self._do(self._started.took(signed))

    def _heard(self, text: object) -> None:
        try:
            message = read(text)
        except InvalidRecordError as error:
            self._do(self._started.ended(error.code, goodbye=True))
        else:
            self._do(self._started.received(message, latest=self._latest()))

    def _held(self, signed: SignedEntry) -> None:
        if self._exchange is None:
            self._early.append(signed)
        else:
            self._do(self._exchange.held(signed.entry.author, signed.entry.seq, signed.entry.hash))

    def _channel_changed(self, state: ChannelState) -> None:
        if state is ChannelState.CLOSED:
            self._finish(Ended("channel-closed", {}))

    def _do(self, step: Step) -> None:
        self._exchange, effects = step
        for effect in effects:
            match effect:
                case Send():
                    with suppress(UnavailableError):  # the channel reports its own end
                        self._channel.send(write(effect.message))
                case Take() | Fetch() | Compare():
                    self._work.put_nowait(effect)
                    if self._work.qsize() > MOST_WORK:
                        self.end("message-flood")
                case Ended():
                    self._finish(effect)
                case _:
                    self._happened(self, effect)

    def _finish(self, ended: Ended) -> None:
        if not self._end.done():
            self._end.set_result(ended)
