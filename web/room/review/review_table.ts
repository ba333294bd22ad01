// A member's review table from the own chain: the marks of the open stage, the missing ones, the digest of the lock.
import { digest } from "../../shared/records/bytes";
import { encode } from "../../shared/records/canonical";
import type { Entry, WireEntry } from "../../shared/records/chain";
import type { Bidder } from "../../shared/api/answers";
import type { ReviewItem } from "../../shared/api/answers";

export type Mark = { bidder: string; item: string; passed: boolean; reason: string; seq: number };
export type Table = { marks: ReadonlyMap<string, Mark>; lockedAt: number };

export function markKey(bidder: string, item: string): string {
  return `${bidder}/${item}`;
}

/** The latest entry for each mark in this passage of a stage (`PRELIM_FORM`, or `PRELIM_FORM-2` after a rollback). */
export function foldTable(entries: readonly WireEntry[], label: string): Table {
  const marks = new Map<string, Mark>();
  let lockedAt = 0;
  for (const { entry } of entries) {
    if (entry.stage !== label) continue;
    if (entry.kind === "review-marked") {
      const body = entry.body as { bidder: string; item: string; passed: boolean; reason?: string };
      marks.set(markKey(body.bidder, body.item), { ...body, reason: body.reason ?? "", seq: entry.seq });
    } else if (entry.kind === "review-locked") {
      lockedAt = entry.seq;
    }
  }
  return { marks, lockedAt };
}

export function unmarked(
  table: Table,
  bidders: readonly Bidder[],
  items: readonly ReviewItem[],
): { bidder: string; item: string }[] {
  const all = bidders.flatMap((bidder) => items.map((item) => ({ bidder: bidder.id, item: item.id })));
  return all.filter(({ bidder, item }) => !table.marks.has(markKey(bidder, item)));
}

/** The body of a mark's entry: a pass has no reason unless one is written. */
export function markBody(bidder: string, item: string, passed: boolean, reason: string): Entry["body"] {
  return reason ? { bidder, item, passed, reason } : { bidder, item, passed };
}

/** The digest that the lock names: every mark as it was written, sorted by bidder and item, with the stage. */
export function tableDigest(table: Table, stage: string): Promise<string> {
  const marks = Array.from(table.marks.values())
    .sort((left, right) => order(left.bidder, right.bidder) || order(left.item, right.item))
    .map((mark) => markBody(mark.bidder, mark.item, mark.passed, mark.reason));
  return digest(encode({ marks, stage }));
}

function order(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
