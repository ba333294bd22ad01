"""One connection, step by step: greeting, gaps, acknowledgements, refusals, forks, silence."""

import pytest

from evaluation_room.replication.effects import Alarm, Behind, Ended, Fetch, Send
from evaluation_room.replication.messages import (
    Ack,
    Bye,
    Changed,
    Entries,
    Hello,
    Message,
    Ping,
    Pong,
    Positions,
    Refused,
    Venues,
)
from evaluation_room.replication.protocol import BATCH, WINDOW, Exchange, Phase, Terms
from evaluation_room.replication.wire import write
from records.ids import Author, SessionId
from records.room_entry import SignedEntry
from tests.unit.evaluation_room.replication.memory_room import (
    GUEST,
    GUEST_SEAT,
    HOST,
    HOST_SEAT,
    SESSION,
    MemoryRoom,
    chain,
    entry,
)
from tests.unit.evaluation_room.replication.simulation import End, join, settle


def venues(host: MemoryRoom, guest: MemoryRoom) -> tuple[End, End]:
    """A guest connected to a host, greeted and at rest."""
    left = End(guest, Terms.venue(SESSION, connects=True), "guest", epoch=7)
    right = End(host, Terms.venue(SESSION, connects=False), "host")
    join(left, right)
    settle(left, right)
    return left, right


def seat_and_gateway(outbox: MemoryRoom, centre: MemoryRoom) -> tuple[End, End]:
    seat = End(outbox, Terms.seat(SESSION, HOST_SEAT), "seat", epoch=7)
    gateway = End(centre, Terms.gateway(SESSION, HOST_SEAT), "gateway")
    join(seat, gateway)
    settle(seat, gateway)
    return seat, gateway


def filled(*chains: list[SignedEntry]) -> MemoryRoom:
    room = MemoryRoom()
    for entries in chains:
        for signed in entries:
            room.take(signed, source="self")
    return room


def opened(terms: Terms) -> Exchange:
    """An exchange of somebody who holds nothing, after a greeting of somebody who holds nothing."""
    exchange = Exchange(terms=terms, local={}, heads={}, epoch=1)
    exchange, _ = exchange.received(Hello(session=SESSION, epoch=1, frontier={}, heads={}))
    exchange, _ = exchange.compared({}, ())
    return exchange


def sent(effects: tuple[object, ...]) -> list[Message]:
    return [effect.message for effect in effects if isinstance(effect, Send)]


def test_each_side_gets_exactly_what_it_lacks() -> None:
    host, guest = filled(chain(HOST, 3), chain(GUEST_SEAT, 1)), filled(chain(GUEST_SEAT, 4), chain(HOST, 1))
    venues(host, guest)
    assert host.frontier(SESSION) == guest.frontier(SESSION) == {HOST: 3, GUEST_SEAT: 4}
    assert len(host.log) == len(guest.log) == 7


def test_nothing_travels_between_equals() -> None:
    left, right = venues(filled(chain(HOST, 3)), filled(chain(HOST, 3)))
    assert not any('"m":"entries"' in text for text in (*left.said, *right.said))
    assert left.exchange.remote == right.exchange.remote == {HOST: 3}


def test_a_new_entry_goes_out_at_once_and_is_confirmed() -> None:
    host, guest = MemoryRoom(), MemoryRoom()
    left, right = venues(host, guest)
    guest.write(GUEST)
    settle(left, right)
    assert host.log == guest.log
    assert left.exchange.remote == {GUEST: 1}


def test_an_acknowledgement_never_confirms_more_than_is_held_here() -> None:
    left, _ = venues(MemoryRoom(), filled(chain(GUEST, 2)))
    after, _ = left.exchange.received(Ack(frontier={GUEST: 99, HOST: 5}))
    assert after.remote == {GUEST: 2}


def test_what_the_other_end_brought_is_not_sent_back() -> None:
    host, guest = MemoryRoom(), filled(chain(GUEST, 5))
    left, right = venues(host, guest)
    assert right.exchange.remote == {GUEST: 5}
    assert right.exchange.sent == {}
    assert left.alarms == right.alarms == []


def test_a_long_backlog_travels_window_by_window() -> None:
    host, guest = MemoryRoom(), filled(chain(GUEST, WINDOW + BATCH + 3))
    left = End(guest, Terms.venue(SESSION, connects=True), "guest", epoch=7)
    right = End(host, Terms.venue(SESSION, connects=False), "host")
    join(left, right)
    right.deliver()
    while left.arriving or left.work:
        left.deliver() if left.arriving else left.labour()
    assert left.exchange.sent == {GUEST: WINDOW}
    settle(left, right)
    assert host.log == guest.log


