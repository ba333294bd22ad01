// The score sheet: the five states of a cell, range and step, the sums, and the digest that is locked.
import { describe, expect, test } from "vitest";
import {
  foldSheet,
  missing,
  needsReason,
  ownState,
  readScore,
  sheetDigest,
  sum,
  wantsReason,
} from "../../room/scoring/score_sheet";
import { cellState } from "../../room/scoring/cell_change";
import { digest } from "../../shared/records/bytes";
import { encode, type Value } from "../../shared/records/canonical";
import type { WireEntry } from "../../shared/records/chain";
import type { Bidder, Item } from "../../shared/api/answers";
import { exactPoints, points, wan } from "../../shared/numbers";

const item = (id: string, maximum = 1000): Item => ({
  id,
  section: "technical",
  name_zh: id,
  name_en: id,
  minimum: 0,
  maximum,
  step: 50,
});
const bidder = (id: string): Bidder => ({ id, name: id, uscc: "", price_fen: 0, duration_days: 0, documents: [] });
const entry = (seq: number, kind: string, body: WireEntry["entry"]["body"]): WireEntry => ({
  entry: { session: "S", author: "seat:JN-1", seq, previous: "", at: "", stage: "DETAILED", kind, body },
  signature: "",
});
const ENTRIES = [
  entry(1, "score-entered", { bidder: "B1", item: "T1", points: 850, reason: "细致" }),
  entry(2, "score-entered", { bidder: "B1", item: "T2", abstained: true, reason: "材料不清" }),
  entry(3, "score-entered", { bidder: "B2", item: "T1", points: 0 }),
  entry(4, "score-entered", { bidder: "B1", item: "T1", points: 900 }),
];

describe("the score sheet", () => {
  const sheet = foldSheet(ENTRIES);

  test("the last word about a cell counts, its reason with it", () => {
    expect(sheet.cells.get("B1/T1")).toEqual({ bidder: "B1", item: "T1", points: 900, reason: "", seq: 4 });
  });

  test("the five states of a cell differ, and text that is no score is wrong", () => {
    const state = (key: string, acked: number, typed?: string) =>
      cellState(item("T1"), sheet.cells.get(key), { figure: typed }, { acked, refused: false });
    expect([state("B2/T2", 9), state("B1/T1", 3), state("B1/T1", 4), state("B1/T2", 9), state("B2/T1", 9)]).toEqual([
      "empty",
      "draft",
      "saved",
      "abstained",
      "zero",
    ]);
    expect([state("B2/T2", 9, "7"), state("B2/T2", 9, "7.3"), state("B2/T2", 9, " ")]).toEqual([
      "draft",
      "wrong",
      "empty",
    ]);
  });

  test.each([
    ["8.5", { points: 850 }],
    ["０", { points: 0 }],
    ["10", { points: 1000 }],
    [".5", { points: 50 }],
    ["10.5", { fault: { code: "score-out-of-range", values: { minimum: 0, maximum: 1000 } } }],
    ["7.3", { fault: { code: "score-off-step", values: { step: 50 } } }],
    ["八", { fault: { code: "score-not-a-number", values: {} } }],
  ])("%s is read against range and step", (text, expected) => {
    expect(readScore(item("T1"), text)).toEqual(expected);
  });

  test.each([
    ["an item with fixed marks", { values: [0, 500, 1000] }, "5", { points: 500 }],
    ["an item with fixed marks", { values: [0, 500, 1000] }, "7.5", { fault: { code: "score-not-fixed", values: {} } }],
    ["pass or fail", { kind: "pass" as const }, "10", { points: 1000 }],
    ["pass or fail", { kind: "pass" as const }, "9.5", { fault: { code: "score-not-fixed", values: {} } }],
    ["a deduction", { kind: "deduct" as const }, "9.5", { points: 950 }],
  ])("%s takes only its own marks", (_what, rule, text, expected) => {
    expect(readScore({ ...item("T1"), ...rule }, text)).toEqual(expected);
  });

  test("what the tender file wants a reason for, and an abstention has its own", () => {
    const cell = (points: number, reason = "") => ({ bidder: "B1", item: "T1", seq: 1, points, reason });
    const needs = (reasons: Item["reasons"], points: number, reason = "") =>
      needsReason({ ...item("T1"), reasons }, cell(points, reason));
    expect([needs("always", 500), needs("extremes", 500), needs("extremes", 1000), needs("extremes", 0)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect([needs("deductions", 950), needs("deductions", 1000), needs("none", 0), needs(undefined, 0)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect([
      needs("always", 500, "理由"),
      needsReason({ ...item("T1"), reasons: "always" }, sheet.cells.get("B1/T2")),
    ]).toEqual([false, false]);
  });

  test("what is missing, the sum and the request for a reason", () => {
    const items = [item("T1"), item("T2")];
    expect(missing(sheet, [bidder("B1"), bidder("B2")], items)).toEqual([{ bidder: "B2", item: "T2" }]);
    expect(sum(sheet, "B1", items)).toBe(900);
    expect([
      wantsReason(items[0] as Item, sheet.cells.get("B2/T1")),
      wantsReason(items[0] as Item, sheet.cells.get("B1/T1")),
    ]).toEqual([true, false]);
  });

  test("the lock names the digest of all cells as written, sorted by bidder and item", async () => {
    const cells: Value[] = [
      { bidder: "B1", item: "T1", points: 900 },
      { bidder: "B1", item: "T2", abstained: true, reason: "材料不清" },
      { bidder: "B2", item: "T1", points: 0 },
    ];
    expect(await sheetDigest(sheet)).toBe(await digest(encode({ cells })));
  });

  test("a lock, an undertaking and a recusal are found in the own chain", () => {
    const locked = foldSheet([...ENTRIES, entry(5, "sheet-locked", { sheet_digest: "sha256:aa" })]);
    expect([locked.lockedAt, locked.lockedDigest]).toEqual([5, "sha256:aa"]);
    expect(ownState([entry(1, "undertaking-signed", { recusal: false })])).toMatchObject({
      undertaken: true,
      recused: false,
    });
    expect(ownState([entry(1, "undertaking-signed", { recusal: true, reason: "亲属" })])).toMatchObject({
      undertaken: false,
      recused: true,
    });
  });
});

describe("figures for people", () => {
  test("fen are told in 万元 and hundredths in points, nothing rounded away", () => {
    expect([wan(8_758_220_000), wan(985_000_000), wan(123), wan(8_758_220_012)]).toEqual([
      "8,758.22",
      "985.00",
      "0.000123",
      "8,758.220012",
    ]);
    expect([points(850), points(1000), points(5), points(0), exactPoints(9234), exactPoints(-5)]).toEqual([
      "8.5",
      "10",
      "0.05",
      "0",
      "92.34",
      "-0.05",
    ]);
  });
});
