// The node's view of the review: for a member in the room, and for the host's desk in the console.

export type ReviewItem = {
  id: string;
  stage: string;
  name_zh: string;
  name_en: string;
  clause: string;
  ground: string;
};
export type OwnGround = { code: string; name_zh: string; name_en: string; clause: string };
export type ReviewConclusion = {
  stage: string;
  bidder: string;
  item: string;
  passed: boolean;
  unanimous: boolean;
  reasons?: string[];
};
type Motion = {
  id: string;
  bidder: string;
  ground: string;
  ground_zh: string;
  evidence: string;
  by_law: boolean;
  later: boolean;
  state: string;
  upholding?: number;
  dismissing?: number;
};
type Question = {
  id: string;
  bidder: string;
  issue: string;
  place: string;
  question: string;
  state: string;
  number?: number;
  sent_at?: string;
  reply_by?: string;
  delivered_at?: string;
  answer?: string;
  answered_at?: string;
  document?: string;
  question_approved?: Approved;
  answer_approved?: Approved;
};
export type Approved = { approved: boolean; by: string; reason: string };
export type CorrectionStep = { rule: string; line?: string; stated_fen: number; counted_fen: number };
export type PriceCorrection = {
  bidder: string;
  price_fen: number;
  corrected_fen: number;
  steps: CorrectionStep[];
  confirmed?: boolean;
  text?: string;
  answered_at?: string;
};

/** `mine`: how this member voted, once it has; the counts come with it. */
export type MemberMotion = Motion & { by: string; missing: number; mine?: boolean };
export type MemberQuestion = Question & { by: string; readable: boolean; missing: number; mine?: boolean };
export type RoomReview = {
  items: ReviewItem[];
  grounds: OwnGround[];
  supervised: boolean;
  tables: { stage: string; locked: boolean; all: boolean }[];
  conclusions: ReviewConclusion[];
  read: boolean;
  valid: string[];
  rejections: MemberMotion[];
  competition: { asked: boolean; valid: number; missing?: number; mine?: boolean; competitive?: boolean };
  clarifications: MemberQuestion[];
  corrections: PriceCorrection[];
  numbers: { rejection: number; clarification: number };
};

export type DeskMotion = Motion & { missing: string[] };
export type DeskQuestion = Question & { missing: string[] };
export type DeskReview = {
  bidders: { id: string; name: string }[];
  valid: string[];
  rejections: DeskMotion[];
  corrections: PriceCorrection[];
  clarifications: DeskQuestion[];
  competition: { asked: boolean; valid: number; missing?: string[]; competitive?: boolean };
  supervised: boolean;
};
/** One step of the relay desk in the console. */
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
