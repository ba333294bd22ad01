// What the console says, in Chinese.
import alarms from "./centre/alarms.zh";
import relay from "./clarifications/messages.zh";
import interruption from "./interruptions/messages.zh";

export default {
  alarms,
  relay,
  interruption,
  menu: {
    here: "当前页", explorer: "公开查询页面",
    tenders: { stage: "登记", name: "项目登记" }, invitations: { stage: "邀请", name: "协作邀请" },
    seats: { stage: "抽取", name: "专家席位" }, sessions: { stage: "评标", name: "评标会话" },
    evidence: { stage: "公示", name: "报告存证" }, centre: { stage: "系统", name: "运行状态" },
  },
  tenders: {
    register: "登记项目", registerHelp: "选择要登记的项目资料。登记后，项目编号、投标文件摘要写入本中心账本。", registerButton: "登记该项目",
    asked: "项目名称、编号或招标人", title: "项目", tenderer: "招标人", control: "招标控制价", opening: "开标时间", bidders: "投标人",
  },
  tender: {
    progress: "办理进度", facts: "项目信息", method: "评标办法", methods: { "low-price-first": "综合评分法（低价优先）", comprehensive: "综合评估法" },
    step: { registered: "项目登记", invited: "副场确认", named: "席位安排", prepared: "会话准备" },
    next: {
      invite: "下一步：邀请一个副场城市共同评标。", reply: "等待{guest}答复，截止 {at}", name: "下一步：为本中心席位安排专家。",
      prepare: "下一步：准备评标会话，并送达副场。", cockpit: "评标会话已准备。",
    },
    do: { invite: "发出邀请", name: "安排席位", prepare: "准备评标会话", cockpit: "打开会话" },
    invitation: "协作邀请", noInvitation: "尚未发出邀请", seats: "席位", noSeats: "尚未安排席位", guestNames: "由副场安排，签到后可见",
    bidders: "投标人", bidder: "投标人", uscc: "统一社会信用代码", price: "投标报价", duration: "工期",
    items: "评审内容", item: "评审内容", section: "部分", range: "分值", step1: "步长",
  },
  invite: {
    title: "发出协作邀请", help: "副场在答复截止前可以确认或拒绝。以下时间均为北京时间。", guest: "副场中心", seats: "需要席位数",
    reply_deadline: "答复截止", window_start: "评标开始", window_end: "评标结束", order: "时间次序应为：答复截止、评标开始、评标结束。", issue: "发出邀请",
  },
  invitations: {
    side: "方向", all: "全部", sent: "本中心发出", received: "本中心收到", project: "项目", cities: "主场与副场", seats: "席位数", window: "评标时间",
    deadline: "答复截止", state: "状态", answer: "答复", details: "邀请详情", seatsAsked: "{n} 个席位", reason: "拒绝原因",
    confirm: "确认并预留 {n} 个席位", refuseBegin: "无法承接", refuse: "拒绝邀请", nameSeats: "为本项目安排席位",
  },
  seats: {
    project: "项目", choose: "请选择项目", chooseFirst: "请先选择项目，再为本中心的席位安排专家。", asked: "主场请求 {n} 个席位，请逐一安排。",
    own: "请安排本中心席位。评标委员会总人数应为五人以上单数。", seat: "席位 {seat}", expert: "选择专家", add: "增加一席", remove: "减少一席",
    lack: { practice: "从业不满八年", title: "无高级职称或同等专业水平" },
    lackReason: "为何仍安排此专家（{who}）", inSpite: "不满足年限或职称，理由：{reason}", lackHelp: "法律要求专家从业满八年，并具有高级职称或同等专业水平。请写明理由，理由记入账本。",
    save: "保存席位安排", saved: "席位安排已保存", secret: "在签到之前，其他中心看不到这里的姓名。",
  },
  selection: {
    how: "专家如何确定", drawn: "从专家库随机抽取", named: "直接确定（特殊招标项目）", special: "特殊招标项目的理由", complex: "技术复杂", specialised: "专业性强", state: "国家有特殊要求",
    approval: "批准文件", help: "一般项目应随机抽取。只有抽取的专家难以胜任的特殊项目，经批准后可以直接确定。",
  },
  sessions: { none: "尚无评标会话", project: "项目", stage: "阶段" },
  cockpit: {
    over: "评标会话已结束", ready: "条件已具备，可以进入{stage}", entered: "阶段：{stage}", readyToClose: "报告已签封，可以结束本次评标", enter: "进入{stage}",
    enterAs: { CHECK_IN: "开始签到", BRIEFING: "开始签署承诺书", DETAILED: "开始详细评审", CLOSED: "结束本次评标" }, hostEnters: "由主场推进到下一阶段。",
    waiting: "等待{who}：{what}", since: "自 {at}", seatOf: "{city}·席位 {n}", committee: "评标委员会", comma: "、",
    consequence: "本次评标将从“{from}”进入“{to}”，所有席位随即更新。此操作记入评标记录，不能撤回。",
    tally: "汇总摘要", tallyEqual: "各中心一致", seat: "席位 {n}", notYet: "尚未签到", through: "由{city}接入", events: "事件", showScores: "显示录入记录",
    seatState: { absent: "未到", bound: "已签到", locked: "已锁定", consented: "已对报告表态", signed: "已签署" },
    help: {
      "seat-not-bound": "请引导专家到席位，用通行密钥签到。", "undertaking-missing": "请提醒专家阅读并签署承诺书。",
      recused: "请按规定更换专家。", "sheet-not-locked": "专家完成全部评分后自行锁定，请勿催促具体分值。",
      "reading-not-finished": "专家读完文件后自行确认。", "review-not-locked": "专家逐项评审后自行锁定评审表。", "rejection-vote-missing": "请提醒专家就否决提议表决。",
      "competition-vote-missing": "请提醒专家就是否仍具竞争性表决。", "answer-not-judged": "请提醒专家就澄清答复表态。", "correction-not-confirmed": "请取得投标人的书面答复，并在下方录入。", "clarification-open": "请在下方办理澄清。",
      "consent-missing": "请提醒专家阅读报告并表明意见。", "signature-missing": "请提醒专家输入签名口令完成签署。", "ballot-missing": "请提醒该成员投票。", "score-fault": "由评分不一致的成员在评标室更正，请勿谈及具体分值。", "warning-not-acknowledged": "由组长在评标室处理线索。", "correction-missing": "由被指明的成员在评标室更正。", "rollback-not-acknowledged": "请提醒专家在评审室页面上方确认知悉回退。",
      call: "该席位在{city}，可联系{city}的工作人员协助。", automatic: "系统正在办理，通常数秒内完成；长时间未完成请查看运行状态。",
    },
  },
  tally: { title: "评审结果与计算过程", show: "查看计算过程", place: "名次", bidder: "投标人", technical: "技术", business: "商务", credit: "资信", price: "报价", total: "总分", evaluated_fen: "评标价（万元）", find: "查找数值或规则", figure: "数值", value: "结果", rule: "规则", inputs: "来自", rounded: "取舍" },
  replacement: { title: "更换成员", help: "仅限法定事由，且在评审开始之前；之后须先申请回退。原成员的结论无效，由新成员重新签署。", ask: "更换成员", seat: "席位", ground: "事由", by: "更换为", reason: "情况说明", recusal: "回避", absence: "缺席", health: "健康原因", "left-post": "擅离职守" },
  report: { title: "评标报告", draft: "待签报告", sealed: "已签封报告", explorer: "在公开页面查看存证" },
  centre: {
    peers: "相邻中心", noLink: "当前没有会话连接", chain: "账本与上链", noChain: "未配置区块链", noPeers: "未配置其他中心", followers: "后台任务", follower: "任务",
    works: { webhook: "报警通知", outbox: "发往{city}的消息", log: "写入账本", publish: "公开发布", anchor: "上链", workflow: "流程推进" }, position: "已处理",
    lag: "待处理", state: "状态", running: "正常", stopped: "已停止（{code}）", restart: "原因已排除，继续", entries: "账本条数", size: "最近上链的条数", head: "链上记录的条数",
    block: "区块", chain_id: "链编号", contract: "存证合约", transaction: "最近交易", fault: "故障代码",
  },
} as const;
