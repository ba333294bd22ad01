// What the console says of the review, in English.
export default {
  title: "Preliminary review and relay", valid: "{n} of {m} bids valid", few: "Only {n} valid bids are left.", competes: "The committee found that they compete.", lacks: "The committee found that competition is lacking: all may be rejected.",
  missing: "To vote: {who}", questions: "Questions to bidders", noQuestions: "No questions", number: "Question {n}", unsent: "Not sent", sentAt: "Sent at {at}.", replyBy: "Answer by {at}.",
  corrections: "Arithmetic corrections", noCorrections: "No corrections", corrected: "{from} → {to} (10,000 yuan)", unanswered: "Waiting for the bidder", confirmed: "The bidder confirms", unconfirmed: "The bidder does not confirm",
  rejections: "Record of rejections", noRejections: "No motion to reject", bidder: "Bidder", ground: "Ground and evidence", state: "Outcome", votes: "For : against",
  do: {
    "approve-question": "Review the question", "approve-answer": "Review the answer", send: "Send the question", deliver: "Record delivery", answer: "Enter the answer", refuse: "Record a refusal", "time-out": "Record that time ran out",
    correct: "Record a correction", confirm: "Enter the bidder's answer",
  },
  help: {
    "approve-question": "The question must stay within what may be clarified, and hint at nothing.", "approve-answer": "An answer must not exceed the bid or change its substance.",
    send: "The bidder gets the question alone, not the seat that asks. The time runs from now.", deliver: "The platform has delivered the question to the bidder.", answer: "As the bidder wrote it on the platform; an answer behind its time does not count.",
    refuse: "The bidder has said that it will not clarify.", "time-out": "The time is over and no answer has come.",
    correct: "Words count over figures, unit price times quantity over the total, unless the decimal point of the unit price is obviously wrong. The corrected price is computed.",
    confirm: "As the bidder wrote it. Where it does not confirm, the committee votes on rejection.",
  },
  approve: "Approve", return: "Return", hours: "Time to answer (hours)", words: "Amount in words (where it differs)", line: "Row {n}", lineName: "Name", unit: "Unit price (yuan)", quantity: "Quantity",
  lineTotal: "Total as bid (yuan)", decimal: "The decimal point of the unit price is obviously wrong", addLine: "Add a row", text: "The bidder's own words", reason: "Why it is returned", attach: "Attachment (its digest is recorded)",
};
