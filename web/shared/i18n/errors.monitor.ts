// Sentences for errors of alarms and of what watches over the log.
import type { Sentences } from "./sentences";

export const MONITOR_ERRORS: Sentences = {
  "alarm-unknown": ["这条报警已经解除。", "This alarm has been cleared."],
  "reason-missing": ["请写明处理情况。", "Please say what is being done."],
  "reason-too-long": ["处理情况过长，请精简。", "This is too long; please shorten it."],
};
