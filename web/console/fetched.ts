// Asks the node for one thing repeatedly while the page is open.
import { onMounted, onUnmounted, ref, type Ref, shallowRef, watch } from "vue";
import { answered } from "../shared/api/client";
import { type Refusal, refusalOf } from "../shared/problems";

export type Fetched<T> = { data: Ref<T | undefined>; trouble: Ref<Refusal | undefined>; load: () => Promise<void> };

/** `about` names what is asked for and may change (another session); the answer is fetched anew every `seconds`. */
export function useFetched<T>(
  ask: () => Promise<{ data?: T }>,
  seconds = 5,
  about: () => string = () => "",
): Fetched<T> {
  const data = shallowRef<T>();
  const trouble = ref<Refusal>();
  let timer: ReturnType<typeof setInterval>;

  async function load(): Promise<void> {
    const asked = about();
    try {
      const found = await answered(ask());
      if (asked !== about()) return;
      data.value = found;
      trouble.value = undefined;
    } catch (error) {
      trouble.value = refusalOf(error);
    }
  }

  watch(about, () => {
    data.value = undefined;
    void load();
  });
  onMounted(() => {
    void load();
    timer = setInterval(() => void load(), seconds * 1000);
  });
  onUnmounted(() => clearInterval(timer));
  return { data, trouble, load };
}
