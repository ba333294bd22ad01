// Steps off the line, in English: what they are called, what they bring, what must be said.
export default {
  title: "Session control", ends: "End early…", supervisor: "supervisor", none: "Nothing to do here now",
  name: {
    PAUSED: "Pause the evaluation", SUSPENDED: "Order a suspension", INTERRUPTED: "Record a fault", CLARIFYING: "Begin a clarification", ROLLBACK_REQ: "Ask to go back",
    FAILED: "Declare the tender failed", REJECT_ALL: "Reject all bids", REFORMED: "Form a new committee", ABORTED: "Abort the evaluation",
    resume: "Resume the evaluation", lift: "End the suspension", handOver: "Leave it paused", clarified: "End the clarification", refuse: "Refuse to go back", approve: "Approve: go back",
  },
  consequence: {
    PAUSED: "Every seat stops; what is saved stays. The evaluation resumes in “{over}”.",
    SUSPENDED: "Every seat stops. Only the supervisor can end this.",
    INTERRUPTED: "Every seat stops. A fault of more than 2 hours before the start, or 4 hours in session, cannot simply be resumed from.",
    CLARIFYING: "The others read and score on; “{over}” is not left before the clarification ends.",
    ROLLBACK_REQ: "Every seat stops until the supervisor has reviewed this. Once approved, the stage chosen and all after it are kept as an old version and no longer count.",
    FAILED: "The evaluation ends here; this cannot be taken back.", REJECT_ALL: "All bids are rejected and the evaluation ends here; this cannot be taken back.",
    REFORMED: "The evaluation ends here and a new committee evaluates again; this cannot be taken back. The members keep their secrecy.", ABORTED: "The evaluation ends here; this cannot be taken back.",
    resume: "Every seat goes on in “{over}”.", lift: "Every seat goes on in “{over}”.", handOver: "The suspension ends; the evaluation stays paused until the operator resumes it.",
    clarified: "The clarification ends; “{over}” can be left.", refuse: "The evaluation goes on in “{over}”, unchanged.",
    approve: "The evaluation goes back to “{target}”. That stage and all after it are kept as an old version and no longer count; every member has to take note.",
  },
  again: {
    title: "Evaluate again", help: "Done again on a legal ground: the next version of the session. The old report and its evidence stay.", ask: "Open the re-evaluation", ground: "Ground", follows: "This evaluation does {session} again ({ground}): {reason}",
    R26: "An error of computation or a score out of range was found after signing; the original committee", R30: "The candidate changed or broke the law; the original committee",
    R10: "A member was set or changed against the law, the conclusion is void; the seats named now", REFORMED: "The committee was formed anew; the seats named now",
  },
  field: {
    reason: "Reason", order: "Number of the supervisor's order or review", cause: "Cause of the fault", venue: "Where it is", since: "Since when (Beijing time)", back_to: "Back to",
    requested_by: "Asked for by", decision: "The tenderer's decision to go on", operator: "the operator",
  },
  asked: "{who} asks to go back to “{stage}”: {reason}", went: "{at} went back to “{stage}” ({order}): {reason}",
} as const;
