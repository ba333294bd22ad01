// What the room says of the preliminary review, in Chinese.
export const prelim = {
  item: "评审内容", tabs: { documents: "投标文件", table: "评审表", matters: "评议事项" },
  empty: "未评", pass: "通过", fail: "不通过", wrong: "待写理由",
  cell: "{bidder} {item}，{state}", keys: "方向键移动，按 1 或 P 为通过，按 0 或 F 为不通过并填写理由",
  setPass: "通过", setFail: "不通过", reason: "不通过的理由（必填）", confirmFail: "记为不通过",
  left: "还有 {n} 项未评", check: "复核并锁定", checkTitle: "复核评审表", checkLead: "以下为您评为不通过的项目，其余均为通过。锁定后不能修改。",
  noFails: "全部通过。", lock: "锁定我的评审表", lockedTitle: "评审表已锁定",
  lockedHelp: "全体成员锁定后显示评审结论：意见一致的按一致意见，不一致的按多数意见。",
  reading: "熟悉文件", readingHelp: "请阅读招标文件和各投标文件。发现含义不明或者计算错误的，可以草拟澄清问题。", readDone: "您已完成，正在等待其他成员。",
  finishReading: "我已熟悉文件", done: "初步评审结束", doneHelp: "有效投标 {n} 家，共 {m} 家。待表决事项全部办结后，进入详细评审。", votesWait: "有 {n} 件事项待您表决",
};
export const matters = {
  title: "评议事项", open: "评议事项", rejections: "否决投标", noRejections: "没有否决提议", byLaw: "依法应当否决", byRule: "由评审结论提出", by: "由席位 {seat} 提出",
  counts: "赞成否决 {yes}，不赞成 {no}", missing: "还有 {n} 人未表决", uphold: "赞成否决", dismiss: "不赞成", mineUphold: "您已表决：赞成否决", mineDismiss: "您已表决：不赞成",
  raise: "提议否决", competition: "是否仍具竞争性", competitionHelp: "有效投标只剩 {n} 家，不足三家。请就是否仍具竞争性表决。", competes: "仍具竞争性", lacks: "明显缺乏竞争",
  questions: "澄清", noQuestions: "没有澄清事项", ask: "草拟澄清问题", replyBy: "答复期限 {at}", accept: "采纳答复", notAccept: "不采纳",
  corrections: "算术性修正", corrected: "{from} 万元 → {to} 万元", unanswered: "待投标人确认", confirmed: "投标人已确认", unconfirmed: "投标人不确认",
  conclusions: "评审结论", conclusionCount: "共 {n} 项结论，其中 {m} 项不通过", unanimous: "意见一致", majority: "按多数意见",
  ground: "否决理由", evidence: "事实和证据（必填）", issue: "问题类别", place: "在投标文件中的位置", question: "问题", reason: "理由（必填）", reasonOptional: "理由（可不填）",
  dialog: { raise: "提议否决投标", ask: "草拟澄清问题", vote: "就否决表决", compete: "就竞争性表决", judge: "就答复表态" },
  help: {
    raise: "每项提议只写一个理由，并列明事实和证据。由全体成员表决，过半数赞成的否决成立。",
    ask: "只能就含义不明确、表述不一致、明显错误或者报价异常偏低提问，不得暗示，不得改变实质性内容。问题由主场中心转交，不显示提问人。",
    vote: "表决后不能更改。在您表决之前，看不到他人的表决。", compete: "表决后不能更改，请写明理由。", judge: "答复不得超出投标文件的范围或者改变实质性内容。表态后不能更改。",
  },
  choice: { vote: { yes: "赞成否决", no: "不赞成否决" }, compete: { yes: "仍具竞争性", no: "明显缺乏竞争" }, judge: { yes: "采纳答复", no: "不采纳答复" } },
  send: { raise: "提交提议", ask: "提交问题", vote: "提交表决", compete: "提交表决", judge: "提交意见" },
};
