// Carries the own chain to the node: an entry is stored, then sent, and counts as saved only once the node has acknowledged it.
import type { ProblemValues } from "../api/client";
import {
  type Entry,
  type Head,
  EMPTY,
  entryHash,
  follow,
  headOf,
  nextEntry,
  notBefore,
  type SeatKey,
  signEntry,
  type WireEntry,
} from "../records/chain";
import { instant, now } from "../page/clock";
import type { Link, OwnChain } from "../api/answers";
import type { Outbox } from "./outbox";
import { entryMessages, type Frontier, type Message, readMessage, writeMessage } from "./protocol";
import { RefusedEntry } from "./refused";
import type { Channel, ChannelEvents } from "./rtc";

const PING_MS = 1000;
const MISSES = 3;
const DOWN_AFTER_MS = 60_000;
const BACKOFF_MS = [300, 600, 1000, 2000, 3000, 5000];

/** The state of the own work: how many entries there are, how many the own centre and each other centre have confirmed. */
export type Progress = {
  own: Link;
  venues: Record<string, Link>;
  written: number;
  acked: number;
  confirmed: Record<string, number>;
  savedAt?: string;
  forked: boolean;
  /** The seat is open on another page or computer; this one stays disconnected until the user takes the seat back. */
  superseded: boolean;
};

export type SeatLinkEvents = {
  onProgress(progress: Progress): void;
  onEntries(entries: readonly WireEntry[]): void;
  /** `withdrawn`: the refused entry and what was built on it; `awaited`: whether whoever wrote it is told by a rejection. */
  onRefused(code: string, values: ProblemValues, withdrawn: readonly WireEntry[], awaited: boolean): void;
  onRoomChanged(): void;
};

export type SeatLinkOptions = {
  session: string;
  seat: string;
  key: SeatKey;
  outbox: Outbox;
  connect(events: ChannelEvents): Promise<Channel>;
  ownChain(): Promise<OwnChain>;
  events: SeatLinkEvents;
};

export class SeatLink {
  private readonly author: string;
  /** The place where the own part of the chain begins: after the entries of a replaced member. */
  private base: Head = EMPTY;
  private entries: WireEntry[] = [];
  private head: Head = EMPTY;
  private channel: Channel | undefined;
  private ready = false;
  private stopped = false;
  private attempts = 0;
  /** Ticks without a sign of life. Counted, not measured: a page that was busy for seconds has not lost its centre. */
  private missed = 0;
  /** Counts connections: a newer one of the same seat replaces an older one, on whichever page it is. */
  private epoch = 0;
  private pings = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private waiters: { seq: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  private progress: Progress;

  constructor(private readonly options: SeatLinkOptions) {
    this.author = `seat:${options.seat}`;
    this.progress = {
      own: { state: "reconnecting", since: instant(now()) },
      venues: {},
      written: 0,
      acked: 0,
      confirmed: {},
      forked: false,
      superseded: false,
    };
  }

  /** Read what is stored here, compare it with what the node holds, then connect and stay connected. */
  async start(): Promise<void> {
    const opened = this.open();
    this.queue = opened.catch(() => undefined); // what is written meanwhile follows what is stored here
    await opened;
    this.timer = setInterval(() => this.tick(), PING_MS);
    void this.reconnect();
  }

  private async open(): Promise<void> {
    this.entries = await this.options.outbox.entries();
    this.base = beginning(this.entries);
    this.head = await follow(this.entries, this.base);
    await this.catchUp().catch(() => undefined);
    this.publishEntries();
  }

  /** Take the seat back from another page or computer. */
  resume(): void {
    if (!this.progress.superseded) return;
    this.show({ superseded: false });
    void this.reconnect();
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.timer);
    this.channel?.close();
    this.options.outbox.close();
  }

  /** Write the next entry. Resolves when it is stored in this browser; `acknowledged` resolves when the node has it. */
  submit(stage: string, kind: string, body: Entry["body"]): Promise<WireEntry> {
    const step = this.queue.then(() => this.write(stage, kind, body));
    this.queue = step.catch(() => undefined);
    return step;
  }

  /** Resolves when the own centre has acknowledged this entry, rejects when it has refused it. */
  acknowledged(wire: WireEntry): Promise<void> {
    if (wire.entry.seq <= this.progress.acked) return Promise.resolve();
    return new Promise((resolve, reject) => this.waiters.push({ seq: wire.entry.seq, resolve, reject }));
  }

