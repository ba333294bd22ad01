// An entry that the own centre did not take: its code and values, for whoever waits for it.
import type { ProblemValues } from "../api";

export class RefusedEntry extends Error {
  constructor(
    readonly code: string,
    readonly values: ProblemValues = {},
  ) {
    super(code);
  }
}
