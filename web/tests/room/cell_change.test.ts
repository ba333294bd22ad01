// The input of a cell becomes an entry with what the person sees, or a message with its fault.
import { describe, expect, test } from "vitest";
import { cellState, changeOf } from "../../room/scoring/cell_change";
import type { Cell } from "../../room/scoring/score_sheet";
import type { Item } from "../../shared/api/answers";

const item: Item = {
  id: "T1",
  section: "technical",
  name_zh: "T1",
  name_en: "T1",
  minimum: 0,
  maximum: 1000,
  step: 50,
};
const scored: Cell = { bidder: "B1", item: "T1", seq: 3, points: 800, reason: "细致" };
const abstained: Cell = { bidder: "B1", item: "T1", seq: 3, abstained: true, reason: "不熟悉" };
const at = { acked: 9, refused: false };

describe("what a cell would be written as", () => {
  test.each([
    ["nothing typed", scored, {}, undefined],
    ["the same figure again", scored, { figure: " 8.0 " }, undefined],
    ["an emptied field", scored, { figure: "  " }, undefined],
    ["seven spaces and 10", scored, { figure: "       10" }, { write: { points: 1000, reason: "细致" } }],
    ["full-width digits", undefined, { figure: "１０" }, { write: { points: 1000, reason: "" } }],
    ["another reason", scored, { reason: " 周到 " }, { write: { points: 800, reason: "周到" } }],
    ["a reason taken away", scored, { reason: "" }, { write: { points: 800, reason: "" } }],
    ["both at once", scored, { figure: "9", reason: "好" }, { write: { points: 900, reason: "好" } }],
    ["an ohm sign in the reason", scored, { reason: "5 \u2126" }, { write: { points: 800, reason: "5 \u03a9" } }],
    ["a reason before its figure", undefined, { reason: "好" }, undefined],
    ["a figure after an abstention", abstained, { figure: "5" }, { write: { points: 500, reason: "" } }],
    ["why one abstains", abstained, { reason: "回避" }, { write: { abstained: true, reason: "回避" } }],
    ["an abstention keeps its reason", abstained, { reason: " " }, undefined],
  ])("%s", (_what, cell, typed, expected) => {
    expect(changeOf(item, cell, typed)).toEqual(expected);
  });

  test("a figure or a reason that cannot be kept says where it stands", () => {
    expect(changeOf(item, scored, { figure: "10.5" })).toEqual({
      fault: { code: "score-out-of-range", values: { minimum: 0, maximum: 1000 } },
      in: "figure",
    });
    expect(changeOf(item, scored, { reason: "字".repeat(4001) })).toEqual({
      fault: { code: "text-too-long", values: { most: 4000, over: 1 } },
      in: "reason",
    });
  });

  test("no cell claims to be saved while something else stands in it", () => {
    const state = (typed: object, refused = false) => cellState(item, scored, typed, { ...at, refused });
    expect([state({}), state({ figure: "8" }), state({ figure: "9" }), state({ figure: "" })]).toEqual([
      "saved",
      "saved",
      "draft",
      "draft",
    ]);
    expect([state({ reason: "新" }), state({ reason: "\u0007" }), state({}, true)]).toEqual([
      "draft",
      "wrong",
      "refused",
    ]);
  });
});
