// Sentences for errors of the preliminary review: marks, rejections, corrections, clarifications.
import type { Sentences } from "./sentences";

export const REVIEW_ERRORS: Sentences = {
  // what the tender file says
  "review-not-defined": ["本项目的招标文件没有规定初步评审。", "This tender has no preliminary review."],
  "review-item-stage": ["该评审项不属于当前评审阶段。", "This item belongs to another stage of the review."],
  "review-without-items": ["有评审阶段没有列出评审项。", "A stage of the review has no items."],
  "unknown-ground": [
    "这不是法定或者招标文件列明的否决理由。",
    "This is no ground of law, nor one the tender file lists.",
  ],
  "ground-by-reference-price": [
    "标底只作参考，不得作为否决投标的理由。",
    "The reference price is never a ground to reject a bid.",
  ],
  "unknown-bidder": ["没有这个投标人。", "There is no such bidder."],

  // marks and tables
  "fail-without-reason": ["不通过须写明理由。", "A fail needs its written reason."],
  "unreviewed-cells": ["还有未评审的项，补齐后再锁定。", "Some items are not marked yet."],
  "review-digest": ["评审表已经变化，请核对后重新锁定。", "The table has changed; please check it and lock again."],
  "review-locked": ["本阶段评审表已锁定，不能再改。", "This stage's table is locked and final."],

  // rejections and competition
  "bidder-rejected": ["该投标已被否决。", "This bid is rejected already."],
  "inquiry-missing": [
    "须先书面要求投标人澄清或者说明，才能以此理由否决。",
    "The bidder must be asked in writing before this ground can be used.",
  ],
  "rejection-unknown": ["没有这项否决提议。", "There is no such motion to reject."],
  "rejection-decided": ["这项否决提议已在上一环节表决完毕。", "This motion was decided in an earlier stage."],
  "over-control-must-be-rejected": [
    "报价高于最高投标限价，依法应当否决。",
    "A price over the control price must be rejected by law.",
  ],
  "already-voted": ["您已经表决，不能再改。", "You have voted; a vote is final."],
  "competition-not-asked": [
    "有效投标数量已经变化，或者无需就竞争性表决，请刷新。",
    "No such vote is open, or the number of valid bids has changed; please reload.",
  ],
  "number-out-of-order": ["编号不连续，请刷新后重试。", "The number is out of order; please reload."],

  // arithmetic corrections
  "amount-in-words": ["大写金额书写有误，无法识别。", "The amount in words cannot be read."],
  "nothing-to-correct": ["数字一致，无需修正。", "The figures agree; there is nothing to correct."],
  "decimal-point-not-wrong": [
    "移动小数点后仍不相符，应以单价为准。",
    "No shift of the decimal point explains it; the unit price counts.",
  ],
  "correction-missing": ["该投标人没有待确认的修正。", "There is no correction to confirm for this bidder."],
  "correction-answered": ["投标人已经答复，不能再改。", "The bidder has answered already."],

  // clarifications
  "clarification-unknown": ["没有这项澄清。", "There is no such question."],
  "clarification-step": ["这项澄清还没有到这一步。", "The question has not come to this step."],
  "clarification-ended": [
    "这项澄清已经结束，不接受主动提出的澄清。",
    "The question has ended; nothing unasked is taken.",
  ],
  "question-not-approved": [
    "问题须先经监督人员审核，才能发出。",
    "A supervisor must approve the question before it goes out.",
  ],
  "reply-still-open": ["答复期限未到。", "The time to answer is not over."],
  "answer-not-there": ["答复尚未送达，或者尚未审核。", "The answer is not here yet, or not approved."],
};
