// Input types of the shared parts: the marks of states, the hops of the line, the rungs of the ladder.
import type { Link } from "../api/answers";

export type MarkKind =
  | "connected"
  | "reconnecting"
  | "down"
  | "saved"
  | "draft"
  | "abstained"
  | "empty"
  | "done"
  | "waiting"
  | "bad"
  | "lock"
  | "here";

/** One centre on the line, with the role it has for this seat (own centre, host, guest). */
export type Hop = { code: string; name: string; note: string; link: Link };

export type Rung = {
  id: "received" | "sequenced" | "anchored" | "cosigned";
  reached: boolean;
  detail?: string;
  href?: string;
};
