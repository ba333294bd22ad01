// Where things stand, for the pages of the console: the name of a background work, whether guests' names are still to come.
type Words = (key: string, values?: Record<string, string>) => string;

const WORKS = ["log", "publish", "anchor", "webhook", "workflow"];

/** "outbox-XA" is 发往西安的消息; a work without a name in words keeps its own. */
export function workName(name: string, city: (code: string) => string, t: Words): string {
  const peer = /^outbox-([A-Z]{2,4})$/.exec(name)?.[1];
  if (peer) return t("centre.works.outbox", { city: city(peer) });
  return WORKS.includes(name) ? t(`centre.works.${name}`) : name;
}

/** Until the check-in is over nobody here knows who sits on a guest's seat. */
export function namesToCome(stage: string | null | undefined): boolean {
  return !stage || ["PREPARED", "CHECK_IN"].includes(stage);
}
