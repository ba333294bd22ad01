// A sentence for every error code, Chinese and English: what happened and what to do; a test finds the missing ones.
export const ERRORS: Record<string, [string, string]> = {
  unknown: ["操作未完成,内容未改动。请联系现场工作人员。", "This was not done and nothing was changed. Please call the staff on site."],
};
