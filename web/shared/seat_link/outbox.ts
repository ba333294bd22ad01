// The browser's durable data in IndexedDB: the seat key and every entry of the own chain, written before it is sent.
import type { SeatKey, WireEntry } from "../records/chain";

const VERSION = 1;

/** The browser's own store of one seat in one session. */
export class Outbox {
  private constructor(
    private readonly db: IDBDatabase,
    private readonly seat: string,
  ) {}

  static async open(session: string, seat: string): Promise<Outbox> {
    const request = indexedDB.open("tongping", VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys");
      request.result.createObjectStore("entries");
    };
    return new Outbox(await done(request), `${session} ${seat}`);
  }

  async key(): Promise<SeatKey | undefined> {
    const store = this.db.transaction("keys").objectStore("keys");
    return (await done(store.get(this.seat))) as SeatKey | undefined;
  }

  async keepKey(key: SeatKey): Promise<void> {
    const work = this.db.transaction("keys", "readwrite", { durability: "strict" });
    work.objectStore("keys").put(key, this.seat);
    await committed(work);
  }

  /** All stored entries, in order. */
  async entries(): Promise<WireEntry[]> {
    const store = this.db.transaction("entries").objectStore("entries");
    return (await done(store.getAll(this.range(1)))) as WireEntry[];
  }

  /** Resolves only when the entries are on disk; an entry of the same number is never overwritten. */
  async keep(entries: readonly WireEntry[]): Promise<void> {
    const work = this.db.transaction("entries", "readwrite", { durability: "strict" });
    for (const wire of entries) work.objectStore("entries").add(wire, this.place(wire.entry.seq));
    await committed(work);
  }

  /** Delete what the node refused: entry `seq` and everything built on it. */
  async dropFrom(seq: number): Promise<void> {
    const work = this.db.transaction("entries", "readwrite", { durability: "strict" });
    work.objectStore("entries").delete(this.range(seq));
    await committed(work);
  }

  close(): void {
    this.db.close();
  }

  private place(seq: number): string {
    return `${this.seat} ${String(seq).padStart(9, "0")}`;
  }

  private range(seq: number): IDBKeyRange {
    return IDBKeyRange.bound(this.place(seq), this.place(999_999_999));
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("store-failed"));
  });
}

function committed(work: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    work.oncomplete = () => resolve();
    work.onabort = () => reject(work.error ?? new Error("store-failed"));
  });
}
