// What an ordinary session shows, in Chinese, for whoever judges a flag; in English the interface itself says it.
export const USUAL_ZH: Record<string, string> = {
  A01: "与其余专家均值相差在 ±20% 以内，稳健偏差小于 3.5",
  A02: "与其余专家排名正相关，一致性系数在 0.3 至 0.98 之间",
  A03: "区分度为其余专家中位数的 0.2 至 2 倍",
  A04: "不超过满分的 15%，或不影响第一名",
  A05: "去掉该专家后第一名不变",
  A06: "低于满分的 5%，或统计上不显著",
  A07: "主观评分相同的比例低于 95%",
  A09: "客观评审因素各成员评分一致（87号令64条）",
  A10: "无（87号令64条）",
  A11: "用时更长，且打开过每份文件",
  A17: "报价间差异的变异系数大于 0.02",
  A18: "变异系数大于 0.01，相近报价少于三家",
  A24: "不低于其余报价均值的 85%；低价应当说明（暂行规定21条）",
};
/** The names of what a flag rests on. */
export const EVIDENCE_ZH: Record<string, string> = {
  W: "一致性系数 W",
  bidders: "投标人数",
  bids: "报价数",
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
