// The width of an element and whether the window is narrow, kept up to date.
import { onMounted, onUnmounted, ref, type Ref, watch } from "vue";

export function useWidth(element: Ref<HTMLElement | undefined>): Ref<number> {
  const width = ref(0);
  let timer: ReturnType<typeof setTimeout>;
  const observer = new ResizeObserver(([entry]) => {
    clearTimeout(timer);
    timer = setTimeout(() => (width.value = Math.floor(entry?.contentRect.width ?? 0)), width.value ? 120 : 0);
  });
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before);
      if (now) observer.observe(now);
    },
    { immediate: true },
  );
  onUnmounted(() => {
    clearTimeout(timer);
    observer.disconnect();
  });
  return width;
}

/** True while the window is narrower than this many pixels. */
export function useNarrow(pixels: number): Ref<boolean> {
  const query = window.matchMedia(`(max-width: ${pixels - 0.02}px)`);
  const narrow = ref(query.matches);
  const update = () => (narrow.value = query.matches);
  onMounted(() => query.addEventListener("change", update));
  onUnmounted(() => query.removeEventListener("change", update));
  return narrow;
}
