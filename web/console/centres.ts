// The names of the own centre and its neighbours, read once for all pages of the console.
import { defineStore } from "pinia";
import { computed, ref } from "vue";
import { answered, node } from "../shared/api/client";
import { useAccess } from "../shared/access";
import type { Centre, OwnCentre } from "../shared/api/answers";
import { useNames } from "../shared/page/settings";

export const useCentres = defineStore("centres", () => {
  const access = useAccess();
  const names = useNames();
  const own = ref<OwnCentre>();
  const code = computed(() => access.me?.centre.code ?? "");
  const known = computed<Centre[]>(() => [...(access.me ? [access.me.centre] : []), ...(own.value?.peers ?? [])]);
  const operates = computed(() => access.me?.role === "operator");

  async function load(): Promise<void> {
    own.value = await answered(node.GET("/api/v1/centre"));
  }

  function short(wanted: string): string {
    const centre = known.value.find((one) => one.code === wanted);
    return centre ? names.short(centre) : wanted;
  }

  /** The centres that may cosign this centre's checkpoints. */
  const others = computed(() => (own.value?.peers ?? []).map((one) => ({ code: one.code, name: names.short(one) })));

  return { own, code, known, others, operates, load, short };
});
