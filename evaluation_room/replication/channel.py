"""One ordered, reliable data channel between two ends over aiortc: the only file of this package that knows aiortc.

aiortc's own numbers, set here once for the whole process:
* an SCTP retransmission waits at least 0.1 s instead of 1 s: under 1 % loss the slowest hundredth falls from 0.8 s to
  0.13 s; the first round trip is guessed at 1 s (RFC 9260 §16) instead of 3;
* ICE consent is asked for every second and lost after three silent answers: a dead path is noticed in 3.4 s, not 33.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

import aioice.ice
import aiortc.rtcsctptransport
from aioice import Connection
from aiortc import RTCConfiguration, RTCDataChannel, RTCIceServer, RTCPeerConnection, RTCSessionDescription

from records.errors import InvalidRecordError, UnavailableError

aiortc.rtcsctptransport.SCTP_RTO_MIN = 0.1  # type: ignore[assignment]  # aiortc writes 1, an int
aiortc.rtcsctptransport.SCTP_RTO_INITIAL = 1.0
aioice.ice.CONSENT_INTERVAL = 1
aioice.ice.CONSENT_FAILURES = 3

LABEL = "tongping"
GATHER_SECONDS = 5.0
OPEN_SECONDS = 10.0
HIGH_WATER = 256 * 1024
"""Bytes waiting in the channel above which no more are added."""
SIGNAL_LIMIT = 64 * 1024
"""Bytes of an offer or answer, at most."""

_MDNS = re.compile(r"^a=candidate:.*\.local .*\r?\n", re.MULTILINE)
_CANDIDATE = re.compile(r"^a=candidate:", re.MULTILINE)
_END_OF_CANDIDATES = re.compile(r"^a=end-of-candidates\r?\n", re.MULTILINE)
_MEDIA = re.compile(r"^m=(\w+)", re.MULTILINE)


class ChannelState(StrEnum):
    CONNECTING = "connecting"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Signal:
    """An offer or an answer in its HTTPS form: `{"type": …, "sdp": …}`."""

    type: str
    sdp: str


@dataclass(slots=True)
class Gate:
    """A simulated cable: while shut, the channels that share it lose every packet, both ways."""

    shut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A TURN or STUN server, for networks that need one."""

    url: str
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


