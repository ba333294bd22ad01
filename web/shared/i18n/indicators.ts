// Chinese words for the figures of a flag; what an indicator is called and what is usual, it says itself.
/** The names of what a flag rests on. */
export const EVIDENCE_ZH: Record<string, string> = {
  W: "一致性系数 W",
  bidders: "投标人数",
  bids: "报价数",
  digest: "文件摘要",
  entries: "录入次数",
  equal: "相同项数",
  experts: "专家人数",
  "first without": "去掉后的第一名",
  first: "第一名",
  home: "本地投标人数",
  "home marks": "本地评分数",
  items: "评审项数",
  marks: "评分数",
  mean: "均值",
  "median range of others": "其余专家区分度中位数",
  near: "相近报价数",
  others: "其余专家",
  p: "显著性 p",
  price: "报价",
  range: "区分度",
  rho: "排名相关系数",
  "robust z": "稳健偏差",
  steps: "步数",
  total: "合计",
};
/** Units and words inside a figure. */
export function figureZh(text: string): string {
  return text
    .replace(/(\d) s$/, "$1 秒")
    .replace(/^rho /, "排名相关系数 ")
    .replace(/^cv /, "变异系数 ");
}
export const THRESHOLDS_ZH: Record<string, string> = { "one mark": "各成员一致" };
