// Texts of the cockpit: who blocks, what helps, and which step the operator may take now.
import { useI18n } from "vue-i18n";
import type { Cockpit, Waiting } from "../../shared/api/answers";
import { useCentres } from "../centres";

export function useCockpitWords() {
  const { t } = useI18n({ useScope: "global" });
  const centres = useCentres();

  /** "JN-1" is 济南·席位 1, "centre XA" is 西安, anything else the committee. */
  function who(name: string): string {
    const seat = /^([A-Z]{2,4})-(\d+)$/.exec(name);
    if (seat) return t("cockpit.seatOf", { city: centres.short(seat[1] ?? ""), n: seat[2] ?? "" });
    const centre = /^centre ([A-Z]{2,4})$/.exec(name);
    return centre ? centres.short(centre[1] ?? "") : t("cockpit.committee");
  }

  /** What the operator can do about it. */
  function help(waiting: Waiting): string {
    const code = /([A-Z]{2,4})(?:-\d+)?$/.exec(waiting.who)?.[1];
    const here = code === undefined || code === centres.code;
    const known = [
      "seat-not-bound",
      "undertaking-missing",
      "recused",
      "sheet-not-locked",
      "consent-missing",
      "signature-missing",
      "rollback-not-acknowledged",
      "reading-not-finished",
      "review-not-locked",
      "rejection-vote-missing",
      "competition-vote-missing",
      "answer-not-judged",
      "correction-not-confirmed",
      "clarification-open",
      "ballot-missing",
      "score-fault",
      "warning-not-acknowledged",
      "correction-missing",
    ];
    if (!here) return t("cockpit.help.call", { city: centres.short(code) });
    return t(known.includes(waiting.what) ? `cockpit.help.${waiting.what}` : "cockpit.help.automatic");
  }

  function author(name: string): string {
    return who(name.replace(/^seat:/, "").replace(/^centre:/, "centre "));
  }

  return { who, help, author };
}

/** The blockers grouped by what is missing, the longest wait first. */
export function gathered(cockpit: Cockpit): { what: string; since: string; rows: Waiting[] }[] {
  const byWhat = new Map<string, Waiting[]>();
  for (const one of cockpit.next?.waiting_for ?? []) byWhat.set(one.what, [...(byWhat.get(one.what) ?? []), one]);
  return Array.from(byWhat, ([what, rows]) => ({ what, rows, since: rows.map((row) => row.since).sort()[0] ?? "" }));
}

/** The instant of a typed Beijing time, with or without seconds. */
export function utc(text: string): string {
  return new Date(`${text.length === 16 ? `${text}:00` : text}+08:00`).toISOString();
}
