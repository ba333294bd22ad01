// The state of the review: the table of the present stage, a fail that waits for its reason, and the acts of a member.
import { defineStore } from "pinia";
import { GROUNDS } from "../../shared/i18n/review.words";
import type { Bidder } from "../../shared/api/answers";
import type { ReviewItem, RoomReview } from "../../shared/api/answers";
import { type Refusal, refusalOf } from "../../shared/problems";
import { LONGEST_REASON } from "../../shared/typed/faults";
import { readText } from "../../shared/typed/text";
import { foldTable, markBody, markKey, type Table, tableDigest, unmarked } from "./review_table";
import type { Part } from "../drafts";
import { useRoom, type Withdrawn } from "../room";

export const REVIEW_STAGES: readonly string[] = ["PRELIM_FORM", "PRELIM_QUAL", "PRELIM_RESP"];
/** The stages where motions to reject can be made and voted on. */
export const REJECTING: readonly string[] = [...REVIEW_STAGES, "PRELIM_DONE", "DETAILED"];

/** An act of a member. `id`: the motion or the question it is about; `against`: a vote against, an answer not accepted. */
export type Matter = { what: "raise" | "ask" | "vote" | "compete" | "judge"; id: string; against: boolean };

type PreliminaryReviewState = {
  /** The cell whose failure waits for its reason. */
  failing: string;
  reasons: Record<string, string | undefined>;
  /** Why a mark was not taken, until it is marked again. */
  refusals: Record<string, Refusal | undefined>;
};

export const usePreliminaryReview = defineStore("preliminary-review", {
  state: (): PreliminaryReviewState => ({ failing: "", reasons: {}, refusals: {} }),

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
    /** Cells in which something stands that is not written: a failure without its reason, a changed one, a refusal. */
    unwritten(): { bidder: string; item: string }[] {
      const changed = Object.entries(this.reasons).filter(([key, text]) => {
        const known = this.table.marks.get(key);
        return known && !known.passed && text !== undefined && text.trim() !== known.reason;
      });
      const refused = Object.keys(this.refusals);
      const keys = new Set([...changed.map(([key]) => key), ...refused, ...(this.failing ? [this.failing] : [])]);
      return Array.from(keys, (key) => {
        const at = key.indexOf("/");
        return { bidder: key.slice(0, at), item: key.slice(at + 1) };
      });
    },
    open(): boolean {
      const room = useRoom();
      return (
        room.ready &&
        REVIEW_STAGES.includes(this.stage) &&
        this.table.lockedAt === 0 &&
        !room.still &&
        room.progress?.forked !== true
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
      const key = markKey(bidder, item);
      this.failing = "";
      if (this.table.marks.get(key)?.passed && !this.refusals[key]) return;
      useRoom().drafts()?.forget("fail-reason", key);
      await this.mark(bidder, item, true, "");
    },

    /** A fail is written with its reason; until then the cell waits for it. */
    beginFail(bidder: string, item: string): void {
      if (!this.open) return;
      const key = markKey(bidder, item);
      const known = this.table.marks.get(key);
      this.failing = known && !known.passed ? "" : key;
      this.reasons[key] ??= known?.reason ?? "";
    },

    typeReason(key: string, text: string): void {
      this.reasons[key] = text;
      this.keep("fail-reason", key, text);
    },

    async fail(bidder: string, item: string): Promise<void> {
      const key = markKey(bidder, item);
      const read = readText(this.reasons[key] ?? "", LONGEST_REASON);
      if (!this.open || "fault" in read || read.text === "") return;
      await this.mark(bidder, item, false, read.text);
      if (this.refusals[key]) return;
      useRoom().drafts()?.forget("fail-reason", key);
      if (this.failing === key) this.failing = "";
    },

    /** Kept in this browser before it is signed; what cannot be written is told at the cell. */
    async mark(bidder: string, item: string, passed: boolean, reason: string): Promise<void> {
      const [room, key] = [useRoom(), markKey(bidder, item)];
      const part = passed ? "passed" : "failed";
      Reflect.deleteProperty(this.refusals, key);
      this.keep(part, key, reason);
      try {
        await room.write("review-marked", markBody(bidder, item, passed, reason));
      } catch (error) {
        this.refusals[key] = refusalOf(error);
      } finally {
        room.drafts()?.forget(part, key);
      }
    },

    keep(part: Part, key: string, text: string): void {
      const after = this.table.marks.get(key)?.seq ?? 0;
      useRoom().drafts()?.keep({ part, cell: key, text, after });
    },

    /** What the own centre did not take: the cell says so; what only stood behind it in the chain is written again. */
    async takeBack({ refusal, entries }: Withdrawn): Promise<void> {
      for (const entry of entries.filter((one) => one.kind === "review-marked")) {
        const body = entry.body as { bidder: string; item: string; passed: boolean; reason?: string };
        const key = markKey(body.bidder, body.item);
        if (body.reason) this.reasons[key] = body.reason;
        if (entry === entries[0]) this.refusals[key] = refusal;
        else await this.mark(body.bidder, body.item, body.passed, body.reason ?? "");
      }
    },

    /** What a page that closed at once had left: shown again, and written where it can be. */
    async restore(): Promise<void> {
      for (const { part, cell, text, after } of useRoom().drafts()?.all() ?? []) {
        const [bidder, item] = [cell.slice(0, cell.indexOf("/")), cell.slice(cell.indexOf("/") + 1)];
        if ((this.table.marks.get(cell)?.seq ?? 0) > after) useRoom().drafts()?.forget(part, cell);
        else if (part === "passed" || part === "failed") await this.mark(bidder, item, part === "passed", text);
        else if (part === "fail-reason") {
          this.reasons[cell] ??= text;
          this.failing ||= cell;
        }
      }
    },

    /** Another room or stage must not show what was typed in this one; the drafts stay for the way back. */
    close(): void {
      [this.failing, this.reasons, this.refusals] = ["", {}, {}];
    },

    async lock(): Promise<void> {
      const [room, stage] = [useRoom(), this.stage];
      await room.writeAndWait("review-locked", { stage, table_digest: await tableDigest(this.table, stage) });
      room.drafts()?.clear();
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
