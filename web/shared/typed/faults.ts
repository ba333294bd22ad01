// The fault of typed text, and why a form cannot be sent yet, in the page's language.
import { useI18n } from "vue-i18n";
import { readText } from "./text";

export type TypedFault = { code: string; values: Readonly<Record<string, string | number>> };

/** One field of a form: its content, and its label on the page. */
export type Field = { name: string; text: string; most?: number; optional?: boolean };

export const LONGEST_REASON = 4000;

export function useTypedFaults() {
  const { t } = useI18n({ useScope: "global" });

  function words(fault: TypedFault): string {
    return t(`typed.${fault.code}`, fault.values);
  }

  /** "请填写：理由"; a note in brackets after the name, as 必填, is left out. */
  function missing(name: string): string {
    return t("why.missing", { name: name.replace(/\s*[（(][^（）()]*[）)]\s*$/, "") });
  }

  /** Why this field prevents the form from being sent; "" when it does not. */
  function whyText({ name, text, most = LONGEST_REASON, optional = false }: Field): string {
    const read = readText(text, most);
    if ("fault" in read) return words(read.fault);
    return read.text === "" && !optional ? missing(name) : "";
  }

  /** The first reason of several; "" when there is none. */
  function first(...reasons: readonly string[]): string {
    return reasons.find((one) => one !== "") ?? "";
  }

  return { words, missing, whyText, first };
}
