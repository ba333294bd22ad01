// A seat's entries are stored before they are sent, survive a cut line and a reload, and never overwrite a difference.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  EMPTY,
  entryHash,
  headOf,
  makeSeatKey,
  nextEntry,
  type SeatKey,
  signEntry,
  type WireEntry,
} from "../../shared/records/chain";
import type { OwnChain } from "../../shared/api/answers";
import { Outbox } from "../../shared/seat_link/outbox";
import { type Message, readMessage, writeMessage } from "../../shared/seat_link/protocol";
import { type Progress, SeatLink, type SeatLinkEvents } from "../../shared/seat_link/replication";
import type { ChannelEvents } from "../../shared/seat_link/rtc";

const AUTHOR = "seat:JN-1";
let session = 0;

/** The own centre's end: takes entries that fit its chain, acknowledges, and refuses those it is set to refuse. */
class Centre {
  chain: WireEntry[] = [];
  /** How many entries are those of a replaced member. */
  after = 0;
  refuses = "";
  reachable = true;
  greetings: Message[] = [];
  private events: ChannelEvents | undefined;

  connect(events: ChannelEvents) {
    if (!this.reachable) return Promise.reject(new Error("no-network-candidate"));
    this.events = events;
    return Promise.resolve({
      send: (text: string) => void Promise.resolve().then(() => this.hear(readMessage(text))),
      close: () => {
        this.cut();
      },
    });
  }

  cut(): void {
    const events = this.events;
    this.events = undefined;
    events?.onLost();
  }

  say(message: Message): void {
    this.events?.onText(writeMessage(message));
  }

  async own(): Promise<OwnChain> {
    const last = this.chain[this.chain.length - 1];
    const head = last ? await entryHash(last.entry) : EMPTY.hash;
    return { entries: this.chain.slice(this.after), seq: this.chain.length, head, after: this.after };
  }

  private async hear(message: Message | undefined): Promise<void> {
    if (message?.m === "hello") {
      this.greetings.push(message);
      const { seq, head } = await this.own();
      this.say({ ...message, frontier: seq ? { [AUTHOR]: seq } : {}, heads: seq ? { [AUTHOR]: head } : {} });
    } else if (message?.m === "entries") {
      for (const wire of message.entries) this.take(wire);
      if (this.chain.length > 0) this.say({ m: "ack", frontier: { [AUTHOR]: this.chain.length } });
    }
  }

  private take(wire: WireEntry): void {
    const { seq } = wire.entry;
    if (this.refuses && seq > this.chain.length)
      this.say({ m: "refused", author: AUTHOR, seq, code: this.refuses, values: { longest: 4000 } });
    else if (seq === this.chain.length + 1) this.chain.push(wire);
  }
}

async function seat(centre: Centre, key: SeatKey, name: string, early: (link: SeatLink) => void = () => undefined) {
  type Seen = { progress?: Progress; entries: readonly WireEntry[]; refused: string[]; withdrawn: unknown[] };
  const seen: Seen = { entries: [], refused: [], withdrawn: [] };
  const events: SeatLinkEvents = {
    onProgress: (progress) => {
      seen.progress = progress;
    },
    onEntries: (entries) => {
      seen.entries = entries;
    },
    onRefused: (code, values, withdrawn, awaited) => {
      seen.refused.push(code);
      seen.withdrawn.push({ values, seqs: withdrawn.map(({ entry }) => entry.seq), awaited });
    },
    onRoomChanged: () => undefined,
  };
  const outbox = await Outbox.open(name, "JN-1");
  const link = new SeatLink({
    session: name,
    seat: "JN-1",
    key,
    outbox,
    events,
    connect: (wired) => centre.connect(wired),
    ownChain: () => centre.own(),
  });
  const started = link.start();
  early(link);
  await started;
  return { link, seen, outbox };
}

const score = (link: SeatLink, points: number) =>
  link.submit("DETAILED", "score-entered", { bidder: "B1", item: "T1", points });

