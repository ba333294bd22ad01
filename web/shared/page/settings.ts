// Text size and language of this browser, shared by every page.
import { defineStore } from "pinia";
import { useI18n } from "vue-i18n";
import { computed, ref } from "vue";
import { type Locale, markPage } from "../i18n";

/** 适老化: the last step makes 16 px into 20 px. */
const SCALES = [1, 1.125, 1.25];
const STORED = "tongping.scale";
let basePixels = 16;

/** The application's own text size at normal scale: 16 px in the room, 14 px in the console. */
export function useBaseSize(pixels: number): void {
  basePixels = pixels;
  apply(stored());
}

function stored(): number {
  const step = Number(localStorage.getItem(STORED) ?? "0");
  return step in SCALES ? step : 0;
}

function apply(step: number): void {
  document.documentElement.style.fontSize = `${basePixels * (SCALES[step] ?? 1)}px`;
  document.documentElement.dataset.scale = String(step);
}

export const useScale = defineStore("scale", () => {
  const step = ref(stored());
  const change = (by: number) => {
    step.value = Math.min(SCALES.length - 1, Math.max(0, step.value + by));
    localStorage.setItem(STORED, String(step.value));
    apply(step.value);
  };
  return {
    step,
    canGrow: computed(() => step.value < SCALES.length - 1),
    canShrink: computed(() => step.value > 0),
    larger: () => change(1),
    smaller: () => change(-1),
  };
});

export function useLanguage() {
  const { locale } = useI18n({ useScope: "global" });
  const switchTo = (to: Locale) => {
    locale.value = to;
    markPage(to);
  };
  return {
    locale: computed(() => locale.value as Locale),
    toggle: () => switchTo(locale.value === "zh" ? "en" : "zh"),
  };
}

/** The city in a centre's full name: 济南公共资源交易中心 is 济南. */
export function city(name: string): string {
  return name
    .replace(/市?公共资源交易(?:中心|服务中心).*$/, "")
    .replace(/ (?:public resource )?trading cent(?:re|er).*$/i, "");
}

/** The name in the page's language of anything that carries both. */
export function useNames() {
  const { locale } = useI18n({ useScope: "global" });
  const zh = computed(() => locale.value === "zh");
  return {
    name: (thing: { name_zh: string; name_en: string } | undefined) =>
      thing ? (zh.value ? thing.name_zh : thing.name_en) : "",
    short: (thing: { name_zh: string; name_en: string } | undefined) =>
      thing ? city(zh.value ? thing.name_zh : thing.name_en) : "",
    title: (thing: { title: string; title_en?: string } | undefined) =>
      thing ? (zh.value ? thing.title : (thing.title_en ?? thing.title)) : "",
  };
}
