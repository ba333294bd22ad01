// Which desk a stage shows: one table, and the function that reads it.

export type DeskName =
  "check-in" | "undertaking" | "election" | "review" | "scoring" | "score-check" | "signing" | "sealed" | "waiting";

/** The desks with panes side by side: they fill the window. */
export const FILLING: readonly DeskName[] = ["review", "scoring", "signing"];

/** Every stage of the line. Interruptions and ends are missing here: they keep the stage they interrupted (`room.stage`). */
export const DESK_OF_STAGE: Readonly<Record<string, DeskName>> = {
  PREPARED: "waiting",
  CHECK_IN: "waiting",
  BRIEFING: "undertaking",
  ELECTING: "election",
  READING: "review",
  PRELIM_FORM: "review",
  PRELIM_QUAL: "review",
  PRELIM_RESP: "review",
  PRELIM_DONE: "review",
  DETAILED: "scoring",
  PRICE: "waiting",
  SCORE_CHECK: "score-check",
  AGGREGATED: "waiting",
  RECOMMENDED: "waiting",
  REPORT_DRAFT: "waiting",
  SIGNING: "signing",
  SEALED: "sealed",
  CLOSED: "sealed",
};

export type Place = {
  /** The stage of the line, and whether the session ended in it early. */
  stage: string;
  ended: boolean;
  /** Nobody works now. */
  still: boolean;
  checkedIn: boolean;
  undertaken: boolean;
  recused: boolean;
  /** The tender has a preliminary review to show. */
  reviewed: boolean;
};

/** The desk of this seat now. */
export function deskOf(place: Place): DeskName {
  const desk = DESK_OF_STAGE[place.stage] ?? "waiting";
  if (desk === "sealed" && !place.ended) return desk;
  if (place.ended || place.stage === "PREPARED") return "waiting";
  if (!place.checkedIn) return "check-in";
  if (place.recused) return "waiting";
  // during a standstill the sheet stays open to read; all other work waits
  if (place.still && desk !== "scoring") return "waiting";
  if (desk === "undertaking" && place.undertaken) return "waiting";
  if (desk === "review" && !place.reviewed) return "waiting";
  return desk;
}
