// How far the proof of a session's report has come, asked of the public pages of this very centre.
import { get } from "../shared/api";
import { fullTime } from "../shared/clock";
import type { Cockpit, DocumentProof } from "../shared/model";
import type { Rung } from "../shared/ui/parts";

type Words = (key: string, values?: Record<string, string | number>) => string;

export async function proofOf(report: Cockpit["report"]): Promise<DocumentProof | undefined> {
  const digest = report?.sealed_digest;
  if (!digest) return undefined;
  return get<DocumentProof>(`/explorer/api/documents/${digest.replace("sha256:", "")}`).catch(() => undefined);
}

/** The rungs with their evidence; what the public pages do not say yet is not claimed. */
export function rungs(session: string, report: Cockpit["report"], proof: DocumentProof | undefined, t: Words): Rung[] {
  const anchored = Boolean(proof?.transaction);
  const found: Rung[] = [
    { id: "received", reached: Boolean(report?.sealed_digest), href: `/evaluations/${session}`, ...(proof ? { detail: fullTime(proof.sealed_at) } : {}) },
    { id: "sequenced", reached: proof !== undefined, ...(proof ? { detail: t("ladder.entry", { n: proof.index }), href: `/records/${proof.index}` } : {}) },
    { id: "anchored", reached: anchored, ...(proof && anchored ? { detail: t("ladder.block", { n: proof.block }), href: `/checkpoints/${proof.size}` } : {}) },
  ];
  if (proof?.witnesses) {
    found.push({ id: "cosigned", reached: proof.witnesses.length > 0, detail: t("ladder.cosigners", { n: proof.witnesses.length }), href: `/checkpoints/${proof.size}` });
  }
  return found;
}
