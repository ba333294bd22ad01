// The rows of an arithmetic correction as typed, and in the record's form.
import type { TypedFault } from "../../shared/typed/faults";
import { readDecimal } from "../../shared/typed/figures";
import { readMoney } from "../../shared/typed/money";

export type TypedLine = { name: string; unit: string; quantity: string; total: string; decimal: boolean };
export type CorrectionLine = {
  name: string;
  unit_fen: number;
  quantity: string;
  total_fen: number;
  decimal_point?: true;
};
export const FIGURES = ["unit", "quantity", "total"] as const;
export type Figure = (typeof FIGURES)[number];

/** As in evaluation_room/review/corrections.py: the finest quantity of a bill. */
const PLACES = 6;
export const LONGEST_LINE_NAME = 400;

export const emptyLine = (): TypedLine => ({ name: "", unit: "", quantity: "", total: "", decimal: false });

/** The fault of a figure of a row; also undefined for a figure not typed yet. */
export function faultIn(line: TypedLine, figure: Figure): TypedFault | undefined {
  if (line[figure].trim() === "") return undefined;
  const read = figure === "quantity" ? readDecimal(line.quantity, PLACES) : readMoney(line[figure]);
  return "fault" in read ? read.fault : undefined;
}

/** The row for the record; undefined while something is missing or unreadable. */
export function readLine(line: TypedLine): CorrectionLine | undefined {
  const [unit, quantity, total] = [readMoney(line.unit), readDecimal(line.quantity, PLACES), readMoney(line.total)];
  if (line.name.trim() === "" || "fault" in unit || "fault" in quantity || "fault" in total) return undefined;
  const { decimal } = quantity;
  const row = { name: line.name.trim(), unit_fen: unit.fen, quantity: decimal, total_fen: total.fen };
  return line.decimal ? { ...row, decimal_point: true } : row;
}
