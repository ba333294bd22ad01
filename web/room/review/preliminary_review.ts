// The state of the review: the table of the present stage, a fail that waits for its reason, and the acts of a member.
import { defineStore } from "pinia";
import { GROUNDS } from "../../shared/i18n/review.words";
import type { Bidder } from "../../shared/model";
import type { ReviewItem, RoomReview } from "../../shared/review";
import { foldTable, markBody, markKey, type Table, tableDigest, unmarked } from "./review_table";
import { useRoom } from "../room";

export const REVIEW_STAGES: readonly string[] = ["PRELIM_FORM", "PRELIM_QUAL", "PRELIM_RESP"];
/** The stages where motions to reject can be made and voted on. */
export const REJECTING: readonly string[] = [...REVIEW_STAGES, "PRELIM_DONE", "DETAILED"];

type PreliminaryReviewState = { failing: string; reasons: Record<string, string | undefined> };

export const usePreliminaryReview = defineStore("preliminary-review", {
  state: (): PreliminaryReviewState => ({ failing: "", reasons: {} }),

  getters: {
    view: (): RoomReview | undefined => useRoom().view?.review,
    stage: (): string => useRoom().stage,
    bidders: (): Bidder[] => useRoom().view?.bidders ?? [],
    items(): ReviewItem[] {
      return (this.view?.items ?? []).filter((item) => item.stage === this.stage);
    },
    table(): Table {
      const room = useRoom();
      return foldTable(room.entries, room.view?.label ?? this.stage);
    },
    left(): { bidder: string; item: string }[] {
      return unmarked(this.table, this.bidders, this.items);
    },
    total(): number {
      return this.bidders.length * this.items.length;
    },
    open(): boolean {
      const room = useRoom();
      return (
        REVIEW_STAGES.includes(this.stage) && this.table.lockedAt === 0 && !room.still && room.progress?.forked !== true
      );
    },
    /** The decisions awaited from this member: votes on motions, on competition, on answers. */
    waiting(): number {
      const view = this.view;
      if (!view || !REJECTING.includes(this.stage)) return 0;
      const motions = view.rejections.filter(
        (one) => one.mine === undefined && ["RAISED", "DEBATED"].includes(one.state),
      );
      const answers = view.clarifications.filter(
        (one) => one.mine === undefined && one.state === "ANSWERED" && one.readable,
      );
      const settled = view.rejections.every((one) => !["RAISED", "DEBATED"].includes(one.state));
      const competing =
        view.competition.asked &&
        view.competition.mine === undefined &&
        settled &&
        ["PRELIM_DONE", "DETAILED"].includes(this.stage);
      return motions.length + answers.length + Number(competing);
    },
  },

  actions: {
    async pass(bidder: string, item: string): Promise<void> {
      if (!this.open) return;
      this.failing = "";
      if (this.table.marks.get(markKey(bidder, item))?.passed) return;
      await useRoom().write("review-marked", markBody(bidder, item, true, ""));
    },

    /** A fail is written with its reason; until then the cell waits for it. */
    beginFail(bidder: string, item: string): void {
      if (!this.open) return;
      const key = markKey(bidder, item);
      const known = this.table.marks.get(key);
      this.failing = known && !known.passed ? "" : key;
      this.reasons[key] ??= known?.reason ?? "";
    },

    async fail(bidder: string, item: string): Promise<void> {
      const key = markKey(bidder, item);
      const reason = (this.reasons[key] ?? "").trim();
      if (!this.open || reason === "") return;
      await useRoom().write("review-marked", markBody(bidder, item, false, reason));
      if (this.failing === key) this.failing = "";
    },

    async lock(): Promise<void> {
      await useRoom().writeAndWait("review-locked", {
        stage: this.stage,
        table_digest: await tableDigest(this.table, this.stage),
      });
    },

    finishReading(): Promise<void> {
      return useRoom().writeAndWait("reading-finished", {});
    },

    raise(bidder: string, ground: string, evidence: string): Promise<void> {
      const number = this.view?.numbers.rejection ?? 1;
      return useRoom().writeAndWait("rejection-raised", { number, bidder, ground, evidence });
    },

    vote(rejection: string, upheld: boolean, reason: string): Promise<void> {
      return useRoom().writeAndWait("rejection-voted", reason ? { rejection, upheld, reason } : { rejection, upheld });
    },

    voteCompetition(competitive: boolean, reason: string): Promise<void> {
      return useRoom().writeAndWait("competition-voted", { valid: this.view?.valid.length ?? 0, competitive, reason });
    },

    ask(question: { bidder: string; issue: string; place: string; question: string }): Promise<void> {
      return useRoom().writeAndWait("clarification-drafted", {
        number: this.view?.numbers.clarification ?? 1,
        ...question,
      });
    },

    judge(clarification: string, accepted: boolean, reason: string): Promise<void> {
      return useRoom().writeAndWait(
        "answer-judged",
        reason ? { clarification, accepted, reason } : { clarification, accepted },
      );
    },
  },
});

/** The legal grounds on which a member may move; a price over the control price is moved by the rules themselves. */
export const GROUND_CODES: readonly string[] = Object.keys(GROUNDS);
