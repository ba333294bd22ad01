// The field's words that both applications show: stages, states, reasons, kinds of entry; the two languages side by side.
import { CORRECTION_RULES, GROUNDS, ISSUES, MOTION_STATES, QUESTION_STATES } from "./review.words";

export const STAGES: Record<string, [string, string]> = {
  PREPARED: ["待开始", "Not begun"],
  CHECK_IN: ["签到核验", "Check-in"],
  BRIEFING: ["纪律与承诺", "Undertakings"],
  ELECTING: ["推选组长", "Electing the lead"],
  READING: ["熟悉文件", "Reading"],
  PRELIM_FORM: ["形式评审", "Review of form"],
  PRELIM_QUAL: ["资格评审", "Review of qualification"],
  PRELIM_RESP: ["响应性评审", "Review of responsiveness"],
  PRELIM_DONE: ["初步评审结束", "Preliminary review done"],
  DETAILED: ["详细评审", "Detailed review"],
  PRICE: ["报价评分", "Price scores"],
  SCORE_CHECK: ["评分核验", "Score check"],
  AGGREGATED: ["汇总排序", "Tally"],
  RECOMMENDED: ["推荐候选人", "Candidates"],
  REPORT_DRAFT: ["报告起草", "Report draft"],
  SIGNING: ["报告签署", "Signing"],
  SEALED: ["已签封", "Sealed"],
  CLOSED: ["已结束", "Closed"],
  CLARIFYING: ["澄清中", "Clarification"],
  PAUSED: ["暂停", "Paused"],
  INTERRUPTED: ["故障中断", "Interrupted"],
  SUSPENDED: ["监督暂停", "Suspended by the supervisor"],
  ROLLBACK_REQ: ["回退申请", "Rollback asked for"],
  FAILED: ["流标", "Failed"],
  REJECT_ALL: ["否决全部投标", "All bids rejected"],
  REFORMED: ["重组评标委员会", "Committee formed anew"],
  ABORTED: ["中止", "Aborted"],
};

export const INVITATION_STATES: Record<string, [string, string]> = {
  DRAFT: ["草稿", "Draft"],
  ISSUED: ["已发出", "Issued"],
  RECEIVED: ["已签收", "Received"],
  CONFIRMED: ["已确认", "Confirmed"],
  COUNTERED: ["改约中", "Countered"],
  REJECTED: ["已拒绝", "Refused"],
  REFUSED: ["已拒绝", "Refused"],
  EXPIRED: ["已逾期", "Expired"],
  CHANGE_PENDING: ["变更待确认", "Change pending"],
  LOCKED: ["已锁定", "Locked"],
  CANCELLED: ["已取消", "Cancelled"],
  WITHDRAWN: ["已退出", "Withdrawn"],
  IN_SESSION: ["评标中", "In session"],
  COMPLETED: ["已完成", "Completed"],
  ABORTED: ["已中止", "Aborted"],
};

export const REASONS: Record<string, [string, string]> = {
  "no-free-seats": ["无空余工位", "No free seats"],
  "equipment-maintenance": ["设备检修", "Equipment under maintenance"],
  "specialty-missing": ["专业不足", "No experts of this specialty"],
  other: ["其他", "Other"],
};

export const ENTRY_KINDS: Record<string, [string, string]> = {
  "session-opened": ["会话已准备", "prepared the session"],
  "seat-bound": ["席位已签到", "checked a seat in"],
  "stage-entered": ["进入阶段", "entered the next stage"],
  "member-replaced": ["已更换成员", "replaced a member"],
  "rollback-requested": ["申请回退", "asked to go back"],
  "rollback-acknowledged": ["已知悉回退", "took note of the rollback"],
  "undertaking-signed": ["已签承诺书", "signed the undertaking"],
  "ballot-cast": ["已投票推选组长", "voted for the lead"],
  "reading-finished": ["已熟悉文件", "finished reading"],
  "review-marked": ["评审一项", "marked one item of the review"],
  "review-locked": ["评审表已锁定", "locked the review table"],
  "rejection-raised": ["提议否决投标", "moved to reject a bid"],
  "rejection-voted": ["已就否决表决", "voted on a rejection"],
  "competition-voted": ["已就竞争性表决", "voted on competition"],
  "correction-recorded": ["记录算术性修正", "recorded a correction"],
  "correction-answered": ["记录投标人对修正的答复", "recorded the answer to a correction"],
  "clarification-drafted": ["草拟澄清问题", "drafted a question"],
  "clarification-approved": ["澄清已审核", "reviewed a question or answer"],
  "clarification-sent": ["澄清问题已发出", "sent a question"],
  "clarification-delivered": ["澄清问题已送达", "delivered a question"],
  "clarification-answered": ["收到澄清答复", "received an answer"],
  "clarification-unanswered": ["澄清未获答复", "recorded that no answer came"],
  "answer-judged": ["已就澄清答复表态", "judged an answer"],
  "score-entered": ["录入一项评分", "entered one score"],
  "sheet-locked": ["评分已锁定", "locked the score sheet"],
  "tally-computed": ["已完成汇总计算", "computed the tally"],
  "report-drafted": ["报告已起草", "drafted the report"],
  "report-confirmed": ["报告已核对一致", "confirmed the report"],
  "score-corrected": ["已更正评分", "corrected a mark"],
  "warning-acknowledged": ["已处理评分线索", "looked at a warning"],
  "report-consented": ["已对报告表态", "stated a position on the report"],
  "report-signed": ["已签署报告", "signed the report"],
  "report-sealed": ["报告已签封", "sealed the report"],
};

