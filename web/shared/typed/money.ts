// The only reader of typed sums of money, and their form for display; fen are integers throughout.
import type { TypedFault } from "./faults";
import { digitsOf } from "./figures";
import { folded } from "./fold";

/** As in evaluation_room/review/amounts.py: ten thousand billion yuan. */
export const MOST_FEN = 10 ** 15;

/** The longest written sum. */
const LONGEST = 40;
const UNITS: Readonly<Record<string, number>> = {
  "": 2,
  元: 2,
  圆: 2,
  圓: 2,
  万: 6,
  万元: 6,
  萬元: 6,
  亿: 10,
  亿元: 10,
};
const WRITTEN = /^(?:(?:人民币|RMB|CNY|¥|￥)\s*)?([\d,. ]*\d[\d,. ]*?)\s*(元|圆|圓|万元|萬元|万|亿元|亿|)(?:整|正)?$/i;

/**
 * The typed sum in fen: yuan unless the unit is written (元, 万元, 亿元). Commas and spaces in threes, full-width
 * digits and a sign of the currency are read; more than two decimals of a yuan are refused, never rounded.
 */
export function readMoney(text: string): { fen: number } | { fault: TypedFault } {
  const plain = folded(text);
  if (/^[-−–]/.test(plain)) return { fault: { code: "money-negative", values: {} } };
  const [, figure, unit] = (plain.length <= LONGEST && WRITTEN.exec(plain)) || [];
  const places = UNITS[unit ?? ""];
  const found = figure === undefined ? undefined : digitsOf(figure.trim());
  if (!found || places === undefined) return { fault: { code: "not-money", values: {} } };
  const part = found.part.replace(/0+$/, "");
  if (part.length > places) return { fault: { code: "money-below-fen", values: {} } };
  const fen = BigInt(found.whole + part.padEnd(places, "0"));
  if (fen > BigInt(MOST_FEN)) return { fault: { code: "money-too-big", values: {} } };
  return { fen: Number(fen) };
}

/** 10000000 fen as "100,000.00", for showing how the input was read. */
export function yuan(fen: number): string {
  return `${Math.trunc(fen / 100).toLocaleString("en-US")}.${String(fen % 100).padStart(2, "0")}`;
}
