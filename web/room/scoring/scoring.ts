// The state of the score form: the active cell, typed but unwritten text, and moving as in a spreadsheet.
import { defineStore } from "pinia";
import { nextTick } from "vue";
import type { Bidder, Item } from "../../shared/api/answers";
import { points } from "../../shared/numbers";
import { type Refusal, refusalOf } from "../../shared/problems";
import type { TypedFault } from "../../shared/typed/faults";
import type { Part } from "../drafts";
import { useRoom, type Withdrawn } from "../room";
import { cellState, type Change, changeOf, type Typed } from "./cell_change";
import { type Cell, cellKey, type CellState, type Fault, missing } from "./score_sheet";

/** After a pause of this length while typing, the score is written. */
const AUTOSAVE_MS = 2500;
const timers = new Map<string, ReturnType<typeof setTimeout>>();
/** Cells being written to the chain: leaving a cell must not write the same again. */
const writing = new Map<string, Promise<void>>();

type Place = { bidder: string; item: string };
type ScoringState = {
  active: Place;
  typed: Record<string, string | undefined>;
  reasons: Record<string, string | undefined>;
  /** Why a cell was refused, until something else is typed into it. */
  refusals: Record<string, Refusal | undefined>;
  /** Reasons of refused abstentions, for the dialog to begin with. */
  abstentions: Record<string, string | undefined>;
  abstaining: boolean;
};

