// Typed text outlives the page, for its author, on that seat and in that passage alone.
import { beforeEach, describe, expect, test } from "vitest";
import { Drafts } from "../../room/drafts";

class Shelf {
  private readonly kept = new Map<string, string>();
  get length(): number {
    return this.kept.size;
  }
  key(n: number): string | null {
    return [...this.kept.keys()][n] ?? null;
  }
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, text: string): void {
    this.kept.set(key, text);
  }
  removeItem(key: string): void {
    this.kept.delete(key);
  }
}

const SEAT = { session: "S-1", seat: "JN-1", person: "JN-E1", label: "DETAILED" };
const DRAFT = { part: "figure", cell: "B1/T1", text: "8.5", after: 4 } as const;

describe("drafts", () => {
  let shelf: Shelf;
  let drafts: Drafts;
  beforeEach(() => {
    shelf = new Shelf();
    drafts = new Drafts(shelf, SEAT);
    drafts.keep(DRAFT);
  });

  test("are there when the page opens again, and gone once they are written", () => {
    const again = new Drafts(shelf, SEAT);
    expect(again.all()).toEqual([DRAFT]);
    again.forget("figure", "B1/T1");
    expect(new Drafts(shelf, SEAT).all()).toEqual([]);
  });

  test("of a figure and its reason stand beside each other, spaces and line ends as typed", () => {
    const reason = { part: "reason", cell: "B1/T1", text: " a b\nc ", after: 4 } as const;
    drafts.keep(reason);
    expect(drafts.all()).toEqual([DRAFT, reason]);
  });

  test.each([
    ["another person on this seat", { person: "JN-E9" }],
    ["another passage of the stage", { label: "DETAILED-2" }],
  ])("are void for %s", (_who, change) => {
    expect(new Drafts(shelf, { ...SEAT, ...change }).all()).toEqual([]);
    expect(shelf.length).toBe(0);
  });

  test("of another session stay where they are", () => {
    expect(new Drafts(shelf, { ...SEAT, session: "S-2" }).all()).toEqual([]);
    expect(drafts.all()).toEqual([DRAFT]);
  });

  test("go when the sheet is locked", () => {
    drafts.clear();
    expect(shelf.length).toBe(0);
  });
});