class Channel:
    """One connection with one data channel. It opens once, closes once, and is never used again after that."""

    def __init__(self, gate: Gate, relays: Sequence[Relay]) -> None:
        servers = [RTCIceServer(relay.url, relay.username or None, relay.password or None) for relay in relays]
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self._gate = gate
        self._channel: RTCDataChannel | None = None
        self._state = ChannelState.CONNECTING
        self._changed = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self._early: list[object] = []
        self._on_text: Callable[[object], None] = self._early.append
        self._on_state: Callable[[ChannelState], None] = lambda _state: None
        self._peer.on("connectionstatechange", self._connection_changed)

    @classmethod
    async def offer(cls, *, gate: Gate | None = None, relays: Sequence[Relay] = ()) -> tuple[Self, Signal]:
        """A new channel and the offer for the other end.

        Raises UnavailableError("no-network-candidate") on a machine with nothing but a loopback interface, and
        UnavailableError("candidates-timeout") when gathering takes too long.
        """
        made = cls(gate or Gate(), relays)
        made._adopt(made._peer.createDataChannel(LABEL))
        return made, await made._describe()

    @classmethod
    async def answer(
        cls, offer: Signal, *, gate: Gate | None = None, relays: Sequence[Relay] = ()
    ) -> tuple[Self, Signal]:
        """A new channel for an offer, and the answer to it. Raises as `offer`, and InvalidRecordError("bad-signal")."""
        _check(offer, "offer")
        made = cls(gate or Gate(), relays)
        made._peer.on("datachannel", made._adopt)
        await made._apply(offer)
        return made, await made._describe()

    async def connect(self, answer: Signal) -> None:
        """Accept the other end's answer; the channel then opens by itself within milliseconds."""
        _check(answer, "answer")
        await self._apply(answer)

    @property
    def state(self) -> ChannelState:
        return self._state

    def listen(self, on_text: Callable[[object], None], on_state: Callable[[ChannelState], None]) -> None:
        """Register the callbacks for messages (text; bytes where the other end breaks the rules) and for states."""
        self._on_text, self._on_state = on_text, on_state
        early, self._early = self._early, []
        for text in early:
            on_text(text)

    async def opened(self, seconds: float = OPEN_SECONDS) -> None:
        """Return when the channel is open, or raise UnavailableError: channel-closed, channel-timeout (then closed)."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._state is ChannelState.CONNECTING:
                    self._changed.clear()
                    await self._changed.wait()
        if self._state is ChannelState.CONNECTING:
            await self.close()
            raise UnavailableError("channel-timeout")
        if self._state is ChannelState.CLOSED:
            raise UnavailableError("channel-closed")

    def send(self, text: str) -> None:
        """Queue a message. Sent is not received: only the other end's acknowledgement counts."""
        if self._channel is None or self._state is not ChannelState.OPEN:
            raise UnavailableError("channel-closed")
        try:
            self._channel.send(text)
        except Exception as error:  # aiortc raises errors of several kinds
            raise UnavailableError("channel-closed") from error
        if self._channel.bufferedAmount > HIGH_WATER:
            self._drained.clear()

    async def drained(self) -> None:
        """Return when there is room for more, or the channel has closed."""
        await self._drained.wait()

    def partition(self, *, on: bool) -> None:
        """Cut or mend the cable of this channel and of all channels that share its gate."""
        self._gate.shut = on

    def abandon(self) -> None:
        """Tell a waiting caller that the channel will not open; `close` still has to follow."""
        self._set(ChannelState.CLOSED)

    async def close(self) -> None:
        """Release everything: sockets, tasks, listeners. Safe to call again."""
        self._set(ChannelState.CLOSED)
        await self._peer.close()
        self._on_text, self._on_state = self._early.append, lambda _state: None

    async def flushed(self) -> None:
        """Give sent messages a last moment to leave, before closing on purpose."""
        for _ in range(30):
            if self._state is not ChannelState.OPEN or self._channel is None or not self._channel.bufferedAmount:
                return
            await asyncio.sleep(0.01)

    async def _describe(self) -> Signal:
        try:
            async with asyncio.timeout(GATHER_SECONDS):
                await self._peer.setLocalDescription()
        except TimeoutError as error:
            await self.close()
            raise UnavailableError("candidates-timeout") from error
        except BaseException:  # cancelled too: the sockets are open already
            await self.close()
            raise
        local = self._peer.localDescription
        if not _CANDIDATE.search(local.sdp):
            await self.close()
            raise UnavailableError("no-network-candidate")
        self._take_hold()
        return Signal(local.type, local.sdp)

    async def _apply(self, signal: Signal) -> None:
        try:
            await self._peer.setRemoteDescription(RTCSessionDescription(_without_mdns(signal.sdp), signal.type))
        except Exception as error:  # aiortc's parser raises various errors for malformed text
            await self.close()
            raise InvalidRecordError("bad-signal") from error

    def _adopt(self, channel: RTCDataChannel) -> None:
        """Accept a data channel as the one of this connection; a second one is closed."""
        if self._channel is not None:
            channel.close()
            return
        self._channel = channel
        channel.bufferedAmountLowThreshold = HIGH_WATER // 2
        channel.on("open", lambda: self._set(ChannelState.OPEN))
        channel.on("close", lambda: self._set(ChannelState.CLOSED))
        channel.on("message", self._heard)
        channel.on("bufferedamountlow", self._drained.set)
        if channel.readyState == "open":
            self._set(ChannelState.OPEN)

    def _heard(self, text: object) -> None:
        self._on_text(text)

    def _connection_changed(self) -> None:
        if self._peer.connectionState in {"failed", "closed"}:
            self._set(ChannelState.CLOSED)

    def _set(self, state: ChannelState) -> None:
        if self._state is state or self._state is ChannelState.CLOSED:
            return
        self._state = state
        self._changed.set()
        if state is ChannelState.CLOSED:
            self._drained.set()
        self._on_state(state)

    def _take_hold(self) -> None:
        """Route every socket of this connection through the gate, and make its closing final."""
        if self._peer.sctp is None:
            return
        connection = self._peer.sctp.transport.transport._connection  # noqa: SLF001  # there is no public way
        for protocol in connection._protocols:  # noqa: SLF001  # as above
            gated: Any = protocol  # Any: aioice's types do not cover this wrapper
            gated.transport = _GatedTransport(protocol.transport, self._gate)
            gated.datagram_received = _gated(protocol.datagram_received, self._gate)
        closing: Any = connection  # Any: a method is replaced on this one object
        closing.connect = _closing_for_good(connection)


class _GatedTransport:
    """A datagram transport whose packets are lost while the gate is shut."""

    def __init__(self, transport: Any, gate: Gate) -> None:  # Any: asyncio's and uvloop's transports share no class
        self._transport = transport
        self._gate = gate

    def sendto(self, data: bytes, address: tuple[str, int]) -> None:
        if not self._gate.shut:
            self._transport.sendto(data, address)

    def __getattr__(self, name: str) -> Any:  # Any: as above
        return getattr(self._transport, name)


def _gated(receive: Callable[[bytes, tuple[Any, ...]], None], gate: Gate) -> Callable[[bytes, tuple[Any, ...]], None]:
    """A receiver that gets nothing while the gate is shut. Any: an address as aioice passes it."""

    def gated(data: bytes, address: tuple[Any, ...]) -> None:  # Any: as above
        if not gate.shut:
            receive(data, address)

    return gated


def _closing_for_good(connection: Connection) -> Callable[[], Awaitable[None]]:
    """A `connect` that starts nothing after the connection was closed.

    Otherwise aioice repeats consent checks forever when a connection is closed between its last check and the end of
    `connect`.
    """
    connect = connection.connect

    async def connect_unless_closed() -> None:
        await connect()
        if connection._closing:  # noqa: SLF001  # there is no public way
            await connection.close()
            raise ConnectionError

    return connect_unless_closed


def _check(signal: Signal, kind: str) -> None:
    """An offer or answer with exactly one data channel."""
    if signal.type != kind or len(signal.sdp) > SIGNAL_LIMIT or _MEDIA.findall(signal.sdp) != ["application"]:
        raise InvalidRecordError("bad-signal")


def _without_mdns(sdp: str) -> str:
    """The description without `.local` candidates, each of which would cost a second and lead nowhere.

    A browser that offers nothing else is reached through its own checks, so its list must then stay open.
    """
    plain = _MDNS.sub("", sdp)
    return plain if _CANDIDATE.search(plain) else _END_OF_CANDIDATES.sub("", plain)
