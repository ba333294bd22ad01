// What the room says of the preliminary review, in English.
export const prelim = {
  item: "Item", tabs: { documents: "Bids", table: "Table", matters: "Matters" },
  empty: "Open", pass: "Pass", fail: "Fail", wrong: "Reason?",
  cell: "{bidder} {item}, {state}", keys: "Arrow keys move; 1 or P passes, 0 or F fails and asks for the reason",
  setPass: "Pass", setFail: "Fail", reason: "Why it fails (needed)", confirmFail: "Mark as failed",
  left: "{n} items open", check: "Check and lock", checkTitle: "Check the table", checkLead: "These you failed; all others pass. A locked table is final.",
  noFails: "Everything passes.", lock: "Lock my table", lockedTitle: "Your table is locked",
  lockedHelp: "The conclusions are shown when every member has locked: unanimous, else the majority.",
  reading: "Reading", readingHelp: "Please read the tender file and the bids. Where something is unclear or wrongly computed, you may draft a question.", readDone: "You are done; the others are still reading.",
  finishReading: "I have read the files", done: "Preliminary review done", doneHelp: "{n} of {m} bids are valid. When all is decided, the detailed review begins.", votesWait: "{n} matters wait for your vote",
};
export const matters = {
  title: "Matters of the committee", open: "Matters", rejections: "Rejections", noRejections: "No motion to reject", byLaw: "Must be rejected by law", byRule: "By the review's conclusion", by: "Moved by seat {seat}",
  counts: "{yes} for rejection, {no} against", missing: "{n} have not voted", uphold: "Reject", dismiss: "Do not reject", mineUphold: "You voted to reject", mineDismiss: "You voted against",
  raise: "Move to reject", competition: "Do the bids still compete", competitionHelp: "{n} valid bids are left, fewer than three. Please vote whether they still compete.", competes: "They compete", lacks: "Competition is lacking",
  questions: "Clarifications", noQuestions: "No questions", ask: "Draft a question", replyBy: "answer by {at}", accept: "Accept the answer", notAccept: "Do not accept",
  corrections: "Arithmetic corrections", corrected: "{from} → {to} (10,000 yuan)", unanswered: "Waiting for the bidder", confirmed: "Confirmed by the bidder", unconfirmed: "Not confirmed",
  conclusions: "Conclusions", conclusionCount: "{n} conclusions, {m} of them failing", unanimous: "Unanimous", majority: "By majority",
  ground: "Ground", evidence: "Facts and evidence (needed)", issue: "Kind of issue", place: "Place in the bid", question: "Question", reason: "Reason (needed)", reasonOptional: "Reason (optional)",
  dialog: { raise: "Move to reject a bid", ask: "Draft a question", vote: "Vote on a rejection", compete: "Vote on competition", judge: "Judge an answer" },
  help: {
    raise: "One ground for each motion, with facts and evidence. All members vote; more than half uphold it.",
    ask: "Only what is unclear, inconsistent, obviously wrong or abnormally low may be asked; no hints, no change of substance. The host centre passes it on without your name.",
    vote: "A vote is final. You see no other votes before your own.", compete: "A vote is final; please give the reason.", judge: "An answer must not exceed the bid or change its substance. Your view is final.",
  },
  choice: { vote: { yes: "Reject the bid", no: "Do not reject" }, compete: { yes: "The bids still compete", no: "Competition is clearly lacking" }, judge: { yes: "Accept the answer", no: "Do not accept" } },
  send: { raise: "Submit the motion", ask: "Submit the question", vote: "Submit my vote", compete: "Submit my vote", judge: "Submit" },
};
