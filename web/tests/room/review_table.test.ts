// A member's review table: the latest entry for a mark, the missing ones, one passage at a time, and the digest of the lock.
import { describe, expect, test } from "vitest";
import { foldTable, markBody, tableDigest, unmarked } from "../../room/review/review_table";
import type { WireEntry } from "../../shared/records/chain";
import type { Bidder, StageName } from "../../shared/api/answers";
import { vectors } from "../vectors";

type Golden = {
  stage: string;
  marks: { bidder: string; item: string; passed: boolean; reason?: string }[];
  table_digest: string;
};
const GOLDEN = vectors("review") as Golden;
const entry = (seq: number, kind: string, body: WireEntry["entry"]["body"], stage = GOLDEN.stage): WireEntry => ({
  entry: { session: "S", author: "seat:JN-1", seq, previous: "", at: "", stage, kind, body },
  signature: "",
});
const marked = GOLDEN.marks.map((mark, n) => entry(n + 1, "review-marked", mark));
const bidder = (id: string): Bidder => ({ id, name: id, uscc: "", price_fen: 0, duration_days: 0, documents: [] });
const item = (id: string) => ({
  id,
  stage: GOLDEN.stage as StageName,
  name_zh: id,
  name_en: id,
  clause: "",
  ground: "",
});

describe("the review table", () => {
  test("its digest is the one the node computes, in whatever order it was written", async () => {
    expect(await tableDigest(foldTable([...marked].reverse(), GOLDEN.stage), GOLDEN.stage)).toBe(GOLDEN.table_digest);
  });

  test("the last word about a mark counts, its reason with it", () => {
    const again = entry(9, "review-marked", { bidder: "B1", item: "F2", passed: true });
    expect(foldTable([...marked, again], GOLDEN.stage).marks.get("B1/F2")).toEqual({
      bidder: "B1",
      item: "F2",
      passed: true,
      reason: "",
      seq: 9,
    });
  });

  test("what is missing is named, and the lock is seen", () => {
    const table = foldTable([...marked.slice(1), entry(9, "review-locked", {})], GOLDEN.stage);
    expect(unmarked(table, [bidder("B1"), bidder("B2")], [item("F1"), item("F2")])).toEqual([
      { bidder: "B1", item: "F1" },
    ]);
    expect(table.lockedAt).toBe(9);
  });

  test("after a rollback the table begins anew", () => {
    const table = foldTable([...marked, entry(9, "review-locked", {})], `${GOLDEN.stage}-2`);
    expect([table.marks.size, table.lockedAt]).toEqual([0, 0]);
  });

  test("a reason is written only where there is one", () => {
    expect([markBody("B1", "F1", true, ""), markBody("B1", "F1", false, "无")]).toEqual([
      { bidder: "B1", item: "F1", passed: true },
      { bidder: "B1", item: "F1", passed: false, reason: "无" },
    ]);
  });
});
