// An entry that the own centre refused: its code and values, for the waiting caller.
import type { ProblemValues } from "../api/client";

export class RefusedEntry extends Error {
  constructor(
    readonly code: string,
    readonly values: ProblemValues = {},
  ) {
    super(code);
  }
}
