// The undertaking every member signs before seeing a bid; the signed digest is always that of the Chinese text.
import { digest, utf8 } from "../../shared/records/bytes";

export const UNDERTAKING_ZH = [
  "本人自愿参加本项目评标工作，并郑重承诺：",
  "一、遵守《中华人民共和国招标投标法》及其实施条例，客观、公正、独立地履行评审职责，对所提出的评审意见承担个人责任。",
  "二、严格按照招标文件规定的评标标准和方法评审，不采用招标文件未规定的标准和方法。",
  "三、不私下接触投标人，不收受投标人的财物或者其他好处，不向任何人征询确定中标人的意向。",
  "四、不对外透露投标文件的评审和比较、中标候选人的推荐情况以及与评标有关的其他情况。",
  "五、不与其他成员协商评分，不诱导、干涉他人独立评审。",
  "六、本人与投标人没有法律、法规规定应当回避的利害关系；发现应当回避的情形，立即申请回避。",
  "七、评审期间通讯工具已按要求存放，不使用未经许可的设备。",
].join("\n");

export const UNDERTAKING_EN = [
  "I take part in this evaluation of my own will and undertake that:",
  "1. I follow the Tendering and Bidding Law and its regulations, evaluate objectively, fairly and " +
    "independently, and answer personally for my opinions.",
  "2. I evaluate strictly by the standards and the method of the tender documents, and by no other.",
  "3. I do not meet bidders in private, take nothing of value from them, and ask nobody whom they wish to win.",
  "4. I disclose nothing about the evaluation and comparison of bids, the recommendation of candidates, or " +
    "anything else of this evaluation.",
  "5. I do not negotiate scores with other members, and neither lead nor disturb the judgement of others.",
  "6. I have no relation to a bidder from which the law requires recusal; should I find one, I ask for recusal at once.",
  "7. My means of communication are stored as required; I use no device that is not permitted.",
].join("\n");

export function undertakingDigest(): Promise<string> {
  return digest(utf8(UNDERTAKING_ZH));
}