def test_a_second_connection_of_an_older_epoch_is_sent_away_and_told_the_newer() -> None:
    exchange = Exchange(terms=Terms.venue(SESSION, connects=False), local={}, heads={})
    after, effects = exchange.received(Hello(session=SESSION, epoch=4, frontier={}, heads={}), latest=9)
    assert sent(effects) == [Hello(session=SESSION, epoch=9, frontier={}, heads={}), Bye(code="stale-epoch")]
    assert after.phase is Phase.ENDED


def test_the_stale_end_learns_the_epoch_to_beat() -> None:
    exchange = Exchange(terms=Terms.venue(SESSION, connects=True), local={}, heads={}, epoch=4)
    _, effects = exchange.received(Hello(session=SESSION, epoch=9, frontier={}, heads={}))
    assert effects == (Ended("stale-epoch", {"epoch": 9}),)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (Ack(frontier={}), "hello-missing"),
        (Hello(session=SessionId("E3701000076012345001-2"), epoch=1, frontier={}, heads={}), "wrong-session"),
        (Bye(code="shutting-down"), "shutting-down"),
    ],
)
def test_a_wrong_beginning_ends_the_connection(message: Message, code: str) -> None:
    exchange = Exchange(terms=Terms.venue(SESSION, connects=False), local={}, heads={})
    after, effects = exchange.received(message)
    assert after.phase is Phase.ENDED
    assert effects[-1] == Ended(code, {})


def test_a_second_hello_ends_the_connection() -> None:
    exchange = opened(Terms.venue(SESSION, connects=True))
    _, effects = exchange.received(Hello(session=SESSION, epoch=1, frontier={}, heads={}))
    assert sent(effects) == [Bye(code="message-unexpected")]


def test_a_hole_in_a_chain_ends_the_connection_and_nothing_is_taken() -> None:
    exchange = opened(Terms.venue(SESSION, connects=True))
    third = chain(GUEST, 3)[2]
    _, effects = exchange.received(Entries(entries=(third,)))
    assert effects[-1] == Ended("chain-gap", {"author": GUEST, "seq": 3, "expected": 1})


def test_a_browser_cannot_speak_for_another_seat() -> None:
    exchange = opened(Terms.gateway(SESSION, HOST_SEAT))
    _, effects = exchange.received(Entries(entries=(entry(GUEST_SEAT, 1),)))
    assert effects == (Send(Refused(author=GUEST_SEAT, seq=1, code="foreign-author", values={})),)


def test_a_browser_that_names_other_chains_is_sent_away() -> None:
    exchange = Exchange(terms=Terms.gateway(SESSION, HOST_SEAT), local={}, heads={})
    first = chain(GUEST, 1)[0]
    hello = Hello(session=SESSION, epoch=1, frontier={GUEST: 1}, heads={GUEST: first.entry.hash})
    assert exchange.received(hello)[1][-1] == Ended("foreign-author", {})


def test_a_browser_never_hears_of_other_chains() -> None:
    centre = filled(chain(HOST, 2), chain(GUEST_SEAT, 3), chain(HOST_SEAT, 1))
    gateway = End(centre, Terms.gateway(SESSION, HOST_SEAT), "gateway")
    seat = End(filled(chain(HOST_SEAT, 1)), Terms.seat(SESSION, HOST_SEAT), "seat", epoch=3)
    join(seat, gateway)
    for _ in range(30):
        settle(seat, gateway)
        centre.write(GUEST_SEAT, {"points": 850})
        gateway.tick()
        seat.tick()
    assert seat.ended is None
    assert gateway.ended is None
    assert any('"m":"heads"' in text for text in gateway.said)
    assert not any(name in text for text in gateway.said for name in (GUEST_SEAT, HOST, "850"))


def test_an_entry_of_another_session_is_refused() -> None:
    exchange = opened(Terms.venue(SESSION, connects=True))
    stray = entry(GUEST, 1, session=SessionId("E3701000076012345001-2"))
    _, effects = exchange.received(Entries(entries=(stray,)))
    assert effects == (Send(Refused(author=GUEST, seq=1, code="wrong-session", values={})),)