  private async write(stage: string, kind: string, body: Entry["body"]): Promise<WireEntry> {
    if (this.progress.forked) throw new Error("chain-fork");
    const { session, key, outbox } = this.options;
    const at = notBefore(this.entries[this.entries.length - 1]?.entry, instant(now()));
    const entry = nextEntry(this.head, { session, author: this.author, at, stage, kind, body });
    const wire = await signEntry(entry, key.privateKey);
    await outbox.keep([wire]);
    this.entries = [...this.entries, wire];
    this.head = await headOf(entry);
    this.publishEntries();
    if (this.ready) this.sendAll([wire]);
    return wire;
  }

  private async reconnect(): Promise<void> {
    while (!this.stopped && !this.progress.superseded && !this.channel) {
      try {
        this.channel = await this.options.connect({
          onText: (text) => this.hear(text),
          onLost: () => this.lost(),
        });
        this.attempts = 0;
        this.missed = 0;
        this.hello();
      } catch {
        await pause(BACKOFF_MS[Math.min(this.attempts++, BACKOFF_MS.length - 1)] ?? 0);
      }
    }
    if (this.stopped) this.channel?.close();
  }

  private hello(): void {
    this.epoch = Math.max(Date.now(), this.epoch + 1);
    const heads = this.head.seq > 0 ? { [this.author]: this.head.hash } : {};
    const frontier = this.head.seq > 0 ? { [this.author]: this.head.seq } : {};
    this.send({ m: "hello", session: this.options.session, epoch: this.epoch, frontier, heads });
  }

  private lost(): void {
    this.channel = undefined;
    this.ready = false;
    this.show({ own: { state: "reconnecting", since: instant(now()) } });
    void this.reconnect();
  }

  private tick(): void {
    if (this.channel) {
      if (this.missed >= MISSES) this.channel.close();
      else this.send({ m: "ping", n: (this.pings += 1) });
      this.missed += 1;
    } else if (this.progress.own.state === "reconnecting") {
      const since = Date.parse(this.progress.own.since);
      if (now().getTime() - since > DOWN_AFTER_MS) this.show({ own: { ...this.progress.own, state: "down" } });
    }
  }

  private hear(text: string): void {
    this.missed = 0;
    const message = readMessage(text);
    if (!message) return;
    const step = this.queue.then(() => this.handle(message));
    this.queue = step.catch(() => undefined);
  }

  private async handle(message: Message): Promise<void> {
    switch (message.m) {
      case "hello":
        await this.greeted(message.epoch, message.frontier, message.heads);
        break;
      case "ack":
        this.acked(message.frontier);
        break;
      case "refused":
        await this.refused(message);
        break;
      case "ping":
        this.send({ m: "pong", n: message.n });
        break;
      case "venues":
        this.show({ venues: { ...message.links }, confirmed: this.mine(message.confirmed) });
        break;
      case "changed":
        this.options.events.onRoomChanged();
        break;
      case "bye":
        this.dismissed(message.code);
        break;
      default:
        break;
    }
  }

  /** The node states how much of my chain it has: fetch what I lack, send what it lacks, and never overwrite a difference. */
  private async greeted(epoch: number, frontier: Frontier, heads: Readonly<Record<string, string>>): Promise<void> {
    if (epoch !== this.epoch) {
      this.epoch = Math.max(epoch, this.epoch);
      this.channel?.close();
      return;
    }
    const theirs = frontier[this.author] ?? 0;
    if (theirs > this.head.seq) await this.catchUp();
    const hash = heads[this.author];
    const known = await this.hashAt(theirs);
    if (known && hash && known !== hash) {
      this.fork();
      return;
    }
    this.ready = true;
    this.show({ own: { state: "connected", since: instant(now()) } });
    this.acked(frontier);
    if (!this.progress.forked) this.sendAll(this.behind(theirs));
  }

  private async catchUp(): Promise<void> {
    const theirs = await this.options.ownChain();
    if (theirs.after > this.base.seq) await this.succeed(theirs);
    const known = await this.hashAt(theirs.seq);
    if (theirs.seq > this.head.seq) {
      await this.take(theirs);
    } else if (theirs.seq > 0 && known && known !== theirs.head) {
      this.fork();
    }
    this.acked({ [this.author]: theirs.seq });
  }

