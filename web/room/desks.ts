// Which desk the room shows: one table from stages to desks, preceded by check-in, standstill and the end.
import type { Component } from "vue";
import ElectionDesk from "./briefing/ElectionDesk.vue";
import Undertaking from "./briefing/Undertaking.vue";
import CheckIn from "./checkin/CheckIn.vue";
import ReviewDesk from "./review/ReviewDesk.vue";
import ScoreCheckDesk from "./scoring/ScoreCheckDesk.vue";
import ScoringDesk from "./scoring/ScoringDesk.vue";
import SealedReport from "./signing/SealedReport.vue";
import SigningDesk from "./signing/SigningDesk.vue";
import { type DeskName, FILLING } from "./stage_desks";
import WaitingHall from "./WaitingHall.vue";

const DESKS: Record<DeskName, Component> = {
  "check-in": CheckIn,
  undertaking: Undertaking,
  election: ElectionDesk,
  review: ReviewDesk,
  scoring: ScoringDesk,
  "score-check": ScoreCheckDesk,
  signing: SigningDesk,
  sealed: SealedReport,
  waiting: WaitingHall,
};

/** The desk's page, and whether it fills a wide window instead of scrolling with it. */
export function deskPage(name: DeskName): { page: Component; fills: boolean } {
  return { page: DESKS[name], fills: FILLING.includes(name) };
}
