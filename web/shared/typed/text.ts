// Reads typed or pasted sentences: one form for identical looks, and a message for characters that no record can hold.
import type { TypedFault } from "./faults";

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?:^|[^\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/;

/** The same text in the records' form (NFC); line ends and form feeds of other programs become line ends. */
export function plainText(text: string): string {
  return text.normalize("NFC").replace(/\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g, "\n");
}

/** The number of visible characters, as the node counts them. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** The text as stored, without spaces around; never cut: too long a text is reported. */
export function readText(text: string, most: number): { text: string } | { fault: TypedFault } {
  const plain = plainText(text).trim();
  if (LONE_SURROGATE.test(plain)) return { fault: { code: "broken-sign", values: {} } };
  const control = CONTROL.exec(plain)?.[0];
  if (control !== undefined) {
    const place = lengthOf(plain.slice(0, plain.indexOf(control))) + 1;
    return { fault: { code: "control-sign", values: { place } } };
  }
  const length = lengthOf(plain);
  if (length > most) return { fault: { code: "text-too-long", values: { most, over: length - most } } };
  return { text: plain };
}
