// Reads typed figures: points in hundredths, whole numbers, and decimals that stay text.
import type { TypedFault } from "./faults";
import { folded } from "./fold";

/** A written number: digits, thousands in threes with commas or spaces, a decimal part. */
const WRITTEN = /^(\d+|\d{1,3}(?:[, ]\d{3})+)?(?:\.(\d*))?$/;

/** The digits before and after the point; undefined when the text is no number. A bare point is none. */
export function digitsOf(plain: string): { whole: string; part: string } | undefined {
  const found = WRITTEN.exec(plain);
  if (!found) return undefined;
  const [whole, part] = [(found[1] ?? "").replace(/[, ]/g, ""), found[2] ?? ""];
  if (whole === "" && part === "") return undefined;
  return { whole: whole.replace(/^0+(?=\d)/, "") || "0", part };
}

/** The typed number in hundredths; undefined when it is no number of at most two decimals. */
export function readPoints(text: string): number | undefined {
  const found = digitsOf(folded(text));
  if (!found || found.part.length > 2 || found.whole.length > 9) return undefined;
  return Number(found.whole) * 100 + Number(found.part.padEnd(2, "0"));
}

/** A whole number between two bounds. */
export function readCount(text: string, least: number, most: number): { count: number } | { fault: TypedFault } {
  const found = digitsOf(folded(text));
  const count = found && found.part === "" ? Number(found.whole) : undefined;
  if (count === undefined) return { fault: { code: "not-a-count", values: {} } };
  if (count < least || count > most) return { fault: { code: "count-out-of-range", values: { least, most } } };
  return { count };
}

/** A positive decimal that a record stores as text, with a limited number of places; trailing zeros are dropped. */
export function readDecimal(text: string, places: number): { decimal: string } | { fault: TypedFault } {
  const found = digitsOf(folded(text));
  if (!found) return { fault: { code: "not-a-number", values: {} } };
  const part = found.part.replace(/0+$/, "");
  if (part.length > places) return { fault: { code: "too-many-places", values: { places } } };
  if (found.whole.length > 9) return { fault: { code: "number-too-big", values: {} } };
  if (Number(found.whole) === 0 && part === "") return { fault: { code: "not-above-zero", values: {} } };
  return { decimal: part ? `${found.whole}.${part}` : found.whole };
}
