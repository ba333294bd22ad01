// Every stage of the line has its desk, and what precedes the stage takes priority.
import { describe, expect, test } from "vitest";
import { DESK_OF_STAGE, deskOf, type Place } from "../../room/stage_desks";
import { STAGES } from "../../shared/i18n/words";

const STANDSTILLS_AND_ENDS = [
  "CLARIFYING",
  "PAUSED",
  "INTERRUPTED",
  "SUSPENDED",
  "ROLLBACK_REQ",
  "FAILED",
  "REJECT_ALL",
  "REFORMED",
  "ABORTED",
];
const seated: Place = {
  stage: "DETAILED",
  ended: false,
  still: false,
  checkedIn: true,
  undertaken: true,
  recused: false,
  reviewed: true,
};

describe("the desk of a seat", () => {
  test("every stage of the line stands in the table, in its order, and no other", () => {
    expect([...Object.keys(DESK_OF_STAGE), ...STANDSTILLS_AND_ENDS]).toEqual(Object.keys(STAGES));
  });

  test.each([
    ["a checked-in member scores in the detailed review", {}, "scoring"],
    ["who has not checked in does that first", { checkedIn: false }, "check-in"],
    ["before the evaluation begins everybody waits", { stage: "PREPARED", checkedIn: false }, "waiting"],
    ["an ended session shows that it ended", { ended: true, checkedIn: false }, "waiting"],
    ["a sealed report is shown to whoever comes", { stage: "SEALED", checkedIn: false }, "sealed"],
    ["a session that ended after the seal is not shown as sealed", { stage: "SEALED", ended: true }, "waiting"],
    ["a recused member waits", { recused: true }, "waiting"],
    ["the sheet stays open to read while nobody works", { still: true }, "scoring"],
    ["all other work waits while nobody works", { stage: "SIGNING", still: true }, "waiting"],
    ["the undertaking is shown until it is signed", { stage: "BRIEFING", undertaken: false }, "undertaking"],
    ["who has signed the undertaking waits for the others", { stage: "BRIEFING" }, "waiting"],
    ["the preliminary review has its desk", { stage: "PRELIM_QUAL" }, "review"],
    ["a tender without one waits", { stage: "READING", reviewed: false }, "waiting"],
    ["a stage this page does not know waits", { stage: "NEW" }, "waiting"],
  ] as const)("%s", (_name, change, desk) => {
    expect(deskOf({ ...seated, ...change })).toBe(desk);
  });
});
