// The subject of an alarm in words: its stable form turned into the names people use.
import type { Alarm } from "../../shared/api/answers";
import { workName } from "./background_works";

type Words = (key: string, values?: Record<string, string>) => string;
type City = (code: string) => string;

const ORIGIN = /^([a-z]{2,4})\.tongping$/;
const ISSUER = /^(.+)-issuer-\d+$/;

/** "log:xa.tongping" is 西安的账本; a subject without a name is shown unchanged. */
export function subjectOf(alarm: Alarm, city: City, t: Words): string {
  const at = alarm.subject.indexOf(":");
  const kind = at < 0 ? alarm.subject : alarm.subject.slice(0, at);
  const what = at < 0 ? "" : alarm.subject.slice(at + 1);
  switch (kind) {
    case "log":
    case "head":
      return t(`alarms.subject.${kind}`, { who: city((ORIGIN.exec(what)?.[1] ?? what).toUpperCase()) });
    case "project":
      return what === "-" ? t("alarms.subject.own") : t("alarms.subject.project", { what });
    case "room": {
      const cut = what.indexOf("/");
      return t("alarms.subject.room", { what: what.slice(0, cut), who: speaker(what.slice(cut + 1), city) });
    }
    case "entries":
      return t("alarms.subject.entries", { what: what.replace("-", "–") });
    case "checkpoint":
    case "proposal":
      return t(`alarms.subject.${kind}`, { what });
    case "registry":
      return t("alarms.subject.registry");
    case "key":
      return keyName(what, city, t);
    case "work":
      return t("alarms.subject.work", { what: workOf(what, city, t) });
    case "clock":
      return what === "" ? t("alarms.subject.clock") : t("alarms.subject.clockOf", { who: city(what) });
    case "storage":
      return t("alarms.subject.storage", { what: t(`alarms.subject.folders.${what}`) });
    default:
      return alarm.subject;
  }
}

/** "workflow/E37…-1" is 流程推进 · E37…-1. */
function workOf(what: string, city: City, t: Words): string {
  const [follower = "", ...about] = what.split("/");
  return [workName(follower, city, t), ...about].join(" · ");
}

function speaker(author: string, city: City): string {
  return city(author.replace(/^(seat|centre):/, ""));
}

function keyName(name: string, city: City, t: Words): string {
  const registry = /^registry-([A-Z]{2,4})$/.exec(name)?.[1];
  if (registry) return t("alarms.subject.keys.registry", { who: city(registry) });
  const issued = ISSUER.exec(name)?.[1];
  if (issued) return t("alarms.subject.keys.issuer", { what: keyName(issued, city, t) });
  const use = /^certificate-(seal|timestamps)$/.exec(name)?.[1];
  return use ? t(`alarms.subject.keys.${use}`) : name;
}

/** The more serious first, then the older. */
export function sorted(alarms: Alarm[]): Alarm[] {
  const rank = (one: Alarm) => (one.severity === "critical" ? 0 : 1);
  return [...alarms].sort((a, b) => rank(a) - rank(b) || a.entry - b.entry);
}
