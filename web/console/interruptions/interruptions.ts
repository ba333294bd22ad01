// The console's names for steps off the line, and the fields their forms ask for.
import { now } from "../../shared/page/clock";
import type { Cockpit, OffLineStep } from "../../shared/api/answers";

const ENDS = new Set(["FAILED", "REJECT_ALL", "REFORMED", "ABORTED"]);
const OVER: Record<string, string> = {
  PAUSED: "resume",
  INTERRUPTED: "resume",
  SUSPENDED: "lift",
  CLARIFYING: "clarified",
};

export function isEnd(step: OffLineStep): boolean {
  return ENDS.has(step.to);
}

/** The name of a step: by its target, and back on the line by what it ends. */
export function stepWord(cockpit: Cockpit, step: OffLineStep): string {
  const { overlay } = cockpit;
  if (overlay?.stage === "SUSPENDED" && step.to === "PAUSED") return "handOver";
  if (!overlay || ![overlay.broke_into ?? overlay.over, overlay.back_to].includes(step.to)) return step.to;
  if (overlay.stage === "ROLLBACK_REQ") return step.to === overlay.over ? "refuse" : "approve";
  return OVER[overlay.stage] ?? step.to;
}

/** The fields of the form: all required ones, and the optional ones that matter now. */
export function askedFields(cockpit: Cockpit, step: OffLineStep): string[] {
  const late = Date.parse(cockpit.overlay?.until ?? "") < now().getTime();
  const matters: Record<string, boolean> = { decision: late, requested_by: cockpit.requests.length > 0 };
  const order = ["back_to", "requested_by", "cause", "venue", "since", "order", "decision", "reason"];
  return order.filter((name) => step.needs.includes(name) || (step.may.includes(name) && matters[name]));
}