def test_a_wrongly_signed_entry_is_refused_by_name_and_the_rest_goes_on() -> None:
    host, guest = MemoryRoom(), MemoryRoom()
    guest.log = [entry(GUEST, 1, signer=HOST), *chain(GUEST_SEAT, 2)]
    left, right = venues(host, guest)
    assert host.log == chain_of(guest, GUEST_SEAT)
    assert [(alarm.author, alarm.seq, alarm.code, alarm.ours) for alarm in left.alarms] == [
        (GUEST, 1, "bad-signature", True)
    ]
    assert right.ended is left.ended is None


def chain_of(room: MemoryRoom, author: Author) -> list[SignedEntry]:
    return [signed for signed in room.log if signed.entry.author == author]


def test_after_a_refusal_nothing_later_of_that_chain_is_taken() -> None:
    host, guest = MemoryRoom(), MemoryRoom()
    first = entry(GUEST_SEAT, 1, body={"points": 9999})
    guest.log = [first, entry(GUEST_SEAT, 2, first.entry.hash)]
    left, right = venues(host, guest)
    assert host.log == []
    assert [alarm.code for alarm in left.alarms] == ["score-out-of-range"]
    assert host.refusals == ["host score-out-of-range"]
    assert right.ended is None


def test_a_refused_seat_writes_on_from_the_entry_before() -> None:
    outbox, centre = MemoryRoom(), filled(chain(HOST, 1))
    first = entry(HOST_SEAT, 1)
    wrong = entry(HOST_SEAT, 2, first.entry.hash, body={"points": 9999})
    outbox.log = [first, wrong, entry(HOST_SEAT, 3, wrong.entry.hash)]
    seat, gateway = seat_and_gateway(outbox, centre)
    assert [alarm.seq for alarm in seat.alarms] == [2]
    right = entry(HOST_SEAT, 2, first.entry.hash, body={"points": 800})
    outbox.log = [first]
    seat.do(seat.exchange.rewritten(HOST_SEAT, 1, first.entry.hash))
    outbox.take(right, source="self")
    settle(seat, gateway)
    assert chain_of(centre, HOST_SEAT) == [first, right]
    assert seat.exchange.remote == {HOST_SEAT: 2}


def test_what_was_withdrawn_while_it_was_being_read_is_not_sent() -> None:
    outbox, centre = MemoryRoom(), MemoryRoom()
    first = entry(HOST_SEAT, 1, body={"points": 9999})
    seat, gateway = seat_and_gateway(outbox, centre)
    outbox.take(entry(HOST_SEAT, 1), source="self")
    seat.labour()
    outbox.log = [first]
    seat.do(seat.exchange.rewritten(HOST_SEAT, 0, None))
    seat.labour()
    assert not gateway.arriving


def test_equal_places_with_different_heads_are_a_fork_that_nobody_overwrites() -> None:
    host, guest = filled(chain(GUEST, 2, text="one")), filled(chain(GUEST, 2, text="two"), chain(GUEST_SEAT, 1))
    before = list(host.log)
    left, right = venues(host, guest)
    assert chain_of(host, GUEST) == before
    assert {alarm.code for alarm in (*left.alarms, *right.alarms)} == {"chain-fork"}
    assert chain_of(host, GUEST_SEAT) == chain(GUEST_SEAT, 1)


def test_a_fork_is_found_where_one_chain_is_longer() -> None:
    host, guest = filled(chain(GUEST, 2, text="one")), filled(chain(GUEST, 5, text="two"))
    left, right = venues(host, guest)
    assert len(host.log) == 2
    assert {alarm.code for alarm in (*left.alarms, *right.alarms)} == {"chain-fork"}


def test_a_fork_that_appears_later_is_found_by_the_periodic_comparison() -> None:
    host, guest = filled(chain(GUEST, 2)), filled(chain(GUEST, 2))
    left, right = venues(host, guest)
    host.log = chain(GUEST, 2, text="tampered")
    for _ in range(10):
        left.tick()
        settle(left, right)
    assert [alarm.code for alarm in right.alarms] == ["chain-fork"]


def test_a_forked_chain_raises_one_alarm_and_stops_there() -> None:
    exchange = Exchange(terms=Terms.venue(SESSION, connects=True), local={GUEST: 1}, heads={}, epoch=1)
    after, first = exchange.compared({GUEST: 1}, [GUEST])
    again, second = after.compared({GUEST: 1}, [GUEST])
    assert [effect.code for effect in first if isinstance(effect, Alarm)] == ["chain-fork"]
    assert second == ()
    assert again.forked == {GUEST}


