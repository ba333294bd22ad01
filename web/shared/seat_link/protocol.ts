// The messages between a seat's browser and its node (docs/interface.md): reading and writing them, nothing else.
import { encode } from "../records/canonical";
import type { WireEntry } from "../records/chain";
import type { Link } from "../api/answers";
import type { ProblemValues } from "../api/client";

export const MAX_MESSAGE_BYTES = 64 * 1024;

export type Frontier = Readonly<Record<string, number>>;

export type Message =
  | { m: "hello"; session: string; epoch: number; frontier: Frontier; heads: Readonly<Record<string, string>> }
  | { m: "entries"; entries: readonly WireEntry[] }
  | { m: "ack"; frontier: Frontier }
  | { m: "refused"; author: string; seq: number; code: string; values: ProblemValues }
  | { m: "ping" | "pong"; n: number }
  | { m: "venues"; links: Readonly<Record<string, Link>>; confirmed: Readonly<Record<string, Frontier>> }
  | { m: "heads"; frontier: Frontier; heads: Readonly<Record<string, string>> }
  | { m: "changed"; stage: string }
  | { m: "bye"; code: string };

const KNOWN = new Set(["hello", "heads", "entries", "ack", "refused", "ping", "pong", "venues", "changed", "bye"]);

export function writeMessage(message: Message): string {
  return new TextDecoder().decode(encode(message));
}

/** The message of this text; undefined for an unknown or unreadable one. */
export function readMessage(text: string): Message | undefined {
  const value = parsed(text);
  const kind = typeof value === "object" && value !== null ? (value as { m?: unknown }).m : undefined;
  return typeof kind === "string" && KNOWN.has(kind) ? (value as Message) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Entries in as few messages as the size allows, in order. */
export function entryMessages(entries: readonly WireEntry[]): string[] {
  const texts: string[] = [];
  let batch: WireEntry[] = [];
  for (const entry of entries) {
    if (batch.length > 0 && size([...batch, entry]) > MAX_MESSAGE_BYTES) {
      texts.push(writeMessage({ m: "entries", entries: batch }));
      batch = [];
    }
    batch.push(entry);
  }
  if (batch.length > 0) texts.push(writeMessage({ m: "entries", entries: batch }));
  return texts;
}

function size(entries: readonly WireEntry[]): number {
  return encode({ m: "entries", entries }).length;
}
