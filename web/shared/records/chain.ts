// A seat's own chain of signed entries: build, sign, hash and verify, byte for byte as records/room_entry.py does.
import { b64u, type Bytes, digest, unb64u } from "./bytes";
import { encode, RecordError, type Value } from "./canonical";

export const NO_PREVIOUS = `sha256:${"0".repeat(64)}`;
export const MAX_ENTRY_BYTES = 64 * 1024;

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;

export type Entry = {
  readonly session: string;
  readonly author: string;
  readonly seq: number;
  readonly previous: string;
  readonly at: string;
  readonly stage: string;
  readonly kind: string;
  readonly body: Readonly<Record<string, Value>>;
};

/** The wire and storage form of an entry: `signature` is the raw 64 bytes r‖s in base64url. */
export type WireEntry = { readonly entry: Entry; readonly signature: string };

/** The end of a chain: the sequence number and hash of its last entry. */
export type Head = { readonly seq: number; readonly hash: string };

export const EMPTY: Head = { seq: 0, hash: NO_PREVIOUS };

/** `epoch` counts the check-ins of the seat; a key of an older epoch was replaced on another computer. */
export type SeatKey = { readonly privateKey: CryptoKey; readonly publicKey: string; readonly epoch: number };

/** A seat key never leaves the browser: the private half is made non-extractable. */
export async function makeSeatKey(): Promise<SeatKey> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { privateKey: pair.privateKey, publicKey: b64u(point), epoch: 0 };
}

export function entryBytes(entry: Entry): Bytes {
  const { session, author, seq, previous, at, stage, kind, body } = entry;
  const bytes = encode({ session, author, seq, previous, at, stage, kind, body });
  if (bytes.length > MAX_ENTRY_BYTES) throw new RecordError("entry-too-large");
  return bytes;
}

export function entryHash(entry: Entry): Promise<string> {
  return digest(entryBytes(entry));
}

export async function headOf(entry: Entry): Promise<Head> {
  return { seq: entry.seq, hash: await entryHash(entry) };
}

export async function signEntry(entry: Entry, privateKey: CryptoKey): Promise<WireEntry> {
  const signature = await crypto.subtle.sign(SIGNATURE, privateKey, entryBytes(entry));
  return { entry, signature: b64u(new Uint8Array(signature)) };
}

export async function verifyEntry(wire: WireEntry, publicKey: string): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey("raw", unb64u(publicKey), CURVE, false, ["verify"]);
    return await crypto.subtle.verify(SIGNATURE, key, unb64u(wire.signature), entryBytes(wire.entry));
  } catch {
    return false;
  }
}

/** The next entry after `head`, not yet signed. */
export function nextEntry(head: Head, entry: Omit<Entry, "seq" | "previous">): Entry {
  return { ...entry, seq: head.seq + 1, previous: head.hash };
}

/** The time for the next entry: where the clock was set back it stands still until it has caught up. */
export function notBefore(before: Entry | undefined, at: string): string {
  return before !== undefined && before.at > at ? before.at : at;
}

/** The end of the chain of these entries, or the code of its fault. */
export async function follow(entries: readonly WireEntry[], from: Head = EMPTY): Promise<Head> {
  let head = from;
  for (const { entry } of entries) {
    if (entry.seq !== head.seq + 1) throw new RecordError("chain-gap");
    if (entry.previous !== head.hash) throw new RecordError("chain-fork");
    head = await headOf(entry);
  }
  return head;
}