export const useScoring = defineStore("scoring", {
  state: (): ScoringState => ({
    active: { bidder: "", item: "" },
    typed: {},
    reasons: {},
    refusals: {},
    abstentions: {},
    abstaining: false,
  }),

  getters: {
    bidders: (): Bidder[] => {
      const view = useRoom().view;
      const valid = useRoom().stage === "DETAILED" ? view?.review?.valid : undefined;
      return (view?.bidders ?? []).filter((bidder) => valid?.includes(bidder.id) !== false);
    },
    items: (): Item[] => useRoom().view?.items ?? [],
    /** Not before the own chain is read: before that the present content of the cell is unknown. */
    open(): boolean {
      const room = useRoom();
      return (
        room.ready &&
        room.stage === "DETAILED" &&
        !room.still &&
        room.sheet.lockedAt === 0 &&
        room.progress?.forked !== true
      );
    },
    left(): Place[] {
      return missing(useRoom().sheet, this.bidders, this.items);
    },
    total(): number {
      return this.bidders.length * this.items.length;
    },
    /** The cells with unwritten input, and those whose input cannot be written. */
    unwritten(): Place[] {
      return this.touched.filter(({ bidder, item }) => this.changes.get(cellKey(bidder, item)));
    },
    wrong(): Place[] {
      return this.touched.filter(({ bidder, item }) => {
        const key = cellKey(bidder, item);
        const change = this.changes.get(key);
        return this.refusals[key] !== undefined || (change !== undefined && "fault" in change);
      });
    },
    /** The entry that each touched cell would become. */
    changes(): ReadonlyMap<string, Change> {
      const { cells } = useRoom().sheet;
      return new Map(
        this.touched.map(({ bidder, item }) => {
          const [key, rule] = [cellKey(bidder, item), this.items.find((one) => one.id === item)];
          const typed = { figure: this.typed[key], reason: this.reasons[key] };
          return [key, rule && changeOf(rule, cells.get(key), typed)];
        }),
      );
    },
    touched(): Place[] {
      const keys = new Set([this.typed, this.reasons, this.refusals].flatMap((one) => Object.keys(one)));
      return Array.from(keys, placeOf);
    },
  },

  actions: {
    cell(bidder: string, item: string): Cell | undefined {
      return useRoom().sheet.cells.get(cellKey(bidder, item));
    },

    itemOf(id: string): Item | undefined {
      return this.items.find((one) => one.id === id);
    },

    typedIn(bidder: string, item: string): Typed {
      const key = cellKey(bidder, item);
      return { figure: this.typed[key], reason: this.reasons[key] };
    },

    changeIn(bidder: string, item: string): Change {
      return this.changes.get(cellKey(bidder, item));
    },

    stateOf(bidder: string, item: string): CellState {
      const rule = this.itemOf(item);
      const at = { acked: useRoom().acked, refused: this.refusalOf(bidder, item) !== undefined };
      return rule ? cellState(rule, this.cell(bidder, item), this.typedIn(bidder, item), at) : "empty";
    },

    /** The fault of the figure; a fault of the reason is shown at its own field. */
    faultOf(bidder: string, item: string): { fault: Fault | TypedFault; in: "figure" | "reason" } | undefined {
      const change = this.changeIn(bidder, item);
      return change && "fault" in change ? change : undefined;
    },

    refusalOf(bidder: string, item: string): Refusal | undefined {
      return this.refusals[cellKey(bidder, item)];
    },

    shown(bidder: string, item: string): string {
      const known = this.cell(bidder, item);
      return this.typed[cellKey(bidder, item)] ?? (known?.points === undefined ? "" : points(known.points));
    },

    reasonOf(bidder: string, item: string): string {
      return this.reasons[cellKey(bidder, item)] ?? this.cell(bidder, item)?.reason ?? "";
    },

    /** The dialog's initial reason for an abstention. */
    abstentionOf(bidder: string, item: string): string {
      const known = this.cell(bidder, item);
      return this.abstentions[cellKey(bidder, item)] ?? (known?.abstained ? known.reason : "");
    },

    type(bidder: string, item: string, text: string): void {
      this.typed[cellKey(bidder, item)] = text;
      this.touch("figure", { bidder, item }, text);
    },

    typeReason(bidder: string, item: string, text: string): void {
      this.reasons[cellKey(bidder, item)] = text;
      this.touch("reason", { bidder, item }, text);
    },

    /** Saved in this browser at once, written after a pause. */
    touch(part: Part, { bidder, item }: Place, text: string): void {
      const key = cellKey(bidder, item);
      Reflect.deleteProperty(this.refusals, key);
      this.keep(part, key, text);
      later(key, () => this.commit(bidder, item));
    },

    keep(part: Part, key: string, text: string | undefined): void {
      const { bidder, item } = placeOf(key);
      if (text === undefined) return;
      useRoom()
        .drafts()
        ?.keep({ part, cell: key, text, after: this.cell(bidder, item)?.seq ?? 0 });
    },

    /** An input method is active: the cell's present text is not final. */
    hold(bidder: string, item: string): void {
      clearTimeout(timers.get(cellKey(bidder, item)));
    },

    /** Write the typed text; text that cannot be written stays visible as wrong, and a refusal is shown at the cell. */
    async commit(bidder: string, item: string): Promise<void> {
      const key = cellKey(bidder, item);
      clearTimeout(timers.get(key));
      await writing.get(key);
      const typed = this.typedIn(bidder, item);
      const change = this.changeIn(bidder, item);
      if (!this.open || this.refusals[key] || (change && "fault" in change)) return;
      if (change) {
        const step = this.send({ bidder, item }, change.write);
        writing.set(key, step);
        await step.finally(() => writing.delete(key));
        if (this.refusalOf(bidder, item)) return;
        this.keep("figure", key, this.typed[key]); // what was typed meanwhile follows the entry just written
        this.keep("reason", key, this.reasons[key]);
      }
      const reasonWaits = typed.reason?.trim() && !this.cell(bidder, item);
      if (this.typed[key] === typed.figure) this.forget("figure", key);
      if (this.reasons[key] === typed.reason && !reasonWaits) this.forget("reason", key);
    },

    async send(
      { bidder, item }: Place,
      body: { points: number; reason: string } | { abstained: true; reason: string },
    ) {
      const room = useRoom();
      try {
        if ("points" in body) await room.score(bidder, item, body.points, body.reason);
        else await room.abstain(bidder, item, body.reason);
      } catch (error) {
        this.refusals[cellKey(bidder, item)] = refusalOf(error);
      }
    },

    forget(part: "figure" | "reason", key: string): void {
      Reflect.deleteProperty(part === "figure" ? this.typed : this.reasons, key);
      useRoom().drafts()?.forget(part, key);
    },

    /** Rejects with the refusal when it could not be written; the dialog shows it. */
    async abstain(bidder: string, item: string, reason: string): Promise<void> {
      const [key, drafts] = [cellKey(bidder, item), useRoom().drafts()];
      clearTimeout(timers.get(key));
      this.keep("abstained", key, reason);
      await useRoom().abstain(bidder, item, reason);
      drafts?.forget("abstained", key);
      for (const part of ["figure", "reason"] as const) this.forget(part, key);
      for (const one of [this.refusals, this.abstentions]) Reflect.deleteProperty(one, key);
      this.abstaining = false;
    },

    revert(bidder: string, item: string): void {
      const key = cellKey(bidder, item);
      clearTimeout(timers.get(key));
      this.forget("figure", key);
      if (this.reasons[key] === undefined) Reflect.deleteProperty(this.refusals, key);
    },

    /** The own centre refused an entry: its cell shows that; entries that only followed it in the chain are written again. */
    async takeBack({ refusal, entries }: Withdrawn): Promise<void> {
      for (const entry of entries.filter((one) => one.kind === "score-entered")) {
        const { bidder, item, points: given, reason = "" } = entry.body as Place & { points?: number; reason?: string };
        const key = cellKey(bidder, item);
        if (entry === entries[0]) this.refusals[key] = refusal;
        if (given === undefined) {
          this.abstentions[key] = reason;
          if (entry !== entries[0]) await this.send({ bidder, item }, { abstained: true, reason });
          continue;
        }
        this.keep("figure", key, (this.typed[key] ??= points(given)));
        this.keep("reason", key, (this.reasons[key] ??= reason));
        await this.commit(bidder, item); // not while it is refused
      }
    },

    /** The drafts of a page that closed at once: shown again, and written where possible. */
    async restore(): Promise<void> {
      for (const { part, cell, text, after } of useRoom().drafts()?.all() ?? []) {
        const { bidder, item } = placeOf(cell);
        if ((this.cell(bidder, item)?.seq ?? 0) > after) useRoom().drafts()?.forget(part, cell);
        else if (part === "figure") this.typed[cell] ??= text;
        else if (part === "reason") this.reasons[cell] ??= text;
        else if (part === "abstained") await this.abstain(bidder, item, text).catch(() => undefined);
      }
      await this.commitAll();
    },

    /** Another room must not show this one's input; the drafts stay for the return. */
    close(): void {
      for (const { bidder, item } of this.touched) this.hold(bidder, item);
      [this.typed, this.reasons, this.refusals, this.abstentions] = [{}, {}, {}, {}];
      this.abstaining = false;
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
      const next = this.wrong[0] ?? this.left[0];
      if (next) this.focus(next.bidder, next.item);
    },

    /** Everything typed becomes an entry, before the review page opens and when the page is left. */
    async commitAll(): Promise<void> {
      for (const { bidder, item } of this.touched) await this.commit(bidder, item);
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

function placeOf(key: string): Place {
  const at = key.indexOf("/");
  return { bidder: key.slice(0, at), item: key.slice(at + 1) };
}
