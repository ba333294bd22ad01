// One action of a page: busy while it runs, its refusal kept for the page to show.
import { ref } from "vue";
import { type Refusal, refusalOf } from "./problems";

/** `act` returns whether it succeeded. */
export function useAct() {
  const busy = ref(false);
  const refusal = ref<Refusal>();
  async function act(what: () => Promise<unknown>): Promise<boolean> {
    busy.value = true;
    refusal.value = undefined;
    try {
      await what();
      return true;
    } catch (error) {
      refusal.value = refusalOf(error);
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, refusal, act };
}
