// Reads one address of the node repeatedly while the page is open.
import { onMounted, onUnmounted, ref, type Ref, shallowRef, watch } from "vue";
import { get } from "../shared/api";
import { type Refusal, refusalOf } from "../shared/problems";

export type Fetched<T> = { data: Ref<T | undefined>; trouble: Ref<Refusal | undefined>; load: () => Promise<void> };

/** `path` may change (another session); the answer is fetched anew every `seconds`. */
export function useFetched<T>(path: () => string, seconds = 5): Fetched<T> {
  const data = shallowRef<T>();
  const trouble = ref<Refusal>();
  let timer: ReturnType<typeof setInterval>;

  async function load(): Promise<void> {
    const asked = path();
    try {
      const found = await get<T>(asked);
      if (asked !== path()) return;
      data.value = found;
      trouble.value = undefined;
    } catch (error) {
      trouble.value = refusalOf(error);
    }
  }

  watch(path, () => {
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
