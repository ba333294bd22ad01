// The two languages: zh-CN first; the choice is remembered and can come in the address (?lang=en).
import { createI18n } from "vue-i18n";
import { ERRORS } from "./errors";
import en from "./shared.en";
import zh from "./shared.zh";
import { fieldWords } from "./words";

export type Locale = "zh" | "en";
type Messages = Record<string, unknown>;

const STORED = "tongping.locale";

export function makeI18n(own: { zh: Messages; en: Messages }) {
  const i18n = createI18n({
    legacy: false,
    locale: firstLocale(),
    fallbackLocale: "zh",
    messages: {
      zh: { ...zh, ...fieldWords(0), error: errors(0), ...own.zh },
      en: { ...en, ...fieldWords(1), error: errors(1), ...own.en },
    },
  });
  markPage(firstLocale());
  return i18n;
}

/** Remember the language and tell the page's readers (fonts, screen readers) about it. */
export function markPage(locale: Locale): void {
  document.documentElement.lang = locale === "zh" ? "zh-CN" : "en";
  try {
    localStorage.setItem(STORED, locale);
  } catch {
    // a browser that keeps nothing still shows the page
  }
}

function firstLocale(): Locale {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked === "zh" || asked === "en") return asked;
  try {
    return localStorage.getItem(STORED) === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

function errors(index: 0 | 1): Record<string, string> {
  return Object.fromEntries(Object.entries(ERRORS).map(([code, pair]) => [code, pair[index]]));
}
