// The time shown and recorded: the node's clock as far as answers show it, always displayed in Beijing time.

let offset = 0;

/** Adopt the node's clock from the Date header of an answer; in whole seconds, so small differences are ignored. */
export function learnClock(date: string | null, receivedAt = Date.now()): void {
  const server = Date.parse(date ?? "");
  if (Number.isNaN(server)) return;
  const difference = server + 500 - receivedAt;
  offset = Math.abs(difference) < 2000 ? 0 : difference;
}

export function now(): Date {
  return new Date(Date.now() + offset);
}

/** RFC 3339 in UTC with milliseconds, the records' format. */
export function instant(moment: Date): string {
  return moment.toISOString();
}

const parts = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", hourCycle: "h23", ...options });
const clockFormat = parts({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayFormat = parts({ year: "numeric", month: "2-digit", day: "2-digit" });

/** 14:03:22 in Beijing. */
export function clockTime(moment: Date | string): string {
  return clockFormat.format(new Date(moment));
}

/** 2026-11-23 14:03:22 in Beijing. */
export function fullTime(moment: Date | string): string {
  const date = new Date(moment);
  return `${dayFormat.format(date)} ${clockFormat.format(date)}`;
}

/** How long since, as mm:ss or h:mm:ss. */
export function elapsed(since: string, at: Date): string {
  const seconds = Math.max(0, Math.floor((at.getTime() - Date.parse(since)) / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = `${String(m).padStart(2, "0")}:${String(s).padStart(2, "0")}`;
  return h > 0 ? `${h}:${tail}` : tail;
}
