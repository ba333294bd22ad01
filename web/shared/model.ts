// What the node answers, as the pages read it; the names are those of docs/interface.md.
import type { WireEntry } from "./records/chain";
import type { DeskReview, RoomReview } from "./review";

export type Role = "operator" | "expert" | "supervisor" | "auditor";
export type LinkState = "connected" | "reconnecting" | "down";
export type Link = { state: LinkState; since: string };

export type Centre = { code: string; name_zh: string; name_en: string };
export type Me = { person: string; name: string; role: Role; centre: Centre; csrf: string };

export type BidDocument = { name: string; sha256: string; size: number; pages: number };
export type Bidder = {
  id: string;
  name: string;
  uscc: string;
  price_fen: number;
  duration_days: number;
  documents: BidDocument[];
};
/** minimum, maximum, step and values are hundredths of a point; `values`: the only marks there are; `reasons`: which marks want one. */
export type Item = {
  id: string;
  section: string;
  name_zh: string;
  name_en: string;
  minimum: number;
  maximum: number;
  step: number;
  kind?: "accumulate" | "deduct" | "pass";
  values?: number[];
  reasons?: "none" | "always" | "extremes" | "deductions";
};
export type Method = {
  name: string;
  version: number;
  sections: { id: string; weight: number; aggregate: string; trim_above?: number }[];
  price: { weight: number; variant: string; e1: number; e2: number };
};
export type StageMark = { stage: string; entered_at?: string };

export type RoomListing = { session: string; seat: string; title: string; title_en?: string; stage: string };
export type RoomSeat = {
  seat: string;
  centre: string;
  city_zh: string;
  city_en: string;
  name?: string;
  present: boolean;
  locked?: boolean;
};
export type RoomView = {
  session: string;
  project: string;
  title: string;
  title_en: string;
  tenderer: string;
  host: Centre;
  guests: Centre[];
  method: Method;
  control_price_fen: number;
  bidders: Bidder[];
  items: Item[];
  stage: string;
  stages: (StageMark | string)[];
  me: {
    seat: string;
    bound: boolean;
    epoch: number;
    locked: boolean;
    signed: boolean;
    consented: boolean;
    ballots?: number;
  };
  seats: RoomSeat[];
  lead?: string;
  election?: Election;
  score_check?: {
    open: boolean;
    flags: Flag[];
    corrections: {
      seat: string;
      flag: string;
      ground: string;
      bidder: string;
      item: string;
      points?: number;
      reason?: string;
    }[];
  };
  ranking?: RankingRow[];
  time?: EvaluationTime;
  review?: RoomReview;
  /** How entries name the present stage; it differs from it after a rollback. */
  label?: string;
  overlay?: Standstill;
  ended?: Standstill;
  rollback?: {
    number: number;
    at: string;
    back_to: string;
    reason: string;
    order: string;
    superseded: string[];
    acknowledged: boolean;
  };
};
/** The result of the aggregation and the way to it. */
export type TallyView = {
  digest: string;
  bidders: { id: string; name: string }[];
  ranking: RankingRow[];
  candidates: string[];
  trace: {
    figure: string;
    value: string;
    unit: string;
    rule: string;
    source: string;
    inputs: { name: string; value: string }[];
    rounded?: string;
    note?: string;
  }[];
};
/** One flag of the score check; `mine`: whether this seat may acknowledge it, `own`: its own marks that it names. */
export type Flag = {
  id: string;
  level: "BLOCK" | "WARN";
  indicator: string;
  name_zh: string;
  name_en: string;
  subject: Record<string, string>;
  threshold: string;
  reference: string;
  reference_zh: string;
  clue_only: boolean;
  settled: boolean;
  to_correct: boolean;
  acknowledged?: { by: string; conspicuous: boolean; reason: string };
  value?: string;
  evidence?: Record<string, string>;
  own?: { bidder: string; item: string }[];
  mine?: boolean;
};
/** The election of the lead; `votes` of a round once everybody has voted in it. */
export type Election = {
  rounds: { round: number; candidates: string[]; waiting: number; votes?: { seat: string; votes: number }[] }[];
  drawn: boolean;
  over: boolean;
};
/** The session stands still over a stage, or ended early in it. */
export type Standstill = {
  stage: string;
  over: string;
  since: string;
  reason?: string;
  order?: string;
  cause?: string;
  venue?: string;
  began?: string;
  until?: string;
  back_to?: string;
  requested_by?: string;
  broke_into?: string;
};
/** Points by section, or the evaluated price where the method gives no points. */
export type RankingRow = { bidder: string } & Record<string, number | string>;
/** `after`: how many entries of the chain are those of a member who sat here before and was replaced; they are not shown. */
export type OwnChain = { entries: WireEntry[]; head: string; seq: number; after: number };

