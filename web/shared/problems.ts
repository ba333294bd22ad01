// The text of a refusal: a sentence in the page's language, chosen by the error's code.
import { useI18n } from "vue-i18n";
import { Problem, type ProblemValues } from "./api/client";
import { RefusedEntry } from "./seat_link/refused";

export type Refusal = { code: string; values: ProblemValues };

export function refusalOf(error: unknown): Refusal {
  if (error instanceof Problem || error instanceof RefusedEntry) return { code: error.code, values: error.values };
  return {
    code: error instanceof Error && /^[a-z]+(-[a-z0-9]+)+$/.test(error.message) ? error.message : "page-failed",
    values: {},
  };
}

export function useSentences() {
  const { t, te } = useI18n({ useScope: "global" }); // eslint-disable-line @typescript-eslint/unbound-method -- vue-i18n binds them
  return (refusal: Refusal): string => {
    const key = `error.${refusal.code}`;
    return te(key, "zh") ? t(key, refusal.values) : t("error.unknown", { code: refusal.code });
  };
}