  private async take(theirs: OwnChain): Promise<void> {
    const last = theirs.entries[this.head.seq - theirs.after - 1];
    if (last && (await entryHash(last.entry)) !== this.head.hash) {
      this.fork();
      return;
    }
    const missing = theirs.entries.slice(this.head.seq - theirs.after);
    this.head = await follow(missing, this.head);
    await this.options.outbox.keep(missing);
    this.entries = [...this.entries, ...missing];
    this.publishEntries();
  }

  /** The earlier member was replaced: all entries stored here are that member's, and the own part begins after them. */
  private async succeed(theirs: OwnChain): Promise<void> {
    await this.options.outbox.dropFrom(1);
    this.entries = [];
    this.head = this.base = theirs.entries[0] ? beginning(theirs.entries) : { seq: theirs.seq, hash: theirs.head };
    this.publishEntries();
  }

  /** The hash at this place, or where the own part begins; undefined for an unknown place. */
  private async hashAt(seq: number): Promise<string | undefined> {
    const wire = this.entries[seq - this.base.seq - 1];
    return wire ? entryHash(wire.entry) : seq === this.base.seq ? this.base.hash : undefined;
  }

  private behind(seq: number): readonly WireEntry[] {
    return this.entries.slice(Math.max(0, seq - this.base.seq));
  }

  private dismissed(code: string): void {
    if (code === "superseded") this.show({ superseded: true });
    this.channel?.close();
  }

  private fork(): void {
    this.ready = false;
    this.show({ forked: true });
  }

  private acked(frontier: Frontier): void {
    const seq = Math.min(frontier[this.author] ?? 0, this.head.seq);
    if (seq <= this.progress.acked) return;
    this.show({ acked: seq, savedAt: instant(now()) });
    for (const waiter of this.waiters.filter((one) => one.seq <= seq)) waiter.resolve();
    this.waiters = this.waiters.filter((one) => one.seq > seq);
  }

  /** The node refuses an entry: it and all entries built on it are deleted, and the user is told. A fork deletes nothing. */
  private async refused(message: Extract<Message, { m: "refused" }>): Promise<void> {
    const { author, seq, code, values } = message;
    if (author !== this.author) return;
    if (code === "chain-fork") {
      this.fork();
      for (const waiter of this.waiters.splice(0)) waiter.reject(new RefusedEntry(code, values));
      return;
    }
    if (seq <= this.progress.acked || seq > this.head.seq) return;
    await this.options.outbox.dropFrom(seq);
    const withdrawn = this.behind(seq - 1);
    this.entries = this.entries.slice(0, seq - this.base.seq - 1);
    this.head = await follow(this.entries, this.base);
    const waiting = this.waiters.filter((one) => one.seq >= seq);
    for (const waiter of waiting) waiter.reject(new RefusedEntry(code, values));
    this.waiters = this.waiters.filter((one) => one.seq < seq);
    this.publishEntries();
    this.options.events.onRefused(
      code,
      values,
      withdrawn,
      waiting.some((one) => one.seq === seq),
    );
  }

  private mine(confirmed: Readonly<Record<string, Frontier>>): Record<string, number> {
    return Object.fromEntries(Object.entries(confirmed).map(([code, seqs]) => [code, seqs[this.author] ?? 0]));
  }

  private sendAll(entries: readonly WireEntry[]): void {
    for (const text of entryMessages(entries)) this.sendText(text);
  }

  private send(message: Message): void {
    this.sendText(writeMessage(message));
  }

  private sendText(text: string): void {
    try {
      this.channel?.send(text);
    } catch {
      this.channel?.close();
    }
  }

  private publishEntries(): void {
    this.options.events.onEntries(this.entries);
    this.show({ written: this.head.seq });
  }

  private show(change: Partial<Progress>): void {
    this.progress = { ...this.progress, ...change };
    this.options.events.onProgress(this.progress);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The start of a chain whose first entries are not stored here. */
function beginning(entries: readonly WireEntry[]): Head {
  const first = entries[0]?.entry;
  return first ? { seq: first.seq - 1, hash: first.previous } : EMPTY;
}
