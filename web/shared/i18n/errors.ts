// A sentence for every error code, Chinese and English: what happened and what to do; a test finds the missing ones.
import { CHAIN_ERRORS } from "./errors.chain";
import { MONITOR_ERRORS } from "./errors.monitor";
import { OFFICE_ERRORS } from "./errors.office";
import { RECORD_ERRORS } from "./errors.record";
import { REVIEW_ERRORS } from "./errors.review";
import { ROOM_ERRORS } from "./errors.room";
import type { Sentences } from "./sentences";

export const ERRORS: Sentences = {
  unknown: [
    "操作未完成，内容未改动。请联系现场工作人员。",
    "This was not done and nothing was changed. Please call the staff on site.",
  ],
  ...OFFICE_ERRORS,
  ...ROOM_ERRORS,
  ...REVIEW_ERRORS,
  ...RECORD_ERRORS,
  ...CHAIN_ERRORS,
  ...MONITOR_ERRORS,
};
