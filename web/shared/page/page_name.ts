// The page's name in the browser's tab, and the link past its menus for keyboards.
import { watchEffect } from "vue";
import { useI18n } from "vue-i18n";

export function usePageName(place: "room" | "console"): void {
  const { t } = useI18n({ useScope: "global" });
  watchEffect(() => (document.title = `${t(`signIn.${place}`)} · ${t("app.name")}`));
}

export function skipToContent(): void {
  document.getElementById("content")?.focus();
}
