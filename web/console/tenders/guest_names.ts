// Whether the names of a guest's experts are still unknown, for the page of a tender.

/** Until the check-in is over, the host does not know who sits on a guest's seat. */
export function namesToCome(stage: string | null | undefined): boolean {
  return !stage || ["PREPARED", "CHECK_IN"].includes(stage);
}