def test_three_silent_pings_end_the_connection_at_the_fourth_tick() -> None:
    exchange = opened(Terms.venue(SESSION, connects=True))
    for n in range(1, 4):
        exchange, effects = exchange.tick()
        assert effects == (Send(Ping(n=n)),)
    exchange, effects = exchange.tick()
    assert effects == (Ended("link-lost", {}),)
    assert exchange.tick() == (exchange, ())


@pytest.mark.parametrize("message", [Pong(n=1), Ping(n=4), Ack(frontier={}), Changed(stage="PRICE")])
def test_any_message_is_a_sign_of_life(message: Message) -> None:
    exchange = opened(Terms.venue(SESSION, connects=True))
    for _ in range(20):
        exchange, effects = exchange.tick()
        exchange, _ = exchange.received(message)
        assert not any(isinstance(effect, Ended) for effect in effects)


def test_an_open_channel_without_a_hello_is_given_up() -> None:
    exchange = Exchange(terms=Terms.venue(SESSION, connects=False), local={}, heads={})
    codes = []
    for _ in range(6):
        exchange, effects = exchange.tick()
        exchange, _ = exchange.received(Pong(n=1))
        codes += [effect.code for effect in effects if isinstance(effect, Ended)]
    assert codes == ["hello-missing"]


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        (Terms.seat(SESSION, HOST_SEAT), Entries(entries=(entry(HOST_SEAT, 1),))),
        (Terms.gateway(SESSION, HOST_SEAT), Ack(frontier={HOST_SEAT: 1})),
        (Terms.gateway(SESSION, HOST_SEAT), Refused(author=GUEST_SEAT, seq=1, code="not-permitted", values={})),
        (Terms.seat(SESSION, HOST_SEAT), Ack(frontier={GUEST_SEAT: 1})),
        (
            Terms.gateway(SESSION, HOST_SEAT),
            Positions(frontier={GUEST: 1}, heads={GUEST: chain(GUEST, 1)[0].entry.hash}),
        ),
    ],
)
def test_who_speaks_out_of_turn_is_sent_away(terms: Terms, message: Message) -> None:
    after, _ = opened(terms).received(message)
    assert after.phase is Phase.ENDED


def test_a_client_learns_that_its_chain_went_on_elsewhere() -> None:
    exchange = Exchange(terms=Terms.seat(SESSION, HOST_SEAT), local={}, heads={}, epoch=1)
    head = chain(HOST_SEAT, 4)[3].entry.hash
    hello = Hello(session=SESSION, epoch=1, frontier={HOST_SEAT: 4}, heads={HOST_SEAT: head})
    assert Behind(HOST_SEAT, 4) in exchange.received(hello)[1]


def test_a_longer_chain_over_there_is_not_sent_from_the_start_again() -> None:
    """The other end claims five; here arrives the fourth by another way: nothing is to be sent."""
    entries = chain(GUEST, 5)
    local = Exchange(terms=Terms.venue(SESSION, connects=True), local={GUEST: 3}, heads={}, epoch=1)
    head = entries[4].entry.hash
    local, _ = local.received(Hello(session=SESSION, epoch=1, frontier={GUEST: 5}, heads={GUEST: head}))
    local, compared = local.compared({}, ())
    local, held = local.held(GUEST, 4, entries[3].entry.hash)
    assert not any(isinstance(effect, Fetch) for effect in (*compared, *held))


def test_a_commit_reported_lost_is_not_acknowledged_and_heals() -> None:
    host, guest = MemoryRoom(), filled(chain(GUEST, 3))
    host.faults = ["", "unreported"]
    left, right = venues(host, guest)
    assert right.ended == Ended("store-busy", {})
    assert left.exchange.remote == {}
    left.close()
    right.close()
    venues(host, guest)
    assert host.log == guest.log


def test_nothing_is_done_after_the_end() -> None:
    exchange, _ = opened(Terms.venue(SESSION, connects=True)).ended("link-lost")
    assert exchange.received(Ping(n=1)) == (exchange, ())
    assert exchange.received(Venues(links={}, confirmed={})) == (exchange, ())
    assert exchange.compared({}, ()) == (exchange, ())
    assert exchange.fetched(chain(HOST, 1))[1] == ()
    assert exchange.acknowledged()[1] == ()
    assert exchange.ended("again") == (exchange, ())


def test_a_message_of_the_longest_chain_stays_below_the_limit() -> None:
    assert len(write(Ack(frontier=dict.fromkeys([HOST, GUEST, HOST_SEAT, GUEST_SEAT], 2**53 - 1)))) < 1000
