// How far the proof of a session's report has come, read from this centre's own public pages.
import { answered, node } from "../../shared/api/client";
import { fullTime } from "../../shared/page/clock";
import type { Cockpit, DocumentProof } from "../../shared/api/answers";
import type { Rung } from "../../shared/ui/part_types";

type Words = (key: string, values?: Record<string, string | number>) => string;

export async function proofOf(report: Cockpit["report"]): Promise<DocumentProof | undefined> {
  const digest = report?.sealed_digest;
  if (!digest) return undefined;
  return answered(
    node.GET("/explorer/api/v1/documents/{digest}", { params: { path: { digest: digest.replace("sha256:", "") } } }),
  ).catch(() => undefined);
}

/** Another centre that may cosign: its code and its name on the page. */
export type Other = { code: string; name: string };

/** The rungs with their evidence; nothing is shown that the public pages do not state yet. */
export function rungs(
  session: string,
  report: Cockpit["report"],
  proof: DocumentProof | undefined,
  others: Other[],
  t: Words,
): Rung[] {
  const sealed = Boolean(report?.sealed_digest);
  const anchored = Boolean(proof?.transaction);
  return [
    {
      id: "received",
      reached: sealed,
      ...(sealed ? { href: `/evaluations/${session}` } : {}),
      ...(proof ? { detail: fullTime(proof.sealed_at) } : {}),
    },
    {
      id: "sequenced",
      reached: proof !== undefined,
      ...(proof ? { detail: t("ladder.entry", { n: proof.index }), href: `/records/${proof.index}` } : {}),
    },
    {
      id: "anchored",
      reached: anchored,
      ...(proof && anchored
        ? { detail: t("ladder.block", { n: proof.block }), href: `/checkpoints/${proof.size}` }
        : {}),
    },
    cosigned(anchored ? proof : undefined, others, t),
  ];
}

/** Reached when every other centre has cosigned; until then it shows how many did and which are missing. */
function cosigned(proof: DocumentProof | undefined, others: Other[], t: Words): Rung {
  const missing = others.filter((one) => !proof?.witnesses.includes(one.code));
  const count = { n: others.length - missing.length, all: others.length };
  const reached = others.length > 0 && missing.length === 0;
  if (others.length === 0) return { id: "cosigned", reached };
  if (!proof) return { id: "cosigned", reached, detail: t("ladder.cosigners", count) };
  const centres = missing.map((one) => one.name).join(t("ladder.between"));
  const detail = reached ? t("ladder.cosigners", count) : t("ladder.cosigning", { ...count, centres });
  return { id: "cosigned", reached, detail, href: `/checkpoints/${proof.size}` };
}
