// What the console says, in English.
import alarms from "./centre/alarms.en";
import relay from "./clarifications/messages.en";
import interruption from "./interruptions/messages.en";

export default {
  alarms,
  relay,
  interruption,
  menu: {
    here: "This page", explorer: "Public pages",
    tenders: { stage: "1", name: "Tenders" }, invitations: { stage: "2", name: "Invitations" },
    seats: { stage: "3", name: "Seats" }, sessions: { stage: "4", name: "Sessions" },
    evidence: { stage: "5", name: "Evidence" }, centre: { stage: "·", name: "Status" },
  },
  tenders: {
    register: "Register a tender", registerHelp: "Choose the material to register. Its number and the digests of the bids go into this centre's ledger.", registerButton: "Register it",
    asked: "Title, number or tenderer", title: "Tender", tenderer: "Tenderer", control: "Control price", opening: "Opening", bidders: "Bidders",
  },
  tender: {
    progress: "Where it stands", facts: "The tender", method: "Method", methods: { "low-price-first": "Scoring, lowest price first", comprehensive: "Comprehensive evaluation" },
    step: { registered: "Tender", invited: "Guest", named: "Seats", prepared: "Session" },
    next: {
      invite: "Next: invite a guest city to evaluate with you.", reply: "Waiting for {guest} to answer, until {at}", name: "Next: name experts to your own seats.",
      prepare: "Next: prepare the session and deliver it to the guest.", cockpit: "The session is prepared.",
    },
    do: { invite: "Invite a centre", name: "Name experts", prepare: "Prepare the session", cockpit: "Open the session" },
    invitation: "Invitation", noInvitation: "No invitation yet", seats: "Seats", noSeats: "No seats named yet", guestNames: "named by the guest, shown after check-in",
    bidders: "Bidders", bidder: "Bidder", uscc: "Credit code", price: "Price", duration: "Duration",
    items: "Items", item: "Item", section: "Section", range: "Points", step1: "Step",
  },
  invite: {
    title: "Invite a centre", help: "The guest may confirm or refuse until the deadline. All times are Beijing time.", guest: "Guest centre", seats: "Seats needed",
    reply_deadline: "Answer by", window_start: "Evaluation begins", window_end: "Evaluation ends", order: "The deadline comes first, then the beginning, then the end.", issue: "Send the invitation",
  },
  invitations: {
    side: "Direction", all: "All", sent: "Sent", received: "Received", project: "Tender", cities: "Host and guest", seats: "Seats", window: "Evaluation",
    deadline: "Answer by", state: "State", answer: "Answer", details: "Invitation", seatsAsked: "{n} seats", reason: "Reason",
    confirm: "Confirm and reserve {n} seats", refuseBegin: "We cannot", refuse: "Refuse the invitation", nameSeats: "Name experts to its seats",
  },
  seats: {
    project: "Tender", choose: "Choose a tender", chooseFirst: "Choose a tender, then name experts to your own seats.", asked: "The host asks for {n} seats.",
    own: "Name experts to your own seats. The committee has five members or more, an odd number.", seat: "Seat {seat}", expert: "Choose an expert", add: "One seat more", remove: "One seat less",
    lack: { practice: "fewer than eight years of practice", title: "neither senior title nor equal level" },
    lackReason: "Why {who} all the same", inSpite: "Lacks years or title; seated because: {reason}", lackHelp: "The law asks eight years of practice, and a senior title or an equal level. Please write why; it goes into the journal.",
    save: "Save the seats", saved: "Seats saved", secret: "Before check-in no other centre sees these names.",
  },
  selection: {
    how: "How the experts were chosen", drawn: "Drawn at random from the bank", named: "Named (special tender)", special: "What makes the tender special", complex: "Technically complex", specialised: "Highly specialised", state: "Special requirements of the state",
    approval: "Approved by (document)", help: "Experts are drawn. Only a special tender, for which experts who are drawn could hardly be equal to the task, may name them, once that is approved.",
  },
  sessions: { none: "No sessions yet", project: "Tender", stage: "Stage" },
  cockpit: {
    over: "The session is closed", ready: "Everything is in place for: {stage}", entered: "stage: {stage}", readyToClose: "The report is sealed: the evaluation can be closed", enter: "Enter: {stage}",
    enterAs: { CHECK_IN: "Open the check-in", BRIEFING: "Begin the undertakings", DETAILED: "Begin the detailed review", CLOSED: "Close the evaluation" }, hostEnters: "The host takes the next step.",
    waiting: "Waiting for {who} {what}", since: "since {at}", seatOf: "{city} seat {n}", committee: "the committee", comma: ", ",
    consequence: "The evaluation moves from “{from}” to “{to}” at every seat. This is recorded and cannot be taken back.",
    tally: "Tally digest", tallyEqual: "all centres agree", seat: "Seat {n}", notYet: "not checked in", through: "connected through {city}", events: "Events", showScores: "Show entries of scores",
    seatState: { absent: "absent", bound: "checked in", locked: "locked", consented: "position given", signed: "signed" },
    help: {
      "seat-not-bound": "Show the expert to the seat; they check in with their passkey.", "undertaking-missing": "Remind the expert to read and sign the undertaking.",
      recused: "Replace the expert as the rules require.", "sheet-not-locked": "Experts lock when they are done. Do not speak about figures.",
      "reading-not-finished": "The expert confirms when the files are read.", "review-not-locked": "The expert marks every item and then locks the table.", "rejection-vote-missing": "Please remind the expert to vote on the rejection.",
      "competition-vote-missing": "Please remind the expert to vote on competition.", "answer-not-judged": "Please remind the expert to judge the answer.", "correction-not-confirmed": "Please get the bidder's written answer and enter it below.", "clarification-open": "Please bring the question on its way below.",
      "consent-missing": "Remind the expert to read the report and state a position.", "signature-missing": "Remind the expert to enter the signing PIN.", "ballot-missing": "Remind the member to cast the ballot.", "score-fault": "The members whose marks differ correct them in the room. Do not speak about figures.", "warning-not-acknowledged": "The lead looks at the clues in the room.", "correction-missing": "The member named corrects the mark in the room.", "rollback-not-acknowledged": "Remind the expert to take note at the top of the room's page.",
      call: "The seat is in {city}; the staff there can help.", automatic: "The system does this within seconds; if it does not, look at Status.",
    },
  },
  tally: { title: "Result and how it was computed", show: "Show the calculation", place: "Rank", bidder: "Bidder", technical: "Technical", business: "Business", credit: "Credit", price: "Price", total: "Total", evaluated_fen: "Evaluated price (10,000 yuan)", find: "Find a figure or rule", figure: "Figure", value: "Value", rule: "Rule", inputs: "From", rounded: "Rounded to" },
  replacement: { title: "Replacing a member", help: "Only on a lawful ground, and before the evaluation proper; later the session goes back first. What the member said is void, and the next one signs anew.", ask: "Replace a member", seat: "Seat", ground: "Ground", by: "By", reason: "What happened", recusal: "recusal", absence: "absence", health: "health", "left-post": "left the post" },
  report: { title: "Evaluation report", draft: "Report to sign", sealed: "Sealed report", explorer: "See the evidence on the public pages" },
  centre: {
    peers: "Other centres", noLink: "no session connects us now", chain: "Ledger and chain", noChain: "No chain is configured", noPeers: "No other centre is configured", followers: "Background work", follower: "Work",
    works: { webhook: "News of alarms", outbox: "Messages to {city}", log: "Ledger", publish: "Publication", anchor: "Anchoring", workflow: "Next steps" }, position: "Done",
    lag: "Waiting", state: "State", running: "running", stopped: "stopped ({code})", restart: "It is mended: go on", entries: "Ledger entries", size: "Entries last anchored", head: "Entries on chain",
    block: "Block", chain_id: "Chain", contract: "Anchor contract", transaction: "Last transaction", fault: "Fault",
  },
} as const;