export type Signer = {
  field: string;
  seat?: string;
  centre?: string;
  city_zh: string;
  city_en: string;
  kind: "expert" | "seal";
  signed: boolean;
  /** A member who refused to sign: no signature is awaited. */
  excused?: boolean;
};
export type Signing = {
  report_digest: string;
  short_code: string;
  stage: string;
  signers: Signer[];
  me?: { consented: boolean; signed: boolean };
  sealed_digest?: string;
};

export type Peer = Centre & { link?: Link };
export type Follower = { name: string; position: number; lag: number; stopped?: string | null };
/** Something that must never happen and did; `entry` is the index of the record that raised it. */
export type Alarm = {
  entry: number;
  alarm: string;
  subject: string;
  code: string;
  severity: "critical" | "warning";
  expected: string;
  found: string;
  first_seen: string;
  last_seen: string;
  acknowledged?: { by: string; at: string; reason: string };
};
export type OwnCentre = Centre & {
  peers: Peer[];
  alarms: Alarm[];
  chain: Record<string, string | number | boolean | null>;
  followers: Follower[];
};

export type Sample = { id: string; title: string };
export type Tender = {
  project: string;
  title: string;
  title_en: string;
  tenderer: string;
  control_price_fen: number;
  opening_at: string;
  stage?: string;
  registered_at?: string;
  bidder_count?: number;
};
export type TenderDetail = {
  tender: Tender & { method: Method; items: Item[] };
  bidders: Bidder[];
  invitation?: Invitation | null;
  seats: NamedSeat[];
  session?: string | null;
  stage?: string | null;
};
export type NamedSeat = {
  seat: string;
  centre: string;
  expert?: string;
  name?: string;
  specialty?: string;
  selection?: Selected;
  reason?: string;
};
/** How the experts on a centre's seats were decided on. */
export type Selected = { how: "drawn" | "named"; special?: "complex" | "specialised" | "state"; approval?: string };
/** The own centre's seats of one project, with who sits there. */
export type Assignments = {
  assignments: { seat: string; expert: string; name: string; selection?: Selected; reason?: string }[];
};
export type Invitation = {
  id: string;
  project: string;
  title?: string;
  host: string;
  guest: string;
  state: string;
  seats: number;
  window_start: string;
  window_end: string;
  reply_deadline: string;
  reason_code?: string;
  history: { state: string; at: string }[];
};
export type CatalogueExpert = {
  id: string;
  name: string;
  specialty: string;
  employer: string;
  lacks?: ("practice" | "title")[];
};

export type SessionListing = {
  session: string;
  project: string;
  title: string;
  title_en?: string;
  host?: string;
  stage: string;
};
export type Waiting = { who: string; what: string; since: string };
export type CockpitSeat = {
  seat: string;
  centre: string;
  bound: boolean;
  link: Link;
  entered: number;
  total: number;
  locked: boolean;
  consented: boolean;
  signed: boolean;
  name?: string;
};
/** A step off the line: what the host must and may say with it, and whose it is. */
export type OffLineStep = {
  to: string;
  by: "operator" | "supervisor";
  needs: string[];
  may: string[];
  back_to?: string[];
};
/** How many members want more time since the last extension, and the extensions there were. */
export type EvaluationTime = {
  asked: number;
  members: number;
  due: boolean;
  extensions: { until: string; reason: string; at: string }[];
};
export type Cockpit = {
  session: string;
  project: string;
  title: string;
  title_en?: string;
  stage: string;
  stages: StageMark[];
  next?: { to: string; ready: boolean; waiting_for: Waiting[] } | null;
  seats: CockpitSeat[];
  centres: (Partial<Centre> & { code: string; link: Link; tally_digest?: string | null })[];
  /** `seat` where a centre speaks for one of its seats, `to` where the host stepped. */
  events: { at: string; author: string; kind: string; seat?: string; to?: string; recusal?: true }[];
  /** The grounds on which this evaluation may be done again, and what it does again itself. */
  again?: string[];
  previous?: { session: string; ground: string; reason: string; sealed_digest?: string };
  score_check?: { flags: Flag[]; corrections: number };
  time?: EvaluationTime;
  lead?: string;
  election?: Election;
  steps?: OffLineStep[];
  overlay?: Standstill;
  ended?: Standstill;
  rollbacks?: { at: string; back_to: string; reason: string; order: string; superseded: string[] }[];
  requests?: { seat: string; back_to: string; reason: string }[];
  report?: { report_digest?: string | null; sealed_digest?: string | null } | null;
  review?: DeskReview;
};

/** What the public pages answer about one document: how far its proof has come. */
export type DocumentProof = {
  index: number;
  size: number;
  sealed_at: string;
  transaction: string;
  block: number;
  /** The centres that cosigned on the chain a head that covers the record. */
  witnesses: string[];
};
