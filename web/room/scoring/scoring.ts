// The score form as it is used: the active cell, what is typed and not yet written, and moving as in a spreadsheet.
import { defineStore } from "pinia";
import { nextTick } from "vue";
import type { Bidder, Item } from "../../shared/model";
import { points } from "../../shared/numbers";
import { useRoom } from "../room";
import { type Cell, cellKey, type CellState, cellState, type Fault, missing, readScore } from "./score_sheet";

/** A pause this long while typing writes the score by itself. */
const AUTOSAVE_MS = 2500;
const timers = new Map<string, ReturnType<typeof setTimeout>>();
/** Scores on their way into the chain: leaving a cell must not write the same score once more. */
const writing = new Map<string, number>();

type ScoringState = {
  active: { bidder: string; item: string };
  typed: Record<string, string | undefined>;
  reasons: Record<string, string | undefined>;
  abstaining: boolean;
};

export const useScoring = defineStore("scoring", {
  state: (): ScoringState => ({ active: { bidder: "", item: "" }, typed: {}, reasons: {}, abstaining: false }),

  getters: {
    bidders: (): Bidder[] => {
      const view = useRoom().view;
      const valid = useRoom().stage === "DETAILED" ? view?.review?.valid : undefined;
      return (view?.bidders ?? []).filter((bidder) => valid?.includes(bidder.id) !== false);
    },
    items: (): Item[] => useRoom().view?.items ?? [],
    open(): boolean {
      const room = useRoom();
      return room.stage === "DETAILED" && !room.still && room.sheet.lockedAt === 0 && room.progress?.forked !== true;
    },
    left(): { bidder: string; item: string }[] {
      return missing(useRoom().sheet, this.bidders, this.items);
    },
    total(): number {
      return this.bidders.length * this.items.length;
    },
    wrong(): number {
      const wrong = Object.entries(this.typed).filter(([key, text]) => {
        const rule = this.items.find((item) => item.id === split(key)[1]);
        return rule && cellState(undefined, 0, text, rule) === "wrong";
      });
      return wrong.length;
    },
  },

  actions: {
    cell(bidder: string, item: string): Cell | undefined {
      return useRoom().sheet.cells.get(cellKey(bidder, item));
    },

    itemOf(id: string): Item | undefined {
      return this.items.find((one) => one.id === id);
    },

    stateOf(bidder: string, item: string): CellState {
      const rule = this.itemOf(item);
      if (!rule) return "empty";
      return cellState(this.cell(bidder, item), useRoom().acked, this.typed[cellKey(bidder, item)], rule);
    },

    faultOf(bidder: string, item: string): Fault | undefined {
      const [rule, text] = [this.itemOf(item), this.typed[cellKey(bidder, item)]];
      if (!rule || text === undefined || text.trim() === "") return undefined;
      const read = readScore(rule, text);
      return "fault" in read ? read.fault : undefined;
    },

    shown(bidder: string, item: string): string {
      const known = this.cell(bidder, item);
      return this.typed[cellKey(bidder, item)] ?? (known?.points === undefined ? "" : points(known.points));
    },

    reasonOf(bidder: string, item: string): string {
      return this.reasons[cellKey(bidder, item)] ?? this.cell(bidder, item)?.reason ?? "";
    },

    /** The reason that goes with a score: why somebody had abstained is none. */
    reasonFor(bidder: string, item: string): string {
      const known = this.cell(bidder, item);
      return (this.reasons[cellKey(bidder, item)] ?? (known?.abstained ? "" : known?.reason) ?? "").trim();
    },

    type(bidder: string, item: string, text: string): void {
      const key = cellKey(bidder, item);
      this.typed[key] = text;
      later(key, () => this.commit(bidder, item));
    },

    typeReason(bidder: string, item: string, text: string): void {
      const key = cellKey(bidder, item);
      this.reasons[key] = text;
      later(`${key} reason`, () => this.commitReason(bidder, item));
    },

    /** Write what was typed when it is a score; text that cannot be one stays visible as wrong. */
    async commit(bidder: string, item: string): Promise<void> {
      const [key, rule] = [cellKey(bidder, item), this.itemOf(item)];
      const text = this.typed[key];
      clearTimeout(timers.get(key));
      if (!rule || text === undefined || !this.open) return;
      const read = text.trim() === "" ? undefined : readScore(rule, text);
      if (read && "fault" in read) return;
      if (read && this.cell(bidder, item)?.points !== read.points && writing.get(key) !== read.points) {
        writing.set(key, read.points);
        await useRoom()
          .score(bidder, item, read.points, this.reasonFor(bidder, item))
          .finally(() => writing.delete(key));
        this.reasons[key] = undefined;
      }
      if (this.typed[key] === text) this.typed[key] = undefined;
    },

    async commitReason(bidder: string, item: string): Promise<void> {
      const [key, known, room] = [cellKey(bidder, item), this.cell(bidder, item), useRoom()];
      const text = this.reasons[key]?.trim();
      clearTimeout(timers.get(`${key} reason`));
      if (text === undefined || !known || !this.open || text === known.reason) return;
      if (known.points !== undefined) await room.score(bidder, item, known.points, text);
      else if (text) await room.abstain(bidder, item, text);
      this.reasons[key] = undefined;
    },

    async abstain(reason: string): Promise<void> {
      const { bidder, item } = this.active;
      const key = cellKey(bidder, item);
      [this.typed[key], this.reasons[key]] = [undefined, undefined];
      await useRoom().abstain(bidder, item, reason);
      this.abstaining = false;
    },

    revert(bidder: string, item: string): void {
      this.typed[cellKey(bidder, item)] = undefined;
    },

    select(bidder: string, item: string): void {
      this.active = { bidder, item };
    },

    /** Move by columns (bidders) and rows (items); past the last row the next bidder's first follows. */
    move(columns: number, rows: number): void {
      const [wide, high] = [this.bidders.length, this.items.length];
      let column = this.bidders.findIndex((one) => one.id === this.active.bidder) + columns;
      let row = this.items.findIndex((one) => one.id === this.active.item) + rows;
      if (row >= high && column + 1 < wide) [column, row] = [column + 1, 0];
      if (row < 0 && column > 0) [column, row] = [column - 1, high - 1];
      const bidder = this.bidders[Math.min(wide - 1, Math.max(0, column))];
      const item = this.items[Math.min(high - 1, Math.max(0, row))];
      if (bidder && item) this.focus(bidder.id, item.id);
    },

    focus(bidder: string, item: string): void {
      this.select(bidder, item);
      void nextTick(() => document.getElementById(`cell-${bidder}-${item}`)?.focus());
    },

    focusNextOpen(): void {
      const next = this.left[0];
      if (next) this.focus(next.bidder, next.item);
    },

    /** Everything typed becomes an entry, before the review page opens. */
    async commitAll(): Promise<void> {
      for (const key of Object.keys(this.typed)) await this.commit(...split(key));
      for (const key of Object.keys(this.reasons)) await this.commitReason(...split(key));
    },
  },
});

function later(name: string, act: () => Promise<void>): void {
  clearTimeout(timers.get(name));
  timers.set(
    name,
    setTimeout(() => void act(), AUTOSAVE_MS),
  );
}

function split(key: string): [string, string] {
  const at = key.indexOf("/");
  return [key.slice(0, at), key.slice(at + 1)];
}
