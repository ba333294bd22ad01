// The canonical bytes of a record (RFC 8785 over our subset), byte for byte those of records/canonical.py.
import { type Bytes, equal, utf8 } from "./bytes";

export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

const MAX_DEPTH = 64;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?:^|[^\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** A value or text outside the subset; `code` is the same stable word that the node uses. */
export class RecordError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

export function encode(value: Value): Bytes {
  return utf8(write(value, 0));
}

/** The value of these bytes, and an error unless they are its only canonical form. */
export function decode(bytes: Uint8Array): Value {
  const value = new Reader(text(bytes)).whole();
  if (!equal(encode(value), bytes)) throw new RecordError("not-canonical");
  return value;
}

function text(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RecordError("malformed-json");
  }
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(checkedText(value));
    case "number":
      return String(checkedInteger(value));
    case "boolean":
      return String(value);
    case "object":
      return writeContainer(value, depth);
    default:
      throw new RecordError("wrong-type");
  }
}

function writeContainer(value: object | null, depth: number): string {
  if (value === null) throw new RecordError("null-not-allowed");
  if (depth >= MAX_DEPTH) throw new RecordError("too-deep");
  if (Array.isArray(value)) return `[${value.map((item: unknown) => write(item, depth + 1)).join(",")}]`;
  const members = Object.entries(value).map(([key, item]: [string, unknown]) => [checkedKey(key), item] as const);
  members.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${write(item, depth + 1)}`).join(",")}}`;
}

function checkedText(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new RecordError("lone-surrogate");
  if (value.normalize("NFC") !== value) throw new RecordError("not-nfc");
  return value;
}

function checkedKey(key: string): string {
  if (!/^[\x00-\x7f]*$/.test(key)) throw new RecordError("key-not-ascii");
  return key;
}

function checkedInteger(value: number): number {
  if (!Number.isInteger(value)) throw new RecordError("float-not-allowed");
  if (!Number.isSafeInteger(value)) throw new RecordError("integer-too-big");
  return Object.is(value, -0) ? 0 : value;
}

/** Reads JSON strictly: JSON.parse would keep the last of two equal keys and round big integers silently. */
class Reader {
  private at = 0;

  constructor(private readonly source: string) {}

  whole(): Value {
    const value = this.value(0);
    this.space();
    if (this.at !== this.source.length) throw new RecordError("malformed-json");
    return value;
  }

  private value(depth: number): Value {
    this.space();
    const next = this.source[this.at];
    if ((next === "{" || next === "[") && depth >= MAX_DEPTH) throw new RecordError("too-deep");
    if (next === "{") return this.object(depth);
    if (next === "[") return this.array(depth);
    if (next === '"') return checkedText(this.string());
    return this.word();
  }

  private object(depth: number): Value {
    const members: Record<string, Value> = {};
    const seen = new Set<string>();
    this.expect("{");
    while (!this.closed("}", seen.size > 0)) {
      this.space();
      const key = checkedKey(this.string());
      if (seen.has(key)) throw new RecordError("duplicate-key");
      seen.add(key);
      this.expect(":");
      Object.defineProperty(members, key, { value: this.value(depth + 1), enumerable: true });
    }
    return members;
  }

  private array(depth: number): Value {
    const items: Value[] = [];
    this.expect("[");
    while (!this.closed("]", items.length > 0)) items.push(this.value(depth + 1));
    return items;
  }

  /** True at the closing mark; otherwise skips the required comma between two members. */
  private closed(mark: string, comma: boolean): boolean {
    this.space();
    if (this.source[this.at] === mark) {
      this.at += 1;
      return true;
    }
    if (comma) this.expect(",");
    return false;
  }

  private string(): string {
    const literal = this.match(/"(?:[^"\\]|\\.)*"/y);
    try {
      return JSON.parse(literal) as string;
    } catch {
      throw new RecordError("malformed-json");
    }
  }

  private word(): Value {
    const literal = this.match(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (literal === "true" || literal === "false") return literal === "true";
    if (literal === "null") throw new RecordError("null-not-allowed");
    if (/[.eE]/.test(literal)) throw new RecordError("float-not-allowed");
    if (literal.length > 17) throw new RecordError("integer-too-big");
    return checkedInteger(Number(literal));
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found === undefined) throw new RecordError("malformed-json");
    this.at += found.length;
    return found;
  }

  private expect(mark: string): void {
    this.space();
    if (this.source[this.at] !== mark) throw new RecordError("malformed-json");
    this.at += 1;
  }

  private space(): void {
    while (" \t\n\r".includes(this.source[this.at] ?? "x")) this.at += 1;
  }
}
