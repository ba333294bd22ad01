// What the console says of the review, in Chinese.
export default {
  title: "初步评审与转交", valid: "有效投标 {n}/{m}", few: "有效投标只剩 {n} 家。", competes: "评标委员会认定仍具竞争性。", lacks: "评标委员会认定明显缺乏竞争，可以否决全部投标。",
  missing: "待表决：{who}", questions: "澄清转交", noQuestions: "没有澄清问题", number: "澄清 {n} 号", unsent: "未发出", sentAt: "{at} 发出。", replyBy: "答复期限 {at}。",
  corrections: "算术性修正", noCorrections: "没有修正", corrected: "{from} 万元 → {to} 万元", unanswered: "待投标人确认", confirmed: "投标人确认修正", unconfirmed: "投标人不确认修正",
  rejections: "否决记录", noRejections: "没有否决提议", bidder: "投标人", ground: "理由和证据", state: "结果", votes: "赞成 : 不赞成",
  do: {
    "approve-question": "审核问题", "approve-answer": "审核答复", send: "发出问题", deliver: "记录送达", answer: "录入答复", refuse: "记录拒绝答复", "time-out": "记录逾期未答",
    correct: "记录算术性修正", confirm: "录入投标人答复",
  },
  help: {
    "approve-question": "问题须属于可以澄清的范围，不含暗示或者诱导。", "approve-answer": "答复不得超出投标文件的范围或者改变实质性内容。",
    send: "发给投标人的只有问题本身，不含提问席位。期限从现在起算。", deliver: "平台已向投标人送达本问题。", answer: "按投标人在平台上提交的原文录入，期限之后的答复不予采纳。",
    refuse: "投标人明确表示拒绝澄清、说明或者补正。", "time-out": "答复期限已过，投标人没有答复。",
    correct: "大写金额与小写金额不一致的，以大写为准；总价与单价乘数量不一致的，以单价为准，单价小数点明显错位的除外。修正后的价格由系统计算。",
    confirm: "按投标人的书面答复录入。不确认的，由评标委员会表决否决。",
  },
  approve: "同意", return: "退回", hours: "答复期限（小时）", words: "投标函大写金额（不涉及可不填）", line: "清单第 {n} 项", lineName: "名称", unit: "单价（元）", quantity: "数量",
  lineTotal: "所报合价（元）", decimal: "单价小数点明显错位", addLine: "增加清单项", text: "投标人答复原文", reason: "退回理由", attach: "附件（只记录摘要）",
};
