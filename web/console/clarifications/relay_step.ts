// One step of the relay desk: what passes between the committee and a bidder.
import type { DeskQuestion } from "../../shared/api/answers";

export type RelayStep = {
  what:
    | "approve-question"
    | "approve-answer"
    | "send"
    | "deliver"
    | "answer"
    | "refuse"
    | "time-out"
    | "correct"
    | "confirm";
  clarification: string;
  bidder: string;
  question?: DeskQuestion | undefined;
};
