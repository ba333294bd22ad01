// One clock for the whole page: a moment updated every second.
import { ref } from "vue";
import { now } from "./clock";

const moment = ref(now());
let running = false;

/** The present, updated every second. */
export function useTicking() {
  if (!running) {
    running = true;
    setInterval(() => (moment.value = now()), 1000);
  }
  return moment;
}
