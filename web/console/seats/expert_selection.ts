// How the experts on the own seats were decided on, as a form holds it and as the node takes it.
import type { Selected } from "../../shared/model";

/** 特殊招标项目: why experts who were drawn could hardly be equal to the task. */
export const SPECIAL = ["complex", "specialised", "state"] as const;
export type Selection = { how: "drawn" | "named"; special: (typeof SPECIAL)[number]; approval: string };

export const drawn = (): Selection => ({ how: "drawn", special: "complex", approval: "" });

/** A naming needs the text that approved it. */
export const isComplete = (selection: Selection): boolean =>
  selection.how === "drawn" || selection.approval.trim() !== "";

export function selected(selection: Selection): Selected {
  return selection.how === "drawn"
    ? { how: "drawn" }
    : { how: "named", special: selection.special, approval: selection.approval.trim() };
}

/** What was kept, as a form holds it; of a seat that says nothing, a draw. */
export const kept = (found: Partial<Selection> | undefined): Selection => ({ ...drawn(), ...found });