describe("a seat's link to its centre", () => {
  let centre: Centre;
  let key: SeatKey;
  let name: string;
  const open: SeatLink[] = [];

  const start = async () => {
    const found = await seat(centre, key, name);
    open.push(found.link);
    return found;
  };

  beforeEach(async () => {
    centre = new Centre();
    key = await makeSeatKey();
    name = `E3701000076012345001-${(session += 1)}`;
  });
  afterEach(() => {
    for (const link of open.splice(0)) link.stop();
  });

  test("an entry is on disk before it is sent, and counts as kept when it is acknowledged", async () => {
    centre.reachable = false;
    const { link, seen, outbox } = await start();
    await score(link, 850);
    expect((await outbox.entries()).map((wire) => wire.entry.body.points)).toEqual([850]);
    expect(seen.progress).toMatchObject({ written: 1, acked: 0 });
    centre.reachable = true;
    await vi.waitFor(() => expect(seen.progress).toMatchObject({ written: 1, acked: 1 }), 3000);
  });

  test("what was written while the line was cut arrives once, in order, when it is back", async () => {
    const { link, seen } = await start();
    await link.acknowledged(await score(link, 100));
    centre.reachable = false;
    centre.cut();
    await score(link, 200);
    await score(link, 300);
    expect(seen.progress).toMatchObject({ written: 3, acked: 1, own: { state: "reconnecting" } });
    centre.reachable = true;
    await vi.waitFor(() => expect(seen.progress).toMatchObject({ acked: 3, own: { state: "connected" } }), 5000);
    expect(centre.chain.map((wire) => wire.entry.body.points)).toEqual([100, 200, 300]);
  });

  test("every connection greets with a higher epoch than the one before", async () => {
    const { seen } = await start();
    await vi.waitFor(() => expect(seen.progress?.own.state).toBe("connected"));
    centre.cut();
    await vi.waitFor(() => expect(centre.greetings).toHaveLength(2), 3000);
    const [first, second] = centre.greetings.map((hello) => (hello.m === "hello" ? hello.epoch : 0));
    expect(second).toBeGreaterThan(first ?? 0);
  });

  test("who takes the seat of a replaced member goes on behind what that member said, and sees none of it", async () => {
    centre.reachable = false;
    const before = await start();
    const said = [await score(before.link, 100), await score(before.link, 200)];
    await score(before.link, 300);
    before.link.stop();
    centre.chain = said;
    centre.after = 2;
    centre.reachable = true;
    const { link, seen, outbox } = await start();
    expect(seen.entries).toEqual([]);
    await link.acknowledged(await score(link, 400));
    expect(centre.chain.map((wire) => wire.entry.body.points)).toEqual([100, 200, 400]);
    expect((await outbox.entries()).map((wire) => wire.entry.seq)).toEqual([3]);
    link.stop();
    const again = await start();
    await vi.waitFor(() => expect(again.seen.progress).toMatchObject({ written: 3, acked: 3 }), 3000);
    await again.link.acknowledged(await score(again.link, 500));
    expect(centre.chain).toHaveLength(4);
  });

  test("a reload finds what was not yet confirmed and goes on from there", async () => {
    centre.reachable = false;
    const before = await start();
    await score(before.link, 400);
    before.link.stop();
    centre.reachable = true;
    const after = await start();
    await vi.waitFor(() => expect(after.seen.progress).toMatchObject({ written: 1, acked: 1 }), 3000);
    await after.link.acknowledged(await score(after.link, 500));
    expect(centre.chain.map((wire) => [wire.entry.seq, wire.entry.body.points])).toEqual([
      [1, 400],
      [2, 500],
    ]);
  });

  test("a new browser takes over the chain that the centre holds", async () => {
    const entry = nextEntry(EMPTY, {
      session: name,
      author: AUTHOR,
      at: "2026-11-23T06:03:22.123Z",
      stage: "DETAILED",
      kind: "score-entered",
      body: { points: 1 },
    });
    centre.chain.push(await signEntry(entry, key.privateKey));
    const { link, seen, outbox } = await start();
    expect(seen.entries.map((wire) => wire.entry.seq)).toEqual([1]);
    await link.acknowledged(await score(link, 600));
    expect(centre.chain[1]?.entry.previous).toBe((await headOf(entry)).hash);
    expect(await outbox.entries()).toHaveLength(2);
  });

  test("a refused entry is withdrawn with what was built on it, and the next one stands in its place", async () => {
    const { link, seen, outbox } = await start();
    await link.acknowledged(await score(link, 100));
    centre.refuses = "kind-not-in-stage";
    await expect(link.acknowledged(await score(link, 200))).rejects.toThrow("kind-not-in-stage");
    expect(seen.refused).toEqual(["kind-not-in-stage"]);
    expect((await outbox.entries()).map((wire) => wire.entry.seq)).toEqual([1]);
    centre.refuses = "";
    await link.acknowledged(await score(link, 300));
    expect(centre.chain.map((wire) => wire.entry.body.points)).toEqual([100, 300]);
  });

  test("who waits for a refused entry learns its code and values; what was built on it is given back with it", async () => {
    const { link, seen } = await start();
    await link.acknowledged(await score(link, 100));
    centre.refuses = "field-too-long";
    const awaited = link.acknowledged(await score(link, 200));
    await expect(awaited).rejects.toMatchObject({ code: "field-too-long", values: { longest: 4000 } });
    centre.reachable = false;
    centre.cut();
    await Promise.all([score(link, 300), score(link, 400)]);
    centre.reachable = true;
    await vi.waitFor(() => expect(seen.withdrawn).toHaveLength(2), 3000);
    expect(seen.withdrawn).toEqual([
      { values: { longest: 4000 }, seqs: [2], awaited: true },
      { values: { longest: 4000 }, seqs: [2, 3], awaited: false },
    ]);
  });

  test("what is written while the store is still being read follows what it holds", async () => {
    const first = await start();
    await first.link.acknowledged(await score(first.link, 100));
    first.link.stop();
    const opening = seat(centre, key, name, (link) => void score(link, 200));
    open.push((await opening).link);
    await vi.waitFor(() => expect(centre.chain).toHaveLength(2), 3000);
    expect(centre.chain.map((wire) => wire.entry.body.points)).toEqual([100, 200]);
  });

  test("a fork is an alarm: nothing is overwritten and nothing more is written", async () => {
    centre.reachable = false;
    const { link, seen, outbox } = await start();
    await score(link, 100);
    const other = nextEntry(EMPTY, {
      session: name,
      author: AUTHOR,
      at: "2026-11-23T06:03:22.123Z",
      stage: "DETAILED",
      kind: "score-entered",
      body: { points: 9 },
    });
    centre.chain.push(await signEntry(other, key.privateKey));
    centre.reachable = true;
    await vi.waitFor(() => expect(seen.progress?.forked).toBe(true), 3000);
    await expect(score(link, 200)).rejects.toThrow("chain-fork");
    expect(centre.chain.map((wire) => wire.entry.body.points)).toEqual([9]);
    expect((await outbox.entries()).map((wire) => wire.entry.body.points)).toEqual([100]);
  });

  test("a refusal that tells of a fork withdraws nothing: all stays here and nothing more is written or sent", async () => {
    const { link, seen, outbox } = await start();
    await link.acknowledged(await score(link, 100));
    centre.refuses = "chain-fork";
    await expect(link.acknowledged(await score(link, 200))).rejects.toThrow("chain-fork");
    expect(seen.progress).toMatchObject({ forked: true, written: 2, acked: 1 });
    expect(seen.refused).toEqual([]);
    expect((await outbox.entries()).map((wire) => wire.entry.body.points)).toEqual([100, 200]);
    centre.refuses = "";
    centre.cut();
    await vi.waitFor(() => expect(centre.greetings).toHaveLength(2), 3000);
    await expect(score(link, 300)).rejects.toThrow("chain-fork");
    expect(centre.chain.map((wire) => wire.entry.body.points)).toEqual([100]);
    expect(seen.entries.map((wire) => wire.entry.body.points)).toEqual([100, 200]);
  });

  test("a page that was replaced stays away until it is asked back", async () => {
    const { link, seen } = await start();
    await vi.waitFor(() => expect(seen.progress?.own.state).toBe("connected"));
    centre.say({ m: "bye", code: "superseded" });
    await vi.waitFor(() => expect(seen.progress?.superseded).toBe(true));
    expect(centre.greetings).toHaveLength(1);
    link.resume();
    await vi.waitFor(() => expect(centre.greetings).toHaveLength(2));
  });

  test("what other venues have confirmed is counted for the own chain alone", async () => {
    const { link, seen } = await start();
    await link.acknowledged(await score(link, 100));
    const since = "2026-11-23T06:03:22.123Z";
    centre.say({
      m: "venues",
      links: { XA: { state: "reconnecting", since } },
      confirmed: { XA: { [AUTHOR]: 1, "seat:XA-1": 7 } },
    });
    await vi.waitFor(() =>
      expect(seen.progress).toMatchObject({ confirmed: { XA: 1 }, venues: { XA: { state: "reconnecting" } } }),
    );
  });
});
