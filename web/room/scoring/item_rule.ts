// An item's rule in words: range, step or the only allowed marks, and that points are taken off.
import { useI18n } from "vue-i18n";
import type { Item } from "../../shared/api/answers";
import { points } from "../../shared/numbers";
import { fixedMarks } from "./score_sheet";

export function useItemRule() {
  const { t } = useI18n();
  return (item: Item): string => {
    const only = fixedMarks(item);
    if (item.kind === "pass") return t("sheet.pass", { pass: points(item.maximum), fail: points(item.minimum) });
    const range =
      only.length > 0
        ? t("sheet.fixed", { values: only.map(points).join(" / ") })
        : `${t("sheet.range", { min: points(item.minimum), max: points(item.maximum) })} · ${t("sheet.step", { step: points(item.step) })}`;
    return item.kind === "deduct" ? `${range} · ${t("sheet.deduct", { max: points(item.maximum) })}` : range;
  };
}
