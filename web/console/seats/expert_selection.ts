// How the experts on the own seats were selected, as a form holds it and as the node accepts it.
import { useI18n } from "vue-i18n";
import type { Selected } from "../../shared/api/answers";
import { useTypedFaults } from "../../shared/typed/faults";

/** 特殊招标项目: why randomly drawn experts could hardly be equal to the task. */
export const SPECIAL = ["complex", "specialised", "state"] as const;
export type Selection = { how: "drawn" | "named"; special: (typeof SPECIAL)[number]; approval: string };

export const drawn = (): Selection => ({ how: "drawn", special: "complex", approval: "" });

/** Why it cannot be saved yet: a naming needs the approving document. */
export function useWhySelection(): (selection: Selection) => string {
  const { t } = useI18n({ useScope: "global" });
  const { whyText } = useTypedFaults();
  return ({ how, approval }) => (how === "drawn" ? "" : whyText({ name: t("selection.approval"), text: approval }));
}

export function selected(selection: Selection): Selected {
  return selection.how === "drawn"
    ? { how: "drawn" }
    : { how: "named", special: selection.special, approval: selection.approval.trim() };
}

/** The saved selection in the form's fields; a draw for a seat without one. */
export const kept = (found: Partial<Selection> | undefined): Selection => ({ ...drawn(), ...found });