/** What blocks the next stage, by the code of evaluation_room/guards.py. */
export const WAITING_FOR: Record<string, [string, string]> = {
  "committee-too-small": ["评委会人数不足", "committee too small"],
  "committee-even": ["评委会人数应为单数", "committee must be odd"],
  "seat-not-bound": ["签到", "to check in"],
  "undertaking-missing": ["签署承诺书", "to sign the undertaking"],
  recused: ["申请回避，待更换", "asked for recusal, to be replaced"],
  "ballot-missing": ["投票推选组长", "to vote for the lead"],
  "lead-of-the-tenderer": ["指定的组长是招标人代表，应当更换", "the lead named is the tenderer's representative"],
  "reading-not-finished": ["熟悉文件", "to finish reading"],
  "review-not-locked": ["锁定评审表", "to lock the review table"],
  "rejection-vote-missing": ["就否决提议表决", "to vote on a rejection"],
  "correction-not-confirmed": ["取得投标人对修正的书面答复", "to get the bidder's answer to a correction"],
  "clarification-open": ["办结澄清", "to bring a question to its end"],
  "answer-not-judged": ["就澄清答复表态", "to judge an answer"],
  "no-valid-bidder": ["没有有效投标，应当否决全部投标", "no valid bid is left: reject all"],
  "too-few-valid-bidders": ["有效投标不足三家，应予废标", "fewer than three valid bids: the tender fails"],
  "competition-vote-missing": ["就是否仍具竞争性表决", "to vote whether the bids still compete"],
  "competition-lacking": ["认定明显缺乏竞争，可以否决全部投标", "found to lack competition: all may be rejected"],
  "bids-still-compete": ["认定仍具竞争性，不得否决全部", "found to compete: not all may be rejected"],
  "enough-valid-bidders": ["仍有足够的有效投标", "enough valid bids are left"],
  "sheet-not-locked": ["锁定评分", "to lock the scores"],
  "sheet-incomplete": ["评分表缺项，须回退后补齐", "its sheet lacks scores: go back and complete it"],
  "section-without-scores": ["有评审内容无人评分", "a section without any score"],
  "score-fault": ["更正评分错误", "to correct a fault in the scores"],
  "warning-not-acknowledged": ["处理评分线索", "to look at a warning"],
  "correction-missing": ["更正被认定畸高畸低的评分", "to correct a mark found conspicuous"],
  "tally-missing": ["完成汇总计算", "to compute the tally"],
  "tally-differs": ["汇总结果与本中心不一致", "its tally differs from ours"],
  "report-not-drafted": ["起草报告", "to draft the report"],
  "report-not-confirmed": ["核对报告", "to confirm the report"],
  "report-differs": ["报告与本中心不一致", "its report differs from ours"],
  "consent-missing": ["对报告表态", "to take a position on the report"],
  "signature-missing": ["签署报告", "to sign the report"],
  "report-not-sealed": ["加盖电子签章", "to seal the report"],
  "rollback-not-acknowledged": ["确认知悉回退", "to take note of the rollback"],
  "transition-not-available": ["该阶段尚未启用", "this stage is not available"],
};

type Words = Record<string, [string, string]>;

function side(words: Words, index: 0 | 1): Record<string, string> {
  return Object.fromEntries(Object.entries(words).map(([key, pair]) => [key, pair[index]]));
}

/** All of them as messages of one language: t("stage.DETAILED"). */
export function fieldWords(index: 0 | 1) {
  return {
    stage: side(STAGES, index),
    invitationState: side(INVITATION_STATES, index),
    reason: side(REASONS, index),
    entryKind: side(ENTRY_KINDS, index),
    waitingFor: side(WAITING_FOR, index),
    ground: side(GROUNDS, index),
    issue: side(ISSUES, index),
    questionState: side(QUESTION_STATES, index),
    motionState: side(MOTION_STATES, index),
    correctionRule: side(CORRECTION_RULES, index),
  };
}
