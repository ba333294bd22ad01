// The name of a step off the line: by its target, and by what it ends.
import { expect, test } from "vitest";
import { stepWord } from "../../console/interruptions/interruptions";
import type { Cockpit, OffLineStep, StageName, Standstill } from "../../shared/api/answers";

const standing = (stage: StageName, more: Partial<Standstill> = {}): Standstill => ({
  stage,
  over: "DETAILED",
  since: "2026-11-23T06:03:22.123Z",
  ...more,
});
const word = (overlay: Standstill | undefined, to: StageName) =>
  stepWord({ overlay } as Cockpit, { to, by: "operator", needs: [], may: [] } satisfies OffLineStep);

test.each<[Standstill | undefined, StageName, string]>([
  [undefined, "PAUSED", "PAUSED"],
  [undefined, "CLARIFYING", "CLARIFYING"],
  [standing("CLARIFYING"), "DETAILED", "clarified"],
  [standing("CLARIFYING"), "PAUSED", "PAUSED"],
  [standing("PAUSED"), "DETAILED", "resume"],
  [standing("PAUSED"), "SUSPENDED", "SUSPENDED"],
  [standing("PAUSED", { broke_into: "CLARIFYING" }), "CLARIFYING", "resume"],
  [standing("INTERRUPTED", { broke_into: "CLARIFYING" }), "CLARIFYING", "resume"],
  [standing("SUSPENDED", { broke_into: "CLARIFYING" }), "CLARIFYING", "lift"],
  [standing("SUSPENDED"), "PAUSED", "handOver"],
  [standing("ROLLBACK_REQ", { back_to: "BRIEFING" }), "DETAILED", "refuse"],
  [standing("ROLLBACK_REQ", { back_to: "BRIEFING" }), "BRIEFING", "approve"],
  [standing("PAUSED"), "ABORTED", "ABORTED"],
])("over %o the step to %s is called %s", (overlay, to, called) => {
  expect(word(overlay, to)).toBe(called);
});
