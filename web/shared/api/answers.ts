// Short names for the answers of the node; their fields are generated from docs/openapi.json (types.ts).
import type { WireEntry } from "../records/chain";
import type { components } from "./types";

type Schemas = components["schemas"];

export type Link = Schemas["LinkOut"];
export type Centre = Schemas["CentreNameOut"];
export type Me = Schemas["PersonOut"];

// --- the console ---
export type OwnCentre = Schemas["OwnCentreOut"];
export type Alarm = Schemas["AlarmOut"];
export type Sample = Schemas["SampleOut"];
export type Tender = Schemas["TenderOut"];
export type TenderDetail = Schemas["TenderDetailOut"];
export type Method = Schemas["MethodOut"];
export type Invitation = Schemas["InvitationOut"];
export type CatalogueExpert = Schemas["ExpertOut"];
/** How the experts on a centre's seats were decided on. */
export type Selected = Schemas["SelectionOut"];
export type SessionListing = Schemas["ListingOut"];
export type Cockpit = Schemas["CockpitOut"];
export type CockpitSeat = Schemas["CockpitSeatOut"];
export type StageName = Schemas["Stage"];
export type ReplacementGround = Schemas["ReplacementGround"];
export type StageMark = Schemas["StageMarkOut"];
export type Waiting = Schemas["WaitingOut"];
/** A step off the line: what the host must and may say with it, and whose it is. */
export type OffLineStep = Schemas["StepOut"];
export type EvaluationTime = Schemas["TimeOut"];
/** The session stands still over a stage, or ended early in it. */
export type Standstill = Schemas["OverlayOut"];
export type Election = Schemas["ElectionOut"];
export type Flag = Schemas["FlagOut"];
export type TallyView = Schemas["TallyOut"];
export type DeskMotion = Schemas["DeskMotionOut"];
export type DeskQuestion = Schemas["DeskQuestionOut"];
export type DeskReview = Schemas["DeskReviewOut"];
/** What the public pages answer about one document: how far its proof has come. */
export type DocumentProof = Schemas["DocumentOut"];

// --- the room ---
export type RoomListing = Schemas["RoomListingOut"];
export type RoomView = Schemas["RoomOut"];
export type RoomSeat = Schemas["RoomSeatOut"];
export type Bidder = Schemas["BidderOut"];
/** minimum, maximum, step and values are hundredths of a point. */
export type Item = Schemas["ItemOut"];
export type RoomFlag = Schemas["RoomFlagOut"];
export type RoomReview = Schemas["RoomReviewOut"];
export type ReviewItem = Schemas["ReviewItemOut"];
export type MemberMotion = Schemas["MemberMotionOut"];
export type MemberQuestion = Schemas["MemberQuestionOut"];
/** The bodies of entries are canonical values: every entry is encoded and its hash compared before it is used. */
export type OwnChain = Omit<Schemas["OwnChainOut"], "entries"> & { entries: WireEntry[] };
export type Signing = Schemas["SigningOut"];
export type Signer = Schemas["SignerOut"];
