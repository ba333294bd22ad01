// The score sheet from the own chain: the cells, their allowed marks, the sums, and the digest to lock.
import { digest } from "../../shared/records/bytes";
import { encode } from "../../shared/records/canonical";
import type { WireEntry } from "../../shared/records/chain";
import type { Bidder, Item } from "../../shared/api/answers";
import { readPoints } from "../../shared/typed/figures";

/** One cell as last written; `seq` is its entry. */
export type Cell = { bidder: string; item: string; seq: number; points?: number; abstained?: true; reason: string };
export type Sheet = { cells: ReadonlyMap<string, Cell>; lockedAt: number; lockedDigest: string };

/** The five states of a cell, one more for text that cannot be a score, and one for refused input. */
export type CellState = "empty" | "draft" | "saved" | "abstained" | "zero" | "wrong" | "refused";
export type Fault = {
  code: "score-not-a-number" | "score-out-of-range" | "score-not-fixed" | "score-off-step";
  values: Record<string, number>;
};

export function cellKey(bidder: string, item: string): string {
  return `${bidder}/${item}`;
}

/** Fold the own chain: the latest entry for each cell, and the lock. */
export function foldSheet(entries: readonly WireEntry[]): Sheet {
  const cells = new Map<string, Cell>();
  let [lockedAt, lockedDigest] = [0, ""];
  for (const { entry } of entries) {
    if (entry.kind === "score-entered" || entry.kind === "score-corrected") {
      const body = entry.body as { bidder: string; item: string; points?: number; abstained?: true; reason?: string };
      cells.set(cellKey(body.bidder, body.item), { ...body, reason: body.reason ?? "", seq: entry.seq });
    } else if (entry.kind === "sheet-locked") {
      [lockedAt, lockedDigest] = [entry.seq, entry.body.sheet_digest as string];
    }
  }
  return { cells, lockedAt, lockedDigest };
}

/** The typed text as hundredths, or its fault; minimum, maximum and step come from the tender. */
export function readScore(item: Item, text: string): { points: number } | { fault: Fault } {
  const { minimum, maximum, step } = item;
  const points = readPoints(text);
  if (points === undefined) return { fault: { code: "score-not-a-number", values: {} } };
  if (points < minimum || points > maximum)
    return { fault: { code: "score-out-of-range", values: { minimum, maximum } } };
  const only = fixedMarks(item);
  if (only.length > 0) return only.includes(points) ? { points } : { fault: { code: "score-not-fixed", values: {} } };
  if ((points - minimum) % step !== 0) return { fault: { code: "score-off-step", values: { step } } };
  return { points };
}

/** The only allowed marks of an item (固定分值, 合格制); empty where every mark on a step is allowed. */
export function fixedMarks(item: Item): readonly number[] {
  return item.kind === "pass" ? [item.minimum, item.maximum] : (item.values ?? []);
}

/** Whether the tender file requires a written reason for this mark, without which the sheet cannot be locked. */
export function needsReason(item: Item, cell: Cell | undefined): boolean {
  if (cell?.points === undefined || cell.reason.trim() !== "") return false;
  switch (item.reasons) {
    case "always":
      return true;
    case "extremes":
      return cell.points === item.minimum || cell.points === item.maximum;
    case "deductions":
      return cell.points < item.maximum;
    default:
      return false;
  }
}

/** A score near the end of its range asks for a reason: below a third, or full marks. The reason is optional. */
export function wantsReason(item: Item, cell: Cell | undefined): boolean {
  if (cell?.points === undefined || cell.reason.trim() !== "") return false;
  return (cell.points - item.minimum) * 3 < item.maximum - item.minimum || cell.points === item.maximum;
}

export function sum(sheet: Sheet, bidder: string, items: readonly Item[]): number {
  return items.reduce((total, item) => total + (sheet.cells.get(cellKey(bidder, item.id))?.points ?? 0), 0);
}

export function missing(
  sheet: Sheet,
  bidders: readonly Bidder[],
  items: readonly Item[],
): { bidder: string; item: string }[] {
  const all = bidders.flatMap((bidder) => items.map((item) => ({ bidder: bidder.id, item: item.id })));
  return all.filter(({ bidder, item }) => !sheet.cells.has(cellKey(bidder, item)));
}

/** The digest that the lock names: every cell as it was written, sorted by bidder and item. */
export function sheetDigest(sheet: Sheet): Promise<string> {
  const cells = Array.from(sheet.cells.values())
    .sort((left, right) => order(left.bidder, right.bidder) || order(left.item, right.item))
    .map(({ bidder, item, points, abstained, reason }) => ({
      bidder,
      item,
      ...(abstained ? { abstained } : { points: points ?? 0 }),
      ...(reason ? { reason } : {}),
    }));
  return digest(encode({ cells }));
}

function order(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** The member's own state from the own chain. */
export function ownState(entries: readonly WireEntry[]) {
  const last = (kind: string) => entries.filter((wire) => wire.entry.kind === kind).pop()?.entry;
  const undertaking = last("undertaking-signed");
  return {
    undertaken: undertaking?.body.recusal === false,
    recused: undertaking?.body.recusal === true,
    consent: last("report-consented"),
  };
}
