// Steps off the line, in Chinese: what they are called, what they bring, what must be said.
export default {
  title: "会话控制", ends: "提前结束…", supervisor: "监督人员", none: "当前没有可办理的事项",
  name: {
    PAUSED: "暂停评标", SUSPENDED: "责令暂停", INTERRUPTED: "登记故障中断", CLARIFYING: "开始澄清", ROLLBACK_REQ: "申请回退",
    FAILED: "宣布流标", REJECT_ALL: "否决全部投标", REFORMED: "重组评标委员会", ABORTED: "中止评标",
    resume: "恢复评标", lift: "解除监督暂停", handOver: "转为主场暂停", clarified: "结束澄清", refuse: "不同意回退", approve: "同意回退",
  },
  consequence: {
    PAUSED: "所有席位停止评审，已保存的内容不受影响。恢复后从“{over}”继续。",
    SUSPENDED: "所有席位停止评审。只有监督人员可以解除。",
    INTERRUPTED: "所有席位停止评审。评审开始前的故障超过 2 小时、评审中的故障超过 4 小时，不能直接恢复。",
    CLARIFYING: "澄清期间其他评审照常进行，澄清结束前不能离开“{over}”。",
    ROLLBACK_REQ: "所有席位停止评审，等待监督人员审核。审核同意后，所选阶段及其后的内容作为旧版本保留，不再计入。",
    FAILED: "本次评标就此结束，不能撤回。", REJECT_ALL: "全部投标被否决，本次评标就此结束，不能撤回。",
    REFORMED: "本次评标就此结束，由新的评标委员会重新评审，不能撤回。原成员继续保密。", ABORTED: "本次评标就此结束，不能撤回。",
    resume: "所有席位从“{over}”继续评审。", lift: "所有席位从“{over}”继续评审。", handOver: "监督暂停解除，评标仍处于暂停，由经办人恢复。",
    clarified: "澄清结束，可以离开“{over}”。", refuse: "评标从“{over}”继续，内容不变。",
    approve: "评标回退到“{target}”。该阶段及其后的内容作为旧版本保留，不再计入；每位成员须确认知悉。",
  },
  again: {
    title: "复议", help: "依法重新评审：会话版本加一，原报告及其存证保留不变。", ask: "组织复议", ground: "依据", follows: "本次评标是对 {session} 的复议（{ground}）：{reason}",
    R26: "签署后发现汇总计算错误、超范围评分等情形（87号令第64条），由原评标委员会复议", R30: "中标候选人发生重大变化或存在违法行为（条例第56条），由原评标委员会审查",
    R10: "评标委员会成员的确定或更换违法，结论无效（条例第70条），按现有席位重新评审", REFORMED: "评标委员会已重组，由新的评标委员会重新评审",
  },
  field: {
    reason: "事由", order: "文号（监督意见或指令）", cause: "故障原因", venue: "故障发生地", since: "故障开始时间（北京时间）", back_to: "回退到",
    requested_by: "申请人", decision: "招标人关于继续评标的决定", operator: "经办人",
  },
  asked: "{who}申请回退到“{stage}”：{reason}", went: "{at} 已回退到“{stage}”（{order}）：{reason}",
} as const;
