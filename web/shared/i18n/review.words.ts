// The words of the review that both applications show: grounds, issues, states; the two languages side by side.
type Words = Record<string, [string, string]>;

export const GROUNDS: Words = {
  "F51-1": ["未盖章且未签字", "Neither sealed nor signed"],
  "F51-2": ["联合体未提交共同投标协议", "Consortium without its agreement"],
  "F51-3": ["不符合资格条件", "Not qualified"],
  "F51-4": ["提交两个以上不同的文件或报价", "Two or more different bids or prices"],
  "F51-5": ["低于成本或高于最高投标限价", "Below cost, or over the control price"],
  "F51-6": ["未实质性响应招标文件", "Does not answer the tender file in substance"],
  "F51-7": ["串通投标、弄虚作假、行贿", "Collusion, fraud or bribery"],
  W21: ["不能合理说明低价", "Cannot explain the low price"],
  W22: ["拒不澄清、说明或者补正", "Refuses to clarify"],
  W25: ["重大偏差", "Material deviation"],
};

export const ISSUES: Words = {
  unclear: ["含义不明确", "Unclear"],
  inconsistent: ["同类问题表述不一致", "Inconsistent"],
  "obvious-error": ["明显文字或计算错误", "Obvious error"],
  "abnormally-low-price": ["报价异常偏低", "Abnormally low price"],
};

export const QUESTION_STATES: Words = {
  DRAFT: ["草拟", "Drafted"],
  REVIEWED: ["已审核", "Approved"],
  RETURNED: ["审核退回", "Returned"],
  SENT: ["已发出", "Sent"],
  DELIVERED: ["已送达", "Delivered"],
  ANSWERED: ["已答复", "Answered"],
  TIMED_OUT: ["逾期未答复", "Timed out"],
  REFUSED: ["拒绝答复", "Refused"],
  ACCEPTED: ["采纳", "Accepted"],
  NOT_ACCEPTED: ["不采纳", "Not accepted"],
};

export const MOTION_STATES: Words = {
  RAISED: ["已提出", "Raised"],
  DEBATED: ["表决中", "Being voted on"],
  UPHELD: ["否决成立", "Rejected"],
  DISMISSED: ["不成立", "Dismissed"],
};

export const CORRECTION_RULES: Words = {
  WORDS: ["以大写金额为准", "The amount in words counts"],
  "UNIT-PRICE": ["以单价为准", "The unit price counts"],
  "DECIMAL-POINT": ["单价小数点明显错位，以总价为准", "Decimal point slipped; the total counts"],
};
