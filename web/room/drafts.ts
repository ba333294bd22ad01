// Typed text that is not yet in the chain, saved in this browser at every key stroke: a page that closes at once loses
// nothing. Local storage, because only that is written before a closing page is gone; emptied once the entry is saved.

/** The parts of a cell: a figure and its reason, an abstention, a passed and a failed mark, a failure's reason. */
export type Part = "figure" | "reason" | "abstained" | "passed" | "failed" | "fail-reason";
/** `after`: the entry in the cell at that time; a draft older than the cell is void. */
export type Draft = { part: Part; cell: string; text: string; after: number };
type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "tongping.draft";

export class Drafts {
  private readonly own: string;

  /** Of one person on one seat in one passage of a stage: no other member of the seat can read them. */
  constructor(
    private readonly shelf: Shelf,
    seat: { session: string; seat: string; person: string; label: string },
  ) {
    const place = [PREFIX, seat.session, seat.seat];
    this.own = `${[...place, seat.person, seat.label].join(" ")} `;
    this.drop((key) => key.startsWith(`${place.join(" ")} `) && !key.startsWith(this.own));
  }

  keep({ part, cell, text, after }: Draft): void {
    try {
      this.shelf.setItem(`${this.own}${part} ${cell}`, JSON.stringify({ text, after }));
    } catch {
      // a full store: the typed text stays on the page
    }
  }

  forget(part: Part, cell: string): void {
    this.shelf.removeItem(`${this.own}${part} ${cell}`);
  }

  all(): Draft[] {
    return this.keys()
      .filter((key) => key.startsWith(this.own))
      .flatMap((key) => {
        const [part, cell] = key.slice(this.own.length).split(" ") as [Part, string];
        const kept = this.shelf.getItem(key);
        return kept === null ? [] : [{ part, cell, ...(JSON.parse(kept) as { text: string; after: number }) }];
      });
  }

  /** When nothing more can be written: the sheet is locked. */
  clear(): void {
    this.drop((key) => key.startsWith(this.own));
  }

  private drop(which: (key: string) => boolean): void {
    for (const key of this.keys().filter(which)) this.shelf.removeItem(key);
  }

  private keys(): string[] {
    return Array.from({ length: this.shelf.length }, (_, n) => this.shelf.key(n) ?? "");
  }
}
