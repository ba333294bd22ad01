// The names of a centre's background work, in words.
type Words = (key: string, values?: Record<string, string>) => string;

const WORKS = ["log", "publish", "anchor", "webhook", "workflow"];

/** "outbox-XA" is 发往西安的消息; a work without a name is shown unchanged. */
export function workName(name: string, city: (code: string) => string, t: Words): string {
  const peer = /^outbox-([A-Z]{2,4})$/.exec(name)?.[1];
  if (peer) return t("centre.works.outbox", { city: city(peer) });
  return WORKS.includes(name) ? t(`centre.works.${name}`) : name;
}
